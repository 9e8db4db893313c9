"""Laws of the virtual gForce: what the driver reads from it is what the body under it did."""

from contextlib import aclosing

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.driver import Decoder, Frame
from aquiver.model import Modality, Samples, Stream
from collector.devices.gforce import ACCELERATION_SIGNAL, COARSE, COMMAND, DATA, FINE, GForce, Resolution
from collector.simulation.body import Body
from collector.simulation.habits import DEMO
from collector.sources import Arrived
from collector.sources.wearable import WearableSource
from collector.timeline import Timeline
from collector.virtual.crystal import Crystal
from collector.virtual.gforce import VirtualGForce
from tests.air import FAST, air
from tests.dialogue import START_S, connect
from tests.dialogue import frames as frames_of

CALF = Site.LEFT_CALF
BODY = Body(9, DEMO)


def _connect(firmware: VirtualGForce, now_s: float = START_S) -> Decoder:
    return connect(GForce(), firmware, now_s)


def _frames(decoder: Decoder, firmware: VirtualGForce, duration_s: float, step_s: float = 0.1) -> list[Frame]:
    return list(frames_of(decoder, firmware, START_S, START_S + duration_s, step_s))


def _did(n: int, resolution: Resolution = FINE) -> Samples:
    return BODY.sense(CALF, resolution.signal, START_S, 0, n)


@pytest.mark.parametrize("step_s", [0.01, 0.37, 10.0])
@pytest.mark.parametrize(("resolutions", "chosen"), [((8, 12), FINE), ((8,), COARSE)])
def test_it_says_what_the_body_did(step_s: float, resolutions: tuple[int, ...], chosen: Resolution) -> None:
    firmware = VirtualGForce(BODY, CALF, resolutions=resolutions)
    decoder = _connect(firmware)
    assert decoder.signals == (chosen.signal,)
    frames = _frames(decoder, firmware, 20.0, step_s)
    samples = np.concatenate([frame.samples for frame in frames])
    assert abs(len(samples) - 20 * 500) <= 16 + 500 * step_s
    assert np.array_equal(samples, _did(len(samples), chosen))
    assert not any(frame.n_lost for frame in frames)


@pytest.mark.parametrize("mtu", [23, 132, 133, 247])
def test_packages_too_long_for_the_link_come_in_parts(mtu: int) -> None:
    firmware = VirtualGForce(BODY, CALF, mtu=mtu)
    decoder = _connect(firmware)
    said = firmware.due(START_S + 5.0)
    assert max(len(one.data) for one in said) <= mtu - 3
    assert any(one.data[0] == 0xFF for one in said) == (mtu < 133)
    samples = np.concatenate([frame.samples for one in said for frame in decoder.decode(DATA, one.data)])
    assert np.array_equal(samples, _did(len(samples)))


def test_what_a_full_queue_dropped_is_seen_by_the_numbers() -> None:
    firmware = VirtualGForce(BODY, CALF, drop=lambda number: number in {10, 20, 21})
    decoder = _connect(firmware)
    timeline = Timeline(Stream("me", "band", CALF, decoder.signals[0]), "run")
    chunks = []
    for frame in _frames(decoder, firmware, 3.0):
        chunks += timeline.place(frame, START_S + (timeline.next_sample + 8) / 500)
    assert timeline.n_lost == 24
    for chunk in chunks:
        assert np.array_equal(chunk.samples, _did(chunk.end_sample)[chunk.first_sample :])


def test_acceleration_comes_at_50_hz_to_who_asks() -> None:
    firmware, decoder = VirtualGForce(BODY, CALF), GForce().assume({})
    for command in ("26 01", "3F F4 01 FF 00 80 0C", "4F 81 00 00 00"):
        firmware.write(COMMAND, bytes.fromhex(command), START_S)
    frames = [one for one in _frames(decoder, firmware, 10.0) if one.modality is Modality.ACCELEROMETER]
    samples = np.concatenate([frame.samples for frame in frames])
    assert len(samples) == pytest.approx(500, abs=1)
    assert np.array_equal(samples, BODY.sense(CALF, ACCELERATION_SIGNAL, START_S, 0, len(samples)))


def test_numbers_are_only_given_when_asked_for() -> None:
    firmware = VirtualGForce(BODY, CALF)
    _connect(firmware)
    firmware.write(COMMAND, bytes.fromhex("26 00"), START_S)
    assert {len(said.data) for said in firmware.due(START_S + 1.0)} == {129}


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("3F E8 03 FF 00 80 0C", "02 3F"),  # 1000 Hz does not go with 12 bits
        ("3F F4 01 FF 00 80 10", "02 3F"),
        ("3F F4 01 0F 00 80 08", "02 3F"),
        ("3F E8 03 FF 00 80 08", "00 3F"),
        ("4F 80", "02 4F"),
        ("26 02", "02 26"),
        ("99", "01 99"),
    ],
)
def test_it_answers_every_command_with_a_code(command: str, reply: str) -> None:
    (said,) = VirtualGForce(BODY, CALF).write(COMMAND, bytes.fromhex(command), START_S)
    assert said.data == bytes.fromhex(reply)


def test_switched_off_it_never_answers_again() -> None:
    firmware = VirtualGForce(BODY, CALF)
    _connect(firmware)
    assert firmware.write(COMMAND, b"\x1d", START_S) == firmware.write(COMMAND, b"\x08", START_S) == ()
    assert firmware.due(START_S + 5.0) == ()


def test_what_is_no_command_is_ignored() -> None:
    firmware = VirtualGForce(BODY, CALF)
    assert firmware.write(COMMAND, b"", START_S) == firmware.write(DATA, b"\x4f", START_S) == ()
    assert firmware.read(COMMAND) == b""


def test_it_forgets_its_stream_with_its_link_and_ends_it_when_told() -> None:
    firmware = VirtualGForce(BODY, CALF)
    _connect(firmware)
    firmware.disconnected()
    assert firmware.due(START_S + 5.0) == ()
    _connect(firmware, START_S + 6.0)
    assert len(firmware.due(START_S + 7.0)) == 62
    for write in GForce().farewell():
        firmware.write(write.characteristic, write.data, START_S + 7.0)
    assert firmware.due(START_S + 9.0) == ()


def test_a_crystal_that_gains_samples_faster() -> None:
    firmware = VirtualGForce(BODY, CALF, crystal=Crystal(ppm=10_000.0))
    _connect(firmware)
    assert len(firmware.due(START_S + 20.0)) == pytest.approx(1250 * 1.01, abs=2)


@pytest.mark.parametrize("max_mtu", [247, 64])
async def test_it_streams_over_the_air_without_a_gap(max_mtu: int) -> None:
    firmware = VirtualGForce(BODY, CALF, mtu=max_mtu)
    timeline, found = Timeline(Stream("me", "band", CALF, FINE.signal), "run"), []
    async with air({"band": firmware}, max_mtu=max_mtu) as radio:
        async with aclosing(WearableSource(GForce(), radio=radio.backends, timings=FAST).events()) as events:
            async for event in events:
                if isinstance(event, Arrived):
                    found += timeline.place(event.frame, event.arrival_s)
                if timeline.next_sample >= 400:
                    break
    assert timeline.n_lost == 0
    assert [chunk.first_sample for chunk in found] == [sum(c.n_samples for c in found[:n]) for n in range(len(found))]
    assert firmware.due(START_S * 2) == ()
