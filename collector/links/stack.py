"""The Bluetooth stack: what we use of bleak and its retry connector, in the one file that imports them."""

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.args import SizedBuffer
from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from bleak_retry_connector import (
    BleakAbortedError,
    BleakConnectionError,
    BleakNotFoundError,
    BleakOutOfConnectionSlotsError,
    establish_connection,
)

# What the retry connector raises in the end; the cause is bleak's own error.
GAVE_UP = (BleakAbortedError, BleakConnectionError, BleakNotFoundError, BleakOutOfConnectionSlotsError)

__all__ = [
    "GAVE_UP",
    "AdvertisementData",
    "AdvertisementDataCallback",
    "BLEDevice",
    "BaseBleakClient",
    "BaseBleakScanner",
    "BleakAdapter",
    "BleakBluetoothNotAvailableError",
    "BleakBluetoothNotAvailableReason",
    "BleakCharacteristicNotFoundError",
    "BleakClient",
    "BleakDBusError",
    "BleakDeviceNotFoundError",
    "BleakError",
    "BleakGATTCharacteristic",
    "BleakGATTDescriptor",
    "BleakGATTProtocolError",
    "BleakGATTService",
    "BleakGATTServiceCollection",
    "BleakScanner",
    "NotifyCallback",
    "SizedBuffer",
    "establish_connection",
    "gatt_char_props_to_strs",
]
