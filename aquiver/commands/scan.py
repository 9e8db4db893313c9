"""aquiver scan: which wearables are near."""

import asyncio

import click

from collector.devices import DRIVERS
from collector.links.ble import SYSTEM_RADIO
from collector.links.ble import scan as scan_air


@click.command()
@click.option("--for", "search_s", type=float, default=8.0, show_default=True, metavar="SECONDS")
def scan(search_s: float) -> None:
    """List the wearables that aquiver can use and that are near. Nothing is stored, nothing is connected."""
    found = asyncio.run(scan_air(SYSTEM_RADIO, tuple(DRIVERS.values()), search_s))
    if not found:
        click.echo("No wearable that aquiver knows is near. Switch it on, take it off any phone, and come closer.")
        return
    for one in found:
        click.echo(f"{one}")
