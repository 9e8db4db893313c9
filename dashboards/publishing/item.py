"""An item to publish, held against what is there. Pure."""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_GRAFANAS = frozenset({"id", "version", "schemaVersion"})  # it counts these on by itself


class Sort(StrEnum):
    """What can be published, in the order in which each needs the one before."""

    FOLDER = "folder"
    SOURCE = "data source"
    BOARD = "board"
    RULES = "rules"


class State(StrEnum):
    """How an item stands to what is there."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "the same"


@dataclass(frozen=True, slots=True)
class Item:
    """Something to publish. ``secret`` is sent with it, and never shown, compared or logged."""

    sort: Sort
    uid: str
    value: dict[str, Any]
    secret: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an item stands to what is there, line by line."""

    item: Item
    state: State
    diff: tuple[str, ...] = ()


def compare(item: Item, found: dict[str, Any] | None) -> Comparison:
    """Hold an item against what was found. What Grafana adds by itself is no difference.

    >>> item = Item(Sort.FOLDER, "aquiver", {"title": "aquiver"})
    >>> compare(item, None).state, compare(item, {"title": "aquiver", "id": 7}).state
    (<State.NEW: 'new'>, <State.SAME: 'the same'>)
    """
    if found is None:
        return Comparison(item, State.NEW)
    lacks_secret = bool(item.secret) and not all(
        found.get("secureJsonFields", {}).get(key) for key in item.secret or ()
    )
    wanted = {key: value for key, value in item.value.items() if key not in _GRAFANAS}
    diff = tuple(_diff(_lines(_ours(found, wanted)), _lines(wanted)))
    if lacks_secret:
        diff = (*diff, "+ (the token is not set there)")
    return Comparison(item, State.CHANGED if diff else State.SAME, diff)


def _ours(found: object, wanted: object) -> object:
    """Give what was found, without what we say nothing about."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return {key: _ours(found[key], value) for key, value in wanted.items() if key in found}
    if isinstance(found, list) and isinstance(wanted, list):
        pairs = [_ours(one, other) for one, other in zip(found, wanted, strict=False)]
        return [*pairs, *found[len(wanted) :]]
    return found


def _lines(value: object) -> list[str]:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False).splitlines()


def _diff(found: list[str], wanted: list[str]) -> Iterator[str]:
    lines = difflib.unified_diff(found, wanted, n=1, lineterm="")
    yield from (line for line in lines if not line.startswith(("---", "+++")))
