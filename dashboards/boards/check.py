"""Checks of the boards: what Grafana would not say, and a person would find out at night. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from aquiver.store.schema import SCHEMA
from dashboards.alerts.rule import SOURCE_UID
from dashboards.alerts.rules import GROUPS

WIDTH = 24
_WEARER = "${wearer:regex}"
_CONDITION = re.compile(r'"?wearer"?\s*(?:=~|=|!=|!~)\s*(\S+)')
_FROM = re.compile(r'FROM\s+(?:"(\w+)"|\()')
_NAMED = re.compile(r'"([^"]+)"')
_ALIAS = re.compile(r'AS\s+"([^"]+)"')


def complaints(rendered: Mapping[str, str], committed: Mapping[str, str]) -> list[str]:
    """List what is wrong, each with what to do; nothing, if all is well."""
    boards = {name: json.loads(text) for name, text in rendered.items() if name.startswith("boards/")}
    return [
        *_drift(rendered, committed),
        *_twice("board", [board["uid"] for board in boards.values()]),
        *(f"{name}: {one}" for name, board in boards.items() for one in board_complaints(board)),
        *_of_rules(),
    ]


def board_complaints(board: dict[str, Any]) -> Iterator[str]:
    """List what is wrong with one board."""
    panels = board["panels"]
    yield from _twice("panel", [panel["id"] for panel in panels])
    yield from _overlaps(panels)
    if not panels or panels[0]["type"] != "text":
        yield "the first panel must say in words what one is looking at"
    for panel in panels:
        yield from (f'panel "{panel.get("title", "")}": {one}' for one in _of_panel(panel))
    for one in board["templating"]["list"]:
        yield from (f"variable {one['name']}: {words}" for words in _of_source(one))
    for one in board["annotations"]["list"]:
        yield from (f"annotation {one['name']}: {words}" for words in _of_target(one.get("target", {}), one))


def query_complaints(query: str) -> Iterator[str]:
    """List the names in a question that no point has, and names of retention policies or other languages."""
    asked = _FROM.findall(query)
    if not asked:
        yield "the question is not InfluxQL over one measurement"
    known = set(_ALIAS.findall(query))
    for name in filter(None, asked):
        if name not in SCHEMA:
            yield f'there is no measurement "{name}"'
        known |= {name, *(SCHEMA[name].all if name in SCHEMA else ())}
    for name in _NAMED.findall(query):
        if name not in known:
            yield f'no point has a tag or field "{name}" (aquiver/store/schema.py)'


def _drift(rendered: Mapping[str, str], committed: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(rendered.keys() | committed.keys()):
        if name not in committed:
            yield f"{name}: not there; run: aquiver boards render"
        elif name not in rendered:
            yield f"{name}: nothing makes it; delete it"
        elif rendered[name] != committed[name]:
            yield f"{name}: not as it is made; run: aquiver boards render"


def _twice(what: str, ids: list[Any]) -> Iterator[str]:
    yield from (f"{what} {one} is there twice" for one in sorted({one for one in ids if ids.count(one) > 1}))


def _overlaps(panels: Iterable[dict[str, Any]]) -> Iterator[str]:
    for one, other in combinations(panels, 2):
        a, b = one["gridPos"], other["gridPos"]
        if (
            a["x"] < b["x"] + b["w"]
            and b["x"] < a["x"] + a["w"]
            and a["y"] < b["y"] + b["h"]
            and b["y"] < a["y"] + a["h"]
        ):
            yield f'panels "{one["title"]}" and "{other["title"]}" overlap'
    for one in panels:
        if one["gridPos"]["x"] + one["gridPos"]["w"] > WIDTH:
            yield f'panel "{one["title"]}" goes beyond the right edge'


def _of_panel(panel: dict[str, Any]) -> Iterator[str]:
    if not panel.get("title") or not panel.get("description"):
        yield "needs a title and a description"
    if panel["type"] == "text":
        return
    yield from _of_source(panel)
    ids = [target["refId"] for target in panel["targets"]]
    yield from _twice("question", ids)
    for target in panel["targets"]:
        yield from _of_target(target, target)


def _of_target(target: dict[str, Any], holder: dict[str, Any]) -> Iterator[str]:
    yield from _of_source(holder)
    query = target.get("query", "")
    yield from query_complaints(query)
    named = _CONDITION.findall(query)
    if not named or any(_WEARER not in one for one in named):
        yield "must ask for the chosen wearer, and for nobody by name"


def _of_source(holder: dict[str, Any]) -> Iterator[str]:
    if holder.get("datasource", {}).get("uid") != SOURCE_UID:
        yield f'must ask the data source "{SOURCE_UID}"'


def _of_rules() -> Iterator[str]:
    rules = [rule for group in GROUPS for rule in group.rules]
    yield from _twice("rule", [rule.uid for rule in rules])
    for rule in rules:
        for asked in rule.asked:
            yield from (f"rule {rule.uid}: {one}" for one in query_complaints(asked.query))
            if _CONDITION.search(asked.query) or "${" in asked.query:
                yield f"rule {rule.uid}: there are no variables in a rule, and nobody may be named"
