"""aquiver night: everything in one process, until Ctrl-C."""

import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live

from aquiver.body import Site
from aquiver.bus import Bus
from aquiver.bus.broker import is_mosquitto_here
from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.commands.page import listen_option, open_option, with_page
from aquiver.commands.paging import Address, open_browser, page_on
from aquiver.commands.report import print_night
from aquiver.commands.services import SERVICES, broker_for, bus_for, watch
from aquiver.commands.stopping import stop_on_signal
from aquiver.complaints import Task
from aquiver.errors import SettingsError
from aquiver.lock import sole_owner
from aquiver.model import Tally
from aquiver.nights import end_of, night_of, start_of
from aquiver.patience import REFUSALS, object_to, until_done
from aquiver.pillow import pillow_of
from aquiver.sentry.service import Sentry
from aquiver.settings import BandSettings, Settings, default_folder
from aquiver.store import open_store
from aquiver.supervisor import supervised
from collector.opening import simulation_in
from collector.virtual.firmwares import FIRMWARES
from dashboards import phrases
from dashboards.evening import Evening
from dashboards.phrases import browser as phrases_of_page
from dashboards.terminal import render, sentence

_REDRAW_S = 0.5
_LINE_S = 10.0  # between two lines where there is no terminal to redraw
_DEMO_BATTERY_H = 48.0  # so that it lasts until any morning
_DEMO_BANDS = (
    BandSettings("virtual-verity", Site.LEFT_CALF, "ble:polar", _DEMO_BATTERY_H),
    BandSettings("virtual-myo", Site.RIGHT_FOREARM, "ble:myo", _DEMO_BATTERY_H),
)
_DEMO_SITES = (Site.LEFT_CALF, Site.RIGHT_FOREARM, *(site for site in Site if site.startswith(("left_", "right_"))))


@click.command()
@config_option
@data_option
@click.option("--demo", is_flag=True, help="Two virtual bands on a simulated body; no Bluetooth needed.")
@click.option("--seed", default=1, show_default=True, help="Which simulated body wears the bands of the demo.")
@click.option(
    "--band",
    "kinds",
    multiple=True,
    type=click.Choice(sorted(FIRMWARES)),
    help="Which virtual bands the demo has, once for each; the default is a Polar on the calf and a Myo on the forearm.",
)
@click.option(
    "--placebo",
    is_flag=True,
    help="The bands lie on a pillow, or on anything that rests: learn what they count where nothing twitches.",
)
@listen_option
@open_option
@click.option("--for", "length_s", type=float, metavar="SECONDS", help="End by itself after so long.")
def night(
    config: Path | None,
    data: Path | None,
    demo: bool,
    seed: int,
    kinds: tuple[str, ...],
    placebo: bool,
    listen: str | None,
    is_opened: bool | None,
    length_s: float | None,
) -> None:
    """Record a night: bands, broker, detector, store and a live view in one process.

    Press Ctrl-C in the morning. What was recorded is on disk at every moment: after a crash, start it again.

    \b
    aquiver night --demo                 try it without a band
    aquiver night --demo --band umyo     another kind of band
    aquiver night --config night.toml    a real night (see aquiver.example.toml)
    aquiver night --placebo              a night of the bands alone, kept apart as wearer NAME-pillow
    """
    if kinds and not demo:
        raise click.UsageError("--band goes with --demo; real bands stand in the settings")
    settings = with_page(demo_settings(seed, kinds) if demo else settings_from(config), listen, is_opened)
    if data is not None:
        settings = replace(settings, data=str(data))
    if placebo:
        settings = replace(settings, wearer=pillow_of(settings.wearer))
    if not settings.band:
        raise SettingsError("no band is set up: add a [[band]] to your settings, or try: aquiver night --demo")
    with sole_owner(settings.folder, "aquiver night", tuple(SERVICES)):
        asyncio.run(_run(settings, config, length_s))
    print_night(settings, settings.wearer, night_of(time.time(), settings.zone))


def demo_settings(seed: int, kinds: tuple[str, ...] = ()) -> Settings:
    """Give the settings of a demo night: its wearer is called demo, so that it never mixes with a person's nights."""
    sites = tuple(dict.fromkeys(_DEMO_SITES))
    if len(kinds) > len(sites):
        raise SettingsError(f"a demo has at most {len(sites)} bands")
    chosen = tuple(
        BandSettings(f"virtual-{kind.replace('_', '-')}-{number}", site, f"ble:{kind}", _DEMO_BATTERY_H)
        for number, (kind, site) in enumerate(zip(kinds, sites, strict=False), start=1)
    )
    return Settings(band=chosen or _DEMO_BANDS, wearer="demo", radio=f"virtual:?seed={seed}&habits=demo")


async def _run(settings: Settings, config: Path | None, length_s: float | None) -> None:
    _remember_simulation(settings)
    with stop_on_signal() as stop:
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(broker_for(settings))
            settings = replace(settings, bus=url)
            for service in ("recorder", "detector", "judge", "notify"):
                await stack.enter_async_context(SERVICES[service](settings))
            bus = await stack.enter_async_context(bus_for(settings, "view"))
            sentry = await stack.enter_async_context(watch(settings, bus, "view"))
            page = await stack.enter_async_context(page_on(bus, sentry, settings, config))
            if settings.page.open:
                open_browser(page)
            async with SERVICES["collector"](settings), supervised(), asyncio.TaskGroup() as tasks:
                view = tasks.create_task(_show(settings, page, bus, sentry), name="view")
                try:
                    async with asyncio.timeout(length_s):
                        await stop.wait()
                except TimeoutError:
                    pass
                view.cancel()


def _remember_simulation(settings: Settings) -> None:
    """Write down which body a simulated night is of, so that the report can tell its truth."""
    simulation = simulation_in(settings)
    if simulation is None:
        return
    folder = settings.folder / "recordings" / night_of(time.time(), settings.zone)
    folder.mkdir(parents=True, exist_ok=True)
    card = {"seed": simulation.seed, "habits": simulation.habits}
    (folder / f"simulated-{settings.wearer}.json").write_text(json.dumps(card) + "\n")


async def _show(settings: Settings, page: Address, bus: Bus, sentry: Sentry) -> None:
    evening = Evening(settings.wearer, night_of(time.time(), settings.zone))
    is_whole = _recall_at_once(settings, evening)
    async with bus.subscribe() as batches, asyncio.TaskGroup() as tasks:
        if not is_whole:
            tasks.create_task(_recall(settings, evening), name="view recalls")
        draw = _redraw if sys.stdout.isatty() else _print_lines
        tasks.create_task(draw(_notes(settings, page), evening, bus, sentry), name="drawing")
        async for batch in batches:
            for parcel in batch:
                evening.feed(parcel.message)


def _recall_at_once(settings: Settings, evening: Evening) -> bool:
    """Take in the night so far; tell whether the store gave it."""
    try:
        for tally in _so_far(settings, evening.night):
            evening.feed(tally)
    except REFUSALS as error:
        object_to(error, Task.READ)
        return False
    return True


async def _recall(settings: Settings, evening: Evening) -> None:
    """Take in the night so far, once the store gives it; until then that is a fault, and the view goes on without."""
    found: list[Tally] = []

    def read() -> None:
        found[:] = _so_far(settings, evening.night)

    await until_done(read, Task.READ)
    for tally in found:
        evening.feed(tally)


def _so_far(settings: Settings, night: str) -> list[Tally]:
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        return store.read(Tally, settings.wearer, start_of(night, settings.zone), end_of(night, settings.zone))
    finally:
        store.close()


async def _redraw(notes: tuple[str, ...], evening: Evening, bus: Bus, sentry: Sentry) -> None:
    with Live(console=Console(), auto_refresh=False, screen=False) as live:
        while True:
            evening.see(sentry.open)
            live.update(render(evening, time.time(), (*notes, *_foreign(bus))), refresh=True)
            await asyncio.sleep(_REDRAW_S)


async def _print_lines(notes: tuple[str, ...], evening: Evening, bus: Bus, sentry: Sentry) -> None:
    for note in notes:
        click.echo(note)
    while True:
        await asyncio.sleep(_LINE_S)
        evening.see(sentry.open)
        click.echo(" | ".join([sentence(evening, time.time()), *_foreign(bus)]))


def _notes(settings: Settings, page: Address) -> tuple[str, ...]:
    broker = "" if is_mosquitto_here() else " (mosquitto is not installed; using the built-in broker)"
    return (
        f"Listen along: aquiver listen{_where(settings)}{broker}",
        phrases_of_page.address(page.shown),
        f"Data: {settings.folder}    Ctrl-C ends the night.",
    )


def _where(settings: Settings) -> str:
    return "" if settings.folder == default_folder() else f" --data {settings.folder}"


def _foreign(bus: Bus) -> tuple[str, ...]:
    """Say how many messages under our topics were not ours."""
    return (phrases.foreign(bus.n_foreign, bus.last_foreign),) if bus.n_foreign else ()
