"""An endpoint: a route as the web framework calls it; wrong requests get one sentence and a 4xx."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from aquiver.errors import RequestRefused, StoreError
from dashboards.page.api.route import Download, Nothing, Route
from dashboards.page.given import Given

JSON = "application/json"
_ENCODER = msgspec.json.Encoder()


def endpoint_of(route: Route, given: Given) -> Callable[[Request], Awaitable[Response]]:
    """Give what answers one route."""

    async def endpoint(request: Request) -> Response:
        try:
            offered = {
                "given": given,
                "asked": _asked(route, request) if route.asked is not None else None,
                "body": await _body(route, request) if route.body is not None else None,
            }
            return _response(await _acted(route, {name: offered[name] for name in route.takes}))
        except RequestRefused as error:
            return refusal(error.status, str(error))
        except StoreError as error:
            return refusal(503, str(error))

    return endpoint


def refusal(status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    """Say in one sentence why not."""
    return Response(_ENCODER.encode({"error": words}), status, headers, media_type=JSON)


async def _acted(route: Route, taken: dict[str, Any]) -> object:
    if route.is_async:
        return await route.act(**taken)
    return await asyncio.to_thread(route.act, **taken)


def _response(answer: object) -> Response:
    if isinstance(answer, Nothing):
        return Response(status_code=204)
    if isinstance(answer, Download):
        how = f'attachment; filename="{answer.name}"' if answer.name else "inline"
        return Response(answer.content, media_type=answer.media_type, headers={"content-disposition": how})
    return Response(_ENCODER.encode(answer), media_type=JSON)


def _asked(route: Route, request: Request) -> Any:  # noqa: ANN401  # as many types as there are routes
    pairs = request.query_params.multi_items()
    query = dict(pairs)
    if len(query) < len(pairs):
        raise RequestRefused(400, "a name stands twice in the query")
    known = {field.encode_name for field in route.fields}
    for name in query:
        if name not in known or name in route.names_in_path:
            listed = ", ".join(sorted(known - set(route.names_in_path))) or "none"
            raise RequestRefused(400, f'"{name[:40]}" cannot be asked here; known are: {listed}')
    try:
        return msgspec.convert({**query, **request.path_params}, route.asked, strict=False)
    except msgspec.ValidationError as error:
        raise RequestRefused(400, f"asked wrongly: {error}") from error


async def _body(route: Route, request: Request) -> Any:  # noqa: ANN401  # as many types as there are routes
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise RequestRefused(415, f"say it in JSON, with content-type: {JSON}")
    try:
        return msgspec.json.decode(await request.body(), type=route.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RequestRefused(400, f"not what is taken here: {error}") from error
