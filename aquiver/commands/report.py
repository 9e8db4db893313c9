"""aquiver report: a night in words."""

import json
from dataclasses import replace
from pathlib import Path

import click
import msgspec

from aquiver.commands.doctor import write_doctors_page
from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.commands.truth import truth_of
from aquiver.errors import SettingsError
from aquiver.model import Fault, Span, Tally, Twitch
from aquiver.nights import end_of, start_of
from aquiver.pillow import is_pillow
from aquiver.settings import Settings
from aquiver.store import Store, open_store
from dashboards import phrases
from dashboards.morning import lines
from dashboards.phrases import faults as phrases_of_faults
from dashboards.report.typeset import PAPERS
from dashboards.site_night import site_nights

_WEEKS = 12


@click.command()
@config_option
@data_option
@click.option("--last", is_flag=True, help="The newest night of anyone in this data folder (the default).")
@click.option("--night", "night_", metavar="DATE", help="The night that began on this evening, as 2026-11-22.")
@click.option("--wearer", help="Only this wearer's nights.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
@click.option(
    "--weeks", type=click.IntRange(2, 26), help="The page for a doctor covers so many weeks; 12 if not given."
)
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write that page as PDF.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it as HTML.")
@click.option("--paper", type=click.Choice(sorted(PAPERS)), default="a4", show_default=True, help="The PDF's paper.")
def report(  # one parameter an option
    config: Path | None,
    data: Path | None,
    last: bool,
    night_: str | None,
    wearer: str | None,
    as_json: bool,
    weeks: int | None,
    pdf: Path | None,
    html: Path | None,
    paper: str,
) -> None:
    """Say what a night measured, or write the page for a doctor: two sheets on the last weeks.

    Coverage first, then twitches per analysable hour. A simulated night is also compared with its truth: sensitivity
    and false events.

    \b
    aquiver report --last
    aquiver report --night 2026-11-22 --json
    aquiver report --weeks 12 --pdf page.pdf
    aquiver report --weeks 12 --html page.html --wearer anna
    """
    if last and night_ is not None:
        raise SettingsError("--last and --night contradict each other; give one of them")
    settings = settings_from(config)
    if data is not None:
        settings = replace(settings, data=str(data))
    if pdf is not None or html is not None:
        if last or night_ is not None or as_json:
            raise SettingsError("--pdf and --html are of weeks, not of a night: leave out --last, --night and --json")
        write_doctors_page(settings, wearer, weeks or _WEEKS, paper, pdf, html)
        return
    if weeks is not None:
        raise SettingsError("--weeks goes with --pdf FILE or --html FILE")
    found = _nights(settings, wearer)
    chosen = [one for one in found if night_ in (None, one[0])]
    if not chosen:
        raise SettingsError(
            phrases.NO_NIGHT if not found else f"no night of {night_} is kept; see the others with --last"
        )
    print_night(settings, chosen[-1][1], chosen[-1][0], as_json=as_json)


def print_night(settings: Settings, wearer: str, night: str, *, as_json: bool = False) -> None:
    """Print one night of one wearer."""
    store = open_store(settings.store, settings.folder, settings.store_ca)
    since_s, until_s = start_of(night, settings.zone), end_of(night, settings.zone)
    try:
        tallies = store.read(Tally, wearer, since_s, until_s)
        twitches = store.read(Twitch, wearer, since_s, until_s)
        spans = store.read(Span, wearer, since_s, until_s)
        faults = store.read(Fault, wearer, since_s, until_s)
    finally:
        store.close()
    nights = site_nights(tallies)
    truths = truth_of(settings.folder / "recordings" / night, wearer, nights, twitches, spans)
    if as_json:
        parts = {"night": night, "wearer": wearer, "sites": nights, "faults": faults, "truth": truths}
        click.echo(json.dumps(msgspec.to_builtins(parts), indent=2))
        return
    machine = ("", phrases_of_faults.HEADING, *phrases_of_faults.summary(faults)) if faults else ()
    for line in (*lines(night, nights), *machine, *(line for truth in truths for line in truth.lines())):
        click.echo(line)


def _nights(settings: Settings, wearer: str | None) -> list[tuple[str, str]]:
    """List (night, wearer), the one that was recorded last at the end."""
    if not settings.folder.exists():
        return []
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        chosen = [one for one in store.wearers() if (not is_pillow(one) if wearer is None else one == wearer)]
        found = [(night, one) for one in chosen for night in store.nights(one)]
        return sorted(found, key=lambda each: (each[0], _newest_s(store, settings, *each)))
    finally:
        store.close()


def _newest_s(store: Store, settings: Settings, night: str, wearer: str) -> float:
    tallies = store.read(Tally, wearer, start_of(night, settings.zone), end_of(night, settings.zone))
    return max((tally.start_s for tally in tallies), default=0.0)
