"""A rehearsal: the real services in a folder that is thrown away, with the real bands and with a test event."""

import asyncio
import math
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from aquiver import recorder
from aquiver.body import Site
from aquiver.bus import Bus
from aquiver.commands.services import SERVICES, broker_for, bus_for
from aquiver.courier import Courier
from aquiver.journal import Journal, connect
from aquiver.model import Chunk, Clock, Period, Status, Stream, Tally, Twitch
from aquiver.settings import RESERVED_WEARER, Settings
from aquiver.store import open_store
from collector.opening import Simulation
from collector.sources.simulated import SIGNALS
from detector import service as detector_service

WEARER = RESERVED_WEARER
_TEST_LENGTH_S, _STEP_S = 60, 5
_PATIENCE_S, _LOOK_EVERY_S = 20.0, 0.1
_CONSUMERS = (detector_service.CONSUMER, recorder.CONSUMER)


@dataclass(slots=True)
class Heard:
    """What was seen on the bus: of each band its last status, and its streams."""

    statuses: dict[str, Status]
    streams: set[Stream]
    tallies: Sequence[Tally] = ()
    chain: str = ""
    chain_s: float = math.nan


async def rehearse(settings: Settings, length_s: float, tick: Callable[[float], None]) -> Heard:
    """Run a short night of the real bands; ``tick`` is told the seconds that have passed. Nothing of it is kept."""
    heard = Heard({}, set())
    with tempfile.TemporaryDirectory(prefix="aquiver-check-") as folder:
        own = replace(settings, data=folder, bus="embedded:", store="sqlite:")
        async with AsyncExitStack() as stack:
            own = replace(own, bus=await stack.enter_async_context(broker_for(own)))
            for service in ("recorder", "detector"):
                await stack.enter_async_context(SERVICES[service](own))
            bus = await stack.enter_async_context(bus_for(own, "owner"))
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            listening = tasks.create_task(_listen(bus, heard), name="listening")
            async with SERVICES["collector"](own):
                testing = tasks.create_task(_send_test_event(own, bus, heard), name="test event")
                for passed_s in range(math.ceil(length_s)):
                    tick(passed_s)
                    await asyncio.sleep(min(1.0, length_s - passed_s))
                await testing
            listening.cancel()
        heard.tallies = _tallies(own)
    return heard


async def _listen(bus: Bus, heard: Heard) -> None:
    async with bus.subscribe(Status, Chunk) as batches:
        async for batch in batches:
            for parcel in batch:
                match parcel.message:
                    case Status() as status:
                        _keep(heard, status)
                    case Chunk(stream) if stream.wearer != WEARER:
                        heard.streams.add(stream)


def _keep(heard: Heard, status: Status) -> None:
    """Keep the newest status; the reason and the battery that were last told stay."""
    before = heard.statuses.get(status.device)
    reason = status.reason or (before.reason if before else "")
    battery = status.battery_percent if before is None or status.battery_percent is not None else before.battery_percent
    heard.statuses[status.device] = replace(status, reason=reason, battery_percent=battery)


async def _send_test_event(settings: Settings, bus: Bus, heard: Heard) -> None:
    """Send a minute of a body with known twitches the way chunks go, and wait for one of them in the store."""
    began_s = time.monotonic()
    journal = Journal(connect(Path(settings.folder) / "test.db"))
    try:
        async with Courier(journal, bus, _CONSUMERS).at_work() as courier:
            await asyncio.to_thread(journal.append, chunks_of_test(time.time() - _TEST_LENGTH_S))
            courier.wake()
            for _ in range(round(_PATIENCE_S / _LOOK_EVERY_S)):
                if _stored(settings):
                    heard.chain_s = time.monotonic() - began_s
                    return
                await asyncio.sleep(_LOOK_EVERY_S)
        heard.chain = f"a test twitch was sent, and did not reach the store within {_PATIENCE_S:.0f} s"
    finally:
        journal.close()


def chunks_of_test(start_s: float) -> list[Chunk]:
    """Give the chunks of a minute of a simulated body, under the reserved name."""
    body, signal = Simulation(1, "still").body(), SIGNALS["emg-1000"]
    stream = Stream(WEARER, "test-event", Site.LEFT_CALF, signal)
    n = round(_STEP_S * signal.rate_hz)
    clock = Clock(0, start_s, signal.rate_hz)
    firsts = range(0, round(_TEST_LENGTH_S * signal.rate_hz), n)
    return [
        Chunk(stream, "test", at, at, clock, body.sense(stream.site, signal, start_s, at, n), at == firsts[-1])
        for at in firsts
    ]


def _stored(settings: Settings) -> list[Twitch]:
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        return store.read(Twitch, WEARER, 0.0, math.inf)
    finally:
        store.close()


def _tallies(settings: Settings) -> list[Tally]:
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        found = store.read(Tally, settings.wearer, 0.0, math.inf)
    finally:
        store.close()
    return [tally for tally in found if tally.period is Period.NIGHT]
