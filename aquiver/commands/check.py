"""aquiver check: before sleep, whether all is ready for the night."""

import asyncio
import json
import re
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
import msgspec

from aquiver.commands.ground import Watch, broker_trouble, bytes_of_night, free_bytes, hours_until, store_trouble
from aquiver.commands.night import demo_settings
from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.commands.rehearsal import Heard, rehearse
from aquiver.errors import SettingsError
from aquiver.lock import sole_owner
from aquiver.model import Status, Stream, StreamStatus, Tally
from aquiver.settings import BandSettings, Settings
from collector.virtual.firmwares import FIRMWARES
from dashboards.phrases import readiness as phrases
from dashboards.readiness import BandFacts, Finding, MachineFacts, StreamFacts, Verdict, is_ready, judge

_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
_SHORTEST_S = 10.0


@click.command()
@config_option
@data_option
@click.option(
    "--for", "length_s", type=click.FloatRange(min=_SHORTEST_S), default=60.0, show_default=True, metavar="SECONDS"
)
@click.option("--until", "morning", default="07:00", show_default=True, metavar="HH:MM", help="When morning is.")
@click.option("--demo", is_flag=True, help="Check a demo's virtual bands; no Bluetooth needed.")
@click.option("--band", "kinds", multiple=True, type=click.Choice(sorted(FIRMWARES)), help="Which, with --demo.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
def check(
    config: Path | None,
    data: Path | None,
    length_s: float,
    morning: str,
    demo: bool,
    kinds: tuple[str, ...],
    as_json: bool,
) -> None:
    """Check before sleep whether all is ready: bands, batteries, clock, disk, broker, store, and the way between them.

    Wear the bands and lie still. For a minute everything runs as it will at night, in a folder that is thrown away: each
    band is connected and judged, and a test twitch under a name of its own is sent through broker, detector and store.
    Nothing is added to your nights. The battery's forecast takes battery_h of the settings for the hours from full.

    The exit code is 0 for "go", 1 for "not yet", 2 if the check could not be made.

    \b
    aquiver check --config night.toml
    aquiver check --demo
    """
    if not _TIME.fullmatch(morning):
        raise click.BadParameter(f"{morning!r} is no time of day", param_hint="--until")
    if kinds and not demo:
        raise click.UsageError("--band goes with --demo; real bands stand in the settings")
    settings = demo_settings(seed=1, kinds=kinds) if demo else settings_from(config)
    with ExitStack() as held:
        if demo and data is None:
            data = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="aquiver-demo-")))
        settings = settings if data is None else replace(settings, data=str(data))
        if not settings.band:
            raise SettingsError("no band is set up: add a [[band]] to your settings, or try: aquiver check --demo")
        held.enter_context(sole_owner(settings.folder, "aquiver check", ("collector",)))
        findings = asyncio.run(_findings(settings, length_s, morning))
    click.echo(_as_json(findings) if as_json else _as_text(findings))
    raise SystemExit(0 if is_ready(findings) else 1)


async def _findings(settings: Settings, length_s: float, morning: str) -> tuple[Finding, ...]:
    before = Watch.now()
    broker = await broker_trouble(settings)
    with click.progressbar(
        length=round(length_s), label="Listening", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        heard = await rehearse(settings, length_s, lambda passed_s: bar.update(1 if passed_s else 0))
    step_s = before.step_s(Watch.now())
    now = datetime.now(settings.zone)
    night_h = hours_until(morning, now)
    store, ahead_s = await asyncio.to_thread(store_trouble, settings, time.time())
    machine = MachineFacts(
        local_time=f"{now:%H:%M on %A, %Y-%m-%d} ({settings.zone.key})",
        clock_step_s=step_s,
        newest_ahead_s=ahead_s,
        free_bytes=free_bytes(settings.folder),
        needed_bytes=bytes_of_night(heard.streams, night_h),
        broker=broker,
        store=store,
        chain=heard.chain,
        chain_s=heard.chain_s,
    )
    return judge(tuple(_facts(band, heard) for band in settings.band), machine, night_h)


def _facts(band: BandSettings, heard: Heard) -> BandFacts:
    status = heard.statuses.get(band.device)
    tallies = {tally.modality: tally for tally in heard.tallies if tally.device == band.device}
    streams = [stream for stream in heard.streams if stream.device == band.device and stream.modality in tallies]
    return BandFacts(
        device=band.device,
        site=band.site,
        reason=status.reason if status else "",
        battery_percent=status.battery_percent if status else None,
        battery_h=band.battery_h,
        n_malformed=status.n_malformed if status else 0,
        streams=tuple(_stream(stream, tallies[stream.modality], status) for stream in sorted(streams, key=_order)),
    )


def _order(stream: Stream) -> str:
    return str(stream.modality)


def _stream(stream: Stream, tally: Tally, status: Status | None) -> StreamFacts:
    counted = status.streams.get(stream.modality) if status else None
    one = counted or StreamStatus(None, 0, 0, 0.0)
    n_sent = one.n_samples + one.n_lost
    return StreamFacts(
        modality=stream.modality,
        analysable_s=tally.analysable_s,
        excluded_s=tally.excluded_s,
        lost_share=one.n_lost / n_sent if n_sent else 0.0,
        floor=tally.floor,
        unit=tally.unit,
        stuck=one.stuck,
    )


def _as_text(findings: tuple[Finding, ...]) -> str:
    width = max(len(finding.about) for finding in findings)
    rows = [f"{finding.verdict:8} {finding.about:{width}}  {finding.words}" for finding in findings]
    n_not_yet = sum(finding.verdict is Verdict.NOT_YET for finding in findings)
    return "\n".join([*rows, phrases.verdict(n_not_yet)])


def _as_json(findings: tuple[Finding, ...]) -> str:
    return json.dumps({"go": is_ready(findings), "findings": msgspec.to_builtins(findings)}, indent=2)
