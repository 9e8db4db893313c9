"""The tables: what a run measured, in the words of Markdown."""

from collections.abc import Iterable, Sequence
from math import exp, isnan, log
from statistics import fmean, stdev

from tests.accuracy.outcome import Outcome
from tests.accuracy.results import Results
from tests.accuracy.targets import Row

_BINS = ((0.0, 8.0), (8.0, 10.0), (10.0, 16.0), (16.0, float("inf")))
_HEAD = (
    *("recording", "h", "analysable", "sens.", "from 8", "from 10", "of all time"),
    *("precision", "F1", "ratio", "false/h", "by what"),
)


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    """Lay out a table."""
    return [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines)]


def target_table(rows: Iterable[Row]) -> list[str]:
    """Each target with what was measured, and the lowest and highest of the seeds."""
    head = ("quantity", "measured on", "target", "measured", "seeds", "verdict")
    return table(head, [_target_line(row) for row in rows])


def _target_line(row: Row) -> list[str]:
    known = [value for value in row.by_seed if not isnan(value)]
    seeds = f"{figure(min(known))} to {figure(max(known))}" if known else "-"
    return [row.target.quantity, row.target.where, row.target.goal, figure(row.value), seeds, row.verdict]


def agreement_table(results: Results, *groups: str) -> list[str]:
    """How the log of the counted rate differs from the true one over recordings: bias and 95 % limits (Bland, Altman)."""
    lines = []
    for case in results.cases(*groups):
        ratios = [outcome.rate_ratio for (name, _), outcome in results.by_seed.items() if name == case.name]
        logs = [log(ratio) for ratio in ratios if ratio > 0]
        if len(logs) > 1:
            reach = 1.96 * stdev(logs)
            bias = fmean(logs)
            lines.append((case.name, str(len(logs)), *(figure(exp(x)) for x in (bias, bias - reach, bias + reach))))
    return table(("recording", "n", "counted / true", "lower limit", "upper limit"), lines)


def case_table(results: Results, *groups: str) -> list[str]:
    """Each case of some groups."""
    outcomes = [(case.name, results.of(case.name)) for case in results.cases(*groups)]
    return table(_HEAD, [_line(name, outcome) for name, outcome in outcomes if outcome is not None])


def sigma_table(results: Results, *groups: str) -> list[str]:
    """Sensitivity by size of the twitch over the noise, what the ideal observer finds, and how many there were."""
    lines = []
    for case in results.cases(*groups):
        outcome = results.of(case.name)
        assert outcome is not None
        counts = [int(((outcome.sigmas >= low) & (outcome.sigmas < high)).sum()) for low, high in _BINS]
        found = [f"{figure(outcome.sensitivity(*size))} / {figure(outcome.ideal_sensitivity(*size))}" for size in _BINS]
        lines.append([case.name, *(f"{share} ({n})" for share, n in zip(found, counts, strict=True))])
    return table(("recording", "under 8", "8-10", "10-16", "over 16"), lines)


def reason_table(outcome: Outcome) -> list[str]:
    """Which disturbance stood beside the false alarms."""
    lines = [
        (name, str(n), figure(n / outcome.hours), f"{outcome.disturbed_s[name] / 3600:.2f}")
        for name, n in outcome.false_near.most_common()
    ]
    return table(("beside", "false alarms", "per analysable hour", "hours of it"), lines)


def figure(value: float) -> str:
    """Write a number with three digits that matter."""
    if isnan(value):
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) >= 1 else f"{value:.3f}"


def _line(name: str, outcome: Outcome) -> list[str]:
    has_twitches = len(outcome.sigmas) > 0
    reasons = ", ".join(f"{reason} {n}" for reason, n in outcome.false_near.most_common(4))
    parts = [
        outcome.sensitivity(),
        outcome.sensitivity(8.0),
        outcome.sensitivity(10.0),
        outcome.sensitivity(over_all_time=True),
        outcome.precision,
        outcome.f1(),
        outcome.rate_ratio,
    ]
    shown = [figure(part) if has_twitches else "-" for part in parts]
    return [
        *(name, f"{outcome.length_s / 3600:.1f}", figure(outcome.analysable_share)),
        *(*shown, figure(outcome.false_per_hour), reasons or "-"),
    ]
