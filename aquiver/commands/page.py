"""aquiver page: the page alone, beside services that run."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import click

from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.commands.paging import open_browser, page_on
from aquiver.commands.services import bus_for, watch
from aquiver.commands.stopping import stop_on_signal
from aquiver.errors import SettingsError
from aquiver.settings import Settings
from aquiver.supervisor import supervised
from dashboards.phrases import browser as phrases

listen_option = click.option(
    "--listen",
    metavar="HOST:PORT",
    help="Where the page is; off this machine's own address it asks for a key. Without it, 127.0.0.1:8737 or the next free port.",
)
open_option = click.option("--open/--no-open", "is_opened", default=None, help="Open the page in your browser.")


@click.command()
@config_option
@data_option
@listen_option
@open_option
def page(config: Path | None, data: Path | None, listen: str | None, is_opened: bool | None) -> None:
    """Serve the page in the browser alone, beside services that run (aquiver night has it already).

    It reads the store and the bus, and says nothing but what you enter. Ctrl-C ends it, and nothing else.

    \b
    aquiver page --config night.toml
    aquiver page --config night.toml --listen 0.0.0.0:8737    for a tablet in your own network
    """
    settings = with_page(settings_from(config), listen, is_opened)
    if data is not None:
        settings = replace(settings, data=str(data))
    if settings.bus.startswith("embedded:"):
        settings = replace(settings, bus=_running_bus(settings))
    os.umask(0o077)  # what is written from here on is health data, and its owner's alone
    settings.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_run(settings, config))


def with_page(settings: Settings, listen: str | None, is_opened: bool | None) -> Settings:
    """Give the settings with what was said of the page on the command line."""
    chosen = settings.page
    if listen is not None:
        chosen = replace(chosen, listen=listen)
    if is_opened is not None:
        chosen = replace(chosen, open=is_opened)
    return replace(settings, page=chosen)


def _running_bus(settings: Settings) -> str:
    """Give the address of the broker that a running night has started.

    Raises:
        SettingsError: none runs.
    """
    path = settings.folder / "broker" / "url"
    if not path.exists():
        raise SettingsError("no night runs here, so there is no bus to hear; start: aquiver night")
    return path.read_text().strip()


async def _run(settings: Settings, config: Path | None) -> None:
    with stop_on_signal() as stop:
        async with (
            bus_for(settings, "page") as bus,
            watch(settings, bus, "page") as sentry,
            page_on(bus, sentry, settings, config) as address,
            supervised(),
        ):
            click.echo(phrases.address(address.shown))
            if settings.page.open:
                open_browser(address)
            await stop.wait()
