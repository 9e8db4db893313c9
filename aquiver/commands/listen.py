"""aquiver listen: what is said on the bus, as JSON lines."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import msgspec

from aquiver.body import Site
from aquiver.bus import open_bus
from aquiver.bus.broker_files import Listener, listen_along, write_reader
from aquiver.bus.login import Login
from aquiver.commands.options import config_option, data_option, settings_from
from aquiver.commands.stopping import stop_on_signal
from aquiver.errors import BusError
from aquiver.model import Chunk, Message, Parcel
from aquiver.passwords import password_of
from aquiver.settings import Settings
from aquiver.wire import KINDS

_ACCOUNT = "reader"


@click.command()
@config_option
@data_option
@click.option("--kind", "kinds", multiple=True, type=click.Choice(sorted(KINDS)), help="Only these kinds of message.")
@click.option("--site", type=click.Choice([site.value for site in Site]), help="Only this site.")
@click.option("--for", "length_s", type=float, metavar="SECONDS", help="End by itself after so long.")
@click.option("--shell", is_flag=True, help="Print the line with which mosquitto_sub listens along, and end.")
def listen(
    config: Path | None,
    data: Path | None,
    kinds: tuple[str, ...],
    site: Site | None,
    length_s: float | None,
    shell: bool,
) -> None:
    """Print what the services say, one JSON object a line, until Ctrl-C.

    Samples are summed up: how many, of which stream, from which number on.

    \b
    aquiver listen                                 everything
    aquiver listen --kind twitch --site left_calf  twitches of one site
    aquiver listen --kind fault                    what is broken
    eval "$(aquiver listen --shell)"               the same with mosquitto_sub
    """
    settings = settings_from(config)
    if data is not None:
        settings = replace(settings, data=str(data))
    if shell:
        click.echo(_line_for_shell(settings))
        return
    wanted = tuple(KINDS[kind] for kind in kinds)
    asyncio.run(_listen(settings, wanted, site, length_s))


def _line_for_shell(settings: Settings) -> str:
    """Write what mosquitto_sub needs, and give the line that uses it."""
    url = urlsplit(bus_url(settings))
    password = password_of(_ACCOUNT, settings.folder)
    if password is None:
        raise BusError(f"the password of the account {_ACCOUNT} is not here (docs/operating.md, Passwords)")
    host, port = url.hostname or "127.0.0.1", url.port or (8883 if url.scheme == "mqtts" else 1883)
    authority = Path(settings.bus_ca) if settings.bus_ca else None
    write_reader(settings.folder / "broker", Listener(host, port), password, authority)
    return listen_along(settings.folder)


def bus_url(settings: Settings) -> str:
    """Give where the broker is; the embedded one has left word in the data folder.

    Raises:
        BusError: it has not.
    """
    if not settings.bus.startswith("embedded:"):
        return settings.bus
    try:
        return (settings.folder / "broker" / "url").read_text().strip()
    except OSError as error:
        raise BusError(f"no night was ever recorded in {settings.folder}: start one, or name its --data") from error


async def _listen(
    settings: Settings, kinds: tuple[type[Message], ...], site: str | None, length_s: float | None
) -> None:
    login = Login(_ACCOUNT, password_of(_ACCOUNT, settings.folder), settings.bus_ca)
    with stop_on_signal() as stop:
        async with AsyncExitStack() as stack:
            bus = await stack.enter_async_context(open_bus(bus_url(settings), f"aquiver-{_ACCOUNT}-{id(stop)}", login))
            batches = await stack.enter_async_context(bus.subscribe(*kinds))
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            printing = tasks.create_task(_print(batches, site), name="printing")
            try:
                async with asyncio.timeout(length_s):
                    await stop.wait()
            except TimeoutError:
                pass
            printing.cancel()


async def _print(batches: AsyncIterator[list[Parcel]], site: str | None) -> None:
    async for batch in batches:
        for parcel in batch:
            words = _in_words(parcel.message)
            if site is None or words.get("site") == site:
                click.echo(msgspec.json.encode(words).decode())
        sys.stdout.flush()


def _in_words(message: Message) -> dict[str, Any]:
    if isinstance(message, Chunk):
        stream = message.stream
        return {
            "message": "chunk",
            "wearer": stream.wearer,
            "device": stream.device,
            "site": stream.site,
            "modality": stream.modality,
            "run": message.run,
            "first_sample": message.first_sample,
            "n_samples": message.n_samples,
            "n_lost": message.n_lost,
        }
    kind = next(name for name, each in KINDS.items() if isinstance(message, each))
    return {"message": kind, **msgspec.to_builtins(message)}
