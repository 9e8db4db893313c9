"""YAML as Grafana reads it: mappings, lists, texts, numbers and truths. Texts are quoted as in JSON, which YAML includes."""

import json
from collections.abc import Iterator
from typing import Any


def yaml_of(value: dict[str, Any]) -> str:
    """Give a mapping as a document.

    >>> print(yaml_of({"apiVersion": 1, "groups": [{"name": "a", "rules": []}]}), end="")
    apiVersion: 1
    groups:
      - name: "a"
        rules: []
    """
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: dict[str, Any] | list[Any]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _entry(f"{_key(key)}:", inner)
    else:
        for inner in value:
            first, *rest = _lines(inner) if _is_block(inner) else [_plain(inner)]
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)


def _entry(head: str, inner: object) -> Iterator[str]:
    if isinstance(inner, dict | list) and inner:
        yield head
        yield from (f"  {line}" for line in _lines(inner))
    else:
        yield f"{head} {_plain(inner)}"


def _is_block(value: object) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() else json.dumps(key)
