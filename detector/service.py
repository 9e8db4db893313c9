"""The detector's service: chunks from the bus, through the engine, to records in the outbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from aquiver.bus import Bus
from aquiver.complaints import Task
from aquiver.courier import Courier
from aquiver.inbox import Inbox, Verdict
from aquiver.lane import WINDOW
from aquiver.model import Chunk, Parcel, Record
from aquiver.patience import until_done
from detector.engine import Engine
from detector.joining import join
from detector.state import State

CONSUMER = "detector"
_COMMIT_S = 0.5  # a quiet stretch is committed so often; a record at once


class Detector:
    """Decide about every chunk once, and commit before confirming."""

    def __init__(self, engine: Engine, state: State, bus: Bus, consumers: tuple[str, ...]) -> None:
        self._engine = engine
        self._state = state
        self._bus = bus
        self._inbox = Inbox(CONSUMER, state.next_numbers())
        self._courier = Courier(state.journal, bus, consumers)
        self._n_uncommitted = 0
        self._committed_s = 0.0

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Detector"]:
        """Decide while the block runs."""
        async with self._courier.at_work(), self._bus.subscribe(Chunk) as chunks, asyncio.TaskGroup() as tasks:
            service = tasks.create_task(self._serve(chunks), name="detector")
            try:
                yield self
            finally:
                service.cancel()

    async def drained(self) -> None:
        """Wait until every record has been confirmed."""
        await self._courier.drained()

    async def _serve(self, batches: AsyncIterator[list[Parcel]]) -> None:
        while True:
            batch = await self._next(batches)
            chunks = join(
                parcel.message for parcel in batch if self._takes(parcel) and isinstance(parcel.message, Chunk)
            )
            records = self._engine.feed(*chunks)
            if records or self._is_due():
                await self._commit(records)

    async def _next(self, batches: AsyncIterator[list[Parcel]]) -> list[Parcel]:
        """Wait for what comes, but not for ever while something is uncommitted."""
        if not self._n_uncommitted:
            return await anext(batches)
        try:
            async with asyncio.timeout(_COMMIT_S):
                return await anext(batches)
        except TimeoutError:
            return []

    def _takes(self, parcel: Parcel) -> bool:
        if parcel.place is None or self._inbox.admit(parcel.place) is not Verdict.TAKE:
            return False
        self._n_uncommitted += 1
        return True

    def _is_due(self) -> bool:
        waited_s = asyncio.get_running_loop().time() - self._committed_s
        return waited_s > _COMMIT_S or self._n_uncommitted >= WINDOW // 2

    async def _commit(self, records: list[Record]) -> None:
        """Keep, then confirm. In this order: a crash between the two only repeats what is already known."""
        if self._n_uncommitted:
            entries = self._engine.settle()  # before the snapshot, which must not hold them as well
            snapshot, next_numbers = self._engine.snapshot(), self._inbox.next_numbers()
            n_repeats, self._inbox.n_duplicates = self._inbox.n_duplicates, 0
            work = partial(self._state.commit, records, snapshot, next_numbers, entries, n_repeats)
            await until_done(work, Task.STATE)
            self._courier.wake()
        self._n_uncommitted = 0
        self._committed_s = asyncio.get_running_loop().time()
        for position in self._inbox.positions():
            await self._bus.publish(Parcel(position))
