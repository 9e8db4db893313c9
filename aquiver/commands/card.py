"""aquiver card: when to see a doctor."""

import time
from pathlib import Path

import click

from aquiver.commands.keeping import settings_of, store_of, wearer_option
from aquiver.commands.options import config_option, data_option
from aquiver.model import Note
from dashboards.diary.card import RECENT_S
from dashboards.diary.card import card as lines_of


@click.command()
@config_option
@data_option
@wearer_option
def card(config: Path | None, data: Path | None, wearer: str | None) -> None:
    """Say when to see a doctor. What you noted in the last four weeks comes first; what a band counted plays no part.

    \b
    aquiver card
    aquiver note weakness right hand      and again: aquiver card
    """
    settings = settings_of(config, data, wearer)
    now_s = time.time()
    with store_of(settings) as store:
        notes = store.read(Note, settings.wearer, now_s - RECENT_S, now_s + 1)
    for line in lines_of(notes, now_s):
        click.echo(line)
