"""From settings to sources: the only place that reads ``source`` and ``radio``."""

import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from aquiver.errors import SettingsError
from aquiver.settings import BandSettings, Settings
from collector.devices import driver_named
from collector.links.ble import SYSTEM_RADIO, Radio
from collector.simulation.body import Body
from collector.simulation.habits import DEMO, NIGHT, QUIET, STILL, Habits
from collector.sources import Source
from collector.sources.wearable import WearableSource
from collector.virtual.firmware import Firmware
from collector.virtual.firmwares import FIRMWARES
from collector.virtual.radio import VirtualRadio, virtual_radio

HABITS: Mapping[str, Habits] = {"night": NIGHT, "demo": DEMO, "still": STILL, "quiet": QUIET}


@dataclass(frozen=True, slots=True)
class Simulation:
    """What stands behind a virtual radio: the truth of such a night can be told again from it."""

    seed: int
    habits: str

    def body(self) -> Body:
        """Give the simulated body."""
        return Body(self.seed, HABITS[self.habits])


@dataclass(frozen=True, slots=True)
class _Url:
    scheme: str
    name: str
    options: Mapping[str, str]


def simulation_in(settings: Settings) -> Simulation | None:
    """Give the simulation that ``radio = "virtual:?seed=7&habits=demo"`` asks for; none for a real radio."""
    url = _read(settings.radio)
    if url.scheme != "virtual":
        return None
    seed, habits = url.options.get("seed", "1"), url.options.get("habits", "demo")
    if not seed.isdigit() or habits not in HABITS:
        raise SettingsError(f'radio = "{settings.radio}": seed is a number, habits one of {", ".join(HABITS)}')
    return Simulation(int(seed), habits)


@asynccontextmanager
async def open_radio(settings: Settings) -> AsyncIterator[Radio]:
    """Open the radio that the settings name; a virtual one with their bands on the air.

    Raises:
        SettingsError: there is no such radio, or no virtual wearable of a band's kind.
    """
    simulation = simulation_in(settings)
    if simulation is None:
        async with _system_radio(settings.radio) as radio:
            yield radio
        return
    async with _virtual_air(settings, simulation, time.time) as air:
        yield air.backends


@asynccontextmanager
async def open_sources(settings: Settings, clock: Callable[[], float]) -> AsyncIterator[dict[BandSettings, Source]]:
    """Open a source for every band in the settings; arrivals are stamped by ``clock``.

    Raises:
        SettingsError: a band's source or the radio is not known; the text says which are.
    """
    simulation = simulation_in(settings)
    if simulation is None:
        async with _system_radio(settings.radio) as radio:
            yield {band: _wearable(band, settings.band, radio, clock) for band in settings.band}
        return
    async with _virtual_air(settings, simulation, clock) as air:
        yield {band: _virtual(band, settings.band, air, clock) for band in settings.band}


@asynccontextmanager
async def _virtual_air(
    settings: Settings, simulation: Simulation, clock: Callable[[], float]
) -> AsyncIterator[VirtualRadio]:
    body = simulation.body()
    async with virtual_radio({band.device: _firmware(band, body) for band in settings.band}, clock) as air:
        yield air


def _read(text: str) -> _Url:
    parts = urlsplit(text)
    return _Url(parts.scheme, parts.path, dict(parse_qsl(parts.query)))


@asynccontextmanager
async def _system_radio(text: str) -> AsyncIterator[Radio]:
    if _read(text).scheme != "system":
        raise SettingsError(f'radio = "{text}": use "system:" or, for a trial without bands, "virtual:?seed=1"')
    if sys.platform != "linux":
        yield SYSTEM_RADIO
        return
    from collector.links.agent import pairing_agent  # noqa: PLC0415  # D-Bus is Linux's

    async with pairing_agent() as agent:
        yield Radio(welcome=agent.welcome)


def _ble(band: BandSettings) -> _Url:
    url = _read(band.source)
    if url.scheme != "ble" or not url.name:
        raise SettingsError(
            f'band {band.device}: source = "{band.source}" should be like "ble:polar?address=AA:BB:..."'
        )
    unknown = set(url.options) - {"address", "name"}
    if unknown:
        raise SettingsError(f"band {band.device}: source has no option {', '.join(unknown)}; known are address, name")
    return url


def _wearable(band: BandSettings, bands: Sequence[BandSettings], radio: Radio, clock: Callable[[], float]) -> Source:
    url = _ble(band)
    others = [address for other in bands if other != band and (address := _ble(other).options.get("address"))]
    address, name = url.options.get("address"), url.options.get("name")
    return WearableSource(driver_named(url.name), address, name, radio, clock=clock, others=others)


def _virtual(
    band: BandSettings, bands: Sequence[BandSettings], radio: VirtualRadio, clock: Callable[[], float]
) -> Source:
    driver, address = driver_named(_ble(band).name), radio.address(band.device)
    others = [radio.address(other.device) for other in bands if other != band]
    return WearableSource(driver, address, None, radio.backends, clock=clock, others=others)


def _firmware(band: BandSettings, body: Body) -> Firmware:
    name = _ble(band).name
    if name not in FIRMWARES:
        raise SettingsError(f'band {band.device}: there is no virtual "{name}"; there are {", ".join(FIRMWARES)}')
    return FIRMWARES[name](body, band.site)
