"""The description of the API in OpenAPI 3.1, made from the table of routes and the types in it. Pure."""

from collections.abc import Iterable
from typing import Any

import msgspec

from dashboards.page.api.route import Download, Nothing, Route

ROOT = "/api/v1"
_REF = "#/components/schemas/{name}"


def describe(routes: Iterable[Route], version: str) -> dict[str, Any]:
    """Give the OpenAPI document."""
    rows = tuple(routes)
    types = _types_in(rows)
    found, components = msgspec.json.schema_components(types, ref_template=_REF)
    schema_of = {repr(kind): schema for kind, schema in zip(types, found, strict=True)}
    asked = {row.act: components[_name(schema_of[repr(row.asked)])] for row in rows if row.asked is not None}
    only_asked = {_name(schema_of[repr(row.asked)]) for row in rows if row.asked is not None}
    paths: dict[str, Any] = {}
    for row in rows:
        paths.setdefault(f"{ROOT}{row.path}", {})[row.method.lower()] = _operation(
            row, schema_of, asked.get(row.act, {})
        )
    kept = {name: schema for name, schema in components.items() if name not in only_asked}
    return {
        "openapi": "3.1.0",
        "info": {"title": "aquiver", "version": version, "description": "The API under aquiver's page."},
        "paths": paths,
        "components": {"schemas": {**kept, "Error": _ERROR}},
    }


_ERROR = {
    "title": "Error",
    "type": "object",
    "properties": {"error": {"type": "string", "description": "What is wrong, and what to do."}},
    "required": ["error"],
}


def _types_in(rows: tuple[Route, ...]) -> list[Any]:
    """Give every type once, so that each way of asking is a component of its own, to be taken out again."""
    each = [kind for row in rows for kind in (row.asked, row.body, row.answer)]
    return list({repr(kind): kind for kind in each if kind not in (None, Download, Nothing)}.values())


def _name(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _operation(row: Route, schema_of: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": row.act.__name__,
        "summary": row.summary,
        "parameters": [_parameter(row, field, asked["properties"][field.encode_name]) for field in row.fields],
        "responses": {**_answer(row, schema_of), **_errors(row)},
    }
    if row.words:
        operation["description"] = row.words
    if row.tag:
        operation["tags"] = [row.tag]
    if row.body is not None:
        content = {"application/json": {"schema": schema_of[repr(row.body)]}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameter(row: Route, field: msgspec.inspect.Field, schema: dict[str, Any]) -> dict[str, Any]:
    is_in_path = field.encode_name in row.names_in_path
    return {
        "name": field.encode_name,
        "in": "path" if is_in_path else "query",
        "required": is_in_path or field.required,
        "schema": schema,
    }


def _answer(row: Route, schema_of: dict[str, Any]) -> dict[str, Any]:
    if row.answer is Nothing:
        return {"204": {"description": "Done."}}
    if row.answer is Download:
        return {"200": {"description": "The file.", "content": {"*/*": {"schema": {}}}}}
    return {
        "200": {"description": "The answer.", "content": {"application/json": {"schema": schema_of[repr(row.answer)]}}}
    }


def _errors(row: Route) -> dict[str, Any]:
    statuses = ["400"] if row.asked is not None or row.body is not None else []
    statuses += ["404"] if row.asked is not None else []
    statuses += ["413", "415"] if row.body is not None else []
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": _WHY[status], "content": content} for status in [*statuses, "403", "503"]}


_WHY = {
    "400": "Asked wrongly.",
    "403": "Not from here: another origin, another host, or no key.",
    "404": "There is no such thing.",
    "409": "It cannot be so now.",
    "413": "Too much at once.",
    "415": "Not JSON.",
    "503": "It cannot be done now; try again.",
}
