"""Laws of virtual wearables: what a driver reads from one is what the body under it did."""

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.driver import Driver
from aquiver.errors import LinkLost
from aquiver.model import Modality
from collector.devices.myo import COMMAND, EMG_SIGNAL, Myo
from collector.devices.open_band import OpenBand
from collector.devices.polar import CONTROL, Polar
from collector.simulation.body import Body
from collector.simulation.habits import DEMO
from collector.virtual import open_band
from collector.virtual.crystal import Crystal
from collector.virtual.firmware import Firmware
from collector.virtual.myo import VirtualMyo
from collector.virtual.open_band import VirtualOpenBand
from collector.virtual.polar import VirtualPolar
from collector.virtual.polar_models import H10, OH1, OLD_VERITY, VERITY, Model
from collector.virtual.refusal import Refused
from tests.dialogue import START_S, connect, joined
from tests.dialogue import frames as frames_of

CALF = Site.LEFT_CALF


def _body() -> Body:
    return Body(9, DEMO)


@pytest.mark.parametrize("step_s", [0.01, 0.37, 10.0])
def test_a_myo_says_what_the_body_did(step_s: float) -> None:
    firmware = VirtualMyo(_body(), CALF)
    frames = list(frames_of(connect(Myo(), firmware), firmware, START_S, START_S + 20.0, step_s))
    emg = joined(frames, Modality.EMG)
    assert abs(len(emg) - 4000) <= 2 + 200 * step_s
    assert np.array_equal(emg, _body().sense(CALF, EMG_SIGNAL, START_S, 0, len(emg)))
    assert abs(len(joined(frames, Modality.ACCELEROMETER)) - len(emg) / 4) <= 1
    assert not any(frame.n_lost for frame in frames)


@pytest.mark.parametrize("model", [OLD_VERITY, VERITY, OH1], ids=["0x80", "0x81", "OH1"])
@pytest.mark.parametrize("mtu", [231, 247])
def test_a_polar_says_what_the_body_did(model: Model, mtu: int) -> None:
    firmware = VirtualPolar(_body(), CALF, model=model, mtu=mtu)
    decoder = connect(Polar(), firmware)
    samples = joined(list(frames_of(decoder, firmware, START_S, START_S + 60.0, 0.5)), Modality.ACCELEROMETER)
    assert len(samples) > 60 * decoder.signals[0].rate_hz - 72
    assert np.array_equal(samples, _body().sense(CALF, decoder.signals[0], START_S, 0, len(samples)))


@pytest.mark.parametrize("mtu", [231, 247])
def test_an_h10_says_what_the_chest_and_the_heart_did(mtu: int) -> None:
    firmware = VirtualPolar(_body(), Site.TRUNK, model=H10, mtu=mtu)
    decoder = connect(Polar(), firmware)
    frames = list(frames_of(decoder, firmware, START_S, START_S + 20.0, 0.5))
    assert [(signal.modality, signal.rate_hz) for signal in decoder.signals] == [
        (Modality.ACCELEROMETER, 100.0),
        (Modality.ECG, 130.0),
    ]
    for signal in decoder.signals:
        mine = [frame for frame in frames if frame.modality is signal.modality]
        samples = joined(mine, signal.modality)
        assert len(samples) > 20 * signal.rate_hz - 73
        assert np.array_equal(samples, _body().sense(Site.TRUNK, signal, START_S, 0, len(samples)))
        times_ns = np.array([frame.device_ns for frame in mine])
        expected = [len(frame.samples) * 1e9 / signal.rate_hz for frame in mine[1:]]
        assert np.allclose(np.diff(times_ns), expected, atol=1000)


def test_a_polar_passes_over_what_is_no_command() -> None:
    firmware = VirtualPolar(_body(), CALF)
    assert firmware.write(CONTROL, b"", START_S) == firmware.write(firmware.table[1].uuid, b"\x02", START_S) == ()


def test_an_h10_left_streaming_is_stopped_and_started_again() -> None:
    firmware = VirtualPolar(_body(), Site.TRUNK, model=H10)
    connect(Polar(), firmware)
    firmware.disconnected()
    decoder = connect(Polar(), firmware, START_S + 200.0)
    assert len(decoder.signals) == 2
    for write in Polar().farewell():
        firmware.write(write.characteristic, write.data, START_S + 201.0)
    assert firmware.due(START_S + 300.0) == ()


def test_a_polar_sends_one_or_two_frames_a_second_within_its_mtu() -> None:
    firmware = VirtualPolar(_body(), CALF, model=OLD_VERITY, mtu=231)
    connect(Polar(), firmware)
    sizes = [len(said.data) for said in firmware.due(START_S + 300.0)]
    assert 300 <= len(sizes) <= 600
    assert max(sizes) <= 228


def test_a_polar_names_the_time_of_the_last_sample_by_its_own_clock() -> None:
    firmware = VirtualPolar(_body(), CALF, crystal=Crystal(ppm=50.0, offset_s=-1000.0))
    times_ns = [
        frame.device_ns for frame in frames_of(connect(Polar(), firmware), firmware, START_S, START_S + 60, 1.0)
    ]
    assert np.allclose(np.diff(times_ns), 36 * 1e9 / 52, atol=1000)
    assert times_ns[0] == Crystal(50.0, -1000.0).ns(START_S + 35 / (52 * 1.00005))


def test_a_link_with_short_messages_is_refused_by_a_polar() -> None:
    with pytest.raises(LinkLost, match="MTU"):
        connect(Polar(), VirtualPolar(_body(), CALF, mtu=185))


def test_a_polar_left_streaming_is_stopped_and_started_again() -> None:
    firmware = VirtualPolar(_body(), CALF)
    connect(Polar(), firmware)
    firmware.disconnected()
    assert firmware.due(START_S + 100.0) == ()
    decoder = connect(Polar(), firmware, START_S + 200.0)
    (frame,) = frames_of(decoder, firmware, START_S + 200.0, START_S + 201.0, 1.0)
    assert np.array_equal(frame.samples, _body().sense(CALF, decoder.signals[0], START_S + 200.0, 0, 36))


def test_a_polar_heard_again_does_not_repeat_what_nobody_heard() -> None:
    firmware = VirtualPolar(_body(), CALF)
    connect(Polar(), firmware)
    firmware.disconnected()
    firmware.write(CONTROL, b"\x01\x02", START_S + 100.0)
    assert len(firmware.due(START_S + 101.0)) == 1


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("07", "F0 07 00 01 00"),
        ("01 00", "F0 01 00 03 00"),
        ("03 02", "F0 03 02 06 00"),
        ("02 02 00 01 64 00", "F0 02 02 08 00"),
        ("02 02 02 01 04 00", "F0 02 02 09 00"),
        ("02 02 04 01 03 00", "F0 02 02 05 00"),
    ],
)
def test_a_polar_refuses_by_status(command: str, reply: str) -> None:
    (said,) = VirtualPolar(_body(), CALF).write(CONTROL, bytes.fromhex(command), START_S)
    assert said.data == bytes.fromhex(reply)


@pytest.mark.parametrize(
    "firmware", [VirtualPolar(Body(1), CALF), VirtualMyo(Body(1), CALF), VirtualOpenBand(Body(1), CALF)]
)
def test_name_and_service_fit_an_advertisement(firmware: Firmware) -> None:
    assert len(firmware.name) <= 8
    assert firmware.service == firmware.table[0].service
    readable = [row.uuid for row in firmware.table if "read" in row.properties]
    assert all(firmware.read(uuid) for uuid in readable)


@pytest.mark.parametrize(
    ("driver", "firmware"),
    [
        (Polar(), VirtualPolar(Body(1), CALF)),
        (Myo(), VirtualMyo(Body(1), CALF)),
        (OpenBand(), VirtualOpenBand(Body(1), CALF)),
    ],
)
def test_a_driver_that_leaves_ends_the_stream(driver: Driver, firmware: Firmware) -> None:
    connect(driver, firmware)
    for write in driver.farewell():
        firmware.write(write.characteristic, write.data, START_S)
    assert firmware.due(START_S + 10.0) == ()


def test_what_a_full_queue_dropped_is_seen_by_the_order_of_a_myos_turns() -> None:
    emg_only = bytes.fromhex("01 03 02 00 00")
    firmware = VirtualMyo(_body(), CALF, drop=lambda number: number in {10, 20, 21})
    decoder = connect(Myo(), firmware)
    firmware.write(COMMAND, emg_only, START_S)
    assert [f.n_lost for f in frames_of(decoder, firmware, START_S, START_S + 1.0, 0.1) if f.n_lost] == [2, 4]


def test_what_a_full_queue_dropped_is_seen_by_a_polars_clock() -> None:
    firmware = VirtualPolar(_body(), CALF, drop=lambda number: number == 1)
    frames = list(frames_of(connect(Polar(), firmware), firmware, START_S, START_S + 3.0, 1.0))
    assert frames[1].device_ns - frames[0].device_ns == pytest.approx(2 * 36 / 52 * 1e9, abs=1000)


def test_a_myo_falls_asleep_30_s_after_it_was_last_kept_awake() -> None:
    firmware = VirtualMyo(_body(), CALF)
    connect(Myo(), firmware)
    _, stay_awake = Myo().keep_awake
    firmware.write(stay_awake.characteristic, stay_awake.data, START_S + 20.0)
    assert firmware.due(START_S + 49.0)
    assert len(firmware.due(START_S + 60.0)) == 150  # the last second
    firmware.write(stay_awake.characteristic, stay_awake.data, START_S + 61.0)
    assert firmware.due(START_S + 70.0) == ()


def test_a_myo_forgets_its_mode_with_its_link() -> None:
    firmware = VirtualMyo(_body(), CALF)
    connect(Myo(), firmware)
    firmware.disconnected()
    assert firmware.due(START_S + 5.0) == ()
    connect(Myo(), firmware, START_S + 6.0)
    assert len(firmware.due(START_S + 7.0)) == 150


def test_a_myo_in_deep_sleep_never_answers_again() -> None:
    firmware = VirtualMyo(_body(), CALF)
    firmware.write(COMMAND, bytes.fromhex("04 00"), START_S)
    connect(Myo(), firmware)
    assert firmware.due(START_S + 10.0) == ()


def test_a_crystal_that_gains_samples_faster() -> None:
    firmware = VirtualMyo(_body(), CALF, crystal=Crystal(ppm=10_000.0))
    connect(Myo(), firmware)
    assert len(firmware.due(START_S + 20.0)) == pytest.approx(20 * 150 * 1.01, abs=2)


@pytest.mark.parametrize("mtu", [23, 100, 247])
@pytest.mark.parametrize("step_s", [0.01, 0.37, 10.0])
def test_an_open_band_says_what_the_body_did(mtu: int, step_s: float) -> None:
    firmware = VirtualOpenBand(_body(), CALF, mtu=mtu)
    decoder = connect(OpenBand(), firmware)
    frames = list(frames_of(decoder, firmware, START_S, START_S + 10.0, step_s))
    for signal in decoder.signals:
        samples = joined(frames, signal.modality)
        assert len(samples) > (10.0 - step_s) * signal.rate_hz - 25
        assert np.array_equal(samples, _body().sense(CALF, signal, START_S, 0, len(samples)))
    assert not any(frame.n_lost for frame in frames)


@pytest.mark.parametrize("mtu", [23, 100, 247])
def test_an_open_bands_packets_fit_its_mtu(mtu: int) -> None:
    firmware = VirtualOpenBand(_body(), CALF, mtu=mtu)
    connect(OpenBand(), firmware)
    assert max(len(said.data) for said in firmware.due(START_S + 1.0)) <= mtu - 3


def test_an_open_bands_numbers_and_times_are_of_one_line_by_its_own_clock() -> None:
    crystal = Crystal(ppm=200.0, offset_s=-1000.0)
    firmware = VirtualOpenBand(_body(), CALF, crystal=crystal)
    frames = list(frames_of(connect(OpenBand(), firmware), firmware, START_S, START_S + 20.0, 1.0))
    emg = [frame for frame in frames if frame.modality is Modality.EMG]
    assert np.diff([frame.count for frame in emg]).tolist() == [25] * (len(emg) - 1)
    assert np.allclose(np.diff([frame.device_ns for frame in emg]), 25 * 2e6, atol=2000)
    assert emg[0].device_ns == pytest.approx(crystal.ns(START_S) % (2**32 * 1000) + 24 * 2e6, abs=2000)


def test_what_a_full_queue_dropped_is_counted_by_an_open_bands_numbers() -> None:
    firmware = VirtualOpenBand(_body(), CALF, drop=lambda number: number in {3, 10})
    frames = list(frames_of(connect(OpenBand(), firmware), firmware, START_S, START_S + 2.0, 0.1))
    assert sum(frame.n_lost for frame in frames) in {20, 35, 50}
    for modality in (Modality.EMG, Modality.ACCELEROMETER):
        mine = [frame for frame in frames if frame.modality is modality]
        n_counted = mine[-1].count + len(mine[-1].samples) - mine[0].count
        assert n_counted == sum(len(frame.samples) + frame.n_lost for frame in mine)


def test_an_open_band_that_is_started_again_begins_anew() -> None:
    firmware = VirtualOpenBand(_body(), CALF)
    connect(OpenBand(), firmware)
    firmware.due(START_S + 1.0)
    frames = list(frames_of(connect(OpenBand(), firmware, START_S + 2.0), firmware, START_S + 2.0, START_S + 3.0, 1.0))
    assert frames[0].count == 0


def test_an_open_band_stops_with_its_link() -> None:
    firmware = VirtualOpenBand(_body(), CALF)
    connect(OpenBand(), firmware)
    firmware.disconnected()
    assert firmware.due(START_S + 5.0) == ()


@pytest.mark.parametrize(("command", "reply"), [("01", "01 00"), ("02", "02 00"), ("03", "03 00"), ("7F 01", "7F 01")])
def test_an_open_band_answers_every_command(command: str, reply: str) -> None:
    (said,) = VirtualOpenBand(_body(), CALF).write(open_band.CONTROL, bytes.fromhex(command), START_S)
    assert (said.characteristic, said.data) == (open_band.CONTROL, bytes.fromhex(reply))


def test_an_open_band_refuses_an_empty_command_and_passes_over_what_is_not_for_it() -> None:
    firmware = VirtualOpenBand(_body(), CALF)
    with pytest.raises(Refused):
        firmware.write(open_band.CONTROL, b"", START_S)
    assert firmware.write(open_band.DATA, b"\x01", START_S) == ()


def test_what_is_assumed_of_an_open_band_is_the_reference() -> None:
    decoder = connect(OpenBand(), VirtualOpenBand(_body(), CALF))
    assert OpenBand().assume({}).signals == decoder.signals
