"""aquiver experiment: one habit, on or off in drawn blocks, compared at the end."""

import secrets
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import click

from aquiver.body import Site
from aquiver.commands.judging import judgement_of
from aquiver.commands.keeping import FOREVER_S, settings_of, store_of, wearer_option
from aquiver.commands.options import config_option, data_option
from aquiver.errors import SettingsError
from aquiver.model import ExperimentResult, Judgement, Modality, Note, Subject, Trial
from aquiver.settings import Settings
from aquiver.store import Store
from dashboards.diary.day import day_of
from dashboards.diary.experiments import POSSIBLE, is_running, nights_of, plan_lines, result_lines, today_line
from dashboards.nights.experiments import Wish
from dashboards.phrases import experiments as phrases
from detector.judgement.experiment import plan, result_of


@click.group()
def experiment() -> None:
    """Try one habit on yourself, fairly: blocks of nights with and without it, in drawn order, compared at the end.

    The outcome is fixed at the start and nothing is compared before the end. "No difference seen" is a result, too.

    \b
    aquiver experiment new caffeine
    aquiver experiment status          what to do today
    aquiver experiment end             what it says, once it is over
    """


@experiment.command("new")
@click.argument("habit", metavar="HABIT")
@config_option
@data_option
@wearer_option
@click.option("--site", type=click.Choice([site.value for site in Site]), help="Where is counted; else where most was.")
@click.option("--pairs", default=4, show_default=True, help="Pairs of blocks, one with and one without.")
@click.option("--nights", default=5, show_default=True, help="Nights of a block; the first does not count.")
@click.option("--start", metavar="DATE", help="The first day, as 2026-11-23; else tomorrow.")
def new(
    habit: str,
    config: Path | None,
    data: Path | None,
    wearer: str | None,
    site: str | None,
    pairs: int,
    nights: int,
    start: str | None,
) -> None:
    """Lay out an experiment with HABIT: caffeine, alcohol, exercise, water, magnesium, stretching, stress_practice."""
    settings = settings_of(config, data, wearer)
    with store_of(settings) as store:
        trial = lay_out(store, settings, Wish(habit, site, pairs, nights, start, time.time()))
    for line in plan_lines(trial):
        click.echo(line)


@experiment.command("status")
@config_option
@data_option
@wearer_option
def status(config: Path | None, data: Path | None, wearer: str | None) -> None:
    """Say what to do today. Nothing of what was counted is compared before the end."""
    settings = settings_of(config, data, wearer)
    with store_of(settings) as store:
        trial = _newest(store, settings)
    click.echo(today_line(trial, day_of(time.time(), settings.zone)) if trial else phrases.NONE)


@experiment.command("end")
@config_option
@data_option
@wearer_option
@click.option("--stop", is_flag=True, help="Give up an experiment before its end: nothing is compared.")
def end(config: Path | None, data: Path | None, wearer: str | None, stop: bool) -> None:
    """Say what an experiment found, once its last night is over."""
    settings = settings_of(config, data, wearer)
    with store_of(settings) as store:
        trial = _newest(store, settings)
        if trial is None:
            raise SettingsError(phrases.NONE)
        today = day_of(time.time(), settings.zone)
        if stop and is_running(trial, today):
            store.write([Trial(trial.wearer, trial.id, trial.begun_s, trial.experiment, is_stopped=True)])
            lines = [phrases.STOPPED]
        else:
            result = result_on(store, settings, trial, today)
            lines = result_lines(trial, result, store.read(Note, settings.wearer, 0.0, FOREVER_S))
    for line in lines:
        click.echo(line)


def lay_out(store: Store, settings: Settings, wish: Wish) -> Trial:
    """Draw an experiment and keep it. Wished for again, it is the one that was kept.

    Raises:
        SettingsError: it is none that can be tried, or another is running.
    """
    subject = _subject(wish.habit)
    today = day_of(wish.begun_s, settings.zone)
    for one in _trials(store, settings):
        if (one.begun_s, one.experiment.factor) == (wish.begun_s, subject.value):
            return one
    running = [one for one in _trials(store, settings) if is_running(one, today)]
    if running:
        raise SettingsError(phrases.one_at_a_time(Subject(running[0].experiment.factor)))
    where = _where(judgement_of(store, settings.wearer, settings.judgement, wish.begun_s), wish.site)
    laid_out = plan(
        *(settings.wearer, subject.value, *where, _first(wish.start, today)),
        n_pairs=wish.n_pairs,
        n_nights=wish.n_nights,
        seed=secrets.randbelow(2**31),
    )
    trial = Trial(settings.wearer, f"{subject}-{laid_out.blocks[0].first_night}", wish.begun_s, laid_out)
    store.write([trial])
    return trial


def result_on(store: Store, settings: Settings, trial: Trial, today: str) -> ExperimentResult:
    """Compare an experiment on a day: the newest night that is over is that of the day before."""
    judged = judgement_of(store, settings.wearer, settings.judgement, time.time()).nights
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    return result_of(trial.experiment, judged, yesterday)


def _subject(given: str) -> Subject:
    named = given.strip().lower().replace("-", "_").replace(" ", "_")
    if named in {subject.value for subject in phrases.NOT_FOR}:
        raise SettingsError(phrases.NOT_FOR[Subject(named)])
    if named not in {subject.value for subject in POSSIBLE}:
        raise SettingsError(phrases.not_possible(given, ", ".join(POSSIBLE)))
    return Subject(named)


def _first(start: str | None, today: str) -> str:
    tomorrow = (date.fromisoformat(today) + timedelta(days=1)).isoformat()
    try:
        given = tomorrow if start is None else date.fromisoformat(start).isoformat()
    except ValueError as error:
        raise SettingsError(f'start "{start}" is no date; write it as 2026-11-23') from error
    if given < today:
        raise SettingsError(f'start "{start}" is over; an experiment is fixed before it begins')
    return given


def _where(judgement: Judgement, site: str | None) -> tuple[Site, Modality]:
    """Give the site that was asked for, else the one with most valid nights, and the sensor that speaks for it."""
    valid = Counter((one.site, one.modality) for one in judgement.nights if one.is_valid and one.is_leading)
    for (each, sensor), _ in valid.most_common():
        if site in (None, each):
            return each, sensor
    if site is None:
        raise SettingsError(phrases.WHERE)
    return Site(site), Modality.EMG


def _trials(store: Store, settings: Settings) -> list[Trial]:
    return store.read(Trial, settings.wearer, 0.0, FOREVER_S)


def _newest(store: Store, settings: Settings) -> Trial | None:
    going = [trial for trial in _trials(store, settings) if not trial.is_stopped]
    return max(going, key=lambda trial: nights_of(trial)[-1], default=None)
