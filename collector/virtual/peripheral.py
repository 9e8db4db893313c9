"""A peripheral: a firmware behind a Bluetooth controller. It advertises, is connected to, and streams."""

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import groupby

from bumble import data_types, hci
from bumble.att import (
    ATT_READ_NOT_PERMITTED_ERROR,
    ATT_WRITE_NOT_PERMITTED_ERROR,
    ATT_Error,
    Attribute,
    AttributeValue,
)
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, Service

from collector.virtual import firmware
from collector.virtual.ending import end
from collector.virtual.refusal import Refused

PUMP_S = 0.01  # a usual connection interval: what is due is sent this often
NAME_BYTES = 8  # what fits beside flags and a 128-bit UUID into the 31 bytes of an advertisement

_PROPERTIES = {
    "read": Characteristic.Properties.READ,
    "write": Characteristic.Properties.WRITE,
    "write_command": Characteristic.Properties.WRITE_WITHOUT_RESPONSE,
    "notify": Characteristic.Properties.NOTIFY,
    "indicate": Characteristic.Properties.INDICATE,
}


class Peripheral:
    """One firmware and its GATT server, on a host that speaks to some controller."""

    def __init__(self, running: firmware.Firmware, device: Device, clock: Callable[[], float], max_mtu: int) -> None:
        self._firmware = running
        self._device = device
        self._clock = clock
        self._answers: deque[firmware.Said] = deque()
        self._connected: asyncio.Queue[Connection] = asyncio.Queue(maxsize=1)  # it advertises only while unconnected
        self._characteristics = {row.uuid: self._characteristic(row) for row in running.table}
        device.gatt_server.max_mtu = max_mtu
        device.add_services(self._services())
        device.on(Device.EVENT_CONNECTION, self._connected.put_nowait)

    async def run(self) -> None:
        """Advertise, serve whoever connects, and again; for ever. The device must be powered on."""
        while True:
            await self._device.start_advertising()
            connection = await self._connected.get()
            await self._serve(connection)
            self._answers.clear()
            self._firmware.disconnected()

    async def _serve(self, connection: Connection) -> None:
        gone = asyncio.Event()
        connection.on(Connection.EVENT_DISCONNECTION, lambda _reason: gone.set())
        if self._device.connections.get(connection.handle) is not connection:
            return  # it went before we could listen
        async with asyncio.TaskGroup() as group:
            pump = group.create_task(self._pump(connection), name=f"pump {self._firmware.name}")
            await gone.wait()
            await end(pump)

    async def _pump(self, connection: Connection) -> None:
        while True:
            answers, self._answers = self._answers, deque()
            for said in (*answers, *self._firmware.due(self._clock())):
                await self._say(connection, said)
            await asyncio.sleep(PUMP_S)

    async def _say(self, connection: Connection, said: firmware.Said) -> None:
        """Send when the controller has room: Bumble's own queue has no end. What does not fit the MTU is cut off."""
        await connection.drain()
        characteristic = self._characteristics[said.characteristic]
        if characteristic.has_properties(Characteristic.Properties.NOTIFY):
            await self._device.notify_subscriber(connection, characteristic, said.data)
        else:
            await self._device.indicate_subscriber(connection, characteristic, said.data)

    def _services(self) -> list[Service]:
        rows = groupby(self._firmware.table, key=lambda row: row.service)
        return [Service(UUID(uuid), [self._characteristics[row.uuid] for row in group]) for uuid, group in rows]

    def _characteristic(self, row: firmware.Characteristic) -> Characteristic[bytes]:
        properties = Characteristic.Properties(0)
        for word in row.properties:
            properties |= _PROPERTIES[word]
        value = AttributeValue(
            read=lambda _connection: self._read(row),
            write=lambda _connection, data: self._write(row, bytes(data)),
        )
        open_to_all = Attribute.Permissions.READABLE | Attribute.Permissions.WRITEABLE  # Bumble asks only for keys
        return Characteristic(UUID(row.uuid), properties, open_to_all, value)

    def _read(self, row: firmware.Characteristic) -> bytes:
        if "read" not in row.properties:
            raise ATT_Error(ATT_READ_NOT_PERMITTED_ERROR)
        try:
            return self._firmware.read(row.uuid)
        except Refused as refusal:
            raise ATT_Error(refusal.code) from refusal

    def _write(self, row: firmware.Characteristic, data: bytes) -> None:
        if not row.properties & {"write", "write_command"}:
            raise ATT_Error(ATT_WRITE_NOT_PERMITTED_ERROR)
        try:
            self._answers.extend(self._firmware.write(row.uuid, data, self._clock()))
        except Refused as refusal:
            raise ATT_Error(refusal.code) from refusal


def configuration(running: firmware.Firmware, address: str, advertising_interval_s: float) -> DeviceConfiguration:
    """Give what a host must know to advertise a firmware under a random address."""
    interval_ms = 1000 * advertising_interval_s
    return DeviceConfiguration(
        name=running.name,
        address=hci.Address(address),
        advertising_interval_min=interval_ms,
        advertising_interval_max=interval_ms,
        advertising_data=advertisement(running.name, running.service),
    )


def advertisement(name: str, service: str) -> bytes:
    """Give the bytes of an advertisement. There is no scan response on the virtual link to hold more.

    >>> len(advertisement("Polar H10 12345678", "fb005c80-02e7-f387-1cad-8acd2d8df0c8"))
    31
    """
    flags = AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
    short = name[:NAME_BYTES]
    named = data_types.CompleteLocalName if short == name else data_types.ShortenedLocalName
    return bytes(
        AdvertisingData(
            [data_types.Flags(flags), data_types.CompleteListOf128BitServiceUUIDs([UUID(service)]), named(short)]
        )
    )
