"""A handout: who in a house of containers is given which secret. Pure.

Everyone has a folder of their own, which nobody else mounts. A file's name there is what its reader expects; what
stands behind it is a secret made once.
"""

from collections.abc import Mapping

from aquiver.bus.rights import RIGHTS

_TOKEN = {"influx-token": "influx-token"}
_CERTIFICATES = {"broker-ca.crt": "broker/ca.crt"}
_STORE = {**_TOKEN, "store-ca.crt": "store/ca.crt"}

# Made at random, once: the broker's accounts, and what InfluxDB and Grafana need.
MADE = (*RIGHTS, "influx-token", "influx-admin", "influx-grafana", "grafana-admin", "grafana-key")

# Certificates: the names by which a server is reached, within the house and from its machine.
SERVERS: Mapping[str, tuple[str, ...]] = {
    "broker": ("mosquitto", "localhost", "127.0.0.1"),
    "store": ("influxdb", "localhost", "127.0.0.1"),
}

# For each folder: file -> secret or certificate.
HANDOUTS: Mapping[str, Mapping[str, str]] = {
    "collector": {"collector": "collector", **_CERTIFICATES},
    "detector": {"detector": "detector", **_CERTIFICATES},
    "recorder": {"recorder": "recorder", **_CERTIFICATES, **_STORE},
    "judge": {"judge": "judge", **_CERTIFICATES, **_STORE},
    "notify": {"notify": "notify", **_CERTIFICATES, **_STORE},
    "tools": {**{name: name for name in ("owner", "notify", "diary", "reader")}, **_CERTIFICATES, **_STORE},
    "influxdb": {
        "admin-password": "influx-admin",
        "admin-token": "influx-token",
        "grafana-password": "influx-grafana",
        "ca.crt": "store/ca.crt",
        "server.crt": "store/server.crt",
        "server.key": "store/server.key",
    },
    "grafana": {
        "admin-password": "grafana-admin",
        "secret-key": "grafana-key",
        "influx-password": "influx-grafana",
        "store-ca.crt": "store/ca.crt",
    },
}
