"""The bedside: what the page can set going: the check, the search for bands, a new band in the settings."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from aquiver.body import Site
from aquiver.commands.band_file import add_band
from aquiver.commands.readying import Readying
from aquiver.errors import SettingsError
from aquiver.model import Stream
from aquiver.settings import Settings, read_settings
from collector.devices import DRIVERS
from collector.links.ble import SYSTEM_RADIO, scan
from collector.opening import open_radio, simulation_in
from dashboards.evening import Evening
from dashboards.page.acts import Acts, Near, SetUp

DEMO = "these bands are simulated; for bands of your own, start aquiver night --config night.toml"


def acts_of(settings: Settings, config: Path | None, evening: Evening, streams: Callable[[], Sequence[Stream]]) -> Acts:
    """Give what the page can set going; ``config`` is the file of the settings, ./night.toml where none was named."""
    path = config or Path("night.toml")
    return Acts(
        check=Readying(settings, evening, streams),
        search=partial(_search, settings),
        add=partial(_add, settings, path),
        set_up=partial(_set_up, settings, path),
        drivers=tuple(sorted(DRIVERS)),
    )


async def _search(settings: Settings, search_s: float) -> Sequence[Near]:
    drivers = tuple(DRIVERS.values())
    if simulation_in(settings) is None:
        found = await scan(SYSTEM_RADIO, drivers, search_s)
    else:
        async with open_radio(settings) as radio:
            found = await scan(radio, drivers, search_s)
    return [Near(one.kind, one.address, one.name, one.rssi_dbm) for one in found]


def _add(settings: Settings, path: Path, kind: str, address: str, site: Site) -> str:
    if simulation_in(settings) is not None:
        raise SettingsError(DEMO)
    try:
        return add_band(path, kind, address, site)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error


def _set_up(settings: Settings, path: Path) -> Sequence[SetUp]:
    """List the bands in the file as it is now; those of a demo stand in none."""
    is_file = simulation_in(settings) is None and path.exists()
    bands = read_settings(path).band if is_file else settings.band
    return [SetUp(band.device, band.site, band.source, band.battery_h) for band in bands]
