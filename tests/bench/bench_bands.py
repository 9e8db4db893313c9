"""All kinds of virtual bands at their real rates into one collector: what is lost, what is doubled, what it costs.

Usage: python tests/bench/bench_bands.py [MINUTES]. The bands and their software Bluetooth stack run in this process too.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from aquiver.body import Site
from aquiver.bus.local import LocalBus
from aquiver.inbox import Inbox, Verdict
from aquiver.journal import Journal, connect
from aquiver.model import BandState, Chunk, Parcel, Status
from aquiver.settings import BandSettings, Settings
from collector.opening import open_sources
from collector.service import Collector
from collector.virtual.firmwares import FIRMWARES

MINUTES = 10.0
CONSUMER = "detector"


@dataclass(slots=True)
class Received:
    """What came of one stream."""

    rate_hz: float
    first_s: float
    last_s: float = 0.0
    n_samples: int = 0
    n_lost: int = 0
    n_doubled: int = 0
    next_sample: int = 0

    def take(self, chunk: Chunk) -> None:
        """Count a chunk."""
        self.n_doubled += max(0, self.next_sample - chunk.first_sample)
        self.n_lost += chunk.first_sample - self.next_sample if chunk.first_sample > self.next_sample else 0
        self.n_samples += chunk.n_samples
        self.next_sample = chunk.end_sample
        self.last_s = chunk.end_s


async def consume(bus: LocalBus, streams: dict[str, Received]) -> None:
    """Take every chunk once and confirm it, as the detector does."""
    inbox = Inbox(CONSUMER, {})
    async with bus.subscribe(Chunk) as batches:
        async for batch in batches:
            for parcel in batch:
                chunk = parcel.message
                if inbox.admit(parcel.place) is Verdict.TAKE and chunk.n_samples:
                    started = Received(chunk.stream.rate_hz, chunk.clock.time_of(chunk.first_sample))
                    streams.setdefault(chunk.stream.name, started).take(chunk)
            for position in inbox.positions():
                await bus.publish(Parcel(position))


async def hear(bus: LocalBus, breaks: list[Status]) -> None:
    """Note each time a link broke: what is lost then was lost by radio."""
    last: dict[str, BandState] = {}
    async with bus.subscribe(Status) as batches:
        async for batch in batches:
            for parcel in batch:
                status = parcel.message
                if status.state is BandState.LOST and last.get(status.device) is not BandState.LOST:
                    breaks.append(status)
                last[status.device] = status.state


async def measure(length_s: float) -> tuple[dict[str, Received], list[Status]]:
    """Run one band of every kind for so long."""
    sites = iter(Site)
    bands = tuple(BandSettings(kind, next(sites), f"ble:{kind}") for kind in FIRMWARES)
    settings = Settings(band=bands, radio="virtual:?seed=1&habits=night")
    streams: dict[str, Received] = {}
    breaks: list[Status] = []
    with tempfile.TemporaryDirectory() as folder:
        journal, bus = Journal(connect(Path(folder) / "spool.db")), LocalBus()
        async with AsyncExitStack() as stack:
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            listening = tasks.create_task(consume(bus, streams)), tasks.create_task(hear(bus, breaks))
            sources = await stack.enter_async_context(open_sources(settings, time.time))
            async with Collector(sources, "me", journal, bus, (CONSUMER,)).at_work():
                await asyncio.sleep(length_s)
            for task in listening:
                task.cancel()
        journal.close()
    return streams, breaks


def main() -> None:
    """Print the table."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    began_s, used_s = time.monotonic(), time.process_time()
    streams, breaks = asyncio.run(measure(minutes * 60))
    share = (time.process_time() - used_s) / (time.monotonic() - began_s)
    print(f"{len(FIRMWARES)} kinds of virtual bands, {minutes:g} min, one process: {share:.0%} of a core")
    print(f"{'stream':36} {'nominal Hz':>10} {'received':>9} {'a second':>9} {'lost':>6} {'doubled':>8}")
    for name, one in sorted(streams.items()):
        per_s = one.n_samples / (one.last_s - one.first_s)
        print(f"{name:36} {one.rate_hz:10g} {one.n_samples:9} {per_s:9.2f} {one.n_lost:6} {one.n_doubled:8}")
    print(f"links that broke: {len(breaks)}", *(f"{status.device}: {status.reason}" for status in breaks), sep="\n  ")


if __name__ == "__main__":
    main()
