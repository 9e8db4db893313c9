"""aquiver morning: the newest night in words."""

import time
from pathlib import Path

import click

from aquiver.commands.keeping import settings_of, store_of, wearer_option
from aquiver.commands.matters import morning_lines
from aquiver.commands.options import config_option, data_option
from aquiver.errors import SettingsError
from dashboards import phrases


@click.command()
@config_option
@data_option
@wearer_option
@click.option("--night", "night_", metavar="DATE", help="Another night, by its evening's date, as 2026-11-22.")
def morning(config: Path | None, data: Path | None, wearer: str | None, night_: str | None) -> None:
    """Sum up the newest night: coverage first, counts with intervals and your usual range, and what is notable.

    To have it sent at an hour of your choice set [notices] morning = "09:15" and a [[channel]] that tells "morning"
    in the settings.

    \b
    aquiver morning
    aquiver morning --night 2026-11-22
    """
    settings = settings_of(config, data, wearer)
    with store_of(settings) as store:
        nights = store.nights(settings.wearer)
        if not nights:
            raise SettingsError(phrases.NO_NIGHT)
        for line in morning_lines(store, settings, night_ or nights[-1], time.time()):
            click.echo(line)
