"""aquiver habits: the day's checklist."""

import time
from datetime import date, timedelta
from pathlib import Path

import click

from aquiver.commands.keeping import FOREVER_S, settings_of, store_of, wearer_option
from aquiver.commands.options import config_option, data_option
from aquiver.model import Note, Tally
from aquiver.nights import end_of, start_of
from aquiver.settings import Settings
from aquiver.store import Store
from dashboards.diary.day import day_of
from dashboards.diary.habits import Habit, habits
from dashboards.diary.notes import standing
from dashboards.phrases import diary as phrases
from detector.sleep import estimate_sleep

_MARKS = {True: "[x]", False: "[ ]", None: " - "}


@click.command("habits")
@config_option
@data_option
@wearer_option
def habits_(config: Path | None, data: Path | None, wearer: str | None) -> None:
    """List the day's habits as you noted them, from water to sleep.

    A dash is for what was not noted, or has nothing to tick. Where you noted no sleep, it is read from the band's
    movement, which is an estimate. Note with, for example: aquiver note water 3, stretching 10, no alcohol
    """
    settings = settings_of(config, data, wearer)
    day = day_of(time.time(), settings.zone)
    with store_of(settings) as store:
        rows = _habits(store, settings, day)
    click.echo(f"{phrases.HABITS_TITLE} ({day})")
    for row in rows:
        click.echo(f"{_MARKS[row.is_done]} {row.name}: {row.said}")


def _habits(store: Store, settings: Settings, day: str) -> list[Habit]:
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    notes = standing(store.read(Note, settings.wearer, 0.0, FOREVER_S))
    todays = [note for note in notes if note.night == (before if note.subject == "sleep" else day)]
    return habits(todays, slept_h(store, settings, before), settings.zone)


def slept_h(store: Store, settings: Settings, night: str) -> float | None:
    """Give the hours of sleep the bands could see in a night; none where too little is known."""
    tallies = store.read(Tally, settings.wearer, start_of(night, settings.zone), end_of(night, settings.zone))
    sleep = estimate_sleep(tallies)
    return None if sleep is None else sleep.slept_s / 3600
