"""Services and how they share a process: consumers start before producers and end after them."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from functools import partial

from aquiver import recorder
from aquiver.bus import Bus, open_bus
from aquiver.bus.broker import embedded_broker
from aquiver.bus.login import Login
from aquiver.commands.judging import judge_nights
from aquiver.commands.notifying import tell_wearer
from aquiver.errors import StoreError
from aquiver.journal import Bounds, Journal, connect
from aquiver.passwords import password_of
from aquiver.recorder import Recorder
from aquiver.reserve import Reserve
from aquiver.sentry.book import Book, Cover
from aquiver.sentry.card import Card
from aquiver.sentry.judge import Judge
from aquiver.sentry.pulse import beating, will_of
from aquiver.sentry.service import Sentry
from aquiver.settings import Settings
from aquiver.shelf import Shelf
from aquiver.store import open_store
from aquiver.vitals import Vitals
from collector.chunk_journal import ChunkJournal
from collector.opening import open_sources
from collector.service import Collector
from collector.steady import SteadyClock
from dashboards.channels import open_ways
from detector import service as detector_service
from detector.engine import Engine
from detector.glimpsing import Glimpsing
from detector.service import Detector
from detector.state import State

_LOG = logging.getLogger(__name__)
# Who is fed from the detector's outbox; each at its own pace, so that one that is away holds up nobody.
TARGETS = (recorder.CONSUMER,)
_DRAIN_S = 0.5  # the detector's last records get so long to reach the store


@asynccontextmanager
async def bus_for(settings: Settings, service: str) -> AsyncIterator[Bus]:
    """Open a connection of its own to the bus for one service."""
    login = login_of(settings, service)
    will = will_of(service)
    client = f"aquiver-{will.service}-{will.instance}"  # a broker ends the older of two clients of one name
    async with open_bus(settings.bus, client, login, will) as bus, beating(bus, will):
        yield bus


@asynccontextmanager
async def watch_for(settings: Settings, service: str) -> AsyncIterator[Sentry]:
    """Watch the whole chain from the place of one service, over a connection that is not the service's own."""
    login = login_of(settings, service)
    client = f"aquiver-sentry-{will_of(service).instance}"
    async with open_bus(settings.bus, client, login) as bus, watch(settings, bus, service) as sentry:
        yield sentry


@asynccontextmanager
async def watch(settings: Settings, bus: Bus, service: str) -> AsyncIterator[Sentry]:
    """Watch the whole chain from the place of one service; tell the bus, the log and a file what is broken."""
    book = Book(Cover(settings.wearer, settings.zone, service))
    async with Sentry(Judge(service), book, bus, Card(settings.folder, service)).at_work() as sentry:
        yield sentry


@asynccontextmanager
async def broker_for(settings: Settings) -> AsyncIterator[str]:
    """Give the URL of the broker; start the embedded one where the settings ask for it."""
    if not settings.bus.startswith("embedded:"):
        yield settings.bus
        return
    async with embedded_broker(settings.bus, settings.folder) as url:
        yield url


@asynccontextmanager
async def recording(settings: Settings) -> AsyncIterator[None]:
    """Keep records, and raw samples where the settings ask for them."""
    shelf = Shelf(settings.folder / "recordings", settings.zone) if settings.record_raw else None
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        async with (
            bus_for(settings, "recorder") as bus,
            Recorder(store, shelf, bus, Reserve(settings.folder), Vitals(settings.zone)).at_work(),
        ):
            yield
    finally:
        store.close()
        if shelf is not None:
            shelf.close()


@asynccontextmanager
async def detecting(settings: Settings) -> AsyncIterator[None]:
    """Decide about chunks."""
    state = State(settings.folder / "detector.db")
    engine = _engine(state, settings)
    try:
        async with (
            bus_for(settings, "detector") as bus,
            Glimpsing(bus, time.time).at_work(),
            Detector(engine, state, bus, TARGETS).at_work() as detector,
        ):
            yield
            with suppress(TimeoutError):
                async with asyncio.timeout(_DRAIN_S):
                    await detector.drained()
    finally:
        state.close()


@asynccontextmanager
async def collecting(settings: Settings) -> AsyncIterator[None]:
    """Listen to the bands."""
    consumers = (detector_service.CONSUMER, *((recorder.CONSUMER,) if settings.record_raw else ()))
    with _spool(settings) as journal:
        async with AsyncExitStack() as stack:
            bus = await stack.enter_async_context(bus_for(settings, "collector"))
            clock = SteadyClock()
            sources = await stack.enter_async_context(open_sources(settings, clock))
            collector = Collector(sources, settings.wearer, journal, bus, consumers, clock)
            await stack.enter_async_context(collector.at_work())
            yield


@asynccontextmanager
async def judging(settings: Settings) -> AsyncIterator[None]:
    """Judge nights as they become final."""
    async with bus_for(settings, "judge") as bus, judge_nights(settings, bus):
        yield


@asynccontextmanager
async def notifying(settings: Settings) -> AsyncIterator[None]:
    """Tell the wearer what is due, and hear what the wearer says."""
    ways = open_ways(settings.channel, settings.folder)  # before anything else: an address may be missing
    async with bus_for(settings, "notify") as bus, tell_wearer(settings, bus, ways):
        yield


SERVICES = {
    "recorder": recording,
    "detector": detecting,
    "judge": judging,
    "notify": notifying,
    "collector": collecting,
}


def login_of(settings: Settings, service: str) -> Login:
    """Give who a service is to the broker; its password is looked for again while there is none."""
    look = partial(password_of, service, settings.folder)
    return Login(service, look(), settings.bus_ca, look)


def _engine(state: State, settings: Settings) -> Engine:
    """Go on where the last commit was, or anew: after an update the old state may not fit."""
    snapshot = state.snapshot()
    if snapshot is not None:
        try:
            return Engine.restore(snapshot, settings.zone)
        except StoreError as error:
            _LOG.warning("%s The detector begins anew and settles in again.", error)
            state.abandon()
    return Engine(settings.zone, settings.mains_hz or None)


@contextmanager
def _spool(settings: Settings) -> Iterator[Journal]:
    bounds = Bounds(settings.spool_mb << 20, settings.spool_hours * 3600.0)
    journal = ChunkJournal(connect(settings.folder / "spool.db"), settings.zone, bounds)
    try:
        yield journal
    finally:
        journal.close()
