"""The app: pages, assets and the API behind one gate."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from dashboards.page.api.description import ROOT, describe
from dashboards.page.api.endpoint import JSON, endpoint_of, refusal
from dashboards.page.api.table import ROUTES
from dashboards.page.assets import Asset, read_assets
from dashboards.page.gate import Gate, TooMuch
from dashboards.page.given import Given
from dashboards.page.guard import COOKIE, MOST_BODY_BYTES, Guard
from dashboards.page.live.socket import serve_viewer

# Where each page is, and the file behind it. Another page is one more row, and one in assets/frame.js for its link.
PAGES = {
    "/": "tonight.html",
    "/nights": "nights.html",
    "/night": "night.html",
    "/weeks": "weeks.html",
    "/experiments": "experiments.html",
    "/report": "report.html",
    "/diary": "diary.html",
    "/notices": "notices.html",
    "/card": "card.html",
    "/check": "check.html",
    "/bands": "bands.html",
}
KEY_PATH = "/key"
_COOKIE_DAYS = 400


def create_app(given: Given, guard: Guard) -> ASGIApp:
    """Give the whole page as an ASGI app."""
    assets = read_assets()
    described = describe(ROUTES, given.version)
    routes: list[BaseRoute] = [
        *(Route(path, _file(assets[name]), methods=["GET"]) for path, name in PAGES.items()),
        *(Route(f"/assets/{name}", _file(asset), methods=["GET"]) for name, asset in assets.items()),
        *(Route(f"{ROOT}{row.path}", endpoint_of(row, given), methods=[row.method]) for row in ROUTES),
        Route(f"{ROOT}/openapi.json", _fixed(described), methods=["GET"]),
        WebSocketRoute(f"{ROOT}/live", _live(given)),
        Route(KEY_PATH, _key(guard), methods=["GET"]),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _wrong, TooMuch: _too_much, Exception: _broken})
    return Gate(app, guard, open_paths=(KEY_PATH,))


def _file(asset: Asset) -> Callable[[Request], Awaitable[Response]]:
    headers = {"etag": asset.etag, "cache-control": "no-cache"}

    async def send(request: Request) -> Response:
        if request.headers.get("if-none-match") == asset.etag:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(asset.content, headers=headers, media_type=asset.media_type)

    return send


def _fixed(document: object) -> Callable[[Request], Awaitable[Response]]:
    content = msgspec.json.encode(document)

    async def send(_: Request) -> Response:
        return Response(content, media_type=JSON)

    return send


def _live(given: Given) -> Callable[[WebSocket], Awaitable[None]]:
    async def live(socket: WebSocket) -> None:
        await serve_viewer(socket, given.pump)

    return live


def _key(guard: Guard) -> Callable[[Request], Awaitable[Response]]:
    """Take the key of the link that was printed, and go on without it in the address."""

    async def take(request: Request) -> Response:
        key = request.query_params.get("key", "")
        if not guard.is_key(key):
            return refusal(HTTPStatus.UNAUTHORIZED, "this is not the key; open the link that aquiver printed")
        answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        answer.set_cookie(COOKIE, key, max_age=_COOKIE_DAYS * 86400, httponly=True, samesite="strict")
        return answer

    return take


async def _wrong(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "there is no such page", 405: "not with this method"}.get(error.status_code, error.detail)
    return refusal(error.status_code, words, dict(error.headers or {}))


async def _too_much(_: Request, __: Exception) -> Response:
    return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {MOST_BODY_BYTES} bytes, which nothing here needs")


async def _broken(_: Request, __: Exception) -> Response:
    return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "something broke here; the log of aquiver says what")
