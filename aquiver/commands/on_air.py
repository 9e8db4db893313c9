"""A simulated wearable on the air, for aquiver simulate --ble."""

import asyncio

import click

from aquiver.body import Site
from aquiver.commands.stopping import stop_on_signal
from collector.opening import Simulation
from collector.virtual.dongle import broadcasting
from collector.virtual.firmwares import FIRMWARES


async def stay_on_air(kind: str, site: Site, simulation: Simulation, transport: str, address: str) -> None:
    """Advertise a virtual wearable until Ctrl-C, or until its controller is gone."""
    firmware = FIRMWARES[kind](simulation.body(), site)
    with stop_on_signal() as stop:
        waiting = asyncio.ensure_future(_stopped(stop))
        try:
            async with broadcasting(firmware, transport, address) as gone:
                click.echo(f"{firmware.name} advertises as {address} through {transport}. Ctrl-C ends it.")
                click.echo(f"From another machine: aquiver check-band {address} --driver {kind}")
                await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
                if gone.done():
                    gone.result()
        finally:
            waiting.cancel()


async def _stopped(stop: asyncio.Event) -> None:
    await stop.wait()
