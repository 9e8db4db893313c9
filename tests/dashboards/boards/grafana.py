"""What Grafana does with a question of a board before InfluxDB sees it, and with the answer."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BOARDS = Path(__file__).parents[3] / "dashboards" / "grafana" / "boards"
_MOST_POINTS = 1000  # as wide as a panel, about
_STEPS_S = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True)
class Scope:
    """Whose nights are looked at, where, and from when to when; no sites means all."""

    wearer: str
    since_s: float
    until_s: float
    sites: tuple[str, ...] = ()

    def covers(self, time_s: float) -> bool:
        return self.since_s <= time_s <= self.until_s


@dataclass(frozen=True)
class Asked:
    """One question of one panel."""

    board: str
    panel: str
    ref: str
    query: str
    least_s: float = 0.0
    within_s: float | None = None

    @property
    def name(self) -> tuple[str, str, str]:
        return self.board, self.panel, self.ref

    def scope(self, scope: Scope) -> Scope:
        """Narrow the range, where the panel does."""
        if self.within_s is None:
            return scope
        return Scope(scope.wearer, scope.until_s - self.within_s, scope.until_s, scope.sites)

    def interval_s(self, scope: Scope) -> float:
        wanted_s = (scope.until_s - scope.since_s) / _MOST_POINTS
        return max(self.least_s, next(step_s for step_s in _STEPS_S if step_s >= wanted_s))

    def filled(self, scope: Scope) -> str:
        """Put in the variables, as Grafana does: times in ms, names escaped as in a pattern."""
        since_ms, until_ms = round(scope.since_s * 1000), round(scope.until_s * 1000)
        sites = f"({'|'.join(map(_escaped, scope.sites))})" if scope.sites else ".*"
        return (
            self.query.replace("$timeFilter", f"time >= {since_ms}ms and time <= {until_ms}ms")
            .replace("$__interval", f"{self.interval_s(scope):.0f}s")
            .replace("${wearer:regex}", _escaped(scope.wearer))
            .replace("${site:regex}", sites)
        )


def boards() -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(BOARDS.glob("*.json"))}


def questions() -> list[Asked]:
    return [asked for name, board in boards().items() for asked in _of_board(name, board)]


def _of_board(name: str, board: dict[str, Any]) -> Iterator[Asked]:
    for panel in board["panels"]:
        for target in panel.get("targets", ()):
            least_s, within_s = seconds(panel.get("interval", "0s")), panel.get("timeFrom")
            within = None if within_s is None else seconds(within_s)
            yield Asked(name, panel["title"], target["refId"], target["query"], least_s, within)
    for one in board["annotations"]["list"]:
        if "query" in one.get("target", {}):
            yield Asked(name, one["name"], "annotation", one["target"]["query"])


def seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+)([smhd])", text)
    assert found, text
    return float(found[1]) * _SECONDS[found[2]]


def _escaped(value: str) -> str:
    """Escape as Grafana's ``regex`` format does."""
    return re.sub(r"[\\^$.*+?()\[\]{}|/]", r"\\\g<0>", value)
