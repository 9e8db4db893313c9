"""The page of a release: docs/accuracy.md, which starts with what goes wrong."""

from collections.abc import Sequence
from importlib.metadata import version

from detector.methods import METHOD_VERSION
from tests.accuracy.curve import Point
from tests.accuracy.report import lines
from tests.accuracy.results import Results
from tests.accuracy.seeds import TUNING_SEEDS
from tests.accuracy.tables import figure
from tests.accuracy.targets import rows

_LARGE = 6.0  # false alarms per hour: more is told at the top
_SMALL = 0.90  # of sensitivity from 10 sigma


def page(results: Results, seeds: Sequence[str], points: Sequence[Point]) -> str:
    """Give the whole page."""
    parts = [
        "# How accurate the detector is",
        "",
        f"aquiver {version('aquiver')}, method {METHOD_VERSION}. Written by `make accuracy`; do not edit.",
        "",
        "**Everything below is simulated, or recorded from people without labelled twitches.** No labelled recording of",
        "fasciculations is public. Sensitivity on a real person is unknown.",
        "",
        "## What goes wrong",
        "",
        *wrong(results),
        "",
        "## How it was measured",
        "",
        f"Seeds of this page: {', '.join(seeds)}. {_held_out(seeds)}",
        "`tests/accuracy` builds the recordings from physiology, not from what the detector",
        "can do: surface potentials of 1-4 phases and 5-25 ms (a quarter polyphasic), log-normal around 80 uV with a log sd",
        "of 0.6, on 2-6 uV of noise. One sigma is the rms of the noise in the band at that moment, contraction included.",
        "Every planted twitch counts in the truth, the second of a doublet and those below the noise as well. Events match",
        "one to one within 50 ms (EMG) or 150 ms (accelerometer). Low regular firing, contractions and heartbeats are no",
        "twitches. Of the four people with an armband two were tuned on and two are judged here; the other recordings are",
        "too few to be split. *sens.* is over analysable time, *of all time* over the whole recording. *h* are the hours recorded,",
        "*ratio* is counted over planted in analysable time. *by what* names the planted disturbance next to a false alarm.",
        "",
        "## Targets",
        "",
        *lines(results, points),
        "",
    ]
    return "\n".join(parts)


def _held_out(seeds: Sequence[str]) -> str:
    if set(seeds) & set(TUNING_SEEDS):
        return "**Constants were chosen on these seeds: the figures are too good.**"
    return f"Constants were chosen on other seeds ({', '.join(TUNING_SEEDS)}) and frozen before these were run."


def wrong(results: Results) -> list[str]:
    """Say what misses its target, and where false alarms or misses are most."""
    said = [
        f"* **{row.target.quantity}** ({row.target.where}): {figure(row.value)}, wanted {row.target.goal}."
        for row in rows(results)
        if row.verdict == "misses"
    ]
    said += _loudest(results)
    said += _blindest(results)
    return said or ["* Every target holds on these seeds."]


def _loudest(results: Results) -> list[str]:
    outcomes = [(case.name, results.of(case.name)) for case in results.cases() if "real" not in case.name]
    loud = [(name, one) for name, one in outcomes if one is not None and one.false_per_hour > _LARGE]
    loud.sort(key=lambda pair: -pair[1].false_per_hour)
    return [
        f'* False alarms: {figure(one.false_per_hour)} per analysable hour in "{name}" '
        f"(beside {', '.join(reason for reason, _ in one.false_near.most_common(2))})."
        for name, one in loud[:10]
    ]


def _blindest(results: Results) -> list[str]:
    outcomes = [(case.name, results.of(case.name)) for case in results.cases()]
    blind = [(one.sensitivity(10.0), name) for name, one in outcomes if one is not None]
    return [
        f'* Missed: {figure(1 - share)} of the twitches from 10 sigma in "{name}".'
        for share, name in sorted(pair for pair in blind if pair[0] < _SMALL)[:10]
    ]
