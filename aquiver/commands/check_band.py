"""aquiver check-band: what a home-made band does wrong."""

import asyncio
import re

import click

from aquiver.body import Site
from aquiver.driver import Driver
from aquiver.errors import SettingsError
from aquiver.settings import Settings
from collector.conformance import Evidence, Verdict, judge
from collector.devices import DRIVERS, driver_named
from collector.examination import examine
from collector.opening import Simulation, open_radio
from collector.virtual.firmwares import FIRMWARES
from collector.virtual.radio import virtual_radio

_ADDRESS = re.compile(r"([0-9A-F]{2}:){5}[0-9A-F]{2}|[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.IGNORECASE)


@click.command("check-band")
@click.argument("band", required=False, metavar="[ADDRESS|NAME]")
@click.option("--driver", "wearable", type=click.Choice(sorted(DRIVERS)), default="open_band", show_default=True)
@click.option("--for", "listen_s", type=float, default=20.0, show_default=True, metavar="SECONDS")
@click.option("--demo", is_flag=True, help="Check our own virtual band; no Bluetooth needed.")
def check_band(band: str | None, wearable: str, listen_s: float, demo: bool) -> None:
    """Check a band of your own making: connect, listen, stop, and say what it does wrong.

    Lay it down first, with its electrodes on skin or shorted. Without an address or a name, the only band near is taken.
    The rules are in firmware_docs/open_band.md. The exit code is 0 if all are kept, else 1.

    \b
    aquiver check-band --demo
    aquiver check-band C0:12:34:56:78:9A --for 60
    """
    driver = driver_named(wearable)
    verdicts = judge(asyncio.run(_demonstrated(driver, listen_s) if demo else _examined(driver, band, listen_s)))
    for verdict in verdicts:
        click.echo(_words(verdict))
    n_wrong = sum(bool(verdict.complaints) for verdict in verdicts)
    click.echo(f"{n_wrong} of {len(verdicts)} rules are broken." if n_wrong else "Every rule is kept.")
    raise SystemExit(1 if n_wrong else 0)


def _words(verdict: Verdict) -> str:
    """Write one row, and below it a line for each complaint."""
    return "\n".join(
        [
            f"{'wrong' if verdict.complaints else 'ok':7}{verdict.rule}",
            *(f"{'':9}{complaint}" for complaint in verdict.complaints),
        ]
    )


async def _examined(driver: Driver, band: str | None, listen_s: float) -> Evidence:
    is_address = band is not None and _ADDRESS.fullmatch(band) is not None
    address, name = (band, None) if is_address else (None, band)
    async with open_radio(Settings()) as radio:
        return await examine(radio, driver, address, name, listen_s)


async def _demonstrated(driver: Driver, listen_s: float) -> Evidence:
    if driver.name not in FIRMWARES:
        raise SettingsError(f'there is no virtual "{driver.name}"; there are {", ".join(FIRMWARES)}')
    firmware = FIRMWARES[driver.name](Simulation(1, "demo").body(), Site.LEFT_CALF)
    async with virtual_radio({"band": firmware}) as radio:
        return await examine(radio.backends, driver, radio.address("band"), None, listen_s)
