"""A failure of the Bluetooth stack: what it means, in one sentence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aquiver.errors import LinkLost, NoBluetooth
from collector.links.advice import Trouble, advise
from collector.links.stack import (
    GAVE_UP,
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
)

_FAILURES = (BleakError, OSError, EOFError, AttributeError)  # the last two: D-Bus died inside bleak
_REASONS = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: Trouble.NO_ADAPTER,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: Trouble.NO_ADAPTER,
    BleakBluetoothNotAvailableReason.POWERED_OFF: Trouble.SWITCHED_OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: Trouble.NOT_ALLOWED,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: Trouble.NOT_ALLOWED,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: Trouble.NOT_ALLOWED,
}
_DBUS_ERRORS = {
    "org.freedesktop.DBus.Error.ServiceUnknown": Trouble.NO_SERVICE,
    "org.freedesktop.DBus.Error.NameHasNoOwner": Trouble.NO_SERVICE,
    "org.freedesktop.DBus.Error.NoReply": Trouble.NO_SERVICE,
    "org.freedesktop.DBus.Error.AccessDenied": Trouble.NOT_ALLOWED,
    "org.bluez.Error.NotReady": Trouble.SWITCHED_OFF,
}


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn what bleak raises in the block into LinkLost, or NoBluetooth with advice; ``doing`` begins its sentence."""
    try:
        yield
    except _FAILURES as error:
        raise _meaning(doing, error) from error


def _meaning(doing: str, error: Exception) -> LinkLost:
    if isinstance(error, GAVE_UP) and isinstance(error.__cause__, _FAILURES):
        return _meaning(doing, error.__cause__)
    match error:
        case BleakBluetoothNotAvailableError():
            trouble = _REASONS.get(error.reason, Trouble.NO_SERVICE)
        case BleakDBusError() if error.dbus_error in _DBUS_ERRORS:
            trouble = _DBUS_ERRORS[error.dbus_error]
        case BleakGATTProtocolError():
            return LinkLost(f"{doing}: the wearable refused ({error.args[1]})")
        case BleakCharacteristicNotFoundError():
            return LinkLost(f"{doing}: {error} Is its firmware too old, or a different one?")
        case TimeoutError():
            return LinkLost(f"{doing}: no answer in time")
        case PermissionError():
            trouble = Trouble.NOT_ALLOWED
        case OSError() | EOFError():
            trouble = Trouble.NO_SERVICE
        case _:
            return LinkLost(f"{doing}: {error}")
    return NoBluetooth(advise(trouble, sys.platform))
