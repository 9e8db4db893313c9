"""A page over synthetic bands at their real rates, in a process of its own: what a browser costs, without a night around it.

    python -m tests.page.feed FOLDER HOST:PORT [BANDS [CHANNELS [RATE_HZ]]]

It prints the page's address, and serves until its stdin ends.
"""

import asyncio
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from aquiver.body import Site
from aquiver.bus import LocalBus
from aquiver.commands.paging import page_on
from aquiver.commands.services import watch
from aquiver.model import (
    BandState,
    Channel,
    Chunk,
    Clock,
    Modality,
    Parcel,
    Signal,
    Status,
    Stream,
    StreamStatus,
    Unit,
)
from aquiver.sentry.pulse import beating, will_of
from aquiver.settings import PageSettings, Settings

CHUNK_S = 0.05  # as often as the pump hands out
_SITES = (Site.LEFT_CALF, Site.RIGHT_FOREARM, Site.LEFT_THIGH)


async def serve(folder: Path, listen: str, n_bands: int, n_channels: int, rate_hz: float) -> None:
    settings = Settings(wearer="demo", timezone="UTC", data=str(folder), page=PageSettings(listen=listen, open=False))
    bus = LocalBus()
    async with (
        beating(bus, will_of("view")),
        watch(settings, bus, "view") as sentry,
        page_on(bus, sentry, settings) as address,
    ):
        print(address.shown, flush=True)
        signal = Signal(Modality.EMG, rate_hz, Unit.MICROVOLT, 32767, tuple(Channel(f"{n}") for n in range(n_channels)))
        streams = [Stream("demo", f"band-{n}", _SITES[n], signal) for n in range(n_bands)]
        feeding = asyncio.create_task(feed(bus, streams), name="feed")
        await asyncio.to_thread(sys.stdin.read)
        feeding.cancel()


async def feed(bus: LocalBus, streams: list[Stream]) -> None:
    """Say what the bands measure, a twentieth of a second at a time, and once a second how they are."""
    noise = np.random.default_rng(1).normal(0, 20, (4096, len(streams[0].signal.channels))).round().astype(np.int32)
    began_s, n_said = time.time(), 0
    while True:
        await asyncio.sleep(max(0.0, began_s + n_said * CHUNK_S - time.time()))
        for stream in streams:
            n = round(CHUNK_S * stream.rate_hz)
            first = n_said * n
            start = first % (len(noise) - n)
            clock = Clock(0, began_s - CHUNK_S, stream.rate_hz)
            chunk = Chunk(stream, "run", first, first, clock, noise[start : start + n])
            await bus.publish(Parcel(chunk))
            if n_said % 20 == 0:
                await bus.publish(Parcel(status_of(stream, chunk)))
        n_said += 1


def status_of(stream: Stream, chunk: Chunk) -> Status:
    counted = StreamStatus(chunk.end_s, chunk.end_sample, 0, 0.0)
    known = Status(stream.wearer, stream.device, stream.site, chunk.end_s, BandState.STREAMING, "", 80.0, 0)
    return replace(known, streams={stream.modality: counted})


if __name__ == "__main__":
    words = [*sys.argv[1:], *("3", "8", "1000")[len(sys.argv) - 3 :]]
    asyncio.run(serve(Path(words[0]), words[1], int(words[2]), int(words[3]), float(words[4])))
