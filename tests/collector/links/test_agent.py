"""The pairing agent, asked by a BlueZ of our own on a bus of its own. It proves what we believe of BlueZ, no more."""

import asyncio
import subprocess
import sys

import pytest
from dbus_fast import BusType, DBusError, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusObjectPath, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method

from collector.links.agent import CAPABILITY, PATH, pairing_agent
from tests.servers import needs_dbus

pytestmark = [
    pytest.mark.service,
    needs_dbus,
    pytest.mark.skipif(sys.platform != "linux", reason="BlueZ is Linux's"),
]
BAND, STRANGER = "/org/bluez/hci0/dev_C0_00_00_00_00_01", "/org/bluez/hci0/dev_DE_AD_BE_EF_00_01"


class Manager(ServiceInterface):
    """BlueZ's agent manager: it keeps whoever registers."""

    def __init__(self, *, is_willing: bool = True):
        super().__init__("org.bluez.AgentManager1")
        self.agents: dict[str, str] = {}
        self.is_willing = is_willing

    @dbus_method()
    def RegisterAgent(self, path: DBusObjectPath, capability: DBusStr) -> None:  # noqa: N802
        if not self.is_willing:
            raise DBusError("org.bluez.Error.AlreadyExists", "there is one")
        self.agents[path] = capability

    @dbus_method()
    def UnregisterAgent(self, path: DBusObjectPath) -> None:  # noqa: N802
        del self.agents[path]


@pytest.fixture
def own_bus(monkeypatch):
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", daemon.stdout.readline().strip())
        yield
        daemon.terminate()


@pytest.fixture
async def bluez(own_bus):
    """Be org.bluez: the bus, and its agent manager."""
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    manager = Manager()
    bus.export("/org/bluez", manager)
    await bus.request_name("org.bluez")
    yield bus, manager
    bus.disconnect()


async def asked(bus: MessageBus, member: str, signature: str, *body: object) -> str:
    """Ask the agent as BlueZ does; give what it says no with, or nothing."""
    (name,) = {one for one in await unique_names(bus) if one != bus.unique_name}
    question = Message(
        destination=name, path=PATH, interface="org.bluez.Agent1", member=member, signature=signature, body=list(body)
    )
    reply = await bus.call(question)
    return reply.error_name if reply.message_type is MessageType.ERROR else ""


async def unique_names(bus: MessageBus) -> list[str]:
    reply = await bus.call(
        Message(destination="org.freedesktop.DBus", path="/", interface="org.freedesktop.DBus", member="ListNames")
    )
    return [name for name in reply.body[0] if name.startswith(":")]


async def test_it_is_registered_only_while_we_run(bluez):
    _, manager = bluez
    async with pairing_agent():
        assert manager.agents == {PATH: CAPABILITY}
    assert manager.agents == {}


@pytest.mark.parametrize(
    ("member", "signature", "rest"),
    [
        ("RequestAuthorization", "o", ()),
        ("RequestConfirmation", "ou", (123456,)),
        ("AuthorizeService", "os", ("180f",)),
    ],
)
async def test_our_bands_may_pair_and_strangers_may_not(bluez, member, signature, rest):
    bus, _ = bluez
    async with pairing_agent() as agent:
        agent.welcome("c0:00:00:00:00:01")
        assert await asked(bus, member, signature, BAND, *rest) == ""
        assert await asked(bus, member, signature, STRANGER, *rest) == "org.bluez.Error.Rejected"


@pytest.mark.parametrize("member", ["RequestPinCode", "RequestPasskey"])
async def test_what_must_be_typed_is_refused(bluez, member):
    bus, _ = bluez
    async with pairing_agent() as agent:
        agent.welcome("C0:00:00:00:00:01")
        assert await asked(bus, member, "o", BAND) == "org.bluez.Error.Rejected"


@pytest.mark.parametrize(
    ("member", "signature", "body"),
    [("Cancel", "", ()), ("Release", "", ()), ("DisplayPinCode", "os", (BAND, "1")),
     ("DisplayPasskey", "ouq", (BAND, 1, 0))],
)  # fmt: skip
async def test_what_there_is_nothing_to_do_about_is_passed_over(bluez, member, signature, body):
    bus, _ = bluez
    async with pairing_agent():
        assert await asked(bus, member, signature, *body) == ""


async def test_a_bluez_that_refuses_it_is_left_alone(bluez):
    bus, manager = bluez
    manager.is_willing = False
    async with pairing_agent():
        async with asyncio.timeout(10):  # the daemon sees the end of a connection in its own time
            while await unique_names(bus) != [bus.unique_name]:
                await asyncio.sleep(0.01)
    assert manager.agents == {}


async def test_without_bluez_or_bus_nobody_asks(own_bus, monkeypatch):
    async with pairing_agent():
        pass
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    async with pairing_agent():
        pass
