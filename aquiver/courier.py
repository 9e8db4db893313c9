"""The courier: carries a journal over a bus until every consumer has confirmed it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aquiver.bus import Bus
from aquiver.journal import Journal
from aquiver.model import Parcel, Place, Position

WINDOW = 256  # parcels in flight beyond the last one confirmed: flow control without the broker
PATIENCE_S = 2.0  # without progress for so long, go back and send again
REST_S = 0.2  # between two times of going back, so that one hole does not cause ten


class Courier:
    """Send what the journal holds, go back when a consumer asks or falls silent, forget what all have."""

    def __init__(self, journal: Journal, bus: Bus, consumers: tuple[str, ...]) -> None:
        self._journal = journal
        self._bus = bus
        self._confirmed = dict.fromkeys(consumers, 0)
        self._next_to_send = journal.base
        self._must_go_back = False
        self._has_news = asyncio.Event()
        self._is_drained = asyncio.Event()

    def wake(self) -> None:
        """Say that the journal has grown."""
        self._is_drained.clear()
        self._has_news.set()

    async def drained(self) -> None:
        """Wait until every consumer has confirmed all the journal holds."""
        self.wake()
        await self._is_drained.wait()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Courier"]:
        """Carry the journal while the block runs."""
        async with self._bus.subscribe(Position) as positions, asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(self._listen(positions), name=f"positions of {self._journal.name}")
            sending = tasks.create_task(self._send(), name=f"courier of {self._journal.name}")
            try:
                yield self
            finally:
                listening.cancel()
                sending.cancel()

    async def _listen(self, positions: AsyncIterator[list[Parcel]]) -> None:
        async for batch in positions:
            words = [parcel.message for parcel in batch if isinstance(parcel.message, Position)]
            await self._take([word for word in words if word.journal == self._journal.name])

    async def _take(self, words: list[Position]) -> None:
        """Believe our consumers, but none that confirms what was never written."""
        before = min(self._confirmed.values())
        for word in words:
            if word.consumer in self._confirmed and word.next_number <= self._journal.next_number:
                self._confirmed[word.consumer] = max(word.next_number, self._confirmed[word.consumer])
                self._must_go_back |= word.is_request
        confirmed = min(self._confirmed.values())
        if confirmed > before:
            await asyncio.to_thread(self._journal.confirm, confirmed)
        self._has_news.set()

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        went_back_s = progressed_s = loop.time()
        base = self._journal.base
        while True:
            self._has_news.clear()
            if self._journal.base != base:
                base, progressed_s = self._journal.base, loop.time()
            is_stuck = loop.time() - progressed_s > PATIENCE_S
            if (self._must_go_back and loop.time() - went_back_s > REST_S) or is_stuck:
                self._must_go_back = False
                self._next_to_send = base
                went_back_s = progressed_s = loop.time()
            await self._send_window(base)
            with suppress(TimeoutError):
                async with asyncio.timeout(REST_S):
                    await self._has_news.wait()

    async def _send_window(self, base: int) -> None:
        if base == self._journal.next_number:
            self._is_drained.set()
        self._next_to_send = max(base, self._next_to_send)
        room = max(0, base + WINDOW - self._next_to_send)
        for number, message in self._journal.read(self._next_to_send, room):
            await self._bus.publish(Parcel(message, Place(self._journal.name, number, base)))
            self._next_to_send = number + 1
