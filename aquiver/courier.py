"""The courier: carries a journal over a bus until every consumer has confirmed it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import groupby

from aquiver.bus import Bus
from aquiver.journal import Journal
from aquiver.lane import REST_S, Lane
from aquiver.model import Parcel, Place, Position
from aquiver.patience import until_done

N_BUNDLE = 32  # chunks: about a second of two bands
_N_TURN = 2 * N_BUNDLE  # parcels in one go, before the next lane has its turn


class Courier:
    """Send what the journal holds, go back when a consumer asks or falls silent, forget what all have.

    Every consumer is sent to at its own pace. Those that are equally far share what is sent; one that lags is sent its
    own, in bundles, beside what is new, and the others pass over it.
    """

    def __init__(self, journal: Journal, bus: Bus, consumers: tuple[str, ...]) -> None:
        self._journal = journal
        self._bus = bus
        cursors = journal.serve(consumers)
        self._lanes = {consumer: Lane(consumer, cursors[consumer], _now_s()) for consumer in consumers}
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
        before = self._cursors()
        for word in words:
            if word.consumer in self._lanes and 0 < word.next_number <= self._journal.next_number:
                self._lanes[word.consumer].hear(word, _now_s())
        if self._cursors() != before:
            await until_done(partial(self._journal.confirm, self._cursors()), "what is confirmed cannot be noted")
        self._has_news.set()

    def _cursors(self) -> dict[str, int]:
        return {consumer: lane.confirmed for consumer, lane in self._lanes.items()}

    async def _send(self) -> None:
        while True:
            self._has_news.clear()
            if await self._send_turn():
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(REST_S):
                    await self._has_news.wait()

    async def _send_turn(self) -> bool:
        """Let every lane have its turn, the foremost first; tell whether there is more to send."""
        base, end = self._journal.base, self._journal.next_number
        if base == end:
            self._is_drained.set()
        is_more = False
        for lane in self._lanes.values():
            lane.give_up(base)
        rooms = {lane.consumer: lane.room(_now_s()) for lane in self._lanes.values()}
        ready = [lane for lane in self._lanes.values() if rooms[lane.consumer] and lane.next_to_send < end]
        ready.sort(key=lambda lane: lane.next_to_send, reverse=True)
        for first, alike in groupby(ready, key=lambda lane: lane.next_to_send):
            lanes = list(alike)
            limit = min(_N_TURN, *(rooms[lane.consumer] for lane in lanes))
            is_more |= await self._send_to(lanes, first, limit) == _N_TURN
        return is_more

    async def _send_to(self, lanes: Sequence[Lane], first: int, limit: int) -> int:
        """Send to these lanes, which are equally far; what is more than a bundle, in bundles."""
        base = min(lane.confirmed for lane in lanes)
        to = () if len(lanes) == len(self._lanes) else tuple(lane.consumer for lane in lanes)
        found = self._journal.read(first, limit)
        parcels = [Parcel(message, Place(self._journal.name, number, base, to)) for number, message in found]
        n_together = N_BUNDLE if len(parcels) >= N_BUNDLE else 1
        for start in range(0, len(parcels), n_together):
            group = parcels[start : start + n_together]
            await self._bus.publish(*group)
            for lane in lanes:
                place = group[-1].place
                assert place is not None  # for mypy: they were given one above
                lane.sent(place.number)
        return len(found)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
