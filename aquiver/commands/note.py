"""aquiver note: a line for the diary."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from aquiver.commands.keeping import FOREVER_S, settings_of, store_of, wearer_option
from aquiver.commands.options import config_option, data_option
from aquiver.errors import SettingsError
from aquiver.model import Note
from aquiver.store import Store
from dashboards.diary.notes import notes_in, standing
from dashboards.phrases import diary as phrases


@click.command()
@click.argument("words", nargs=-1)
@config_option
@data_option
@wearer_option
@click.option("--at", metavar="TIME", help='When it was: "22:30" (the last time it was that), or "2026-11-22 22:30".')
@click.option(
    "--night", metavar="DATE", help="The night it goes with, as its evening's date; else it follows from --at."
)
@click.option("--list", "is_list", is_flag=True, help="List the diary, newest last, with the name of each note.")
@click.option("--remove", metavar="NAME", help="Take a note back.")
def note(
    words: tuple[str, ...],
    config: Path | None,
    data: Path | None,
    wearer: str | None,
    at: str | None,
    night: str | None,
    is_list: bool,
    remove: str | None,
) -> None:
    """Note what may matter: coffee, alcohol, sleep, stress, exercise, water, felt twitches, symptoms.

    What is done by day goes with the night that follows; "slept 7" goes with the night before. "no coffee" counts:
    what is not noted is not known.

    \b
    aquiver note coffee 2
    aquiver note "slept 6.5, stress 4, run 30 min"
    aquiver note felt left calf --at 22:40
    aquiver note weakness right hand
    aquiver note --list
    aquiver note --remove 3f2a91bc
    """
    if sum((bool(words), is_list, remove is not None)) != 1:
        raise click.UsageError(f"Give words, --list or --remove. {phrases.HELP}")
    settings = settings_of(config, data, wearer)
    with store_of(settings) as store:
        if is_list:
            _list(store, settings.wearer)
        elif remove is not None:
            _remove(store, settings.wearer, remove)
        else:
            time_s = time.time() if at is None else moment(at, time.time(), settings.zone)
            _keep(store, notes_in(" ".join(words), settings.wearer, time_s, settings.zone, _night(night)))


def moment(text: str, now_s: float, zone: ZoneInfo) -> float:
    """Give the last moment before ``now_s`` that a person calls so.

    >>> moment("22:30", 1_795_388_400.0, ZoneInfo("UTC"))
    1795386600.0

    Raises:
        SettingsError: it is no time, or one that is still to come.
    """
    now = datetime.fromtimestamp(now_s, zone)
    try:
        if len(text.strip()) <= len("22:30"):
            hour = datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007  # the zone is the wearer's
            given = datetime.combine(now.date(), hour, zone)
            given = given if given.timestamp() <= now_s else datetime.combine(now.date() - timedelta(1), hour, zone)
        else:
            given = datetime.fromisoformat(text.strip())
            given = given if given.tzinfo else given.replace(tzinfo=zone)
    except ValueError as error:
        raise SettingsError(f'--at "{text}" is no time; write 22:30 or "2026-11-22 22:30"') from error
    if given.timestamp() > now_s:
        raise SettingsError(f'--at "{text}" is still to come')
    return given.timestamp()


def _night(text: str | None) -> str | None:
    try:
        return None if text is None else date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise SettingsError(f'--night "{text}" is no date; write it as 2026-11-22') from error


def _keep(store: Store, notes: Sequence[Note]) -> None:
    store.write(notes)
    for night in sorted({one.night for one in notes}):
        said = [phrases.note(one.subject, one.amount, one.site) for one in notes if one.night == night]
        click.echo(phrases.kept(said, night))


def _list(store: Store, wearer: str) -> None:
    notes = standing(store.read(Note, wearer, 0.0, FOREVER_S))
    if not notes:
        click.echo(phrases.EMPTY)
    for one in sorted(notes, key=lambda one: (one.night, one.time_s)):
        click.echo(f"{one.id}  {one.night}  {phrases.note(one.subject, one.amount, one.site)}  ({one.words})")


def _remove(store: Store, wearer: str, name: str) -> None:
    found = [one for one in standing(store.read(Note, wearer, 0.0, FOREVER_S)) if one.id == name]
    if not found:
        raise SettingsError(phrases.unknown_note(name))
    store.write([replace(found[0], is_removed=True)])
    click.echo(phrases.removed(found[0].words))
