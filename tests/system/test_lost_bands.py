"""A band that goes away comes back without help, and what was missed is in the numbering, the tallies and the recording.

Unchanged bleak calls over a Bluetooth stack in software. The clock of band and collector runs ten times as fast as the
wall's, so that a minute out of range takes six seconds.
"""

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aquiver.body import Site
from aquiver.bus.local import LocalBus
from aquiver.journal import Journal, connect
from aquiver.model import BandState, Chunk, Period, SpanReason, Status, Tally
from aquiver.recorder import Recorder
from aquiver.recording import open_recording
from aquiver.settings import BandSettings
from aquiver.shelf import Shelf
from aquiver.store import open_store
from collector.devices import driver_named
from collector.links.ble import Timings
from collector.service import Collector
from collector.simulation.body import Body
from collector.simulation.habits import STILL
from collector.sources.wearable import WearableSource
from collector.steady import SteadyClock
from collector.virtual.polar import VirtualPolar
from collector.virtual.radio import VirtualRadio, virtual_radio
from detector.engine import Engine
from detector.service import Detector
from detector.state import State

UTC = ZoneInfo("UTC")
FAST = 10.0
BEGAN_S = 1_795_392_000.0  # 2026-11-23 00:00 UTC
BAND = BandSettings("verity", Site.LEFT_CALF, "ble:polar")
TIMINGS = Timings(search_s=3.0, silence_s=2.0)


def fast_clock():
    began_s = time.monotonic()
    return lambda: BEGAN_S + FAST * (time.monotonic() - began_s)


@dataclass
class Night:
    """What is seen of a night while it goes on."""

    radio: VirtualRadio
    folder: Path
    states: list[BandState] = field(default_factory=list)
    n_samples: int = 0
    n_missing: int = 0
    end_sample: int = 0

    async def follow(self, bus: LocalBus) -> None:
        async with bus.subscribe(Chunk, Status) as batches:
            async for batch in batches:
                for parcel in batch:
                    self._take(parcel.message)

    def _take(self, message) -> None:
        if isinstance(message, Status):
            self.states.append(message.state)
        elif message.first_sample >= self.end_sample:  # a courier may say a thing twice
            self.n_samples += message.n_samples
            self.n_missing += message.n_lost
            self.end_sample = message.end_sample

    async def until_samples(self, n_more: int) -> None:
        wanted = self.n_samples + n_more
        async with asyncio.timeout(20):
            while self.n_samples < wanted:
                await asyncio.sleep(0.05)


@asynccontextmanager
async def a_night(folder: Path):
    fast, bus = fast_clock(), LocalBus()
    clock = SteadyClock(fast, fast)
    store, state = open_store("sqlite:", folder), State(folder / "detector.db")
    shelf, journal = Shelf(folder, UTC), Journal(connect(folder / "spool.db"))
    firmware = VirtualPolar(Body(1, STILL), BAND.site)
    async with AsyncExitStack() as stack:
        radio = await stack.enter_async_context(virtual_radio({"verity": firmware}, clock, advertising_interval_s=0.02))
        night = Night(radio, folder)
        await stack.enter_async_context(Recorder(store, shelf, bus).at_work())
        detector = Detector(Engine(UTC), state, bus, ("recorder",))
        await stack.enter_async_context(detector.at_work())
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        following = tasks.create_task(night.follow(bus))
        source = WearableSource(driver_named("polar"), radio.address("verity"), None, radio.backends, TIMINGS, clock)
        collector = Collector({BAND: source}, "me", journal, bus, ("detector", "recorder"), clock)
        async with collector.at_work():
            await night.until_samples(400)
            yield night
        async with asyncio.timeout(5):
            await detector.drained()
        following.cancel()
    for opened in (shelf, store, state, journal):
        opened.close()


def gap_s_in_tallies(folder: Path) -> float:
    store = open_store("sqlite:", folder)
    tallies = store.read(Tally, "me", 0, 2 * BEGAN_S)
    store.close()
    minutes = [tally for tally in tallies if tally.period is Period.MINUTE]
    return sum(tally.excluded_s.get(SpanReason.GAP, 0.0) for tally in minutes)


def recorded(folder: Path) -> tuple[int, int]:
    """Count the samples in the recording, and those its numbering says are missing."""
    (path,) = folder.glob("*/*.edf")
    chunks = list(open_recording(path).chunks())
    return sum(chunk.n_samples for chunk in chunks), sum(chunk.n_lost for chunk in chunks)


def drop(night: Night) -> None:
    night.radio.drop_link("verity")


def move(night: Night) -> None:
    night.radio.move("verity")


@pytest.mark.parametrize("fault", [drop, move], ids=["drops its link", "comes back under a new address"])
async def test_a_band_that_was_lost_is_streaming_again_without_help(tmp_path, fault):
    async with a_night(tmp_path) as night:
        fault(night)
        await night.until_samples(400)
    after = night.states[night.states.index(BandState.STREAMING) :]
    assert {BandState.LOST, BandState.SEARCHING, BandState.CONNECTING} <= set(after)
    assert after[-2:] == [BandState.STREAMING, BandState.ENDED]
    assert recorded(tmp_path) == (night.n_samples, night.n_missing)


async def test_a_minute_out_of_range_is_missing_from_numbering_tallies_and_recording(tmp_path):
    async with a_night(tmp_path) as night:
        night.radio.vanish("verity")
        await asyncio.sleep(60.0 / FAST)
        night.radio.reappear("verity")
        await night.until_samples(400)
    assert night.n_missing == pytest.approx(60.0 * 52.0, rel=0.5)
    assert recorded(tmp_path) == (night.n_samples, night.n_missing)
    assert gap_s_in_tallies(tmp_path) == pytest.approx(night.n_missing / 52.0, abs=0.2)
