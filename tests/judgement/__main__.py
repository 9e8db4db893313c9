"""The figures of docs/judgement.md: ``python -m tests.judgement --write`` (some fifteen minutes on two busy cores)."""

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

os.environ.setdefault("OMP_NUM_THREADS", "1")

from aquiver.model import NoticeKind, NoticeState, Rules
from detector.judgement import judge
from tests.judgement.drawn import SITES, growing, night_name, nights_of, steady

DOC = Path(__file__).parents[2] / "docs" / "judgement.md"
BEGIN, END = "<!-- figures: python -m tests.judgement --write -->", "<!-- end of figures -->"
_QUIET, _CLEAR, _ONSET = 3.0, 120.0, 30


@dataclass(frozen=True)
class Cell:
    """One row of a table: so many stories of one kind."""

    n_stories: int
    n_nights: int
    rate: float
    growth: float
    lag_1: float
    n_sites: int = 1
    missing: float = 0.0


def told(cell: Cell) -> Counter[str]:
    """Count the stories in which a kind of notice began."""
    counts: Counter[str] = Counter()
    for number in range(cell.n_stories):
        random = np.random.default_rng([2026, number, cell.n_sites, round(10 * cell.lag_1), round(cell.rate)])
        rate = steady(cell.rate) if cell.growth == 1.0 else growing(cell.rate, cell.growth)
        rates = dict.fromkeys(SITES[: cell.n_sites], rate)
        tallies = nights_of(rates, cell.n_nights, random, lag_1=cell.lag_1, missing=cell.missing)
        kinds = {one.kind for one in judge("me", tallies, [], Rules()).notices if one.state is NoticeState.BEGAN}
        counts.update(kind.value for kind in kinds)
        counts["either"] += bool(kinds & {NoticeKind.CHANGED, NoticeKind.NEW_REGION})
    return counts


def onset(n_stories: int) -> Counter[str]:
    """Count how long after its true first night persistence and a new region are told, in nights."""
    counts: Counter[str] = Counter()
    for number in range(n_stories):
        random = np.random.default_rng([7, number])
        tallies = nights_of({SITES[0]: lambda night: _CLEAR if night >= _ONSET else _QUIET}, 84, random)
        judged = judge("me", tallies, [], Rules())
        for kind in (NoticeKind.PERSISTENT, NoticeKind.NEW_REGION):
            began = [one.night for one in judged.notices if (one.kind, one.state) == (kind, NoticeState.BEGAN)]
            late = next((n for n in range(84) if began and night_name(n) == began[0]), 84) - _ONSET
            due = {NoticeKind.PERSISTENT: 9, NoticeKind.NEW_REGION: 2}[kind]
            counts[f"{kind}: {'once' if len(began) == 1 else 'not once'}"] += 1
            counts[f"{kind}: on the first night it could, or one or two later"] += due <= late <= due + 2
            counts[f"{kind}: earlier"] += late < due
    return counts


def stable_cells(n: int) -> list[Cell]:
    one_site = [Cell(n, 84, rate, 1.0, lag) for rate, lag in ((20.0, 0.0), (8.0, 0.4), (20.0, 0.4), (40.0, 0.4))]
    correlated = Cell(n, 84, 20.0, 1.0, 0.6)
    gappy = Cell(n, 84, 20.0, 1.0, 0.4, missing=0.25)
    return [*one_site, correlated, gappy, Cell(n, 84, 20.0, 1.0, 0.4, n_sites=3)]


def power_cells(n: int) -> list[Cell]:
    growths = (1.25, 2.0, 0.5)
    return [Cell(n, nights, 60.0, growth, lag) for nights in (56, 84) for growth in growths for lag in (0.0, 0.4)]


def table(cells: list[Cell], results: list[Counter[str]]) -> list[str]:
    rows = [
        "| nights | sites | rate /h | true change in 4 weeks | lag-1 | nights missing | changed | new region | either |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for cell, counts in zip(cells, results, strict=True):
        shares = [f"{100.0 * counts[key] / cell.n_stories:.1f} %" for key in ("changed", "new_region", "either")]
        change = "none" if cell.growth == 1.0 else f"x {cell.growth:g}"
        facts = (cell.n_nights, cell.n_sites, f"{cell.rate:g}", change, cell.lag_1, f"{100 * cell.missing:.0f} %")
        rows.append(f"| {' | '.join(map(str, (*facts, *shares)))} |")
    return rows


def figures(n_stable: int, n_power: int) -> str:
    stable, power = stable_cells(n_stable), power_cells(n_power)
    with ProcessPoolExecutor(2) as pool:
        results = []
        for done, counts in enumerate(pool.map(told, [*stable, *power]), start=1):
            results.append(counts)
            print(f"\r{done} of {len(stable) + len(power)}", end="", file=sys.stderr)
        onsets = onset(n_power)
    lines = [
        f"Stable series, {n_stable} stories a row; the share in which a notice of this kind came at all:",
        "",
        *table(stable, results[: len(stable)]),
        "",
        f"Power, {n_power} stories a row:",
        "",
        *table(power, results[len(stable) :]),
        "",
        f"Twitches that begin ({_QUIET:g} to {_CLEAR:g} an hour on night {_ONSET} of 84), {n_power} stories:",
        "",
        *(f"- {what}: {100.0 * count / n_power:.1f} %" for what, count in sorted(onsets.items())),
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--power", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/judgement.md")
    chosen = parser.parse_args()
    text = figures(chosen.stories, chosen.power)
    if not chosen.write:
        print(text)
        return
    before, _, rest = DOC.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    DOC.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


if __name__ == "__main__":
    main()
