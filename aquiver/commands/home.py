"""aquiver home: take the bands out of Home Assistant again."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path

import click

from aquiver.commands.keeping import settings_of, wearer_option
from aquiver.commands.notifying import login_of, memory_of
from aquiver.commands.options import config_option, data_option
from aquiver.errors import BusError, SettingsError
from dashboards.home.service import forget

_WITHIN_S = 10.0


@click.command()
@click.option("--remove", is_flag=True, required=True, help="Take back all that Home Assistant was told.")
@config_option
@data_option
@wearer_option
def home(remove: bool, config: Path | None, data: Path | None, wearer: str | None) -> None:
    """Take a wearer's bands out of Home Assistant: their description and all retained messages about them.

    To have them there set home_assistant = "homeassistant" in the settings, and run aquiver night or aquiver run notify.
    Set it back to "" before you remove them, or they are told again.

    \b
    aquiver home --remove --config night.toml
    """
    assert remove  # click requires it: the word shall be said
    settings = settings_of(config, data, wearer)
    if settings.bus.startswith("embedded:"):
        raise SettingsError("the embedded broker forgets by itself; this is for a broker of your own")
    memory = memory_of(settings)
    try:
        prefix = settings.home_assistant or "homeassistant"
        asyncio.run(_within(forget(settings.wearer, prefix, settings.bus, login_of(settings), memory)))
    except TimeoutError as error:
        raise BusError(f"no broker at {settings.bus} within {_WITHIN_S:.0f} s; nothing was taken back") from error
    finally:
        memory.close()
    click.echo(f"{settings.wearer}: taken out of Home Assistant")


async def _within(work: Coroutine[None, None, None]) -> None:
    async with asyncio.timeout(_WITHIN_S):
        await work
