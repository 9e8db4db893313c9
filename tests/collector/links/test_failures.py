import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakError,
)

from aquiver.errors import LinkLost, NoBluetooth
from collector.links.advice import Trouble, advise
from collector.links.failure import translated

Reason = BleakBluetoothNotAvailableReason

UNUSABLE = [
    (BleakBluetoothNotAvailableError("", Reason.POWERED_OFF), Trouble.SWITCHED_OFF),
    (BleakBluetoothNotAvailableError("", Reason.NO_BLUETOOTH), Trouble.NO_ADAPTER),
    (BleakBluetoothNotAvailableError("", Reason.DENIED_BY_USER), Trouble.NOT_ALLOWED),
    (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["no org.bluez"]), Trouble.NO_SERVICE),
    (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["no"]), Trouble.NOT_ALLOWED),
    (BleakDBusError("org.bluez.Error.NotReady", ["Resource Not Ready"]), Trouble.SWITCHED_OFF),
    (PermissionError(13, "Permission denied"), Trouble.NOT_ALLOWED),
    (FileNotFoundError(2, "no socket"), Trouble.NO_SERVICE),
    (EOFError(), Trouble.NO_SERVICE),
]
LOST = [
    (TimeoutError(), "no answer in time"),
    (BleakError("not connected"), "not connected"),
    (BleakDBusError("org.bluez.Error.InProgress", ["busy"]), "busy"),
    (BleakCharacteristicNotFoundError("2a19"), "2a19 was not found! Is its firmware too old"),
]


@pytest.mark.parametrize(("error", "trouble"), UNUSABLE)
def test_an_unusable_radio_is_told_from_a_lost_link(error, trouble):
    with pytest.raises(NoBluetooth, match=str(trouble)):
        with translated("it failed"):
            raise error


@pytest.mark.parametrize(("error", "text"), LOST)
def test_a_lost_link_says_what_was_tried_and_why_it_failed(error, text):
    with pytest.raises(LinkLost, match=f"it failed: .*{text}") as lost:
        with translated("it failed"):
            raise error
    assert not isinstance(lost.value, NoBluetooth)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32", "freebsd14"])
@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_has_advice_on_every_system(trouble, platform):
    assert len(advise(trouble, platform).removeprefix(f"This machine cannot use Bluetooth: {trouble}. ")) > 15
