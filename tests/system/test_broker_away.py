"""A broker that is away costs nothing but delay, however long it is away.

What depends on the length of an outage is only the spool: everything else waits. So a short outage with a long backlog
stands for ten minutes; ``make chaos BROKER_DOWN=600`` takes the ten minutes.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from zoneinfo import ZoneInfo

import pytest

from aquiver.body import Site
from aquiver.bus import open_bus
from aquiver.commands.books import read_books
from aquiver.journal import connect
from aquiver.model import BandState
from aquiver.settings import BandSettings
from collector.chunk_journal import ChunkJournal
from collector.service import Collector
from collector.simulation.body import Body
from collector.simulation.habits import QUIET
from collector.sources.simulated import SIGNALS, SimulatedSource
from detector.engine import Engine
from detector.service import Detector
from detector.state import State
from tests.chaos.house import House, free_port
from tests.servers import needs_mosquitto

UTC = ZoneInfo("UTC")
BAND = BandSettings("band-1", Site.LEFT_CALF, "simulated:")
LENGTH_S = 600.0
BEGAN_S = 1_795_388_400.0


def a_source() -> SimulatedSource:
    """Ten minutes of a band, as fast as they can be made."""
    return SimulatedSource(Body(1, QUIET), BAND.site, [SIGNALS["acc-polar"]], BEGAN_S, LENGTH_S, pace=0.0)


@pytest.mark.service
@needs_mosquitto
async def test_ten_minutes_without_a_broker_cost_nothing_but_delay(tmp_path):
    port = free_port()
    house = House(tmp_path, "unused", 1, port)
    url = f"mqtt://127.0.0.1:{port}"
    journal, state = ChunkJournal(connect(tmp_path / "spool.db"), UTC), State(tmp_path / "detector.db")
    try:
        async with AsyncExitStack() as stack:
            ours = await stack.enter_async_context(open_bus(url, "collector"))
            theirs = await stack.enter_async_context(open_bus(url, "detector"))
            detector = Detector(Engine(UTC), state, theirs, ("nobody",))
            await stack.enter_async_context(detector.at_work())
            collector = Collector({BAND: a_source()}, "me", journal, ours, ("detector",))
            await stack.enter_async_context(collector.at_work())
            async with asyncio.timeout(60):
                while all(band.status(0.0).state is not BandState.ENDED for band, _ in collector._bands):
                    await asyncio.sleep(0.1)
            assert journal.base == 1
            house.start("broker")
            async with asyncio.timeout(60):
                await collector.ended()
        (balance,) = read_books(tmp_path, UTC).balances("2026-11-22")
    finally:
        house.end()
        journal.close()
        state.close()
    assert list(balance.faults()) == []
    assert balance.confirmed == balance.received == round(LENGTH_S * 52)


async def test_a_band_is_listened_to_while_there_is_no_broker(tmp_path):
    """A status that cannot be told must not keep the band waiting."""
    journal = ChunkJournal(connect(tmp_path / "spool.db"), UTC)
    async with open_bus("mqtt://127.0.0.1:9", "collector") as bus:
        collector = Collector({BAND: a_source()}, "me", journal, bus, ("detector",))
        began_s = time.monotonic()
        async with collector.at_work():
            while journal.next_number < 100:
                assert time.monotonic() - began_s < 30
                await asyncio.sleep(0.05)
    assert journal.base == 1
    journal.close()
