"""A wearable over Bluetooth Low Energy. The only user of bleak."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from aquiver.driver import Ask, Await, Driver, Listen, Read, Request, Write
from aquiver.errors import LinkLost
from collector.links import Notification
from collector.links.ear import Ear
from collector.links.failure import translated
from collector.links.stack import (
    AdvertisementData,
    BaseBleakClient,
    BaseBleakScanner,
    BleakAdapter,
    BleakClient,
    BleakScanner,
    BLEDevice,
    establish_connection,
)
from collector.links.wanted import SETTLE_S, Wanted

_LEAST_MTU = 23
_ATT_BYTES = 3  # of each message


@dataclass(frozen=True, slots=True)
class Radio:
    """The bleak backends to use; None for the system's own. ``welcome`` is told each address before it is connected."""

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None
    welcome: Callable[[str], None] = lambda _address: None


SYSTEM_RADIO = Radio()


@dataclass(frozen=True, slots=True)
class Timings:
    """How long to wait for what."""

    search_s: float = 15.0
    settle_s: float = SETTLE_S
    connect_s: float = 30.0
    operation_s: float = 10.0
    silence_s: float = 10.0  # a killed Bluetooth service is silent: no callback comes, and bleak stays "connected"
    leave_s: float = 0.9  # with a farewell of 1 s, Ctrl-C takes less than 2 s


DEFAULT_TIMINGS = Timings()


@dataclass(frozen=True, slots=True)
class Found:
    """A wearable that was heard. ``rssi_dbm`` is missing for one that this machine still holds connected."""

    kind: str
    address: str
    name: str
    rssi_dbm: int | None
    device: BLEDevice


async def scan(radio: Radio, drivers: Sequence[Driver], search_s: float) -> tuple[Found, ...]:
    """List the wearables near that one of these drivers knows.

    Raises:
        NoBluetooth: this machine cannot scan.
    """
    with translated("the search failed"):
        return tuple((await _listen(radio, drivers, search_s, lambda _heard: search_s)).values())


async def find(
    radio: Radio,
    driver: Driver,
    address: str | None,
    name: str | None,
    timings: Timings = DEFAULT_TIMINGS,
    others: frozenset[str] = frozenset(),
) -> Found:
    """Find one wearable: by its address, else by its name, else as the only one of its kind; none of ``others``.

    Raises:
        LinkLost: it is not near, or it could be several.
        NoBluetooth: this machine cannot scan.
    """
    wanted = Wanted(driver.name, address, name, others)

    def patience_s(heard: dict[str, Found]) -> float:
        return wanted.patience_s(_names(heard), timings.settle_s)

    with translated("the search failed"):
        heard = await _held(radio, driver) if address or name else {}
        if patience_s(heard) > timings.settle_s:
            heard = await _listen(radio, (driver,), timings.search_s, patience_s)
    return heard[wanted.choose(_names(heard))]


@asynccontextmanager
async def connect(
    radio: Radio,
    found: Found,
    timings: Timings = DEFAULT_TIMINGS,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator["BleLink"]:
    """Open a link to a wearable, and close it on leaving: without that, BlueZ says everything twice the next time.

    Raises:
        LinkLost: it does not answer.
    """
    radio.welcome(found.address)
    link = BleLink(radio, found, timings, clock)
    try:
        await link.open()
        yield link
    finally:
        await link.close()


class BleLink:
    """An open connection; see ``Ear`` for what happens when nobody takes what it hears."""

    def __init__(self, radio: Radio, found: Found, timings: Timings, clock: Callable[[], float]) -> None:
        self._timings = timings
        self._ear = Ear(clock)
        self._listening: set[str] = set()
        self._found = found
        self._radio = radio
        self._is_connected = False
        self._client: BleakClient | None = None

    @property
    def is_open(self) -> bool:
        """Say whether nothing has ended it yet, as far as we were told."""
        return self._ear.is_open

    async def open(self) -> None:
        """Connect; a link that drops while services are discovered is tried again, as often as time allows."""
        found = self._found
        with translated("connecting failed"):
            async with asyncio.timeout(self._timings.connect_s):
                await establish_connection(
                    self._new_client,  # type: ignore[arg-type]  # the class it wants is only called
                    found.device,
                    found.name or found.address,
                    self._lose,
                    backend=self._radio.client,
                )
        self._is_connected = True
        if not self._open_client.is_connected:
            self._lose(self._open_client)

    async def close(self) -> None:
        """Disconnect, in vain if need be."""
        self._ear.end("the connection was closed")
        if self._client is None:
            return
        with suppress(LinkLost), translated("disconnecting failed"):
            async with asyncio.timeout(self._timings.leave_s):
                await self._client.disconnect()

    def offers(self, characteristic: str) -> frozenset[str]:
        """Give the properties of a characteristic, in bleak's words; none if the wearable has none such."""
        self._ear.ensure_open()
        found = self._open_client.services.get_characteristic(characteristic)
        return frozenset(found.properties) if found is not None else frozenset()

    def mtu(self, characteristic: str) -> int:
        """Give the MTU as this machine tells it with a characteristic; the least there is where it does not.

        Raises:
            LinkLost: the link has ended.
        """
        self._ear.ensure_open()
        found = self._open_client.services.get_characteristic(characteristic)
        return _LEAST_MTU if found is None else found.max_write_without_response_size + _ATT_BYTES

    async def perform(self, request: Request) -> bytes:
        """Carry out one request and give its answer."""
        self._ear.ensure_open()
        with translated(f"{type(request).__name__} {request.characteristic} failed"):
            async with asyncio.timeout(self._timings.operation_s):
                return await self._carry_out(request)

    def notifications(self) -> AsyncGenerator[Notification]:
        """Give what arrives, in order."""
        return self._ear.notifications(self._timings.silence_s)

    @property
    def _open_client(self) -> BleakClient:
        assert self._client is not None  # for mypy: open() makes one
        return self._client

    def _new_client(self, device: BLEDevice, **words: Any) -> BleakClient:  # noqa: ANN401  # the retry connector's own
        """Make the client, and keep it: whatever becomes of the connecting, it must be disconnected."""
        self._client = BleakClient(device, timeout=self._timings.connect_s, **words)
        return self._client

    def _lose(self, _client: BleakClient) -> None:
        """Take note that the link is gone; while connecting that is not the end."""
        if self._is_connected:
            self._ear.end("the wearable ended the connection")

    async def _carry_out(self, request: Request) -> bytes:
        match request:
            case Listen(characteristic):
                await self._listen_to(characteristic)
            case Read(characteristic):
                return bytes(await self._open_client.read_gatt_char(characteristic))
            case Write(characteristic, data):
                await self._write(characteristic, data)
            case Ask(characteristic, data, reply_on):
                await self._listen_to(reply_on)
                with self._ear.expecting(reply_on) as replies:
                    await self._write(characteristic, data)
                    return await replies.first()
            case Await(characteristic):
                with self._ear.expecting(characteristic, is_late=True) as replies:
                    return await replies.first()
        return b""

    async def _listen_to(self, characteristic: str) -> None:
        if characteristic not in self._listening:
            await self._open_client.start_notify(characteristic, partial(self._hear, characteristic))
            self._listening.add(characteristic)

    async def _write(self, characteristic: str, data: bytes) -> None:
        await self._open_client.write_gatt_char(characteristic, data, response="write" in self.offers(characteristic))

    def _hear(self, characteristic: str, _sender: object, data: bytearray) -> None:
        """Enqueue: the one callback the radio forces on us."""
        self._ear.hear(characteristic, bytes(data))


async def _held(radio: Radio, driver: Driver) -> dict[str, Found]:
    """Find wearables that this machine kept connected when we were killed: they do not advertise."""
    if radio.scanner is not None:
        return {}
    try:
        adapter = await BleakAdapter.get()
        devices = await adapter.get_connected_devices([driver.service])
    except NotImplementedError:
        return {}
    found = [Found(driver.name, each.address, each.name or "", None, each) for each in devices]
    return {each.address: each for each in found if _is_known(driver, each.name, [driver.service.lower()])}


async def _listen(
    radio: Radio, drivers: Sequence[Driver], search_s: float, patience_s: Callable[[dict[str, Found]], float]
) -> dict[str, Found]:
    """Hear known wearables, by address, until ``search_s`` is over or patience with what has been heard."""
    clock_s = asyncio.get_running_loop().time
    end_s = clock_s() + search_s
    heard: dict[str, Found] = {}
    async with BleakScanner(service_uuids=_services(drivers), backend=radio.scanner) as scanner:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(end_s) as limit:
                async for device, said in scanner.advertisement_data():
                    if (found := _recognise(device, said, drivers)) is not None:
                        heard[found.address] = found
                        end_s = min(end_s, clock_s() + patience_s(heard))
                        limit.reschedule(end_s)
    return heard


def _services(drivers: Sequence[Driver]) -> list[str] | None:
    """List the services to filter by; none if some wearable is only known by its name."""
    return None if any(driver.name_prefixes for driver in drivers) else [driver.service for driver in drivers]


def _recognise(device: BLEDevice, said: AdvertisementData, drivers: Sequence[Driver]) -> Found | None:
    name = said.local_name or device.name or ""
    for driver in drivers:
        if _is_known(driver, name, said.service_uuids):
            return Found(driver.name, device.address, name, said.rssi, device)
    return None


def _is_known(driver: Driver, name: str, services: Sequence[str]) -> bool:
    is_marked = not driver.is_service_shared and driver.service.lower() in services
    return is_marked or name.startswith(driver.name_prefixes)


def _names(heard: dict[str, Found]) -> dict[str, str]:
    return {address: found.name for address, found in heard.items()}
