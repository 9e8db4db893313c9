"""Unchanged bleak code on the virtual radio."""

import asyncio
import gc
import sys
import time

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError

from aquiver.errors import SettingsError
from collector.links.ble import Radio
from collector.virtual.counter import BATTERY, CONTROL, NUMBERS, SERVICE, START, Counter
from collector.virtual.radio import VirtualRadio, virtual_radio
from tests.air import SUPERVISION_S, air, alone

OTHER_SERVICE = "0000180d-0000-1000-8000-00805f9b34fb"


def client(radio: VirtualRadio, name: str = "band", gone: asyncio.Event | None = None) -> BleakClient:
    return BleakClient(
        radio.address(name),
        disconnected_callback=None if gone is None else lambda _client: gone.set(),
        timeout=1.0,
        backend=radio.backends.client,
    )


async def stream(connected: BleakClient) -> asyncio.Queue[bytes]:
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    await connected.start_notify(NUMBERS, lambda _sender, data: heard.put_nowait(bytes(data)))
    await connected.write_gatt_char(CONTROL, START, response=True)
    return heard


async def take(heard: asyncio.Queue[bytes], n: int) -> list[int]:
    async with asyncio.timeout(2):
        return [int.from_bytes(await heard.get(), "little") for _ in range(n)]


async def test_a_scan_tells_names_services_and_strength():
    async with alone() as radio:
        found = await BleakScanner.discover(0.1, return_adv=True, backend=radio.backends.scanner)
        device, said = found[radio.address("band")]
        assert (device.name, said.local_name, said.service_uuids, said.rssi) == ("Counter", "Counter", [SERVICE], -50)


async def test_a_scan_filters_by_service():
    async with alone() as radio:
        found = await BleakScanner.discover(0.1, service_uuids=[OTHER_SERVICE], backend=radio.backends.scanner)
        assert found == []


async def test_a_connection_discovers_the_table_and_agrees_on_an_mtu():
    async with alone() as radio, client(radio) as connected:
        control = connected.services.get_characteristic(CONTROL)
        assert {*control.properties} == {"write", "indicate"}
        assert (connected.mtu_size, control.max_write_without_response_size) == (247, 244)
        assert bytes(await connected.read_gatt_char(BATTERY)) == bytes([80])


async def test_everything_arrives_in_order():
    async with alone(Counter(rate_hz=1000)) as radio, client(radio) as connected:
        assert await take(await stream(connected), 500) == list(range(500))


async def test_a_small_mtu_is_small():
    async with air({"band": Counter()}, max_mtu=23) as radio, client(radio) as connected:
        control = connected.services.get_characteristic(CONTROL)
        assert (connected.mtu_size, control.max_write_without_response_size) == (23, 20)
        with pytest.raises(BleakError, match="do not fit"):
            await connected.write_gatt_char(CONTROL, bytes(21), response=False)
        assert await take(await stream(connected), 20) == list(range(20))


async def test_a_firmware_refuses_with_an_att_error():
    async with alone() as radio, client(radio) as connected:
        with pytest.raises(BleakGATTProtocolError) as refusal:
            await connected.write_gatt_char(CONTROL, b"\xee", response=True)
        assert refusal.value.code == 0x80
        with pytest.raises(BleakGATTProtocolError, match="Read Not Permitted"):
            await connected.read_gatt_char(NUMBERS)
        with pytest.raises(BleakGATTProtocolError, match="Write Not Permitted"):
            await connected.write_gatt_char(BATTERY, b"", response=True)


async def test_a_dropped_link_is_told_at_once_and_can_be_made_again():
    gone = asyncio.Event()
    async with alone() as radio:
        connected = client(radio, gone=gone)
        for _ in range(2):
            await connected.connect()
            await take(await stream(connected), 5)
            gone.clear()
            radio.drop_link("band")
            async with asyncio.timeout(0.2):
                await gone.wait()
            assert not connected.is_connected


async def test_out_of_range_is_silence_until_the_supervision_timeout():
    gone = asyncio.Event()
    async with alone() as radio, client(radio, gone=gone) as connected:
        heard = await stream(connected)
        await take(heard, 5)
        radio.vanish("band")
        start_s = time.monotonic()
        await gone.wait()
        assert SUPERVISION_S <= time.monotonic() - start_s < 2 * SUPERVISION_S


async def test_a_short_absence_loses_nothing():
    """A link layer repeats until it is heard."""
    async with alone() as radio, client(radio) as connected:
        heard = await stream(connected)
        first = await take(heard, 5)
        radio.vanish("band")
        await asyncio.sleep(SUPERVISION_S / 2)
        radio.reappear("band")
        assert first + await take(heard, 30) == list(range(35))


async def test_a_pending_read_ends_with_its_link():
    async with alone() as radio, client(radio) as connected:
        radio.vanish("band")
        with pytest.raises(BleakError, match="lost"):
            await connected.read_gatt_char(BATTERY)


async def test_an_absent_wearable_is_neither_heard_nor_reached():
    async with alone() as radio:
        device = await BleakScanner.find_device_by_name("Counter", timeout=1, backend=radio.backends.scanner)
        radio.vanish("band")
        await asyncio.sleep(0.05)
        assert await BleakScanner.discover(0.1, backend=radio.backends.scanner) == []
        with pytest.raises(BleakDeviceNotFoundError):
            await BleakClient(radio.address("band"), timeout=0.1, backend=radio.backends.client).connect()
        with pytest.raises(TimeoutError):
            await BleakClient(device, timeout=0.1, backend=radio.backends.client).connect()
        radio.reappear("band")
        async with client(radio) as connected:
            assert connected.is_connected


async def test_a_moved_wearable_has_another_address():
    async with alone() as radio:
        old = radio.address("band")
        async with client(radio) as connected:
            await take(await stream(connected), 3)
            radio.move("band")
        async with client(radio) as connected:
            assert connected.address == radio.address("band") != old
            await take(await stream(connected), 3)


async def test_a_link_may_be_lost_at_any_step_of_connecting():
    async with alone() as radio:
        wearable = radio._wearables["band"]
        for n_steps in range(0, 160, 8):
            attempt = asyncio.ensure_future(client(radio).connect())
            while not wearable.controller.le_connections:
                await asyncio.sleep(0)
            for _ in range(n_steps):
                await asyncio.sleep(0)
            radio.drop_link("band")
            async with asyncio.timeout(1):
                await asyncio.gather(attempt, return_exceptions=True)
        async with client(radio) as connected:
            assert connected.is_connected


async def test_an_abandoned_connect_leaves_the_radio_usable():
    async with alone() as radio:
        device = await BleakScanner.find_device_by_name("Counter", timeout=1, backend=radio.backends.scanner)
        attempt = asyncio.ensure_future(BleakClient(device, backend=radio.backends.client).connect())
        await asyncio.sleep(0.002)
        attempt.cancel()
        await asyncio.gather(attempt, return_exceptions=True)
        async with client(radio) as connected:
            assert connected.is_connected


async def test_two_wearables_share_one_radio():
    async with air({"left": Counter("Left"), "right": Counter("Right")}) as radio:
        async with client(radio, "left") as left, client(radio, "right") as right:
            heard = [await stream(left), await stream(right)]
            assert [await take(each, 30) for each in heard] == [list(range(30))] * 2


async def test_an_error_of_the_user_comes_out_as_it_is():
    with pytest.raises(KeyError):
        async with alone():
            raise KeyError


async def test_nothing_is_left_running():
    before = asyncio.all_tasks()
    async with alone() as radio, client(radio) as connected:
        await take(await stream(connected), 3)
    await asyncio.sleep(0)
    gc.collect()
    assert asyncio.all_tasks() == before


async def test_without_bumble_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "bumble", None)
    with pytest.raises(SettingsError, match="aquiver\\[demo\\]"):
        async with virtual_radio({}):
            pass


def test_the_system_radio_names_no_backend():
    assert Radio() == Radio(None, None)
