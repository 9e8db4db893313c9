"""The gate: the guard's judgement as ASGI, a bound on every body, and the headers that every answer carries."""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.page.api.endpoint import refusal
from dashboards.page.guard import MOST_BODY_BYTES, Guard

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
_FORBIDDEN = 4403  # a WebSocket's own number for it


class Gate:
    """Let through what the guard lets through. ``open_paths`` need no key: where it is handed in."""

    def __init__(self, app: ASGIApp, guard: Guard, open_paths: Iterable[str] = ()) -> None:
        self._app = app
        self._guard = guard
        self._open_paths = frozenset(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        is_socket = scope["type"] == "websocket"
        send = _with_headers(send)
        method = "WS" if is_socket else scope["method"]
        refused = self._guard.judge(method, Headers(scope=scope))
        is_open = scope["path"] in self._open_paths and refused is not None and refused.status == 401  # noqa: PLR2004
        if refused is None or is_open:
            await self._app(scope, _bounded(receive), send)
        elif is_socket:
            await receive()
            await send({"type": "websocket.close", "code": _FORBIDDEN, "reason": refused.words})
        else:
            await _drain(receive)
            await refusal(refused.status, refused.words)(scope, receive, send)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _bounded(receive: Receive) -> Receive:
    n_bytes = 0

    async def receiving() -> Message:
        nonlocal n_bytes
        message = await receive()
        if message["type"] == "http.request":
            n_bytes += len(message.get("body", b""))
            if n_bytes > MOST_BODY_BYTES:
                if message.get("more_body"):
                    await _drain(receive)
                raise TooMuch
        return message

    return receiving


class TooMuch(Exception):  # as a person says it
    """A body went on beyond its bound."""


_MOST_DRAINED_BYTES = 128 << 20


async def _drain(receive: Receive) -> None:
    """Let a refused body run out, up to a bound: an answer in the middle of it reads as a broken connection."""
    n_bytes = 0
    while n_bytes < _MOST_DRAINED_BYTES:
        message = await receive()
        n_bytes += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return
