"""The page of a release: docs/accuracy.md, which starts with what goes wrong."""

from collections.abc import Sequence
from importlib.metadata import version

from detector.methods import METHOD_VERSION
from tests.accuracy.curve import Point
from tests.accuracy.report import lines
from tests.accuracy.results import Results
from tests.accuracy.seeds import TEST_SEEDS, TUNING_SEEDS
from tests.accuracy.tables import figure, table
from tests.accuracy.targets import rows

_LARGE = 6.0  # false alarms per hour: more is told at the top
_SMALL = 0.90  # of sensitivity from 10 sigma
_FAINT = 8.0  # sigma: what 1000 Hz finds at one false alarm an hour in Gaussian noise (detection.md, section 2.1)
_TRIED = """\
Tried on tuning seeds (`python -m tests.accuracy --seeds alder,birch,cedar`, with and without the change), and not taken:

* A lower threshold: twice as many false alarms in Gaussian noise find 0.003 more of the potentials from 8 sigma at 500 and
  1000 Hz, and cost 1.3 false alarms an hour in full nights.
* Other statistics than the rms of 12 ms, in noise of a known size: shorter and longer windows, several of them at once,
  narrower bands. None finds clearly more at as many false alarms.
* A threshold over the level of the 130 ms before and after a candidate: it spares false alarms beside movements, and costs
  potentials at 200 and 250 Hz, where so few samples say little of a level.
* Telling a late part of a potential, 30 to 45 ms behind, from a second discharge by its size and shape: too much alike.
* Looking for second discharges nearer than 20 ms: no more are found.

What is missing of the counts at 10 to 70 a minute is mostly below 8 sigma, where an observer who knows every shape misses
most too, and the second of two discharges within 20 ms. What would be needed: several electrodes over one muscle, to see a
unit more than once and to tell it from another; recordings of limbs at rest with known low motor-unit firing."""


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
        "## How much of the missing count is too small to be seen",
        "",
        *_faint(results),
        "",
        "## What was tried",
        "",
        _TRIED,
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
        "too few to be split; all recordings were judged before, with method envelope-3, only the seeds are new. *sens.* is",
        "over analysable time, *of all time* over the whole recording. *h* are the hours recorded,",
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
    left = [seed for seed in TEST_SEEDS if seed not in seeds]
    said = f"Constants were chosen on other seeds ({', '.join(TUNING_SEEDS)}) and frozen before these were run."
    return f"{said} **Not run for this page: {', '.join(left)}.**" if left else said


def _faint(results: Results) -> list[str]:
    """Tell the counts of the rates with and without what is too small to be found."""
    rows_ = []
    for case in results.cases("rate", "quiet rate"):
        outcome = results.of(case.name)
        if outcome is None:
            continue
        is_clear = outcome.are_analysable & (outcome.sigmas >= _FAINT)
        n_true, n_clear = int(outcome.are_analysable.sum()), int(is_clear.sum())
        n_counted = int(outcome.are_hit[is_clear].sum()) + outcome.n_false
        share = 1 - n_clear / n_true if n_true else float("nan")
        clear = n_counted / n_clear if n_clear else float("nan")
        rows_.append((case.name, figure(share), figure(outcome.rate_ratio), figure(clear)))
    head = ("recording", "planted below 8 sigma", "counted over planted", "the same from 8 sigma")
    return table(head, rows_)


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
