"""Loopback: what is this machine itself, and what is reached over a network."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its name alone.

    >>> [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "192.168.1.5", "broker.lan")]
    [True, True, True, False, False]
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
