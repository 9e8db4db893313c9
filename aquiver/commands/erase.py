"""aquiver erase: remove every trace, of one night, of one wearer, or of everyone."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from aquiver import accounts
from aquiver.commands.notifying import memory_of, outbox_of
from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.commands.services import SERVICES
from aquiver.commands.withdrawing import withdraw
from aquiver.erasure import Preview, Wish, matcher, preview, remove, remove_traces
from aquiver.errors import SettingsError, StoreError
from aquiver.export.choice import bounds_of, wearer_of
from aquiver.journal import Journal, connect
from aquiver.lock import sole_owner
from aquiver.settings import Settings
from aquiver.store import Store, open_store
from dashboards.phrases import erasing
from detector.engine import Engine
from detector.state import State


@click.command()
@config_option
@data_option
@click.option("--wearer", help="All of this wearer.")
@click.option("--night", "night_", metavar="DATE", help="Only the night that began on this evening, as 2026-11-22.")
@click.option("--everything", is_flag=True, help="All wearers, and every file aquiver made in the data folder.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
def erase(
    config: Path | None, data: Path | None, wearer: str | None, night_: str | None, everything: bool, is_sure: bool
) -> None:
    """Erase nights for ever: records, diary, recordings, and what the services still remember.

    Says first what would go, and asks. It refuses while a night is being recorded.

    \b
    aquiver erase --night 2026-11-22       one night of the settings' wearer
    aquiver erase --wearer anna            all of one wearer
    aquiver erase --everything             every trace, with the passwords that were made
    """
    if everything == (wearer is not None or night_ is not None):
        raise SettingsError("say what to erase: --night, --wearer, or --everything alone")
    settings = settings_from(config)
    if data is not None:
        settings = replace(settings, data=str(data))
    if not settings.folder.exists():
        raise SettingsError(erasing.NOTHING)
    with sole_owner(settings.folder, "aquiver erase", tuple(SERVICES)):
        wish, found = _look(settings, wearer, night_, everything=everything)
        _show(found)
        if not _is_agreed(is_sure=is_sure):
            raise SettingsError(erasing.NOT_DONE)
        _erase(settings, wish, found)
        if everything:
            left = remove_traces(settings.folder)
            for path in left:
                click.echo(f"not aquiver's, left alone: {path}")
    click.echo(f"Erased. {erasing.BEYOND}")


def _look(settings: Settings, wearer: str | None, night: str | None, *, everything: bool) -> tuple[Wish, Preview]:
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        who = None if everything else wearer_of(store.wearers(), wearer, settings.wearer)
        wish = Wish(who, bounds_of(night, None, None)[0])
        found = preview(settings.folder, store, wish)
    finally:
        store.close()
    if not (found.n_records or found.files or everything):
        raise SettingsError(erasing.NOTHING)
    return wish, found


def _show(found: Preview) -> None:
    click.echo(erasing.summary(len(found.nights), found.n_records, len(found.files), found.n_bytes))
    for who, night in found.nights:
        click.echo(f"  {night}  {who}")
    for path in found.files:
        click.echo(f"  {path}")
    for path in found.unclear:
        click.echo(f"  {erasing.unclear(str(path))}")


def _is_agreed(*, is_sure: bool) -> bool:
    return is_sure or (sys.stdin.isatty() and click.confirm(erasing.CONFIRM))


def _erase(settings: Settings, wish: Wish, found: Preview) -> None:
    """Erase the transient first: what is under way would otherwise come back as records."""
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        wearers = wish.wearers_in(store.wearers())
        withdraw(settings, wish, wearers)
        _erase_spool(settings, wish)
        _erase_state(settings, wish, store, wearers)
        for one in wearers:
            _erase_told(settings, one, wish.night)
            store.erase(one, wish.night)
    finally:
        store.close()
    remove(found.files, settings.folder)


def _erase_spool(settings: Settings, wish: Wish) -> None:
    path = settings.folder / "spool.db"
    if path.exists():
        journal = Journal(connect(path))
        try:
            with journal.transaction([]) as connection:
                accounts.erase(connection, wish.includes)
            journal.erase(matcher(wish, settings.zone))
        finally:
            journal.close()


def _erase_told(settings: Settings, wearer: str, night: str | None) -> None:
    """Erase what was told of notices, what still waits to be sent, and what Home Assistant was told."""
    if not (settings.folder / "notify.db").exists():
        return
    theirs = replace(settings, wearer=wearer)
    outbox, memory = outbox_of(theirs), memory_of(theirs)
    try:
        outbox.erase(night)
        if night is None:
            memory.erase()
    finally:
        outbox.close()
        memory.close()


def _erase_state(settings: Settings, wish: Wish, store: Store, wearers: list[str]) -> None:
    """Erase what the detector has not handed over, and what its engine remembers of these wearers.

    The engine remembers the newest night alone, so an older one changes nothing in it.
    """
    path = settings.folder / "detector.db"
    if not path.exists():
        return
    state = State(path)
    try:
        meant = [one for one in wearers if wish.night is None or wish.night >= max(store.nights(one), default="")]
        state.replace_snapshot(_without(state.snapshot(), meant, settings))
        with state.journal.transaction([]) as connection:
            accounts.erase(connection, wish.includes)
        state.journal.erase(matcher(wish, settings.zone))
    finally:
        state.close()


def _without(snapshot: bytes | None, wearers: list[str], settings: Settings) -> bytes | None:
    if snapshot is None or not wearers:
        return snapshot
    try:
        engine = Engine.restore(snapshot, settings.zone)
    except StoreError:  # of another version: it would not be used again
        return None
    for wearer in wearers:
        engine.forget(wearer)
    return engine.snapshot()
