"""aquiver scan: which wearables are near."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from aquiver.body import Site
from aquiver.commands.band_file import add_band, source_of
from aquiver.commands.night import demo_settings
from aquiver.commands.options import config_option, settings_from
from aquiver.errors import SettingsError
from aquiver.settings import Settings
from collector.charge import charge_of
from collector.devices import DRIVERS
from collector.links.ble import Found
from collector.links.ble import scan as scan_air
from collector.opening import open_radio

NONE_NEAR = (
    "No wearable that aquiver knows is near. Switch it on, wear it, end its link to any phone, and come closer. "
    "Known are: "
)


@click.command()
@config_option
@click.option("--for", "search_s", type=float, default=8.0, show_default=True, metavar="SECONDS")
@click.option("--add", metavar="ADDRESS", help="Add this one to the settings file, as the band worn on --site.")
@click.option("--site", type=click.Choice([site.value for site in Site]), help="Where it is worn.")
@click.option("--battery/--no-battery", default=True, show_default=True, help="Ask each for its battery.")
@click.option("--demo", is_flag=True, help="Look for the two virtual bands of the demo.")
def scan(config: Path | None, search_s: float, add: str | None, site: str | None, battery: bool, demo: bool) -> None:
    """List the wearables that aquiver can use and that are near: which driver takes them, battery, signal.

    To tell its battery each is connected for a moment, and started by nobody; --no-battery only listens. No address is kept.

    \b
    aquiver scan
    aquiver scan --add AA:BB:CC:DD:EE:FF --site left_calf --config night.toml
    """
    if (add is None) != (site is None):
        raise click.UsageError("--add and --site go together")
    settings = demo_settings(seed=1) if demo else settings_from(config)
    found = asyncio.run(_found(settings, search_s, has_battery=battery and add is None))
    if not found:
        click.echo(NONE_NEAR + ", ".join(sorted(DRIVERS)))
        return
    if add is None or site is None:
        Console().print(_table(found))
        return
    _add(_chosen(tuple(found), add), Site(site), config or Path("night.toml"))


async def _found(settings: Settings, search_s: float, *, has_battery: bool) -> dict[Found, int | None]:
    """Give what is near, each with its battery in percent where it is asked for and told."""
    async with open_radio(settings) as radio:
        found = await scan_air(radio, tuple(DRIVERS.values()), search_s)
        return {one: await charge_of(radio, one) if has_battery else None for one in found}


def _table(found: Mapping[Found, int | None]) -> Table:
    table = Table("driver", "name", "battery", "signal", box=None, padding=(0, 2, 0, 0))
    table.add_column("source for the settings", no_wrap=True)
    for one in sorted(found, key=lambda one: -(one.rssi_dbm or 0)):
        signal = "—" if one.rssi_dbm is None else f"{one.rssi_dbm} dBm"
        battery = "—" if found[one] is None else f"{found[one]} %"
        table.add_row(one.kind, one.name, battery, signal, source_of(one.kind, one.address))
    return table


def _chosen(found: Sequence[Found], address: str) -> Found:
    for one in found:
        if one.address.upper() == address.upper():
            return one
    near = ", ".join(one.address for one in found)
    raise SettingsError(f"{address} is not near; near are {near}")


def _add(found: Found, site: Site, path: Path) -> None:
    """Append a band to the settings, if the file is sound with it."""
    device = add_band(path, found.kind, found.address, site)
    click.echo(f"{path} now has the band {device}. Try it with: aquiver night --config {path}")
