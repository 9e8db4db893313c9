"""The virtual radio's client for bleak."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar

from bumble import hci
from bumble.att import ATT_Error
from bumble.core import BaseBumbleError
from bumble.device import Advertisement, Connection
from bumble.gatt_client import CharacteristicProxy, Client, ServiceProxy

from collector.links.stack import (
    BaseBleakClient,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTCharacteristic,
    BleakGATTDescriptor,
    BleakGATTProtocolError,
    BleakGATTService,
    BleakGATTServiceCollection,
    BLEDevice,
    NotifyCallback,
    SizedBuffer,
    gatt_char_props_to_strs,
)
from collector.virtual.central import Central
from collector.virtual.ending import Stopped, run_until
from collector.virtual.scanner import uuid_text

MAX_MTU = 247  # what fits one link-layer packet, and what most wearables ask for
WRITE_HEADER_BYTES = 3

_T = TypeVar("_T")


class VirtualClient(BaseBleakClient):
    """One connection over the virtual radio. A subclass says which central."""

    central: ClassVar[Central]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **_other_systems: object,
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout)
        known = address_or_ble_device if isinstance(address_or_ble_device, BLEDevice) else None
        self._name = known.name if known is not None else None
        self._peer: hci.Address | None = known.details if known is not None else None
        self._connection: Connection | None = None
        self._gone = asyncio.Event()

    @property
    def name(self) -> str:
        """Give the name that was advertised."""
        return self._name or self.address

    @property
    def mtu_size(self) -> int:
        """Give the negotiated MTU."""
        return self._gatt.mtu

    @property
    def is_connected(self) -> bool:
        """Say whether the link stands."""
        return self._connection is not None

    async def connect(
        self,
        pair: bool,  # noqa: FBT001  # bleak's words
        *,
        timeout: float | None = None,  # noqa: ASYNC109
        **_others: object,
    ) -> None:
        """Connect, agree on an MTU and discover everything. There is no pairing: the virtual air has no thieves."""
        del pair
        timeout_s = self._timeout if timeout is None else timeout
        peer = self._peer or await self._heard(timeout_s)
        try:
            connection = await self.central.connect(peer, timeout_s)
        except BaseBumbleError as error:
            raise _translated(error) from error
        if connection not in connection.device.connections.values():
            raise BleakError("the link was lost")  # before we could listen
        connection.on(Connection.EVENT_DISCONNECTION, self._on_gone)
        self._connection = connection
        self._gone.clear()
        try:
            await self._perform(connection.gatt_client.request_mtu(MAX_MTU))
            self.services = await self._perform(_discover(connection.gatt_client))
        except BaseException:
            await self.disconnect()
            raise

    async def disconnect(self) -> None:
        """End the link."""
        if self._connection is not None:
            self.central.hang_up(self._connection.peer_address)
            await self._gone.wait()

    async def pair(self, *args: object, **kwargs: object) -> None:
        """Refuse to pair."""
        del args, kwargs
        raise NotImplementedError

    async def unpair(self) -> None:
        """Refuse to unpair."""
        raise NotImplementedError

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **kwargs: object
    ) -> bytearray:
        """Read a value."""
        del use_cached, kwargs
        return bytearray(await self._perform(self._gatt.read_value(characteristic.handle)))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **kwargs: object
    ) -> bytearray:
        """Read a descriptor."""
        del use_cached, kwargs
        return bytearray(await self._perform(self._gatt.read_value(descriptor.handle)))

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        data: SizedBuffer,
        response: bool,  # noqa: FBT001  # bleak's words
    ) -> None:
        """Write a value. A command must fit the MTU; a request may be long."""
        value = bytes(data)
        if not response and len(value) > characteristic.max_write_without_response_size:
            raise BleakError(f"{len(value)} bytes do not fit a write command at MTU {self.mtu_size}")
        await self._perform(self._gatt.write_value(characteristic.handle, value, with_response=response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """Write a descriptor."""
        await self._perform(self._gatt.write_value(descriptor.handle, bytes(data), with_response=True))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **kwargs: object
    ) -> None:
        """Ask for notifications, or indications where there are no others."""
        del kwargs
        await self._perform(self._gatt.subscribe(characteristic.obj, lambda value: callback(bytearray(value))))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Ask for no more of them."""
        await self._perform(self._gatt.unsubscribe(characteristic.obj))

    @property
    def _gatt(self) -> Client:
        if self._connection is None:
            raise BleakError("not connected")
        return self._connection.gatt_client

    async def _heard(self, timeout_s: float) -> hci.Address:
        """Wait for an advertisement from the address we were given."""
        heard: asyncio.Queue[hci.Address] = asyncio.Queue(maxsize=1)

        def listen(advertisement: Advertisement) -> None:
            if advertisement.address.to_string(with_type_qualifier=False) == self.address.upper() and heard.empty():
                heard.put_nowait(advertisement.address)

        self.central.listen(listen)
        try:
            async with asyncio.timeout(timeout_s):
                return await heard.get()
        except TimeoutError as error:
            raise BleakDeviceNotFoundError(self.address, f"{self.address} was not found") from error
        finally:
            self.central.forget(listen)

    async def _perform(self, operation: Coroutine[Any, Any, _T]) -> _T:
        """Do something over the link, and end with it: Bumble ends one operation then, and forgets the others."""
        if not self.is_connected:
            operation.close()
            raise BleakError("not connected")
        try:
            return await run_until(self._gone, operation, f"bluetooth {self.address}")
        except Stopped as stopped:
            raise BleakError("the link was lost") from stopped
        except BaseBumbleError as error:
            raise _translated(error) from error

    def _on_gone(self, _reason: int) -> None:
        self._connection = None
        self.services = None
        self._gone.set()
        if self._disconnected_callback is not None:
            self._disconnected_callback()


def _translated(error: BaseBumbleError) -> BleakError:
    return BleakGATTProtocolError(error.error_code) if isinstance(error, ATT_Error) else BleakError(str(error))


async def _discover(gatt: Client) -> BleakGATTServiceCollection:
    services = BleakGATTServiceCollection()
    for found in await gatt.discover_services():
        service = BleakGATTService(found, found.handle, uuid_text(found.uuid))
        services.add_service(service)
        await _discover_characteristics(gatt, found, service, services)
    return services


async def _discover_characteristics(
    gatt: Client, found: ServiceProxy, service: BleakGATTService, services: BleakGATTServiceCollection
) -> None:
    proxies: list[CharacteristicProxy[bytes]] = await gatt.discover_characteristics((), found)
    for proxy in proxies:
        characteristic = BleakGATTCharacteristic(
            proxy,
            proxy.handle,
            uuid_text(proxy.uuid),
            list(gatt_char_props_to_strs(proxy.properties)),
            lambda: gatt.mtu - WRITE_HEADER_BYTES,
            service,
        )
        services.add_characteristic(characteristic)
        for descriptor in await gatt.discover_descriptors(proxy):
            services.add_descriptor(
                BleakGATTDescriptor(descriptor, descriptor.handle, uuid_text(descriptor.type), characteristic)
            )
