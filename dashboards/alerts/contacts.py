"""Contacts: ways out of Grafana, prepared and off. Each route is muted by ``aquiver off`` until that line is removed."""

from typing import Any

from dashboards.alerts.rule import LABEL, Sort

OFF = "aquiver off"
NIGHT = "aquiver night"
_NOBODY = "grafana-default-email"  # Grafana's own; it gets nothing of ours, and without SMTP sends nothing
_EACH: dict[str, tuple[str, dict[str, Any]]] = {
    "aquiver webhook": ("webhook", {"url": "http://127.0.0.1:9/aquiver", "httpMethod": "POST"}),
    "aquiver e-mail": ("email", {"addresses": "you@example.invalid", "singleEmail": True}),
    "aquiver ntfy": (
        "webhook",
        {"url": "https://ntfy.example.invalid/your-secret-topic?template=grafana", "httpMethod": "POST"},
    ),
    "aquiver Telegram": ("telegram", {"bottoken": "not-set", "chatid": "0", "disable_notification": True}),
}


def contact_points() -> dict[str, Any]:
    """Give the contact points, with addresses that lead nowhere."""
    points = [
        {
            "orgId": 1,
            "name": name,
            "receivers": [
                {
                    "uid": name.replace(" ", "-").lower(),
                    "type": kind,
                    "disableResolveMessage": False,
                    "settings": settings,
                }
            ],
        }
        for name, (kind, settings) in _EACH.items()
    ]
    return {"apiVersion": 1, "contactPoints": points}


def mute_timings() -> dict[str, Any]:
    """Give the times at which nothing is sent: always, and the night (what is about the body is told by day)."""
    always = {"times": [{"start_time": "00:00", "end_time": "24:00"}]}
    night = {
        "times": [{"start_time": "00:00", "end_time": "09:00"}, {"start_time": "20:00", "end_time": "24:00"}],
        "location": "Local",
    }
    times = [
        {"orgId": 1, "name": OFF, "time_intervals": [always]},
        {"orgId": 1, "name": NIGHT, "time_intervals": [night]},
    ]
    return {"apiVersion": 1, "muteTimes": times}


def policies() -> dict[str, Any]:
    """Give the ways that notices and faults take, each to every contact point and all of them off."""
    routes = [_route(sort, name) for sort in Sort for name in _EACH]
    tree = {"orgId": 1, "receiver": _NOBODY, "group_by": ["grafana_folder", "alertname"], "routes": routes}
    return {"apiVersion": 1, "policies": [tree]}


def _route(sort: Sort, receiver: str) -> dict[str, Any]:
    mutes = [OFF, NIGHT] if sort is Sort.NOTICE else [OFF]
    return {
        "receiver": receiver,
        "object_matchers": [[LABEL, "=", sort.value]],
        "continue": True,
        "mute_time_intervals": mutes,
        "group_by": ["alertname", "wearer", "site", "device"],
        "repeat_interval": "4w" if sort is Sort.NOTICE else "12h",
    }
