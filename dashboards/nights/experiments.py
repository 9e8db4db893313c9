"""The page of experiments: what runs, what to do today, and what those that are over found. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model import ExperimentResult, Note, Subject, Trial
from dashboards.diary.experiments import POSSIBLE, is_running, nights_of, plan_lines, result_lines, today_line
from dashboards.phrases import diary
from dashboards.phrases import experiments as phrases


@dataclass(frozen=True, slots=True)
class Wish:
    """An experiment that is wished for. Wished again with the same ``begun_s`` it is the same one.

    Without a site it is counted where most was; without ``start`` it begins tomorrow.
    """

    habit: str
    site: str | None
    n_pairs: int
    n_nights: int
    start: str | None
    begun_s: float


@dataclass(frozen=True, slots=True)
class Try:
    """One experiment. The draw is not told beyond today: nothing in it lets one look ahead or compare early."""

    id: str
    habit: str
    site: str
    first: str
    last: str
    n_nights: int
    n_over: int
    is_running: bool
    is_stopped: bool
    today: str
    plan: tuple[str, ...]
    result: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Possible:
    """A habit that can be tried, or a site that can be counted on."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class ExperimentsView:
    """All of the page, newest first."""

    tries: tuple[Try, ...]
    habits: tuple[Possible, ...]
    sites: tuple[Possible, ...]
    may_begin: bool
    empty: str
    fixed: tuple[str, ...]


def experiments_view(
    trials: Sequence[Trial], notes: Sequence[Note], today: str, result: Callable[[Trial], ExperimentResult]
) -> ExperimentsView:
    """Lay out the experiments on a day. ``result`` compares one, and says nothing before its end."""
    newest_first = sorted(trials, key=lambda one: (one.begun_s, one.id), reverse=True)
    return ExperimentsView(
        tries=tuple(_try(one, notes, today, result) for one in newest_first),
        habits=tuple(Possible(one.value, diary.NAMES[one]) for one in POSSIBLE),
        sites=tuple(Possible(one.value, one.words) for one in Site),
        may_begin=not any(is_running(one, today) for one in trials),
        empty=phrases.NONE_YET,
        fixed=(phrases.FIXED, phrases.WASHOUT, phrases.BLIND),
    )


def _try(trial: Trial, notes: Sequence[Note], today: str, result: Callable[[Trial], ExperimentResult]) -> Try:
    nights = nights_of(trial)
    running = is_running(trial, today)
    return Try(
        id=trial.id,
        habit=diary.NAMES[Subject(trial.experiment.factor)],
        site=trial.experiment.site.words,
        first=nights[0],
        last=nights[-1],
        n_nights=len(nights),
        n_over=sum(night < today for night in nights),
        is_running=running,
        is_stopped=trial.is_stopped,
        today=today_line(trial, today) if running else "",
        plan=tuple(plan_lines(trial)),
        result=tuple(_result(trial, notes, result, is_over=not running)),
    )


def _result(
    trial: Trial, notes: Sequence[Note], result: Callable[[Trial], ExperimentResult], *, is_over: bool
) -> Sequence[str]:
    if trial.is_stopped:
        return [phrases.STOPPED]
    return result_lines(trial, result(trial), notes) if is_over else []
