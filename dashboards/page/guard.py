"""The guard: who may ask the page, decided before anything else looks at the request.

A web page somewhere on the net can make the wearer's browser ask this machine: the Host header tells a name that was
bent to point here, and the Origin header a page that is not ours. Off loopback a key is asked for as well.
"""

import hmac
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers

COOKIE = "aquiver_key"
MOST_BODY_BYTES = 1 << 16
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: HTTP's number and one sentence."""

    status: int
    words: str


@dataclass(frozen=True, slots=True)
class Guard:
    """Judge requests by their headers. Without a key whoever reaches the page may look; it is on loopback then."""

    key: str = field(default="", repr=False)
    names: frozenset[str] = frozenset()

    def judge(self, method: str, headers: Headers) -> Refusal | None:
        """Give why a request is refused; none where it may go on. A WebSocket's method is ``WS``.

        >>> guard = Guard()
        >>> guard.judge("GET", Headers({"host": "localhost:8737"})) is None
        True
        >>> guard.judge("GET", Headers({"host": "evil.example:8737"})).status
        403
        >>> guard.judge("POST", Headers({"host": "localhost:8737", "origin": "https://evil.example"})).status
        403
        """
        host = headers.get("host", "")
        if not self._is_ours(host):
            return Refusal(403, "this page is not known under that name; use the address that aquiver printed")
        if method not in _SAFE and not _is_same(headers, host):
            return Refusal(403, "another page asked for this, and may not")
        if _length(headers) > MOST_BODY_BYTES:
            return Refusal(413, f"more than {MOST_BODY_BYTES} bytes, which nothing here needs")
        if self.key and not self._has_key(headers):
            return Refusal(401, "this page needs its key: open the link that aquiver printed, once on each device")
        return None

    def is_key(self, offered: str) -> bool:
        """Tell whether this is the key."""
        return bool(self.key) and hmac.compare_digest(offered.encode(), self.key.encode())

    def _is_ours(self, host: str) -> bool:
        name = _name_in(host)
        if name is None:
            return False
        if name in self.names:
            return True
        address = _address(name)
        if address is None:
            return name == "localhost"
        return address.is_loopback or bool(self.key)  # an address cannot be bent; and off loopback there is the key

    def _has_key(self, headers: Headers) -> bool:
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.is_key(token.strip()):
            return True
        return any(self.is_key(offered) for offered in _cookies(headers.getlist("cookie")))


def names_of_this_machine() -> frozenset[str]:
    """Give the names under which others may find this machine."""
    name = socket.gethostname().lower()
    return frozenset({name, f"{name}.local", name.partition(".")[0]})


def _is_same(headers: Headers, host: str) -> bool:
    """Tell whether our own page asks, or no page at all: a browser always says its page's origin here."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def _name_in(host: str) -> str | None:
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    return None if parts.username is not None or parts.path else parts.hostname


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _length(headers: Headers) -> int:
    said = headers.get("content-length", "0")
    return int(said) if said.isdecimal() else 0


def _cookies(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        cookie: SimpleCookie = SimpleCookie()
        try:
            cookie.load(line)
        except CookieError:
            continue
        if COOKIE in cookie:
            yield cookie[COOKIE].value
