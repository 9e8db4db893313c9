"""The wearer's store, open for one command."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from aquiver.commands.options import settings_from
from aquiver.errors import SettingsError
from aquiver.settings import NAME, Settings
from aquiver.store import Store, open_store

wearer_option = click.option("--wearer", help="Whose; without it the wearer in the settings.")
FOREVER_S = 1e11


def settings_of(config: Path | None, data: Path | None, wearer: str | None = None) -> Settings:
    """Give the settings, with the data folder and the wearer that were asked for.

    Raises:
        SettingsError: the file is wrong, or there can be no such wearer.
    """
    settings = settings_from(config)
    if data is not None:
        settings = replace(settings, data=str(data))
    if wearer is None:
        return settings
    if not NAME.fullmatch(wearer):
        raise SettingsError(f'--wearer "{wearer}" is no name: small letters, digits, - and _')
    return replace(settings, wearer=wearer)


@contextmanager
def store_of(settings: Settings) -> Iterator[Store]:
    """Open the store while the block runs; other processes may have it open too."""
    os.umask(0o077)  # what is written from here on is health data, and its owner's alone
    settings.folder.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        yield store
    finally:
        store.close()
