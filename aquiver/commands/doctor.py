"""The page for the doctor, from the store and the recordings."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import click

from aquiver.commands.judging import judgement_of
from aquiver.errors import SettingsError
from aquiver.export.choice import Choice, records_of, wearer_of
from aquiver.export.measured import measured
from aquiver.model import Note, Twitch
from aquiver.model.rate import interval_per_hour
from aquiver.settings import Settings
from aquiver.store import Store, open_store
from dashboards import phrases
from dashboards.report.content import Content, Room, content_of
from dashboards.report.facts import Facts, SiteFacts, facts_of, nights_to
from dashboards.report.typeset import typeset
from dashboards.report.waves import waves_of
from dashboards.report.web import write_page
from detector.methods import METHOD_VERSION


def write_doctors_page(
    settings: Settings, wearer: str | None, weeks: int, paper: str, pdf: Path | None, html: Path | None
) -> None:
    """Write the page of the last weeks of one wearer to these files.

    Raises:
        SettingsError: nothing is kept of that wearer, or typst is not installed.
    """
    lay_out = doctors_page(settings, wearer, weeks)
    os.umask(0o077)  # what is written is health data, and its owner's alone
    for path, written in _written(lay_out, paper, pdf, html):
        path.write_bytes(written)
        click.echo(f"Written: {path}")


def doctors_page(settings: Settings, wearer: str | None, weeks: int) -> Callable[[Room], Content]:
    """Give the page of the last weeks of one wearer, to be laid out in a room.

    Raises:
        SettingsError: nothing is kept of that wearer.
    """
    if not settings.folder.exists():
        raise SettingsError(phrases.NO_NIGHT)
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        facts = _facts(store, settings, wearer_of(store.wearers(), wearer, settings.wearer), weeks)
    finally:
        store.close()
    return partial(content_of, facts, settings.judgement)


def _written(
    lay_out: Callable[[Room], Content], paper: str, pdf: Path | None, html: Path | None
) -> Iterable[tuple[Path, bytes]]:
    if pdf is not None:
        yield pdf, typeset(lay_out, paper)
    if html is not None:
        yield html, write_page(lay_out(Room())).encode()


def _facts(store: Store, settings: Settings, wearer: str, weeks: int) -> Facts:
    kept = store.nights(wearer)
    if not kept:
        raise SettingsError(phrases.NO_NIGHT)
    nights = nights_to(kept, weeks)
    choice = Choice(wearer, tuple(night for night in nights if night in kept), settings.zone, nights[0], nights[-1])
    facts = facts_of(
        judgement_of(store, wearer, settings.judgement, time.time()),
        measured(store.night_tallies(wearer), interval_per_hour),
        [note for each in records_of(store, choice, Note) for note in each],
        nights,
        method=METHOD_VERSION,
        version=version("aquiver"),
    )
    twitches = [twitch for each in records_of(store, choice, Twitch) for twitch in each]
    with click.progressbar(
        facts.sites, label="Looking for waveforms", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as sites:
        folder = settings.folder / "recordings"
        found = [replace(site, waves=waves_of(folder, _of(site, twitches))) for site in sites]
    return replace(facts, sites=tuple(found))


def _of(site: SiteFacts, twitches: Sequence[Twitch]) -> list[Twitch]:
    return [one for one in twitches if (one.site, one.modality) == (site.site, site.modality)]
