"""How many bands one detector process on one core carries, before the age of what it has decided passes a second.

Synthetic Myos (8 x 200 Hz and acceleration) at real rates through a real broker to ``aquiver run detector``, bound to
one core. Age: from a chunk's publication to the detector's word that it is safe. Bands are doubled until p99 passes one
second. Ends by itself. Then a week, compressed: engine, state file and outbox, and what their memory does meanwhile.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from aquiver.bus import Bus, open_bus
from aquiver.model import Chunk, Parcel, Place, Position
from tests.bench.synthetic import MYO, chunks_of, streams_of
from tests.chaos.house import open_broker

_LIMIT_S = 1.0
_STEP_S = 20.0
_TICK_S = 0.1
_MOST_BANDS = 128
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Ages:
    """When each chunk of a journal was published, and how long it took until it was confirmed."""

    journal: str
    published_s: dict[int, float] = field(default_factory=dict)
    ages_s: list[float] = field(default_factory=list)

    async def listen(self, bus: Bus) -> None:
        """Follow the detector's positions."""
        async with bus.subscribe(Position) as batches:
            async for batch in batches:
                now_s = time.monotonic()
                for parcel in batch:
                    if isinstance(parcel.message, Position) and parcel.message.journal == self.journal:
                        self._confirm(parcel.message.next_number, now_s)

    def _confirm(self, next_number: int, now_s: float) -> None:
        for number in [number for number in self.published_s if number < next_number]:
            self.ages_s.append(now_s - self.published_s.pop(number))


async def publish(bus: Bus, ages: Ages, n_bands: int, length_s: float) -> None:
    """Say what so many bands say, at their pace."""
    streams = [stream for nth in range(n_bands) for stream in streams_of(f"myo-{nth}", MYO)]
    sources = [chunks_of(stream, length_s + 1.0, run=ages.journal) for stream in streams]
    began_s, number = time.monotonic(), 0
    for tick in range(round(length_s / _TICK_S)):
        await asyncio.sleep(max(0.0, began_s + tick * _TICK_S - time.monotonic()))
        for source in sources:
            number += 1
            chunk: Chunk = next(source)
            ages.published_s[number] = time.monotonic()
            await bus.publish(Parcel(chunk, Place(ages.journal, number, 1)))


def cpu_s(pid: int) -> float:
    """Give the processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND


def memory_mb(pid: int | str = "self") -> float:
    """Give the memory a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def step(folder: Path, url: str, n_bands: int) -> float:
    """Carry so many bands for a while; print how it went, and give the p99 of the age."""
    (folder / "night.toml").write_text(f'bus = "{url}"\ntimezone = "UTC"\n')
    command = [sys.executable, "-m", "aquiver", "run", "detector", "--config", str(folder / "night.toml")]
    process = subprocess.Popen([*command, "--data", str(folder / str(n_bands))], stdout=subprocess.PIPE)
    ages = Ages(f"load{n_bands}")
    async with AsyncExitStack() as stack:
        stack.callback(process.wait)
        stack.callback(process.kill)
        assert process.stdout is not None
        await asyncio.to_thread(process.stdout.readline)
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {0})
        ours = await stack.enter_async_context(open_bus(url, "mouth"))
        theirs = await stack.enter_async_context(open_bus(url, "ear"))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        listening = tasks.create_task(ages.listen(theirs))
        await asyncio.sleep(1.0)
        before_s, idle_mb = cpu_s(process.pid), memory_mb(process.pid)
        await publish(ours, ages, n_bands, _STEP_S)
        busy = (cpu_s(process.pid) - before_s) / _STEP_S
        grown_mb = memory_mb(process.pid) - idle_mb
        give_up_s = time.monotonic() + 5.0
        while ages.published_s and time.monotonic() < give_up_s:
            await asyncio.sleep(0.1)
        listening.cancel()
    late_s = [_LIMIT_S * 10] * len(ages.published_s)  # never confirmed: it is behind for good
    p50_s, p99_s = np.percentile([*ages.ages_s, *late_s], [50, 99])
    print(
        f"{n_bands:4} bands: age p50 {p50_s:5.2f} s, p99 {p99_s:5.2f} s; {100 * busy:5.1f} % of a core, "
        f"{100 * busy / n_bands:4.2f} % a band; {idle_mb:.0f} MB and {grown_mb / n_bands:.2f} MB a band",
        flush=True,
    )
    return float(p99_s)


async def main() -> None:
    """Double the bands until the detector is late."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_broker(folder / "broker") as url:
            n_bands = 1
            while n_bands <= _MOST_BANDS and await step(folder, url, n_bands) <= _LIMIT_S:
                n_bands *= 2
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    asyncio.run(main())
