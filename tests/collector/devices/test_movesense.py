"""Laws of the Movesense driver."""

import struct
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aquiver.driver import Ask, Await, Decoder, Listen, Request, Write
from aquiver.errors import DecodeError
from aquiver.model import Modality, Unit
from collector.devices.gsp import ACCELERATION, ECG, ECG_COUNTS, IMU6, Resource
from collector.devices.movesense import Movesense, MovesenseDecoder
from collector.devices.movesense_overheard import COMMAND, DATA

STEP_MS2 = 0.000244 * 9.807
YES = bytes.fromhex("01 01 C8 00")
HOUR_MS = 3_600_000

# Recorded by others, with the values the maker's converter gives: firmware_docs/movesense.md, sources.
REAL_IMU6 = bytes.fromhex(
    "aca1020094b578bf399b8840cdb20d4155ff7cbf6a60884092c70c4182627cbfa2e988405da00c418bf871bf71248940c38c0c41"
    "48e17abf713daabf3333b3bec3f568bf713daabf3e0ad7beae4721bff628bcbf3e0ad7beae4721bf3333b3bf3e0ad7be"
)
REAL_IMU6_MS2 = [
    [-0.9715206623077393, 4.268948078155518, 8.856152534484863],
    [-0.9882710576057434, 4.2617692947387695, 8.798723220825195],
    [-0.9858781099319458, 4.278519630432129, 8.789151191711426],
    [-0.9451987147331238, 4.285698413848877, 8.7843656539917],
]
REAL_ECG = bytes.fromhex("eadc0100000000000000ffffeeff15004800fcfe66ff68047b02c9f514f8671fd856c76f")
REAL_ECG_UV = [0, 0, 0, -1, -18, 21, 72, -260, -154, 1128, 635, -2615, -2028, 8039, 22232, 28615]


def _play(answers: Sequence[bytes], driver: Movesense | None = None) -> tuple[list[Request], Decoder]:
    conversation, requests, left, answer = (driver or Movesense()).converse(), [], list(answers), None
    while True:
        try:
            request = conversation.send(answer)
        except StopIteration as end:
            return requests, end.value
        requests.append(request)
        answer = left.pop(0) if isinstance(request, Ask | Await) else b""


def _packet(ms: int, *values_ms2: float, reference: int = 1) -> bytes:
    return struct.pack(f"<BBI{len(values_ms2)}f", 2, reference, ms, *values_ms2)


def _decoder() -> Decoder:
    return _decoder_of(ACCELERATION)


def _decoder_of(*resources: Resource) -> MovesenseDecoder:
    return MovesenseDecoder(dict(enumerate(resources, start=1)))


def test_it_listens_and_subscribes_to_104_hz_under_its_reference() -> None:
    requests, decoder = _play([YES])
    assert requests == [Listen(DATA), Ask(COMMAND, b"\x01\x01/Meas/Acc/104", reply_on=DATA)]
    assert [signal.rate_hz for signal in decoder.signals] == [104.0]


def test_packets_before_the_result_are_passed_over() -> None:
    requests, _ = _play([_packet(0, 0.0, 0.0, 0.0), b"\x01\x07\x94\x01", b"", YES])
    assert requests[2:] == [Await(DATA)] * 3


def test_a_subscription_without_result_is_refused() -> None:
    with pytest.raises(DecodeError, match="no result of the subscription to /Meas/Acc/104"):
        _play([b"\x02\x01"] * 8)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ("01 01 94 01", "byte 2: .* status 404: it has no such sensor"),
        ("01 01 F7 01", "503: it is busy"),
        ("01 01 E7 03", "999: its reason is unknown"),
        ("01 01 C8", "byte 3: the result has no status"),
    ],
)
def test_a_refusal_is_told_in_words(result: str, words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        _play([bytes.fromhex(result)])


def test_it_unsubscribes_before_it_leaves() -> None:
    assert Movesense().farewell() == (Write(COMMAND, b"\x02\x01"),)
    assert Movesense((ACCELERATION, ECG)).farewell()[1] == Write(COMMAND, b"\x02\x02")
    assert Movesense().keep_awake is None


def test_the_time_is_the_first_samples_and_a_frame_tells_the_last_ones() -> None:
    (frame,) = _decoder().decode(DATA, _packet(1000, *[0.0] * 24))
    assert frame.device_ns == 1_000_000_000 + round(7e9 / 104)
    assert (frame.modality, frame.n_lost, frame.count) == (Modality.ACCELEROMETER, 0, None)


def test_a_packet_may_hold_any_number_of_samples() -> None:
    assert [len(_decoder().decode(DATA, _packet(0, *[1.0] * 3 * n))[0].samples) for n in (1, 4, 8, 16)] == [1, 4, 8, 16]


@given(st.lists(st.integers(-32767, 32767), min_size=3, max_size=3))
def test_whole_steps_of_the_sensor_come_back_exactly(steps: list[int]) -> None:
    (frame,) = _decoder().decode(DATA, _packet(0, *(step * STEP_MS2 for step in steps)))
    assert frame.samples.tolist() == [steps]


@given(st.lists(st.floats(-78.25, 78.25, width=32), min_size=3, max_size=3))
def test_no_value_is_off_by_more_than_half_a_step(values_ms2: list[float]) -> None:
    (frame,) = _decoder().decode(DATA, _packet(0, *values_ms2))
    assert np.abs(frame.samples[0] * STEP_MS2 - values_ms2).max() <= STEP_MS2 / 2 * 1.000001


def test_a_step_is_0_244_mg() -> None:
    (signal,) = _decoder().signals
    assert (signal.unit, signal.limit, {channel.scale for channel in signal.channels}) == (Unit.G, 32767, {0.000244})


def test_more_than_8_g_is_saturated() -> None:
    (frame,) = _decoder().decode(DATA, _packet(0, 156.0, -156.0, 78.5))
    assert frame.samples.tolist() == [[32767, -32767, 32767]]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e38, -161.0])
def test_what_no_sensor_measures_is_refused(value: float) -> None:
    decoder = _decoder()
    with pytest.raises(DecodeError, match="byte 22: an acceleration of"):
        decoder.decode(DATA, _packet(0, 0.0, 0.0, 0.0, 0.0, value, 0.0))
    assert decoder.decode(DATA, _packet(77, 0.0, 0.0, 0.0))


def test_the_clock_counts_on_after_2_to_the_32_ms() -> None:
    decoder, before_ms = _decoder(), 2**32 - 50
    times_ns = [
        decoder.decode(DATA, _packet((before_ms + 77 * n) % 2**32, 0.0, 0.0, 0.0))[0].device_ns for n in range(3)
    ]
    assert [later - former for former, later in pairwise(times_ns)] == [77_000_000] * 2


def test_a_lost_packet_is_a_step_in_time() -> None:
    decoder = _decoder()
    first, second = (decoder.decode(DATA, _packet(ms, *[0.0] * 24))[0] for ms in (0, 154))
    assert second.device_ns - first.device_ns == 154_000_000


@pytest.mark.parametrize("ms", [1000, 999, 1000 - HOUR_MS])
def test_a_packet_said_twice_or_out_of_turn_is_refused(ms: int) -> None:
    decoder = _decoder()
    decoder.decode(DATA, _packet(1000, 0.0, 0.0, 0.0))
    with pytest.raises(DecodeError, match=r"byte 2: .* ms is not after 1000 ms"):
        decoder.decode(DATA, _packet(ms % 2**32, 0.0, 0.0, 0.0))
    assert decoder.decode(DATA, _packet(1077, 0.0, 0.0, 0.0))[0].device_ns == 1_077_000_000


@given(st.integers(20, 101))
def test_a_packet_in_two_parts_is_joined(at: int) -> None:
    values = [step * STEP_MS2 for step in range(24)]
    packet, decoder = _packet(5, *values), _decoder()
    if (at - 6) % 12:
        assert decoder.decode(DATA, packet[:at]) == ()
        (frame,) = decoder.decode(DATA, b"\x03\x01" + packet[at:])
        assert frame.samples.ravel().tolist() == list(range(24))
    else:  # cut behind a sample: nothing tells the first part from a packet
        decoder.decode(DATA, packet[:at])
        with pytest.raises(DecodeError, match="byte 0: a second part"):
            decoder.decode(DATA, b"\x03\x01" + packet[at:])


def test_a_first_part_whose_second_never_came_is_told_and_the_next_two_are_joined() -> None:
    decoder, packets = _decoder(), [_packet(ms, *[0.0] * 24) for ms in (0, 77)]
    decoder.decode(DATA, packets[0][:20])
    with pytest.raises(DecodeError, match="byte 20: the packet before is cut off"):
        decoder.decode(DATA, packets[1][:20])
    assert len(decoder.decode(DATA, b"\x03\x01" + packets[1][20:])[0].samples) == 8


def test_a_whole_packet_after_a_first_part_is_read() -> None:
    decoder = _decoder()
    decoder.decode(DATA, _packet(0, *[0.0] * 24)[:20])
    assert decoder.decode(DATA, _packet(77, *[0.0] * 24))
    with pytest.raises(DecodeError, match="no first before it"):
        decoder.decode(DATA, b"\x03\x01" + bytes(12))


def test_two_parts_that_do_not_end_with_a_sample_are_refused() -> None:
    decoder = _decoder()
    decoder.decode(DATA, _packet(0, *[0.0] * 24)[:20])
    with pytest.raises(DecodeError, match="byte 25: both parts together"):
        decoder.decode(DATA, b"\x03\x01" + bytes(5))


@pytest.mark.parametrize("size", [2, 5, 6, 17, 19])
def test_a_packet_shorter_than_any_link_would_cut_it_is_refused(size: int) -> None:
    with pytest.raises(DecodeError, match=f"byte {size}: the packet is cut off"):
        _decoder().decode(DATA, _packet(0, *[0.0] * 24)[:size])


@pytest.mark.parametrize(
    ("data", "words"), [("", "byte 0: the message ends"), ("02", "byte 1"), ("04 01", "kind of message 4")]
)
def test_what_is_no_message_is_refused(data: str, words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        _decoder().decode(DATA, bytes.fromhex(data))


def test_results_and_what_others_subscribed_to_are_passed_over() -> None:
    temperature, pulse = bytes.fromhex("02 09 337399432f8c0300"), bytes.fromhex("02 08 4dbe84428803")
    for data in (YES, temperature, pulse, b"\x03\x09" + bytes(9)):
        assert _decoder().decode(DATA, data) == ()
    assert _decoder().decode("2a19", b"\x50") == ()


def test_imu6_has_all_accelerations_before_all_rotations() -> None:
    (frame,) = _decoder_of(IMU6).decode(DATA, b"\x02\x01" + REAL_IMU6)
    assert np.allclose(frame.samples * STEP_MS2, REAL_IMU6_MS2, atol=2e-6)


def test_ecg_in_mv_is_microvolts() -> None:
    driver = Movesense((ACCELERATION, ECG))
    requests, decoder = _play([YES, bytes.fromhex("01 02 C8 00")], driver)
    assert requests[2].data == b"\x01\x02/Meas/ECG/250/mV"
    (frame,) = decoder.decode(DATA, b"\x02\x02" + REAL_ECG)
    assert frame.samples.ravel().tolist() == REAL_ECG_UV
    assert frame.device_ns == 122_090_000_000 + round(15e9 / 250)
    assert (decoder.signals[1].modality, decoder.signals[1].unit) == (Modality.ECG, Unit.MICROVOLT)
    assert decoder.signals[1].channels[0].scale == 1.0


def test_ecg_without_mv_is_counts_of_0_38_microvolts() -> None:
    decoder = _decoder_of(ECG_COUNTS)
    (frame,) = decoder.decode(DATA, struct.pack("<BBI16i", 2, 1, 7, *range(-8, 8)))
    assert frame.samples.ravel().tolist() == list(range(-8, 8))
    assert decoder.signals[0].channels[0].scale == 0.381469726563


@given(st.lists(st.binary(max_size=20), min_size=8, max_size=8))
def test_foreign_answers_raise_only_decode_errors(answers: list[bytes]) -> None:
    for head in (b"", b"\x01\x01"):
        with pytest.raises(DecodeError):
            _play([head + answer + b"!" for answer in answers])


@given(
    st.lists(
        st.tuples(st.sampled_from([b"", b"\x01\x01", b"\x02\x01", b"\x02\x02", b"\x03\x01"]), st.binary(max_size=110))
    )
)
def test_foreign_bytes_raise_only_decode_errors(messages: list[tuple[bytes, bytes]]) -> None:
    decoders = [_decoder_of(*resources) for resources in ((ACCELERATION, ECG), (IMU6,), (ECG_COUNTS,))]
    for decoder in decoders:
        for head, data in messages:
            try:
                frames = decoder.decode(DATA, head + data)
            except DecodeError:
                continue
            assert all(len(frame.samples) for frame in frames)


@given(st.data())
def test_whatever_is_dropped_repeated_or_cut_every_frame_is_later_than_the_one_before(data: st.DataObject) -> None:
    packets = [_packet(77 * n, *[float(n)] * 24) for n in range(6)]
    heard = data.draw(st.lists(st.tuples(st.sampled_from(packets), st.integers(0, 102)), max_size=12))
    decoder, times_ns = _decoder(), []
    for packet, size in heard:
        for part in (packet[:size], b"\x03\x01" + packet[size:]):
            try:
                times_ns += [frame.device_ns for frame in decoder.decode(DATA, part)]
            except DecodeError:
                continue
    assert times_ns == sorted(set(times_ns))
