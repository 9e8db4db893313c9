"""Experiments: one habit, with and without in drawn blocks of nights, compared only at the end."""

from dataclasses import dataclass, replace
from typing import Annotated

from msgspec import Meta

from aquiver.body import Site
from aquiver.errors import RequestRefused, SettingsError
from aquiver.model import Note, Trial
from dashboards.diary.day import day_of
from dashboards.diary.experiments import is_running, plan_lines
from dashboards.nights.experiments import ExperimentsView, Wish, experiments_view
from dashboards.page.api.diary import Said
from dashboards.page.api.nights import EVER_S
from dashboards.page.api.route import Route
from dashboards.page.given import Given
from dashboards.phrases import experiments as phrases
from dashboards.phrases import nights as say


@dataclass(frozen=True, slots=True)
class NewExperiment:
    """What is to be tried. Without a site it is counted where most was; without ``start`` it begins tomorrow.

    ``begun_s`` is when it was laid out, now without it; laid out again for the same moment it is one experiment.
    """

    habit: Annotated[str, Meta(min_length=1, max_length=40)]
    site: Site | None = None
    n_pairs: Annotated[int, Meta(ge=3, le=12)] = 4
    n_nights: Annotated[int, Meta(ge=3, le=14)] = 5
    start: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    begun_s: Annotated[float, Meta(ge=0, le=EVER_S)] | None = None


@dataclass(frozen=True, slots=True)
class OneExperiment:
    """Which experiment."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]


def experiments(given: Given) -> ExperimentsView:
    """Give the experiments, newest first: what to do today, and what those that are over found."""
    today = day_of(given.now(), given.zone)
    notes = given.store.read(Note, given.wearer, -EVER_S, EVER_S)
    return experiments_view(_trials(given), notes, today, lambda trial: given.works.result(trial, today))


def begin_experiment(given: Given, body: NewExperiment) -> Said:
    """Lay out an experiment. The outcome is fixed now, and nothing is compared before the end."""
    now_s = given.now()
    begun_s = now_s if body.begun_s is None else min(body.begun_s, now_s)
    site = None if body.site is None else body.site.value
    try:
        trial = given.works.lay_out(Wish(body.habit, site, body.n_pairs, body.n_nights, body.start, begun_s))
    except (SettingsError, OverflowError) as error:
        raise RequestRefused(400, str(error)) from error
    return Said(" ".join(plan_lines(trial)), (trial.id,))


def stop_experiment(given: Given, asked: OneExperiment) -> Said:
    """Give up an experiment before its end: nothing is compared. Given up again nothing changes."""
    found = [one for one in _trials(given) if one.id == asked.id]
    if not found:
        raise RequestRefused(404, say.unknown_experiment(asked.id))
    (trial,) = found
    if not trial.is_stopped:
        if not is_running(trial, day_of(given.now(), given.zone)):
            raise RequestRefused(400, say.EXPERIMENT_OVER)
        given.store.write([replace(trial, is_stopped=True)])
    return Said(phrases.STOPPED, (trial.id,))


def _trials(given: Given) -> list[Trial]:
    return given.store.read(Trial, given.wearer, 0.0, EVER_S)


ROUTES = (
    Route("GET", "/experiments", experiments, tag="experiments"),
    Route("POST", "/experiments", begin_experiment, tag="experiments"),
    Route("DELETE", "/experiments/{id}", stop_experiment, tag="experiments"),
)
