"""The Bluetooth stack: what we use of bleak, in the one file that imports it."""

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

__all__ = [
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
    "gatt_char_props_to_strs",
]
