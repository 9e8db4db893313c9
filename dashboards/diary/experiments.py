"""The wearer's side of an experiment: what to do today, and what it says at its end. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from aquiver.model import Block, ExperimentResult, Finding, Note, Subject, Trial
from dashboards.phrases import experiments as phrases

POSSIBLE = tuple(
    subject
    for subject in (
        *(Subject.CAFFEINE, Subject.ALCOHOL, Subject.EXERCISE, Subject.WATER),
        *(Subject.MAGNESIUM, Subject.STRETCHING, Subject.STRESS_PRACTICE),
    )
)
FEWEST_PAIRS = 3


def plan_lines(trial: Trial) -> list[str]:
    """Say what was laid out, before it begins: all of it but the order."""
    one = trial.experiment
    nights = nights_of(trial)
    begun = phrases.begun(Subject(one.factor), one.site, one.modality, len(one.blocks) // 2, one.blocks[0].n_nights)
    return [begun, phrases.span(nights[0], nights[-1]), phrases.FIXED, phrases.WASHOUT, phrases.BLIND]


def today_line(trial: Trial, day: str) -> str:
    """Say what to do on a day: it goes with the night that follows. Empty for one that was stopped."""
    subject, nights = Subject(trial.experiment.factor), nights_of(trial)
    if trial.is_stopped:
        return ""
    if day < nights[0]:
        return phrases.before(subject, nights[0])
    if day > nights[-1]:
        return phrases.over(subject)
    return phrases.today(subject, nights.index(day) + 1, len(nights), is_on=_is_on(trial)[day])


def result_lines(trial: Trial, result: ExperimentResult, notes: Sequence[Note]) -> list[str]:
    """Say what an experiment found, and how far the diary kept to it."""
    subject, n_pairs = Subject(trial.experiment.factor), result.n_pairs
    if result.finding is Finding.RUNNING:
        return [phrases.running(nights_of(trial)[-1])]
    if result.ratio is None or result.ratio_low is None or result.ratio_high is None:
        return [phrases.too_little(n_pairs, FEWEST_PAIRS), _kept_to(trial, notes)]
    low, high = result.ratio_low, result.ratio_high
    if result.finding is Finding.NO_DIFFERENCE:
        said = [phrases.no_difference(subject, n_pairs, low, high), phrases.NO_DIFFERENCE_TOO]
    else:
        said = [phrases.difference(subject, n_pairs, result.ratio, low, high)]
    return [*said, _kept_to(trial, notes)]


def nights_of(trial: Trial) -> list[str]:
    """List all nights of an experiment."""
    return [night for block in trial.experiment.blocks for night in _nights(block)]


def is_running(trial: Trial, day: str) -> bool:
    """Tell whether an experiment is laid out and not over."""
    return not trial.is_stopped and day <= nights_of(trial)[-1]


def _nights(block: Block) -> list[str]:
    start = date.fromisoformat(block.first_night)
    return [(start + timedelta(days=number)).isoformat() for number in range(block.n_nights)]


def _is_on(trial: Trial) -> dict[str, bool]:
    return {night: block.is_on for block in trial.experiment.blocks for night in _nights(block)}


def _kept_to(trial: Trial, notes: Sequence[Note]) -> str:
    drawn = _is_on(trial)
    mine = [note for note in notes if note.subject == trial.experiment.factor and not note.is_removed]
    noted: dict[str, float] = {}
    for note in mine:
        if note.night in drawn:
            noted[note.night] = noted.get(note.night, 0.0) + (1.0 if note.amount is None else note.amount)
    n_against = sum((amount > 0) is not drawn[night] for night, amount in noted.items())
    return phrases.kept_to(n_against, len(noted), len(drawn))
