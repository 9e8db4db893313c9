"""The report: one run as lines for the terminal, and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict

from tests.accuracy.curve import Point, area
from tests.accuracy.outcome import Outcome
from tests.accuracy.results import Results
from tests.accuracy.tables import agreement_table, case_table, figure, reason_table, sigma_table, table, target_table
from tests.accuracy.targets import rows

SECTIONS = (
    ("Nights without a twitch", ("quiet zero", "all zero")),
    ("By rate", ("quiet rate", "rate")),
    ("By device, all confounders, 10 a minute", ("all ten",)),
    ("By size", ("sigma",)),
    ("Each confounder alone, no twitch", ("alone zero",)),
    ("Each confounder alone, 10 a minute", ("alone ten",)),
    ("A heart in the channel", ("ecg", "ecg all")),
    ("A band that has an accelerometer too", ("band",)),
    ("Two bands at once, and what both of them see", ("sites",)),
    ("A face, weak contraction, other mains", ("head", "tension", "mains")),
    ("Real contraction and rest", ("leak", "real rest")),
    ("Accelerometer", ("acc still zero", "acc still", "acc moving", "acc moving ten", "acc chest")),
    ("Accelerometer on real bases", ("acc real zero", "acc real")),
)
_REMARKS = {
    "Real contraction and rest": (
        "",
        "The forearm of somebody awake at rest is not free of events of its own: what is false there is no measure.",
    ),
    "Each confounder alone, 10 a minute": (
        "",
        "Floors, sizes and motor units are drawn anew for every recording: compare a row with its targets, not with the next.",
    ),
}


def lines(results: Results, points: Sequence[Point]) -> list[str]:
    """Give everything a run measured."""
    said = [row for row in rows(results) if row.verdict != "not measured"]
    parts = target_table(said) if said else []
    for title, groups in SECTIONS:
        if results.cases(*groups):
            parts += ["", f"## {title}", *_REMARKS.get(title, ()), "", *case_table(results, *groups)]
    if results.cases("all ten", "rate", "sigma"):
        parts += ["", "## Sensitivity by size over the noise: found / found by the ideal observer (n)", ""]
        parts += sigma_table(results, "all ten", "rate", "sigma", "quiet rate")
    if results.cases("rate"):
        parts += ["", "## Agreement of counts, one recording a point", "", *agreement_table(results, "rate", "all ten")]
    parts += _reasons(results)
    return parts + _curve(points)


def _reasons(results: Results) -> list[str]:
    parts: list[str] = []
    for title, groups in (("all confounders, no twitch", ("all zero",)), ("all confounders, 10/min", ("all ten",))):
        outcome = results.group(*groups)
        if outcome is not None and outcome.n_false:
            parts += ["", f"## What stood beside the false alarms: {title}", "", *reason_table(outcome)]
    return parts


def _curve(points: Sequence[Point]) -> list[str]:
    if not points:
        return []
    cells = [[f"{p.factor:g}", *map(figure, (p.false_per_hour, p.sensitivity, p.from_10_sigma))] for p in points]
    head = ("threshold times", "false alarms per hour", "sensitivity, all sizes", "from 10 sigma")
    area_line = f"Area under the curve, 0.1-100 false alarms an hour on a log axis: {area(points):.3f} of 1."
    return ["", "## Sensitivity over false alarms", "", *table(head, cells), "", area_line]


def as_json(results: Results, points: Sequence[Point]) -> dict[str, object]:
    """Give the same for programs."""
    return {
        "targets": [
            {"quantity": row.target.quantity, "goal": row.target.goal, "value": row.value, "verdict": row.verdict}
            for row in rows(results)
        ],
        "cases": {
            case.name: {"group": case.group, **_figures(outcome)}
            for case in results.cases()
            if (outcome := results.of(case.name)) is not None
        },
        "curve": [asdict(point) for point in points],
    }


def _figures(outcome: Outcome) -> dict[str, object]:
    return {
        "hours": outcome.length_s / 3600.0,
        "n_true": len(outcome.sigmas),
        "n_found": outcome.n_found,
        "n_false": outcome.n_false,
        "sensitivity": outcome.sensitivity(),
        "sensitivity_over_all_time": outcome.sensitivity(over_all_time=True),
        "sensitivity_from_8_sigma": outcome.sensitivity(8.0),
        "sensitivity_from_10_sigma": outcome.sensitivity(10.0),
        "precision": outcome.precision,
        "f1": outcome.f1(),
        "f1_from_10_sigma": outcome.f1(10.0),
        "rate_ratio": outcome.rate_ratio,
        "false_per_hour": outcome.false_per_hour,
        "analysable_share": outcome.analysable_share,
        "excluded_s": dict(outcome.excluded_s),
        "false_near": dict(outcome.false_near.most_common()),
    }
