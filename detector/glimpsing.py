"""The service for those who watch now: chunks from the bus, glimpses back to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aquiver.bus import Bus
from aquiver.model import Chunk, Glimpse, Parcel
from detector.glimpse import Lookout

_LIVE_S = 2.0  # what is older is a backlog, and nobody's now


class Glimpsing:
    """Tell what is seen in chunks that are being measured now. It keeps nothing, confirms nothing and counts nothing."""

    def __init__(self, bus: Bus, now_s: Callable[[], float]) -> None:
        self._bus = bus
        self._now_s = now_s
        self._lookouts: dict[str, Lookout | None] = {}
        self._runs: dict[str, str] = {}

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Glimpsing"]:
        """Look while the block runs."""
        async with self._bus.subscribe(Chunk) as chunks, asyncio.TaskGroup() as tasks:
            looking = tasks.create_task(self._look(chunks), name="glimpses")
            try:
                yield self
            finally:
                looking.cancel()

    async def _look(self, batches: AsyncIterator[list[Parcel]]) -> None:
        async for batch in batches:
            for parcel in batch:
                if isinstance(parcel.message, Chunk) and self._is_live(parcel.message):
                    for glimpse in self._seen_in(parcel.message):
                        await self._bus.publish(Parcel(glimpse))

    def _is_live(self, chunk: Chunk) -> bool:
        return abs(self._now_s() - chunk.end_s) <= _LIVE_S

    def _seen_in(self, chunk: Chunk) -> list[Glimpse]:
        name = chunk.stream.name
        if self._runs.get(name) != chunk.run:
            self._runs[name], self._lookouts[name] = chunk.run, Lookout.over(chunk)
        lookout = self._lookouts[name]
        return [] if lookout is None else lookout.feed(chunk)
