"""Laws of the virtual Movesense: what the driver reads from it is what the body under it did."""

from contextlib import aclosing

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.driver import Decoder, Driver, Frame
from aquiver.errors import DecodeError
from aquiver.model import Samples, Stream
from collector.devices.gsp import ACCELERATION, ECG, IMU6
from collector.devices.movesense import COMMAND, DATA, Movesense
from collector.simulation.body import Body
from collector.simulation.habits import DEMO
from collector.sources import Arrived
from collector.sources.wearable import WearableSource
from collector.timeline import Timeline
from collector.virtual.crystal import Crystal
from collector.virtual.movesense import VirtualMovesense
from tests.air import FAST, air
from tests.dialogue import START_S, connect
from tests.dialogue import frames as frames_of

CALF = Site.LEFT_CALF
BODY = Body(9, DEMO)


def _connect(firmware: VirtualMovesense, driver: Driver | None = None, now_s: float = START_S) -> Decoder:
    return connect(driver or Movesense(), firmware, now_s)


def _frames(decoder: Decoder, firmware: VirtualMovesense, duration_s: float, step_s: float = 0.1) -> list[Frame]:
    return list(frames_of(decoder, firmware, START_S, START_S + duration_s, step_s))


def _did(n: int) -> Samples:
    return BODY.sense(CALF, ACCELERATION.signal, START_S, 0, n)


@pytest.mark.parametrize("step_s", [0.01, 0.37, 10.0])
def test_it_says_what_the_body_did(step_s: float) -> None:
    firmware = VirtualMovesense(BODY, CALF)
    samples = np.concatenate([frame.samples for frame in _frames(_connect(firmware), firmware, 20.0, step_s)])
    assert abs(len(samples) - 20 * 104) <= 8 + 104 * step_s
    assert np.array_equal(samples, _did(len(samples)))


@pytest.mark.parametrize(("resource", "mtu"), [(ACCELERATION, 161), (ACCELERATION, 104), (IMU6, 161), (IMU6, 247)])
def test_packets_too_long_for_the_link_come_in_two_parts(resource, mtu) -> None:
    driver, firmware = Movesense((resource,)), VirtualMovesense(BODY, CALF, mtu=mtu)
    decoder = _connect(firmware, driver)
    said = firmware.due(START_S + 5.0)
    assert max(len(one.data) for one in said) <= mtu - 3
    assert ({one.data[0] for one in said} == {2, 3}) == (resource.sample_bytes * 8 + 6 > mtu - 3)
    samples = np.concatenate([frame.samples for one in said for frame in decoder.decode(DATA, one.data)])
    assert np.array_equal(samples, _did(len(samples)))


def test_a_lost_packet_is_a_jump_in_the_numbering() -> None:
    firmware = VirtualMovesense(BODY, CALF, drop=lambda number: number in {3, 10, 11})
    decoder = _connect(firmware)
    timeline = Timeline(Stream("me", "band", CALF, decoder.signals[0]), "run")
    chunks = []
    for frame in _frames(decoder, firmware, 3.0):
        chunks += timeline.place(frame, START_S + (timeline.next_sample + 8) / 104)
    assert timeline.n_lost == 24
    for chunk in chunks:
        assert np.array_equal(chunk.samples, _did(chunk.end_sample)[chunk.first_sample :])


def test_its_clock_begins_again_and_nothing_is_lost() -> None:
    wraps_s = 2**32 / 1000
    until_wrap_s = wraps_s - Crystal().ns(START_S) * 1e-9 % wraps_s
    firmware = VirtualMovesense(BODY, CALF, crystal=Crystal(offset_s=until_wrap_s - 2.0))
    times_ns = [frame.device_ns for frame in _frames(_connect(firmware), firmware, 5.0)]
    assert times_ns[-1] > 2**32 * 1_000_000 > times_ns[0]
    assert np.allclose(np.diff(times_ns), 8e9 / 104, atol=1.1e6)


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        (b"\x01\x07/Meas/Acc/100", "01 07 94 01"),
        (b"\x01\x07/Meas/Rot/104", "01 07 94 01"),
        (b"\x01\x07\xff", "01 07 94 01"),
        (b"\x02\x07", "01 07 94 01"),
        (b"\x07\x07\x01", "01 07 90 01"),
    ],
)
def test_it_refuses_by_status(command: bytes, reply: str) -> None:
    (said,) = VirtualMovesense(BODY, CALF).write(COMMAND, command, START_S)
    assert said.data == bytes.fromhex(reply)


def test_what_is_no_command_is_ignored() -> None:
    firmware = VirtualMovesense(BODY, CALF)
    assert firmware.write(COMMAND, b"\x01", START_S) == firmware.write(DATA, b"\x02\x07", START_S) == ()
    assert firmware.read("2a19") == bytes([80])


def test_a_sensor_without_ecg_is_told_in_words() -> None:
    with pytest.raises(DecodeError, match="/Meas/ECG/250/mV with status 404"):
        _connect(VirtualMovesense(BODY, CALF), Movesense((ECG,)))


def test_it_forgets_its_subscriptions_with_its_link_and_ends_them_when_told() -> None:
    firmware = VirtualMovesense(BODY, CALF)
    _connect(firmware)
    firmware.disconnected()
    assert firmware.due(START_S + 5.0) == ()
    _connect(firmware, now_s=START_S + 6.0)
    assert len(firmware.due(START_S + 7.0)) == 13
    for write in Movesense().farewell():
        firmware.write(write.characteristic, write.data, START_S + 7.0)
    assert firmware.due(START_S + 9.0) == ()


def test_name_and_service_fit_an_advertisement() -> None:
    assert len(VirtualMovesense.name) <= 8
    assert VirtualMovesense.table[0].service == VirtualMovesense.service


@pytest.mark.parametrize("max_mtu", [247, 64])
async def test_it_streams_over_the_air_without_a_gap(max_mtu: int) -> None:
    firmware = VirtualMovesense(BODY, CALF, mtu=min(161, max_mtu))
    signal, found = ACCELERATION.signal, []
    timeline = Timeline(Stream("me", "band", CALF, signal), "run")
    async with air({"band": firmware}, max_mtu=max_mtu) as radio:
        async with aclosing(WearableSource(Movesense(), radio=radio.backends, timings=FAST).events()) as events:
            async for event in events:
                if isinstance(event, Arrived):
                    found += timeline.place(event.frame, event.arrival_s)
                if timeline.next_sample >= 80:
                    break
    assert timeline.n_lost == 0
    assert [chunk.first_sample for chunk in found] == [sum(c.n_samples for c in found[:n]) for n in range(len(found))]
    assert firmware._subscriptions == {}
