"""The sentry's service: looks every second, tells the bus, the log and a file what is broken."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from aquiver.bus import Bus
from aquiver.complaints import complaints
from aquiver.model import Fault, Heartbeat, Parcel, Position, Status, Tally
from aquiver.sentry.attention import Moment
from aquiver.sentry.book import Book
from aquiver.sentry.card import Card
from aquiver.sentry.disk import refused
from aquiver.sentry.judge import Judge

_LOG = logging.getLogger(__name__)
ROUND_S = 1.0
_REPEAT_S = 5.0  # a broker that was restarted has forgotten what is open
_N_GOODBYES = 6  # that a fault is over is said so often: one word may go down with a connection
_GOODBYE_S = 0.3


class Sentry:
    """Feed the judge, keep the book, and tell."""

    def __init__(self, judge: Judge, book: Book, bus: Bus, card: Card) -> None:
        self._judge = judge
        self._book = book
        self._bus = bus
        self._card = card
        self._untold: dict[tuple[str, str], Fault] = {}
        self._over: dict[tuple[str, str], tuple[Fault, int]] = {}
        self._has_news = asyncio.Event()

    @property
    def open(self) -> list[Fault]:
        """Give what this process itself sees to be broken, also while no bus can carry it."""
        return self._book.open

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Sentry"]:
        """Watch while the block runs; leaving it closes what is open, for nobody looks any more."""
        kinds = (Status, Heartbeat, Position, Tally, Fault)
        async with self._bus.subscribe(*kinds) as batches, asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(self._listen(batches), name="sentry hears"),
                tasks.create_task(self._look(), name="sentry looks"),
                tasks.create_task(self._tell(), name="sentry tells"),
            ]
            try:
                yield self
            finally:
                for task in running:
                    task.cancel()
                await self._leave()

    async def _listen(self, batches: AsyncIterator[list[Parcel]]) -> None:
        async for batch in batches:
            for parcel in batch:
                if isinstance(parcel.message, Fault):
                    self._book.adopt(parcel.message)
                else:
                    self._judge.feed(parcel.message, _now())

    async def _look(self) -> None:
        while True:
            now = _now()
            judgement = self._judge.judge(now)
            judgement = replace(judgement, broken=(*judgement.broken, *refused(complaints)))
            self._note(self._book.update(judgement, now.wall_s))
            await asyncio.to_thread(self._card.write, self._book.open)
            await asyncio.sleep(ROUND_S)

    def _note(self, changed: list[Fault]) -> None:
        for fault in changed:
            state = "begins" if fault.is_open else "is over"
            _LOG.warning("fault %s: %s %s (%s) %s", state, fault.link, fault.kind, fault.subject, fault.reason)
            self._untold[fault.key] = fault
            self._over.pop(fault.key, None)
            if not fault.is_open:
                self._over[fault.key] = (fault, _N_GOODBYES)
        if changed:
            self._has_news.set()

    async def _tell(self) -> None:
        """Publish what changed, and again and again what is open."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_REPEAT_S):
                    await self._has_news.wait()
            self._has_news.clear()
            self._untold.update({key: fault for key, (fault, _) in self._over.items()})
            self._untold.update({fault.key: fault for fault in self._book.open})
            self._over = {key: (fault, left - 1) for key, (fault, left) in self._over.items() if left > 1}
            while self._untold:
                key, fault = next(iter(self._untold.items()))
                await self._bus.publish(Parcel(fault))
                if self._untold.get(key) is fault:  # else it changed while we waited for a broker
                    del self._untold[key]

    async def _leave(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                for fault in self._book.close(time.time()):
                    await self._bus.publish(Parcel(fault))
        self._card.remove()


def _now() -> Moment:
    return Moment(time.time(), time.monotonic())
