"""aquiver run: one service in a process of its own."""

import asyncio
from dataclasses import replace
from pathlib import Path

import click

from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.commands.services import SERVICES, watch_for
from aquiver.commands.stopping import stop_on_signal
from aquiver.errors import SettingsError
from aquiver.lock import sole_owner
from aquiver.settings import Settings
from aquiver.supervisor import supervised


@click.command()
@click.argument("service", type=click.Choice(sorted(SERVICES)))
@config_option
@data_option
def run(service: str, config: Path | None, data: Path | None) -> None:
    """Run one service, against a broker that already runs (bus = "mqtt://host:1883" in the settings).

    Any order of starting works, and any of them may be stopped and started again: what is under way is kept on disk
    by its sender until it is confirmed.

    \b
    aquiver run recorder  --config night.toml
    aquiver run detector  --config night.toml
    aquiver run judge     --config night.toml
    aquiver run collector --config night.toml
    aquiver run notify    --config night.toml
    """
    settings = settings_from(config)
    if data is not None:
        settings = replace(settings, data=str(data))
    if settings.bus.startswith("embedded:"):
        raise SettingsError('services apart need a broker of their own: set bus = "mqtt://127.0.0.1:1883"')
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with sole_owner(settings.folder, f"aquiver run {service}", (service,)):
        asyncio.run(_run(service, settings))


async def _run(service: str, settings: Settings) -> None:
    with stop_on_signal() as stop:
        async with SERVICES[service](settings), watch_for(settings, service), supervised():
            click.echo(f"{service} runs; bus {settings.bus}, data {settings.folder}. Ctrl-C ends it.")
            await stop.wait()
