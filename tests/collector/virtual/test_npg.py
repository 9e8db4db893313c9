"""Laws of the virtual NPG Lite, and of its driver on the air."""

from contextlib import aclosing

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.errors import LinkLost
from aquiver.model import Modality
from collector.devices.npg import CONTROL, DATA, Npg
from collector.links.ble import find, scan
from collector.simulation.body import Body
from collector.simulation.habits import DEMO
from collector.sources import Arrived, Opened
from collector.sources.wearable import WearableSource
from collector.virtual.counter import Counter
from collector.virtual.crystal import Crystal
from collector.virtual.npg import VirtualNpg
from tests.air import FAST, HASTY, air, numbers
from tests.dialogue import START_S, connect, frames, joined

CALF = Site.LEFT_CALF


def _body() -> Body:
    return Body(9, DEMO)


@pytest.mark.parametrize(("n_channels", "n_blocks"), [(3, 10), (6, 10), (3, 1)])
@pytest.mark.parametrize("step_s", [0.01, 0.37, 10.0])
def test_it_says_what_the_body_did(n_channels: int, n_blocks: int, step_s: float) -> None:
    firmware = VirtualNpg(_body(), CALF, n_channels=n_channels, n_blocks=n_blocks)
    decoder = connect(Npg(), firmware)
    seen = list(frames(decoder, firmware, START_S, START_S + 20.0, step_s))
    emg = joined(seen, Modality.EMG)
    assert abs(len(emg) - 10_000) <= 20 + 500 * step_s
    assert np.array_equal(emg, _body().sense(CALF, decoder.signals[0], START_S, n_blocks, len(emg)))
    assert not any(frame.n_lost for frame in seen)


@pytest.mark.parametrize(("n_channels", "n_bytes"), [(3, 70), (6, 130)])
def test_it_sends_fifty_packets_a_second(n_channels: int, n_bytes: int) -> None:
    firmware = VirtualNpg(_body(), CALF, n_channels=n_channels)
    firmware.write(CONTROL, b"START", START_S)
    assert [len(said.data) for said in firmware.due(START_S + 2.0)] == [n_bytes] * 100


@pytest.mark.parametrize("n_dropped", [1, 26, 100])
def test_what_a_full_queue_dropped_is_told_by_the_counter(n_dropped: int) -> None:
    firmware = VirtualNpg(_body(), CALF, drop=lambda number: 10 <= number < 10 + n_dropped)
    seen = list(frames(connect(Npg(), firmware), firmware, START_S, START_S + 5.0))
    assert [frame.n_lost for frame in seen if frame.n_lost] == [10 * n_dropped]


@pytest.mark.parametrize(
    ("question", "answer"),
    [(b"WHORU", b"NPG-LITE"), (b" status\n", b"STOPPED"), (b"hello", b"UNKNOWN COMMAND"), (b"START", b"START")],
)
def test_an_answer_can_be_heard_and_read(question: bytes, answer: bytes) -> None:
    firmware = VirtualNpg(_body(), CALF)
    said = firmware.write(CONTROL, question, START_S)
    assert [one.data for one in said] == ([] if question == answer else [answer])
    assert firmware.read(CONTROL) == answer


def test_it_runs_until_it_is_stopped_and_begins_anew() -> None:
    firmware = VirtualNpg(_body(), CALF)
    connect(Npg(), firmware)
    assert firmware.write(CONTROL, b"STATUS", START_S)[0].data == b"RUNNING"
    for write in Npg().farewell():
        firmware.write(write.characteristic, write.data, START_S)
    assert firmware.due(START_S + 10.0) == ()
    firmware.write(CONTROL, b"START", START_S + 20.0)
    assert firmware.due(START_S + 20.03)[0].data[0] == 0


def test_it_stops_with_its_link() -> None:
    firmware = VirtualNpg(_body(), CALF)
    connect(Npg(), firmware)
    firmware.disconnected()
    assert firmware.due(START_S + 5.0) == ()


def test_data_takes_no_commands() -> None:
    firmware = VirtualNpg(_body(), CALF)
    assert firmware.write(DATA, b"START", START_S) == ()
    assert firmware.due(START_S + 1.0) == ()


def test_a_crystal_that_gains_samples_faster() -> None:
    firmware = VirtualNpg(_body(), CALF, crystal=Crystal(ppm=10_000.0))
    firmware.write(CONTROL, b"START", START_S)
    assert len(firmware.due(START_S + 20.0)) == pytest.approx(1010, abs=1)


def test_name_and_service_fit_an_advertisement() -> None:
    firmware = VirtualNpg(_body(), CALF)
    assert len(firmware.name) <= 8
    assert all(firmware.read(row.uuid) for row in firmware.table if "read" in row.properties)


@pytest.mark.parametrize("n_channels", [3, 6])
async def test_on_the_air_it_streams_without_a_gap_from_its_second_packet_on(n_channels: int):
    firmware = VirtualNpg(Body(1), CALF, n_channels=n_channels)
    async with air({"band": firmware}) as radio:
        seen, signal, origin_s = [], None, None
        async with aclosing(WearableSource(Npg(), radio=radio.backends, timings=FAST).events()) as events:
            async for event in events:
                if isinstance(event, Opened):
                    (signal,), origin_s = event.signals, firmware._origin_s
                seen += [event.frame] if isinstance(event, Arrived) else []
                if len(seen) == 20:
                    break
        emg = joined(seen, Modality.EMG)
        assert not any(frame.n_lost for frame in seen)
        assert np.array_equal(emg, Body(1).sense(CALF, signal, origin_s, 10, len(emg)))


async def test_a_gadget_with_the_same_service_is_not_taken_for_one():
    lamp = VirtualNpg(Body(1), CALF)
    lamp.name = "Lamp"
    async with air({"lamp": lamp}) as radio:
        assert await scan(radio.backends, (Npg(),), 0.1) == ()
        with pytest.raises(LinkLost, match="npg not found"):
            await find(radio.backends, Npg(), None, None, HASTY)


async def test_one_with_another_sketch_is_told_by_its_firmware():
    async with air({"band": Counter("NPG-Defa")}) as radio:
        with pytest.raises(LinkLost, match="Is its firmware too old, or a different one"):
            await numbers(WearableSource(Npg(), radio=radio.backends, timings=FAST), 1)
