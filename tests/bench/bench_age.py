"""How old a sample is when the bus has it, and a twitch when its record is there, for two bands at their real rates.

Two virtual bands over the software Bluetooth stack, all services in this process, the embedded broker. Beside it, in the
same run, what a message alone takes from publisher to subscriber through the same broker, and the ratio of the two.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import numpy as np

from aquiver.body import Site
from aquiver.bus import Bus
from aquiver.commands.night import demo_settings
from aquiver.commands.services import SERVICES, broker_for, bus_for
from aquiver.model import BandState, Chunk, Parcel, Status, Twitch

LENGTH_S = 60.0
PING_S = 0.1


@dataclass(slots=True)
class Ages:
    """Seconds from the moment something happened to the moment it was heard."""

    ping: list[float] = field(default_factory=list)
    chunk: dict[str, list[float]] = field(default_factory=dict)
    twitch: dict[str, list[float]] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)

    def is_new(self, chunk: Chunk) -> bool:
        """Tell whether a chunk is heard for the first time: a courier may say a thing twice."""
        is_new = chunk.end_sample > self.ends.get(chunk.stream.name, 0)
        self.ends[chunk.stream.name] = max(chunk.end_sample, self.ends.get(chunk.stream.name, 0))
        return is_new


async def hear(bus: Bus, ages: Ages) -> None:
    """Take the age of everything heard."""
    async with bus.subscribe(Chunk, Twitch, Status) as batches:
        async for batch in batches:
            now_s = time.time()
            for parcel in batch:
                match parcel.message:
                    case Chunk() as chunk if chunk.n_samples and ages.is_new(chunk):
                        ages.chunk.setdefault(chunk.stream.device, []).append(now_s - chunk.end_s)
                    case Twitch() as twitch:
                        ages.twitch.setdefault(twitch.device, []).append(now_s - twitch.peak_s)
                    case Status(device="ping") as status:
                        ages.ping.append(now_s - status.time_s)


async def ping(bus: Bus) -> None:
    """Publish a small message at a steady rate: the baseline."""
    while True:
        status = Status("bench", "ping", Site.TRUNK, time.time(), BandState.STREAMING, "", None, 0, {})
        await bus.publish(Parcel(status))
        await asyncio.sleep(PING_S)


async def measure(length_s: float) -> Ages:
    """Run two bands for so long."""
    ages = Ages()
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(demo_settings(seed=1), data=folder)
        async with AsyncExitStack() as stack:
            settings = replace(settings, bus=await stack.enter_async_context(broker_for(settings)))
            for service in ("recorder", "detector"):
                await stack.enter_async_context(SERVICES[service](settings))
            ear = await stack.enter_async_context(bus_for(settings, "view"))
            mouth = await stack.enter_async_context(bus_for(settings, "owner"))
            async with SERVICES["collector"](settings), asyncio.TaskGroup() as tasks:
                both = [tasks.create_task(hear(ear, ages)), tasks.create_task(ping(mouth))]
                await asyncio.sleep(length_s)
                for task in both:
                    task.cancel()
    return ages


def row(name: str, ages_s: list[float], baseline_s: float) -> str:
    """Say one line of the table."""
    p50, p99 = np.percentile(ages_s, [50, 99])
    return f"{name:44} {len(ages_s):6} {p50 * 1e3:9.1f} {p99 * 1e3:9.1f} {p50 / baseline_s:9.1f}"


def main() -> None:
    """Print the table."""
    length_s = float(sys.argv[1]) if len(sys.argv) > 1 else LENGTH_S
    ages = asyncio.run(measure(length_s))
    baseline_s = float(np.percentile(ages.ping, 50))
    print(f"Age on the bus, 2 virtual bands at real rates, {length_s:.0f} s, one process")
    print(f"{'':44} {'n':>6} {'p50 ms':>9} {'p99 ms':>9} {'/ ping':>9}")
    print(row("ping: a message through the broker alone", ages.ping, baseline_s))
    for device, values in sorted(ages.chunk.items()):
        print(row(f"{device}: newest sample of a chunk", values, baseline_s))
    for device, values in sorted(ages.twitch.items()):
        print(row(f"{device}: twitch (1 s of it is look-ahead)", values, baseline_s))


if __name__ == "__main__":
    main()
