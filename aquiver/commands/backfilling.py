"""Back-filling: a wearer's nights into another store, while somebody watches."""

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from aquiver.errors import SettingsError, StoreError
from aquiver.export import Choice
from aquiver.export.backfill import Day, backfill, n_days
from aquiver.export.backfill_log import BackfillLog
from aquiver.settings import Settings
from aquiver.store import Store, open_store


def back_fill(settings: Settings, source: Store, choice: Choice, url: str) -> Iterator[str]:
    """Write a choice of nights into the store behind a URL; say how it went.

    Raises:
        SettingsError: there is no such store, or it is the one the nights are in.
        StoreError: it did not take all of it; the text says how far it came.
    """
    if url == settings.store:
        raise SettingsError(f"--to {url}: these nights are kept there already")
    log = BackfillLog(settings.folder, url, choice.wearer)
    target = open_store(url, settings.folder, settings.store_ca)
    began_s, done = time.monotonic(), list[Day]()
    try:
        with (
            click.progressbar(
                length=n_days(choice), label="Writing nights", file=sys.stderr, hidden=not sys.stderr.isatty()
            ) as bar,
            uncollected(),
        ):
            for day in backfill(source, target, choice, log):
                done.append(day)
                bar.update(1)
    except StoreError as error:
        raise StoreError(f"{error}. {_counted(done, began_s)} Say it again to go on from there") from error
    finally:
        target.close()
    yield _counted(done, began_s)


@contextmanager
def uncollected() -> Iterator[None]:
    """Let no rubbish be looked for while the block runs: records refer to none of each other, and there are a million."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _counted(done: list[Day], began_s: float) -> str:
    n_written, n_there = sum(day.n_written for day in done), sum(day.n_there for day in done)
    took_s = max(time.monotonic() - began_s, 1e-3)
    rate = f", {n_written / took_s:,.0f} a second" if n_written else ""
    return f"{n_written:,} records written{rate}; {n_there:,} were there."
