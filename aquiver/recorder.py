"""The recorder's service: chunks to recordings, records to the store.

It keeps no position of its own: writing twice changes nothing, so after a restart it simply takes all that its
senders still keep.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

from aquiver.bus import Bus
from aquiver.complaints import Task, complain, complaints, settle
from aquiver.errors import AquiverError, StoreError
from aquiver.inbox import Inbox, Verdict
from aquiver.model import Answer, Chunk, Fault, Message, Note, Parcel, Span, Status, Tally, Trial, Twitch
from aquiver.patience import until_done
from aquiver.reserve import Reserve
from aquiver.shelf import Shelf
from aquiver.store import Store
from aquiver.vitals import Vitals

CONSUMER = "recorder"
_KEPT = (Twitch, Span, Tally, Note, Answer, Trial, Fault)
_WAIT_S = 3.0  # longer than any band takes to name its signals; then recordings begin with those that are known
_TICK_S = 1.0
_LOG = logging.getLogger(__name__)


class Recorder:
    """Keep what is said on the bus. Without a shelf no raw samples are kept, without vitals nobody sees how bands did."""

    def __init__(
        self,
        store: Store,
        shelf: Shelf | None,
        bus: Bus,
        reserve: Reserve | None = None,
        vitals: Vitals | None = None,
    ) -> None:
        self._store = store
        self._shelf = shelf
        self._reserve = reserve
        self._vitals = vitals
        self._bus = bus
        self._inbox = Inbox(CONSUMER, {})
        self._faults: dict[tuple[str, ...], Fault] = {}

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Recorder"]:
        """Keep records while the block runs."""
        kinds = _KEPT if self._shelf is None else (Chunk, *_KEPT)
        kinds = kinds if self._vitals is None else (*kinds, Status)
        async with self._bus.subscribe(*kinds) as parcels, asyncio.TaskGroup() as tasks:
            service = tasks.create_task(self._serve(parcels), name="recorder")
            try:
                yield self
            finally:
                service.cancel()

    async def _serve(self, batches: AsyncIterator[list[Parcel]]) -> None:
        loop = asyncio.get_running_loop()
        free_s = loop.time()  # when the shelf last waited for nothing
        while True:
            batch = await self._next(batches)
            taken = [parcel.message for parcel in batch if self._admits(parcel)]
            await self._keep(taken)
            if self._vitals is not None:
                await self._draw(self._vitals, [parcel.message for parcel in batch])
            if self._shelf is not None and self._shelf.is_waiting and loop.time() - free_s >= _WAIT_S:
                await asyncio.to_thread(self._settle, self._shelf)
            if self._shelf is None or not self._shelf.is_waiting:
                free_s = loop.time()
                for position in self._inbox.positions():
                    await self._bus.publish(Parcel(position))

    async def _next(self, batches: AsyncIterator[list[Parcel]]) -> list[Parcel]:
        """Wait for what comes, but not for long while recordings wait to begin: what is sent again is no news to them."""
        try:
            async with asyncio.timeout(_TICK_S):
                return await anext(batches)
        except TimeoutError:
            return []

    def _settle(self, shelf: Shelf) -> None:
        try:
            shelf.settle()
        except AquiverError as error:
            _LOG.error("a recording could not be begun: %s", error)  # the sentence is enough
        except OSError as error:
            self._rest(shelf, str(error))

    def _admits(self, parcel: Parcel) -> bool:
        if isinstance(parcel.message, Fault):
            return self._is_news(parcel.message)
        if parcel.place is None:  # what people say comes without a journal, and keeping it twice changes nothing
            return isinstance(parcel.message, Note | Answer | Trial)
        return self._inbox.admit(parcel.place) is Verdict.TAKE

    def _is_news(self, fault: Fault) -> bool:
        """Tell whether a fault changed: an open one is said again and again, so that no restart of a broker hides it."""
        topic = (fault.wearer, fault.reporter, *fault.key)
        is_known = self._faults.get(topic) == fault
        self._faults[topic] = fault
        return not is_known

    async def _keep(self, messages: Sequence[Message]) -> None:
        """Put samples on the shelf and records in the store; the records are what must not be lost."""
        if self._shelf is not None:
            await asyncio.to_thread(self._put_on_shelf, self._shelf, messages)
        records = [message for message in messages if isinstance(message, _KEPT)]
        if records:
            await until_done(partial(self._store.write, records), Task.STORE)

    async def _draw(self, vitals: Vitals, messages: Sequence[Message]) -> None:
        """Draw how the bands do. What the store does not take now is a hole in that picture, and nothing else."""
        now_s = time.time()
        marks = [mark for message in messages for mark in vitals.feed(message, now_s)]
        try:
            if marks:
                await asyncio.to_thread(self._store.draw, marks)
        except StoreError as error:
            _LOG.warning("how the bands do could not be drawn: %s", error)

    def _put_on_shelf(self, shelf: Shelf, messages: Sequence[Message]) -> None:
        """Write raw samples. What the disk refuses is a gap in the recording, and stays one.

        When the disk fills up they are the first to go, so that records can still be kept.
        """
        if self._reserve is not None and self._reserve.is_touched():
            self._rest(shelf, self._reserve.words)
            return
        for message in messages:
            try:
                shelf.put(message)
            except AquiverError as error:
                _LOG.error("a recording could not be written: %s", error)  # the sentence is enough
            except OSError as error:  # half a write may stand at the end of a file; resuming cuts it off
                self._rest(shelf, str(error))
            else:
                if not shelf.is_waiting:  # what is only held has not met the disk yet
                    settle(Task.RAW)

    def _rest(self, shelf: Shelf, reason: str) -> None:
        """Let go of the recordings, and say so once."""
        shelf.rest()
        if complaints.get(Task.RAW) != reason:
            _LOG.error("%s: %s", Task.RAW, reason)
        complain(Task.RAW, reason)
