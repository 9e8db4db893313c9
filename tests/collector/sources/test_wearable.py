import asyncio
import os
import time
from collections.abc import Callable
from contextlib import aclosing
from functools import partial
from pathlib import Path

import pytest

from aquiver.body import Site
from aquiver.driver import Write
from aquiver.errors import LinkLost
from aquiver.model import BandState
from collector.devices import DRIVERS
from collector.devices.open_band import OpenBand
from collector.links.ble import Timings
from collector.simulation.body import Body
from collector.sources import Arrived, Battery, Event, Malformed, Opened, Progress
from collector.sources.wearable import N_MALFORMED, WearableSource
from collector.virtual.counter import CONTROL, GARBLE, START, STOP, Counter, Counting
from collector.virtual.firmware import Firmware
from collector.virtual.firmwares import FIRMWARES
from collector.virtual.open_band import VirtualOpenBand
from collector.virtual.polar import VirtualPolar
from collector.virtual.polar_models import H10
from tests.air import FAST, HASTY, SUPERVISION_S, air, alone, collect, counts, numbers, source


async def lose(wearable: WearableSource, n: int, fault: Callable[[], None]) -> tuple[str, float]:
    """Cause a fault after n numbers; give the reason of the loss, and the seconds until it was told."""
    n_heard, fault_s = 0, 0.0
    try:
        async with aclosing(wearable.events()) as events:
            async for event in events:
                n_heard += len(counts(event))
                if n_heard == n and not fault_s:
                    fault_s = time.monotonic()
                    fault()
    except LinkLost as lost:
        return str(lost), time.monotonic() - fault_s
    raise AssertionError("the link was not lost")


async def test_a_connection_goes_from_searching_to_samples():
    async with alone() as radio:
        events = []
        async with aclosing(source(radio).events()) as happening:
            async for event in happening:
                events.append(event)
                if isinstance(event, Arrived):
                    break
        kinds = [event.state if isinstance(event, Progress) else type(event) for event in events]
        assert kinds == [BandState.SEARCHING, BandState.CONNECTING, Opened, BandState.STREAMING, Battery, Arrived]
        assert f"Counter ({radio.address('band')}, -50 dBm)" in events[1].reason
        assert events[4] == Battery(80.0)


async def test_samples_come_in_order():
    async with alone(Counter(rate_hz=500)) as radio:
        assert (await numbers(source(radio), 200))[:200] == list(range(200))


async def test_a_dropped_link_is_lost_at_once_and_the_next_one_streams():
    async with alone() as radio:
        wearable = source(radio)
        reason, after_s = await lose(wearable, 5, lambda: radio.drop_link("band"))
        assert "ended the connection" in reason
        assert after_s < 0.2
        assert (await numbers(wearable, 5))[:5] == list(range(5))


async def test_out_of_range_is_lost_by_the_supervision_timeout():
    async with alone() as radio:
        wearable = source(radio)
        _reason, after_s = await lose(wearable, 5, lambda: radio.vanish("band"))
        assert SUPERVISION_S <= after_s < 2 * SUPERVISION_S
        with pytest.raises(LinkLost, match="not found"):
            await numbers(source(radio, HASTY), 1)
        radio.reappear("band")
        assert await numbers(wearable, 5)


async def test_silence_is_a_loss_even_if_the_system_says_connected():
    """A killed bluetoothd calls nobody back."""
    async with alone() as radio:
        timings = Timings(settle_s=0.08, silence_s=SUPERVISION_S / 2)
        reason, after_s = await lose(source(radio, timings), 5, lambda: radio.vanish("band"))
        assert "silent" in reason
        assert after_s < SUPERVISION_S + 0.1


@pytest.mark.parametrize("name", ["Counter", None])
@pytest.mark.parametrize("by_address", [False, True])
async def test_it_is_known_again_under_a_new_address(name: str | None, by_address: bool):
    async with alone() as radio:
        address = radio.address("band") if by_address else None
        wearable = WearableSource(Counting(), address, name, radio.backends, FAST)
        await lose(wearable, 5, lambda: radio.move("band"))
        assert (await numbers(wearable, 5))[:5] == list(range(5))


async def test_it_is_never_mixed_up_with_another_band_of_its_name():
    """Wearables of a kind often share a name, and a leg must not be taken for an arm."""
    async with air({"leg": Counter("Same"), "arm": Counter("Same")}) as radio:
        others = [radio.address("arm").lower()]
        wearable = WearableSource(Counting(), radio.address("leg"), None, radio.backends, HASTY, others=others)
        await lose(wearable, 5, lambda: radio.vanish("leg"))
        with pytest.raises(LinkLost, match=r"not found.*Others near: Same"):
            await numbers(wearable, 1)


async def test_once_known_it_is_not_mixed_up_with_a_stranger():
    async with air({"mine": Counter("Mine"), "other": Counter("Other")}) as radio:
        radio.vanish("other")
        wearable = source(radio, HASTY)
        await numbers(wearable, 3)
        radio.vanish("mine")
        radio.reappear("other")
        with pytest.raises(LinkLost, match=r"Mine .* not found"):
            await numbers(wearable, 3)


async def test_a_refused_set_up_says_so():
    async with alone() as radio:
        with pytest.raises(LinkLost, match=f"Ask {CONTROL} failed: the wearable refused"):
            await numbers(source(radio, driver=Counting(command=b"\xee")), 1)


async def test_a_few_malformed_notifications_are_told_and_many_lose_the_link():
    async with alone() as radio:
        events: list[Event] = []
        with pytest.raises(LinkLost, match="in a row broke the format of counter"):
            await collect(source(radio, driver=Counting(command=GARBLE)).events(), events)
        assert [event for event in events if isinstance(event, Malformed)] == [
            Malformed("a number has 4 bytes, not 1")
        ] * N_MALFORMED


async def test_it_is_kept_awake_and_its_battery_read_again():
    counter = Counter()
    awake = Counting(keep_awake=(0.05, Write(CONTROL, START)))
    async with alone(counter) as radio:
        wearable = WearableSource(awake, radio=radio.backends, timings=FAST, battery_every_s=0.1)
        n_batteries = 0
        async with aclosing(wearable.events()) as events:
            async for event in events:
                n_batteries += isinstance(event, Battery)
                if n_batteries == 3:
                    break
        assert counter.heard.count(START) >= 4


async def test_leaving_says_farewell():
    counter = Counter()
    async with alone(counter) as radio:
        await numbers(source(radio), 5)
        assert counter.heard == [START, STOP]


@pytest.mark.parametrize("is_away", [False, True])
async def test_cancelled_it_says_farewell_and_ends_within_two_seconds(is_away):
    counter = Counter()
    async with alone(counter) as radio:
        radio._supervision_timeout_s = 60.0
        streaming = asyncio.Event()

        async def listen():
            async with aclosing(source(radio, Timings(settle_s=0.08)).events()) as events:
                async for event in events:
                    if isinstance(event, Arrived):
                        streaming.set()

        task = asyncio.ensure_future(listen())
        await streaming.wait()
        if is_away:
            radio.vanish("band")
        start_s = time.monotonic()
        task.cancel()
        await asyncio.wait([task])
        assert time.monotonic() - start_s < (2.0 if is_away else 0.2)
        assert task.cancelled()
        assert counter.heard == ([START] if is_away else [START, STOP])


@pytest.mark.parametrize("band", [*FIRMWARES.values(), partial(VirtualPolar, model=H10)], ids=[*FIRMWARES, "h10"])
async def test_ours_stream_over_the_air(band: Callable[[Body, Site], Firmware]):
    """With their own drivers and firmwares, and every byte on the air between them."""
    firmware = band(Body(1), Site.LEFT_CALF)
    async with air({"band": firmware}) as radio:
        driver = next(each for each in DRIVERS.values() if each.service == firmware.service)
        signals, arrived = {}, set()
        async with aclosing(WearableSource(driver, radio=radio.backends, timings=FAST).events()) as events:
            async for event in events:
                if isinstance(event, Opened):
                    signals = {signal.modality for signal in event.signals}
                if isinstance(event, Arrived):
                    assert event.frame.n_lost == 0
                    arrived.add(event.frame.modality)
                    if arrived == signals:
                        break


async def test_an_open_band_streams_at_the_smallest_mtu():
    """Its description is then longer than one answer, and each packet holds one sample."""
    async with air({"band": VirtualOpenBand(Body(1), Site.LEFT_CALF, mtu=23)}, max_mtu=23) as radio:
        async with aclosing(WearableSource(OpenBand(), radio=radio.backends, timings=FAST).events()) as events:
            n_samples = 0
            async for event in events:
                assert not isinstance(event, Malformed)
                if isinstance(event, Arrived):
                    assert (event.frame.n_lost, len(event.frame.samples)) == (0, 1)
                    n_samples += 1
                    if n_samples == 300:
                        break


async def test_two_wearables_stream_at_once():
    async with air({"left": Counter("Left"), "right": Counter("Right")}) as radio:
        sources = [WearableSource(Counting(), None, name, radio.backends, FAST) for name in ("Left", "Right")]
        heard = await asyncio.gather(*(numbers(each, 50) for each in sources))
        assert [each[:50] for each in heard] == [list(range(50))] * 2


def handles_and_bytes() -> tuple[int, int]:
    """Count what this process holds open, and its resident memory; nothing where the system does not say."""
    own = Path("/proc/self")
    if not own.exists():
        return 0, 0
    return len(list((own / "fd").iterdir())), int((own / "statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


async def test_three_hundred_lost_links_leave_nothing_behind():
    async with alone(Counter(rate_hz=500)) as radio:
        wearable = source(radio)
        before = asyncio.all_tasks()
        for cycle in range(300):
            await lose(wearable, 2, lambda: radio.drop_link("band"))
            if cycle == 50:  # by then every cache is warm
                n_handles, n_bytes = handles_and_bytes()
        await asyncio.sleep(0.05)
        assert asyncio.all_tasks() == before
        n_handles_after, n_bytes_after = handles_and_bytes()
        assert n_handles_after == n_handles
        assert n_bytes_after - n_bytes < 10e6
