"""Laws of the open band's driver."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aquiver.driver import Ask, Await, Decoder, Listen, Read, Request, Write
from aquiver.errors import DecodeError, LinkLost
from aquiver.model import Modality, Unit
from collector.devices.open_band import CONTROL, DATA, DESCRIPTION, OpenBand
from collector.devices.open_band_description import described

HEAD = struct.pack("<BBxx", 1, 2)
EMG = struct.pack("<4BIIfIHxx", 1, 1, 2, 16, 1000, 2, 0.1, 2047, 4)
ACCELERATION = struct.pack("<4BIIfIHxx", 2, 2, 3, 8, 50, 1, 1 / 64, 127, 4)
BAND = HEAD + EMG + ACCELERATION
STARTED = b"\x01\x00"


def _play(description: bytes, *replies: bytes) -> tuple[list[Request], Decoder]:
    conversation, requests, left, answer = OpenBand().converse(), [], list(replies), None
    while True:
        try:
            request = conversation.send(answer)
        except StopIteration as end:
            return requests, end.value
        requests.append(request)
        match request:
            case Read(_):
                answer = description
            case Ask(_, _, _) | Await(_):
                answer = left.pop(0)
            case _:
                answer = b""


def _decoder(description: bytes = BAND) -> Decoder:
    return _play(description, STARTED)[1]


def _packet(number: int, time_us: int = 0, *values: int) -> bytes:
    return struct.pack("<BII", 0, number % 2**32, time_us % 2**32) + struct.pack(
        f"<{len(values) or 2}h", *values or (0, 0)
    )


def _one(n_bits: int, over: int = 100, under: int = 1, limit: int = 0) -> bytes:
    """Describe one channel of EMG."""
    return struct.pack("<BBxx", 1, 1) + struct.pack(
        "<4BIIfIHxx", 1, 3, 1, n_bits, over, under, 1.0, limit or 2 ** (n_bits - 1), 9
    )


def test_it_reads_the_description_listens_and_only_then_starts() -> None:
    requests, _ = _play(BAND, STARTED)
    assert requests == [Read(DESCRIPTION), Listen(CONTROL), Listen(DATA), Ask(CONTROL, b"\x01", CONTROL)]


def test_the_signals_are_those_of_the_description() -> None:
    emg, acceleration = _decoder().signals
    assert (emg.modality, emg.rate_hz, emg.unit, emg.limit) == (Modality.EMG, 500.0, Unit.MICROVOLT, 2047)
    assert [(channel.name, channel.scale) for channel in emg.channels] == [("1", 0.1), ("2", 0.1)]
    assert [channel.name for channel in acceleration.channels] == ["x", "y", "z"]


def test_a_packet_is_samples_with_the_number_of_the_first_and_the_time_of_the_last() -> None:
    (frame,) = _decoder().decode(DATA, _packet(7, 1000, 1, -1, 2, -2, 3, -3))
    assert frame.samples.tolist() == [[1, -1], [2, -2], [3, -3]]
    assert (frame.modality, frame.count, frame.n_lost, frame.device_ns) == (Modality.EMG, 7, 0, 5_000_000)


def test_each_signal_counts_for_itself() -> None:
    decoder = _decoder()
    decoder.decode(DATA, _packet(7))
    (frame,) = decoder.decode(DATA, b"\x01" + bytes(8) + b"\xff\x01\x40")
    assert (frame.modality, frame.count, frame.samples.tolist()) == (Modality.ACCELEROMETER, 0, [[-1, 1, 64]])


@pytest.mark.parametrize(
    ("n_bits", "payload", "value"),
    [(8, "80", -128), (16, "FF 7F", 32767), (24, "00 00 80", -(2**23))],
)
def test_integers_of_every_width_are_signed_and_little_endian(n_bits: int, payload: str, value: int) -> None:
    (frame,) = _decoder(_one(n_bits)).decode(DATA, bytes(9) + bytes.fromhex(payload))
    assert frame.samples.tolist() == [[value]]


@pytest.mark.parametrize(("value", "is_within"), [(100, True), (-101, True), (101, False), (-102, False)])
def test_a_value_beyond_the_limit_is_refused(value: int, is_within: bool) -> None:
    decoder, data = _decoder(_one(16, limit=100)), bytes(9) + struct.pack("<2h", 0, value)
    if is_within:
        assert decoder.decode(DATA, data)
        return
    with pytest.raises(DecodeError, match=f"byte 11: a value of {value}; the limit is 100"):
        decoder.decode(DATA, data)


def test_a_jump_of_the_number_is_a_loss() -> None:
    decoder = _decoder()
    assert [decoder.decode(DATA, _packet(number))[0].n_lost for number in (0, 1, 5, 6)] == [0, 0, 3, 0]


@pytest.mark.parametrize("number", [7, 8, 2**32 - 1])
def test_a_number_that_comes_again_is_refused_and_leaves_no_trace(number: int) -> None:
    decoder = _decoder()
    decoder.decode(DATA, _packet(8))
    with pytest.raises(DecodeError, match=f"byte 1: sample {number} comes again: 9 was expected"):
        decoder.decode(DATA, _packet(number))
    assert decoder.decode(DATA, _packet(9))[0].n_lost == 0


def test_number_and_time_go_on_where_32_bits_end() -> None:
    decoder = _decoder()
    seen = [decoder.decode(DATA, _packet(2**32 - 1 + step, 2**32 - 2000 + 2000 * step))[0] for step in range(3)]
    assert [(frame.count, frame.n_lost) for frame in seen] == [(2**32 - 1 + step, 0) for step in range(3)]
    assert [frame.device_ns for frame in seen] == [(2**32 - 2000 + 2000 * step) * 1000 for step in range(3)]


def test_a_time_that_goes_back_is_shown_as_it_is() -> None:
    decoder = _decoder()
    assert [decoder.decode(DATA, _packet(*one))[0].device_ns for one in ((0, 9000), (1, 4000))] == [9e6, 4e6]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", "byte 0"),
        (bytes(8), "byte 8"),
        (b"\x02" + bytes(12), "byte 0"),
        (bytes(9), "byte 9"),
        (bytes(9 + 5), "byte 13"),
        (bytes(9 + 5 * 4), "byte 9"),
    ],
)
def test_a_broken_packet_is_refused_by_its_byte(data: bytes, where: str) -> None:
    with pytest.raises(DecodeError, match=where + ":"):
        _decoder().decode(DATA, data)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"\x01\x02\x00", "byte 3"),
        (b"\x02" + BAND[1:], "byte 0"),
        (bytes([1, 0, 0, 0]), "byte 1"),
        (bytes([1, 4, 0, 0]), "byte 1"),
        (BAND[:-1], "byte 51"),
        (BAND + b"\x00", "byte 52"),
        (HEAD + EMG + EMG, "byte 4"),
        (HEAD + b"\x09" + EMG[1:] + ACCELERATION, "byte 4"),
        (HEAD + b"\x01\x02" + EMG[2:] + ACCELERATION, "byte 5"),
        (HEAD + EMG + b"\x02\x09" + ACCELERATION[2:], "byte 29"),
        (HEAD + b"\x01\x01\x00" + EMG[3:] + ACCELERATION, "byte 6"),
        (HEAD + b"\x01\x01\x21" + EMG[3:] + ACCELERATION, "byte 6"),
        (HEAD + EMG + b"\x02\x02\x02" + ACCELERATION[3:], "byte 30"),
        (HEAD + EMG[:3] + b"\x0c" + EMG[4:] + ACCELERATION, "byte 7"),
        (_one(16, 0, 1), "byte 8"),
        (_one(16, 1, 0), "byte 8"),
        (_one(16, 1, 2), "byte 8"),
        (_one(16, 20_001, 1), "byte 8"),
        (HEAD + EMG[:12] + struct.pack("<f", 0.0) + EMG[16:] + ACCELERATION, "byte 16"),
        (HEAD + EMG[:12] + struct.pack("<f", float("nan")) + EMG[16:] + ACCELERATION, "byte 16"),
        (HEAD + EMG[:16] + struct.pack("<I", 0) + EMG[20:] + ACCELERATION, "byte 20"),
        (HEAD + EMG[:16] + struct.pack("<I", 32769) + EMG[20:] + ACCELERATION, "byte 20"),
        (HEAD + EMG[:20] + bytes(4) + ACCELERATION, "byte 24"),
    ],
)
def test_a_description_that_makes_no_sense_is_refused_by_its_byte(data: bytes, where: str) -> None:
    with pytest.raises(DecodeError, match=where + ":"):
        described(data)


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [(1, DecodeError, "command"), (3, LinkLost, "MTU"), (5, LinkLost, "charg"), (99, DecodeError, "unknown")],
)
def test_a_refusal_is_told_in_words(status: int, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        _play(BAND, bytes([1, status]))


def test_a_message_before_the_reply_is_passed_over() -> None:
    requests, _ = _play(BAND, b"\x02\x05", b"\x03\x00", STARTED)
    assert requests[-2:] == [Await(CONTROL), Await(CONTROL)]


@pytest.mark.parametrize("replies", [[b"\x02\x00"] * 4, [b"\x01"], [b"\x01\x00\x00"]])
def test_a_start_without_a_proper_reply_is_refused(replies: list[bytes]) -> None:
    with pytest.raises(DecodeError, match="reply"):
        _play(BAND, *replies)


@pytest.mark.parametrize(("status", "words"), [(4, "battery is too low"), (200, "unknown")])
def test_a_band_that_stopped_by_itself_is_told(status: int, words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        _decoder().decode(CONTROL, bytes([2, status]))


@pytest.mark.parametrize(
    ("characteristic", "data"), [(CONTROL, b"\x02\x00"), (CONTROL, b"\x03\x00"), (CONTROL, b""), ("2a19", b"\x50")]
)
def test_the_rest_of_the_band_is_passed_over(characteristic: str, data: bytes) -> None:
    assert _decoder().decode(characteristic, data) == ()


def test_it_stops_before_it_leaves() -> None:
    assert OpenBand().farewell() == (Write(CONTROL, b"\x02"),)
    assert OpenBand().keep_awake is None


@given(st.binary(max_size=80), st.binary(max_size=2), st.lists(st.binary(max_size=60), max_size=4))
def test_foreign_bytes_raise_only_our_errors(description: bytes, reply: bytes, packets: list[bytes]) -> None:
    for start in (description, BAND, BAND[:-8] + description[:8]):
        try:
            decoder = _play(start, reply, *[STARTED] * 4)[1]
        except (DecodeError, LinkLost):
            continue
        for data in packets:
            for characteristic in (DATA, CONTROL):
                try:
                    decoder.decode(characteristic, data)
                except DecodeError:
                    continue


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)), max_size=20))
def test_numbers_and_losses_always_add_up(heads: list[tuple[int, int]]) -> None:
    decoder, end = _decoder(), None
    for number, time_us in heads:
        try:
            (frame,) = decoder.decode(DATA, _packet(number, time_us))
        except DecodeError:
            continue
        assert end is None or frame.count == end + frame.n_lost
        end = frame.count + len(frame.samples)
