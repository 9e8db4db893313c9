import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from aquiver.driver import Ask, Listen, Read
from aquiver.errors import LinkLost, NoBluetooth
from collector.links.ble import SYSTEM_RADIO, Found, Radio, connect, find, scan
from collector.virtual.counter import BATTERY, CONTROL, NUMBERS, START, Counter, Counting
from collector.virtual.radio import VirtualRadio
from tests.air import FAST, HASTY, air, alone
from tests.servers import needs_dbus


async def found(radio: VirtualRadio, address: str | None = None, name: str | None = None) -> Found:
    return await find(radio.backends, Counting(), address, name, HASTY)


async def test_the_only_one_is_found():
    async with alone() as radio:
        one = await found(radio)
        assert (one.kind, one.name, one.address, one.rssi_dbm) == ("counter", "Counter", radio.address("band"), -50)


async def test_one_of_two_is_found_by_name_or_address_and_never_guessed():
    async with air({"left": Counter("Left"), "right": Counter("Right")}) as radio:
        assert (await found(radio, name="Right")).address == radio.address("right")
        assert (await found(radio, address=radio.address("left").lower())).name == "Left"
        with pytest.raises(LinkLost, match=r"2 wearables .* Left .*, Right"):
            await found(radio)


async def test_a_strangers_wearable_is_not_taken_for_an_absent_one():
    async with air({"mine": Counter("Mine"), "other": Counter("Other")}) as radio:
        radio.vanish("mine")
        for address, name in ((radio.address("mine"), None), (None, "Mine"), (radio.address("mine"), "Mine")):
            with pytest.raises(LinkLost, match=r"not found.*Others near: Other"):
                await found(radio, address, name)


async def test_a_known_name_survives_a_new_address():
    async with alone() as radio:
        old = radio.address("band")
        radio.move("band")
        assert (await found(radio, old, "Counter")).address == radio.address("band")


async def test_a_scan_lists_every_known_wearable():
    async with air({"left": Counter("Left"), "right": Counter("Right")}) as radio:
        assert {each.name for each in await scan(radio.backends, (Counting(),), 0.1)} == {"Left", "Right"}
        assert await scan(radio.backends, (), 0.1) == ()


async def test_silence_loses_the_link():
    async with alone() as radio, connect(radio.backends, await found(radio), HASTY) as link:
        await link.perform(Listen(NUMBERS))
        with pytest.raises(LinkLost, match=r"silent for 0.3 s"):
            await anext(link.notifications())


async def test_an_unanswered_question_loses_the_link_in_time():
    async with alone() as radio, connect(radio.backends, await found(radio), HASTY) as link:
        with pytest.raises(LinkLost, match="no answer in time"):
            await link.perform(Ask(CONTROL, START, reply_on=BATTERY))


async def test_a_refusal_says_what_was_refused():
    async with alone() as radio, connect(radio.backends, await found(radio), HASTY) as link:
        with pytest.raises(LinkLost, match=f"Read {NUMBERS} failed: the wearable refused .*Read Not Permitted"):
            await link.perform(Read(NUMBERS))


async def test_after_the_end_every_request_says_so():
    async with alone() as radio, connect(radio.backends, await found(radio), HASTY) as link:
        radio.drop_link("band")
        await asyncio.sleep(0.05)
        assert not link.is_open
        with pytest.raises(LinkLost, match="ended the connection"):
            await link.perform(Read(BATTERY))


async def test_a_wearable_that_left_after_the_scan_is_given_up():
    async with alone() as radio:
        band = await found(radio)
        radio.vanish("band")
        with pytest.raises(LinkLost, match="connecting failed: no answer in time"):
            async with connect(radio.backends, band, HASTY):
                pass


def clumsy(radio: VirtualRadio, n_drops: int) -> Radio:
    """Give a radio whose first links drop while their services are being discovered."""

    class Clumsy(radio.backends.client):
        left = n_drops

        async def _perform(self, operation):
            if Clumsy.left > 0:
                Clumsy.left -= 1
                radio.drop_link("band")
            return await super()._perform(operation)

    return Radio(radio.backends.scanner, Clumsy)


async def test_links_that_drop_during_discovery_are_tried_again_and_then_hear_everything_once():
    async with alone() as radio, connect(clumsy(radio, 2), await found(radio), FAST) as link:
        assert link.is_open
        assert await link.perform(Read(BATTERY))
        await link.perform(Ask(CONTROL, START, reply_on=CONTROL))
        await link.perform(Listen(NUMBERS))
        notifications = link.notifications()
        heard = [(await anext(notifications)).data for _ in range(20)]
        assert len(set(heard)) == len(heard)


async def test_a_link_that_never_lasts_is_lost_with_its_own_reason():
    async with alone() as radio:
        band = await found(radio)
        with pytest.raises(LinkLost, match=r"connecting failed: (the link was lost|no answer in time)"):
            async with connect(clumsy(radio, 99), band, HASTY):
                pass


async def test_a_radio_is_told_whom_we_are_about_to_connect():
    welcomed: list[str] = []
    async with alone() as radio:
        band = await found(radio)
        telling = Radio(radio.backends.scanner, radio.backends.client, welcomed.append)
        async with connect(telling, band, FAST):
            assert welcomed == [band.address]


async def test_arrival_is_told_by_the_clock_it_was_given():
    async with alone() as radio, connect(radio.backends, await found(radio), FAST, clock=lambda: 42.0) as link:
        await link.perform(Listen(NUMBERS))
        await link.perform(Ask(CONTROL, START, reply_on=CONTROL))
        assert (await anext(link.notifications())).arrival_s == 42.0


@pytest.mark.skipif(Path("/run/dbus/system_bus_socket").exists() or sys.platform != "linux", reason="has Bluetooth")
async def test_without_bluetooth_it_says_what_to_do():
    for address in (None, "AA:BB:CC:DD:EE:FF"):
        with pytest.raises(NoBluetooth, match="systemctl enable --now bluetooth"):
            await find(SYSTEM_RADIO, Counting(), address, None)
    with pytest.raises(NoBluetooth):
        await scan(SYSTEM_RADIO, (Counting(),), 5.0)


@pytest.fixture
def empty_bus(monkeypatch: pytest.MonkeyPatch):
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", daemon.stdout.readline().strip())
        yield
        daemon.terminate()


@pytest.mark.service
@needs_dbus
async def test_without_bluetoothd_it_says_what_to_do(empty_bus):
    with pytest.raises(NoBluetooth, match="Bluetooth service does not answer"):
        await scan(SYSTEM_RADIO, (Counting(),), 5.0)
