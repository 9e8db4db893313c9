"""Samples from a wearable over Bluetooth."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection
from contextlib import aclosing, asynccontextmanager, suppress

from aquiver.driver import Decoder, Driver, Listen, Read, Write
from aquiver.errors import DecodeError, LinkLost
from aquiver.model import BandState
from collector.links import Notification
from collector.links.ble import DEFAULT_TIMINGS, SYSTEM_RADIO, BleLink, Radio, Timings, connect, find
from collector.sources import Arrived, Battery, Event, Malformed, Opened, Progress

BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"  # Battery Level: one byte, percent (Bluetooth SIG)
BATTERY_EVERY_S = 600.0
FAREWELL_S = 1.0
N_MALFORMED = 20  # in a row: the wearable speaks otherwise than agreed, so that agreeing again may help


class WearableSource:
    """One wearable. Each call of ``events`` looks for it, connects, streams, and ends with LinkLost.

    What it found once it knows again: by address, or by name if the address has changed. ``others`` are the addresses
    of the person's other bands: many wearables share a name, and a leg must not be taken for an arm.

    Close ``events`` with ``contextlib.aclosing``, so that the wearable hears the farewell even if its listener is
    cancelled.
    """

    def __init__(
        self,
        driver: Driver,
        address: str | None = None,
        name: str | None = None,
        radio: Radio = SYSTEM_RADIO,
        timings: Timings = DEFAULT_TIMINGS,
        clock: Callable[[], float] = time.time,
        *,
        battery_every_s: float = BATTERY_EVERY_S,
        others: Collection[str] = (),
    ) -> None:
        self._driver = driver
        self._address = address
        self._name = name
        self._radio = radio
        self._timings = timings
        self._clock = clock
        self._battery_every_s = battery_every_s
        self._others = frozenset(others)

    async def events(self) -> AsyncGenerator[Event]:
        """Give the events of one connection, from looking for the wearable to losing it."""
        yield Progress(BandState.SEARCHING)
        found = await find(self._radio, self._driver, self._address, self._name, self._timings, self._others)
        self._address, self._name = found.address, self._name or found.name or None
        signal = "" if found.rssi_dbm is None else f", {found.rssi_dbm} dBm"
        words = f"{found.name or 'nameless'} ({found.address}{signal})"
        yield Progress(BandState.CONNECTING, words, None if found.rssi_dbm is None else float(found.rssi_dbm))
        async with connect(self._radio, found, self._timings, self._clock) as link, self._farewell(link):
            decoder = await converse(link, self._driver)
            yield Opened(decoder.signals)
            yield Progress(BandState.STREAMING)
            async with aclosing(self._stream(link, decoder)) as stream:
                async for event in stream:
                    yield event

    async def _stream(self, link: BleLink, decoder: Decoder) -> AsyncGenerator[Event]:
        duties = _Duties(self._driver, self._battery_every_s)
        n_malformed = 0
        async with aclosing(link.notifications()) as notifications:
            for battery in await duties.begin(link):
                yield battery
            async for notification in notifications:
                events = _decoded(decoder, notification)
                for event in events:
                    yield event
                n_malformed = n_malformed + 1 if any(isinstance(event, Malformed) for event in events) else 0
                if n_malformed >= N_MALFORMED:
                    raise LinkLost(f"{n_malformed} notifications in a row broke the format of {self._driver.name}")
                for battery in await duties.attend(link):
                    yield battery

    @asynccontextmanager
    async def _farewell(self, link: BleLink) -> AsyncIterator[None]:
        """Ask the wearable to stop streaming on the way out, unless it went away first."""
        is_lost = False
        try:
            yield
        except LinkLost:
            is_lost = True
            raise
        finally:
            if not is_lost:
                await _take_leave(link, self._driver.farewell())


class _Duties:
    """What is done regularly while a wearable streams, between two notifications: its silence ends the link anyway."""

    def __init__(self, driver: Driver, battery_every_s: float) -> None:
        self._battery = _Rhythm(battery_every_s)
        self._awake = None if driver.keep_awake is None else (_Rhythm(driver.keep_awake[0]), driver.keep_awake[1])

    async def begin(self, link: BleLink) -> tuple[Battery, ...]:
        """Listen for changes of the battery where they are offered, and read it."""
        if "notify" in link.offers(BATTERY):
            with suppress(LinkLost):  # a wearable that keeps its battery to itself can still stream
                await link.perform(Listen(BATTERY))
        return await _read_battery(link)

    async def attend(self, link: BleLink) -> tuple[Battery, ...]:
        """Do what is due.

        Raises:
            LinkLost: the wearable could not be kept awake.
        """
        now_s = asyncio.get_running_loop().time()
        if self._awake is not None and self._awake[0].is_due(now_s):
            await link.perform(self._awake[1])
        return await _read_battery(link) if self._battery.is_due(now_s) else ()


class _Rhythm:
    """Says when something that is done regularly is due again."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._due_s = asyncio.get_running_loop().time() + every_s

    def is_due(self, now_s: float) -> bool:
        """Say so once."""
        if now_s < self._due_s:
            return False
        self._due_s = now_s + self._every_s
        return True


async def converse(link: BleLink, driver: Driver) -> Decoder:
    """Set up a connection, as the driver wants it."""
    conversation = driver.converse()
    try:
        request = next(conversation)
        while True:
            request = conversation.send(await link.perform(request))
    except StopIteration as stop:
        decoder: Decoder = stop.value
        return decoder
    except DecodeError as error:
        raise LinkLost(f"setting up {driver.name} failed: {error}") from error
    finally:
        conversation.close()


async def _take_leave(link: BleLink, farewell: tuple[Write, ...]) -> None:
    with suppress(LinkLost, TimeoutError):
        async with asyncio.timeout(FAREWELL_S):
            for write in farewell:
                await link.perform(write)


async def _read_battery(link: BleLink) -> tuple[Battery, ...]:
    if "read" not in link.offers(BATTERY):
        return ()
    with suppress(LinkLost):  # as above; a link that is truly lost says so by itself
        return _battery(await link.perform(Read(BATTERY)))
    return ()


def _battery(value: bytes) -> tuple[Battery, ...]:
    return (Battery(float(value[0])),) if value else ()


def _decoded(decoder: Decoder, notification: Notification) -> tuple[Event, ...]:
    if notification.characteristic == BATTERY:
        return _battery(notification.data)
    try:
        frames = decoder.decode(notification.characteristic, notification.data)
    except DecodeError as error:
        return (Malformed(str(error)),)
    return tuple(Arrived(frame, notification.arrival_s) for frame in frames)
