"""A rule: a question, what is made of its answer, and when that is worth telling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dashboards.phrases.boards import Words

SOURCE_UID = "aquiver"
_EXPRESSION = "__expr__"
LABEL = "aquiver"


class Sort(StrEnum):
    """The two kinds of message, which never share a way."""

    NOTICE = "notice"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question over the last ``within_s``, of which the newest value of each series counts."""

    query: str
    within_s: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    ``when`` is a condition on the answers, which are named ``$B``, ``$D`` ... in the order of ``asked``. No answer is no
    news: whoever sleeps without a band, or has had no twitch, is told nothing.
    """

    uid: str
    sort: Sort
    words: Words
    asked: Sequence[Asked]
    when: str
    for_: str

    def parts(self) -> list[dict[str, Any]]:
        """Give questions and expressions as Grafana has them; the last is the condition."""
        found: list[dict[str, Any]] = []
        for number, one in enumerate(self.asked):
            query_id, value_id = chr(ord("A") + 2 * number), chr(ord("B") + 2 * number)
            found.append(_question(query_id, one))
            found.append(_expression(value_id, {"type": "reduce", "expression": query_id, "reducer": "last"}))
        return [*found, _expression(_CONDITION, {"type": "math", "expression": self.when})]

    def value(self, error_state: str = "Error") -> dict[str, Any]:
        """Give the rule as file provisioning and the API both have it."""
        labels: Mapping[str, str] = {LABEL: self.sort.value}
        return {
            "uid": self.uid,
            "title": self.words.title,
            "condition": _CONDITION,
            "data": self.parts(),
            "noDataState": "OK",
            "execErrState": "OK" if self.sort is Sort.NOTICE else error_state,
            "for": self.for_,
            "annotations": {"summary": self.words.title, "description": self.words.about},
            "labels": dict(labels),
            "isPaused": False,
        }


_CONDITION = "Z"


def _question(ref_id: str, asked: Asked) -> dict[str, Any]:
    return {
        "refId": ref_id,
        "relativeTimeRange": {"from": asked.within_s, "to": 0},
        "datasourceUid": SOURCE_UID,
        "model": {
            "refId": ref_id,
            "query": asked.query,
            "rawQuery": True,
            "resultFormat": "time_series",
            "intervalMs": 1000,
            "maxDataPoints": 43200,
        },
    }


def _expression(ref_id: str, model: dict[str, Any]) -> dict[str, Any]:
    source = {"type": _EXPRESSION, "uid": _EXPRESSION}
    return {
        "refId": ref_id,
        "relativeTimeRange": {"from": 0, "to": 0},
        "datasourceUid": _EXPRESSION,
        "model": {"refId": ref_id, "datasource": source, **model},
    }
