"""The collector's service: one supervised task per band, one spool for all."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress

from aquiver.bus import Bus
from aquiver.courier import Courier
from aquiver.errors import LinkLost
from aquiver.journal import Journal
from aquiver.model import BandState, Parcel
from aquiver.settings import BandSettings
from collector.band import Band
from collector.sources import Progress, Source
from collector.spool import Spool
from collector.steady import SteadyClock

_LOG = logging.getLogger(__name__)
STATUS_S = 1.0
CLOCK_S = 0.5
UNDATED_S = 120.0  # a Raspberry Pi with a network has the time within a minute
_FIRST_RETRY_S = 0.5
_LAST_RETRY_S = 10.0
_GOODBYE_S = 1.5


class Collector:
    """Listen to bands and send what they say on its way. Needs a bus whose consumers already listen."""

    def __init__(
        self,
        sources: Mapping[BandSettings, Source],
        wearer: str,
        journal: Journal,
        bus: Bus,
        consumers: tuple[str, ...],
        clock: SteadyClock | None = None,
    ) -> None:
        run = f"{journal.name}-{journal.next_number}"  # a numbering is never used twice
        self._bands = [(Band(settings, wearer, run), source) for settings, source in sources.items()]
        self._bus = bus
        self._clock = clock or SteadyClock()
        self._courier = Courier(journal, bus, consumers)
        self._journal = journal
        self._spool = Spool(journal, self._courier)
        self._all_ended = asyncio.Event()
        self._has_news = asyncio.Event()  # about a band: told by one task, for without a broker telling waits

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Collector"]:
        """Listen while the block runs. Leaving it ends every run and commits it to the spool."""
        async with self._courier.at_work():
            async with asyncio.TaskGroup() as tasks:
                service = tasks.create_task(self._serve(), name="collector")
                try:
                    yield self
                finally:
                    service.cancel()
            await self._end()

    async def ended(self) -> None:
        """Wait until every band has ended by itself, as simulated ones do, and all is confirmed."""
        await self._all_ended.wait()
        await self._spool.commit()
        await self._courier.drained()

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._spool.keep(), name="spool")
            tasks.create_task(self._report(), name="status")
            tasks.create_task(self._watch_clock(), name="clock")
            await self._await_date()
            for band, source in self._bands:
                tasks.create_task(self._supervise(band, source), name=f"band {band.device}")

    async def _watch_clock(self) -> None:
        """Begin new runs whenever the wall clock is set, so that none is bent."""
        while True:
            await asyncio.sleep(CLOCK_S)
            if self._clock.has_stepped():
                _LOG.warning("the clock of this machine was set; new runs begin")
                for band, _ in self._bands:
                    if not band.has_ended:
                        await self._spool.put(band.restart(self._clock.shift_s))

    async def _await_date(self) -> None:
        """Wait for a clock that was never set: samples of 1970 belong to no night. Without a network it stays so."""
        began_s = self._clock()
        while not self._clock.is_plausible and self._clock() - began_s < UNDATED_S:
            for band, _ in self._bands:
                band.feed(Progress(BandState.SEARCHING, "waiting for this machine's clock to be set"))
            await asyncio.sleep(CLOCK_S)

    async def _end(self) -> None:
        """End every run and see it through, within the time a person waits for Ctrl-C."""
        try:
            async with asyncio.timeout(_GOODBYE_S):
                for band, _ in self._bands:
                    await self._spool.put(band.end())
                await self._spool.commit()
                await self._publish_statuses()
                await self._courier.drained()
        except TimeoutError:
            _LOG.info("some chunks are still unconfirmed; the spool keeps them for the next start")

    async def _supervise(self, band: Band, source: Source) -> None:
        retry_s = _FIRST_RETRY_S
        while not band.has_ended:
            try:
                await self._listen(band, source)
                await self._spool.put(band.end())
            except LinkLost as error:
                await self._lose(band, str(error))
            except Exception as error:  # noqa: BLE001  # one band's bug must never end another's night
                _LOG.exception("%s: a fault of aquiver itself; trying again", band.device)
                await self._lose(band, f"a fault of aquiver itself ({error!r})")
            if not band.has_ended:
                retry_s = _FIRST_RETRY_S if band.was_streaming() else min(2 * retry_s, _LAST_RETRY_S)
                await asyncio.sleep(retry_s * random.uniform(0.5, 1.0))  # noqa: S311  # jitter is no secret
        if all(other.has_ended for other, _ in self._bands):
            self._all_ended.set()

    async def _lose(self, band: Band, reason: str) -> None:
        await self._spool.put(band.lose(reason))
        self._has_news.set()

    async def _listen(self, band: Band, source: Source) -> None:
        """Follow one connection to its end; leaving early still lets the source say goodbye."""
        async with aclosing(source.events()) as events:
            async for event in events:
                await self._spool.put(band.feed(event))
                if isinstance(event, Progress):
                    self._has_news.set()

    async def _report(self) -> None:
        while True:
            self._has_news.clear()
            await self._publish_statuses()
            with suppress(TimeoutError):
                async with asyncio.timeout(STATUS_S):
                    await self._has_news.wait()

    async def _publish_statuses(self) -> None:
        n_waiting = self._journal.next_number - self._journal.base
        for band, _ in self._bands:
            await self._bus.publish(Parcel(band.status(self._clock() + self._clock.shift_s, n_waiting)))
