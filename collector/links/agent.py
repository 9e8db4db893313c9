"""A pairing agent for a machine without a screen: BlueZ asks somebody before it pairs, and there nobody answers.

Without one, a read that needs a paired link hangs, and pairing fails (docs/bluetooth-testing.md). Ours has neither display
nor keys (NoInputNoOutput), is there only while we run, never takes the place of a desktop's own agent, and lets nobody
pair but the wearables we connect to ourselves. The only user of dbus-fast.
"""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from dbus_fast import BusType, DBusError, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusObjectPath, DBusStr, DBusUInt16, DBusUInt32
from dbus_fast.errors import AuthError, InvalidAddressError
from dbus_fast.service import ServiceInterface, dbus_method

_LOG = logging.getLogger(__name__)

PATH = "/aquiver/agent"
CAPABILITY = "NoInputNoOutput"
_BLUEZ, _BLUEZ_PATH, _MANAGER = "org.bluez", "/org/bluez", "org.bluez.AgentManager1"
_FAILURES = (OSError, EOFError, DBusError, AuthError, InvalidAddressError)  # no bus, no BlueZ, or we may not


class PairingAgent(ServiceInterface):
    """Answers BlueZ's questions about pairing."""

    def __init__(self) -> None:
        super().__init__("org.bluez.Agent1")
        self._welcome: set[str] = set()

    def welcome(self, address: str) -> None:
        """Let a wearable pair from now on."""
        self._welcome.add(address.upper())

    @dbus_method()
    def RequestAuthorization(self, device: DBusObjectPath) -> None:  # noqa: N802  # BlueZ's name
        """Allow pairing that needs no code."""
        self._insist(device)

    @dbus_method()
    def RequestConfirmation(self, device: DBusObjectPath, _passkey: DBusUInt32) -> None:  # noqa: N802
        """Allow pairing whose code nobody can compare here."""
        self._insist(device)

    @dbus_method()
    def AuthorizeService(self, device: DBusObjectPath, _uuid: DBusStr) -> None:  # noqa: N802
        """Allow a paired wearable to use a service."""
        self._insist(device)

    @dbus_method()
    def RequestPinCode(self, device: DBusObjectPath) -> DBusStr:  # noqa: N802
        """Refuse: there are no keys to type one."""
        raise self._refusal(device, "needs a PIN to be typed")

    @dbus_method()
    def RequestPasskey(self, device: DBusObjectPath) -> DBusUInt32:  # noqa: N802
        """Refuse: there are no keys to type one."""
        raise self._refusal(device, "needs a code to be typed")

    @dbus_method()
    def DisplayPinCode(self, _device: DBusObjectPath, _pin: DBusStr) -> None:  # noqa: N802
        """Pass over: there is no display."""

    @dbus_method()
    def DisplayPasskey(self, _device: DBusObjectPath, _passkey: DBusUInt32, _entered: DBusUInt16) -> None:  # noqa: N802
        """Pass over: there is no display."""

    @dbus_method()
    def Cancel(self) -> None:  # noqa: N802
        """Take note that BlueZ gave up asking."""

    @dbus_method()
    def Release(self) -> None:  # noqa: N802
        """Take note that BlueZ has let us go."""

    def _insist(self, device: str) -> None:
        if _address_in(device) not in self._welcome:
            raise self._refusal(device, "is no band of ours")

    def _refusal(self, device: str, why: str) -> DBusError:
        _LOG.warning("%s wanted to pair, and was refused: it %s", _address_in(device), why)
        return DBusError("org.bluez.Error.Rejected", f"{_address_in(device)} {why}")


@asynccontextmanager
async def pairing_agent() -> AsyncIterator[PairingAgent]:
    """Answer for pairing while the block runs. Elsewhere than on Linux, or without BlueZ, nobody asks."""
    agent, bus = PairingAgent(), None
    if sys.platform == "linux":
        with suppress(*_FAILURES):
            bus = await _registered(agent)
    try:
        yield agent
    finally:
        if bus is not None:
            with suppress(*_FAILURES):
                await _call(bus, "UnregisterAgent", "o", PATH)
            bus.disconnect()


async def _registered(agent: PairingAgent) -> MessageBus | None:
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    bus.export(PATH, agent)
    try:
        await _call(bus, "RegisterAgent", "os", PATH, CAPABILITY)
    except BaseException:
        bus.disconnect()
        raise
    return bus


async def _call(bus: MessageBus, member: str, signature: str, *body: str) -> None:
    """Call BlueZ's agent manager.

    Raises:
        DBusError: it refused, or is not there.
    """
    message = Message(
        destination=_BLUEZ, path=_BLUEZ_PATH, interface=_MANAGER, member=member, signature=signature, body=list(body)
    )
    reply = await bus.call(message)
    if reply is None or reply.message_type is MessageType.ERROR:
        raise DBusError("org.bluez.Error.Failed", f"{member}: {reply and reply.error_name}")


def _address_in(device: str) -> str:
    """Give the address in an object path.

    >>> _address_in("/org/bluez/hci0/dev_C0_00_00_00_00_01")
    'C0:00:00:00:00:01'
    """
    return device.rpartition("/dev_")[2].replace("_", ":").upper()
