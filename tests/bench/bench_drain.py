"""A collector that was alone for hours: how fast its spool drains when the detector comes back, and how big it was.

A Myo and a Verity Sense at their real rates, written into a spool as a collector does; then a real broker, the
collector's courier in this process, and ``aquiver run detector`` in another. Hours on the command line; default 1.
"""

import asyncio
import heapq
import os
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from aquiver.bus import open_bus
from aquiver.courier import Courier
from aquiver.journal import connect
from collector.chunk_journal import ChunkJournal
from tests.bench.synthetic import MYO, VERITY, chunks_of, streams_of
from tests.chaos.house import open_broker

UTC = ZoneInfo("UTC")
_N_AT_ONCE = 200


def fill(journal: ChunkJournal, length_s: float) -> int:
    """Write so many seconds of both bands, in the order of time; give the number of chunks."""
    streams = [*streams_of("myo", MYO), *streams_of("verity", VERITY)]
    each = [chunks_of(stream, length_s) for stream in streams]
    merged = heapq.merge(*each, key=lambda chunk: chunk.end_s)
    while batch := list(islice(merged, _N_AT_ONCE)):
        journal.append(batch)
    return journal.next_number - 1


async def drain(folder: Path, journal: ChunkJournal) -> float:
    """Let a detector of its own process take all of it; give the seconds from its first word to the last."""
    async with AsyncExitStack() as stack:
        url = stack.enter_context(open_broker(folder / "broker"))
        (folder / "night.toml").write_text(f'bus = "{url}"\ntimezone = "UTC"\n')
        command = [sys.executable, "-m", "aquiver", "run", "detector", "--config", str(folder / "night.toml")]
        detector = subprocess.Popen([*command, "--data", str(folder)], stdout=subprocess.DEVNULL)
        stack.callback(detector.kill)
        bus = await stack.enter_async_context(open_bus(url, "bench"))
        courier = await stack.enter_async_context(Courier(journal, bus, ("detector",)).at_work())
        while journal.base == 1:
            await asyncio.sleep(0.01)
        began_s = time.monotonic()
        await courier.drained()
        return time.monotonic() - began_s


def main() -> None:
    """Print one line."""
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        journal = ChunkJournal(connect(folder / "spool.db"), UTC)
        began_s = time.monotonic()
        n_chunks = fill(journal, hours * 3600.0)
        filled_s = time.monotonic() - began_s
        size_mb = (folder / "spool.db").stat().st_size / 1e6
        took_s = asyncio.run(drain(folder, journal))
        journal.close()
    print(f"{hours:g} h of a Myo and a Verity Sense: {n_chunks} chunks, {size_mb:.0f} MB, written in {filled_s:.0f} s")
    print(
        f"drained by a detector in {took_s:.1f} s: {n_chunks / took_s:.0f} chunks/s, "
        f"{hours * 3600 / took_s:.0f} x real time (load average {os.getloadavg()[0]:.1f})"
    )


if __name__ == "__main__":
    main()
