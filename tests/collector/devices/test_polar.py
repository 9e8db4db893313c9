"""Laws of the Polar driver."""

import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aquiver.driver import Ask, Await, Conversation, Decoder, Listen, Read, Request, Write
from aquiver.errors import DecodeError, LinkLost
from aquiver.model import Modality
from collector.devices.pmd_control import CONTROL
from collector.devices.polar import DATA, Polar

H10 = bytes.fromhex("F0 01 02 00 00 00 04 19 00 32 00 64 00 C8 00 01 01 10 00 02 03 02 00 04 00 08 00")
VERITY = bytes.fromhex("F0 01 02 00 00 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03")
STARTED = bytes.fromhex("F0 02 02 00 00")
STARTED_WITH_FACTOR = bytes.fromhex("F0 02 02 00 00 05 01 40 DA 7F 39")
STOPPED = bytes.fromhex("F0 03 02 00 00")
ALREADY = bytes.fromhex("F0 02 02 06 00")
ECG = bytes.fromhex("F0 01 00 00 00 00 01 82 00 01 01 0E 00")
ECG_STARTED = bytes.fromhex("F0 02 00 00 00")
H10_FEATURES = bytes.fromhex("0F 05 00 00")
HEAD = struct.pack("<BQ", 2, 10**18)


def _play(conversation: Conversation, answers: Sequence[bytes], features: bytes = b"") -> tuple[list[Request], Decoder]:
    """Answer each Ask and Await in turn, and the one Read; give what was requested, and the decoder."""
    requests, left, answer = [], list(answers), None
    while True:
        try:
            request = conversation.send(answer)
        except StopIteration as end:
            return requests, end.value
        requests.append(request)
        answer = left.pop(0) if isinstance(request, Ask | Await) else features if isinstance(request, Read) else b""


def _asked(answers: Sequence[bytes]) -> list[str]:
    """Give what was written with each question; nothing where only the next part was waited for."""
    requests, _ = _play(Polar().converse(), answers)
    return [one.data.hex(" ") if isinstance(one, Ask) else "" for one in requests if isinstance(one, Ask | Await)]


def _decoder(*answers: bytes) -> Decoder:
    return _play(Polar().converse(), answers)[1]


def _start_reply(factor: float) -> bytes:
    return STARTED + b"\x05\x01" + struct.pack("<f", factor)


def test_it_listens_before_it_asks() -> None:
    requests, _ = _play(Polar().converse(), [VERITY, STARTED])
    assert requests[:3] == [Listen(CONTROL), Listen(DATA), Read(CONTROL)]


def test_a_verity_is_started_at_52_hz_and_8_g_with_a_one_byte_channel_count() -> None:
    assert _asked([VERITY, STARTED]) == ["01 02", "02 02 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03"]


def test_an_h10_is_started_at_100_hz_and_4_g() -> None:
    assert _asked([H10, STARTED])[1] == "02 02 00 01 64 00 01 01 10 00 02 01 04 00"


def test_an_h10_says_started_with_a_byte_too_many() -> None:
    (signal,) = _decoder(H10, STARTED + b"\x01").signals
    assert (signal.rate_hz, signal.limit, signal.channels[0].scale) == (100.0, 3997, 0.001)


def test_an_ecg_that_is_offered_is_started_after_the_acceleration() -> None:
    requests, decoder = _play(Polar().converse(), [H10, STARTED, ECG, ECG_STARTED], H10_FEATURES)
    assert [one.data.hex(" ") for one in requests if isinstance(one, Ask)][2:] == [
        "01 00",
        "02 00 00 01 82 00 01 01 0e 00",
    ]
    acceleration, ecg = decoder.signals
    assert (acceleration.modality, ecg.modality, ecg.rate_hz) == (Modality.ACCELEROMETER, Modality.ECG, 130.0)
    (frame,) = decoder.decode(DATA, struct.pack("<BQB", 0, 10**18, 0) + bytes.fromhex("F4 FF FF 00 00 40"))
    assert (frame.samples.tolist(), frame.modality, frame.device_ns) == ([[-12], [32767]], Modality.ECG, 10**18)


@pytest.mark.parametrize("features", [b"", b"\x0f", bytes.fromhex("0F 6E"), bytes.fromhex("0E 05")])
def test_without_the_feature_no_ecg_is_asked_for(features: bytes) -> None:
    _, decoder = _play(Polar().converse(), [VERITY, STARTED], features)
    assert [signal.modality for signal in decoder.signals] == [Modality.ACCELEROMETER]


@pytest.mark.parametrize("replies", [["F0 01 00 03"], [ECG.hex(), "F0 02 00 0C"]])
def test_an_ecg_that_is_refused_does_not_keep_twitches_from_being_counted(replies: list[str]) -> None:
    answers = [H10, STARTED, *map(bytes.fromhex, replies)]
    _, decoder = _play(Polar().converse(), answers, H10_FEATURES)
    assert [signal.modality for signal in decoder.signals] == [Modality.ACCELEROMETER]
    assert decoder.decode(DATA, struct.pack("<BQB", 0, 10**18, 0) + bytes(3)) == ()


def test_an_ecg_left_streaming_is_stopped_and_started_again() -> None:
    answers = [H10, STARTED, ECG, bytes.fromhex("F0 02 00 06 00"), bytes.fromhex("F0 03 00 00 00"), ECG_STARTED]
    requests, decoder = _play(Polar().converse(), answers, H10_FEATURES)
    assert len(decoder.signals) == 2
    assert requests[-2] == Ask(CONTROL, b"\x03\x00", CONTROL)


def test_an_ecg_stopped_by_the_wearable_is_told() -> None:
    _, decoder = _play(Polar().converse(), [H10, STARTED, ECG, ECG_STARTED], H10_FEATURES)
    with pytest.raises(DecodeError, match="by itself"):
        decoder.decode(CONTROL, b"\x01\x00")


@pytest.mark.parametrize("rate_hz", [25, 26, 50, 52, 100, 104, 200, 208, 416])
@pytest.mark.parametrize("range_g", [2, 4, 8, 16])
def test_every_rate_and_range_is_taken_as_it_is_offered(rate_hz: int, range_g: int) -> None:
    settings = struct.pack("<BBHBBHBBH", 0, 1, rate_hz, 1, 1, 16, 2, 1, range_g)
    (signal,) = _decoder(H10[:5] + settings, STARTED).signals
    assert signal.rate_hz == rate_hz
    assert signal.limit == pytest.approx(1000 * range_g, rel=0.001)


def test_a_value_beyond_the_range_is_held_at_the_limit() -> None:
    """So that a recording, laid out by the limit, can keep it."""
    (frame,) = _decoder(H10, STARTED).decode(DATA, HEAD + b"\x01" + struct.pack("<3h", 4000, -4000, 0))
    assert frame.samples.tolist() == [[3997, -3998, 0]]


def test_older_verity_firmware_0x80_keeps_raw_integers_and_its_factor_as_scale() -> None:
    decoder = _decoder(VERITY, STARTED_WITH_FACTOR)
    (frame,) = decoder.decode(DATA, HEAD + b"\x80" + struct.pack("<3h", -48, 357, 4068))
    assert frame.samples.tolist() == [[-48, 357, 4068]]
    assert [channel.scale for channel in decoder.signals[0].channels] == [0.000244] * 3
    assert decoder.signals[0].limit == 32767


def test_newer_verity_firmware_0x81_sends_milli_g_and_no_factor() -> None:
    decoder = _decoder(VERITY, STARTED)
    (frame,) = decoder.decode(DATA, HEAD + b"\x81" + struct.pack("<3h", -12, 87, 993))
    assert frame.samples.tolist() == [[-12, 87, 993]]
    assert (decoder.signals[0].channels[0].scale, decoder.signals[0].limit) == (0.001, 7995)
    assert (frame.device_ns, frame.n_lost, frame.count) == (10**18, 0, None)


def test_a_factor_with_0x81_multiplies() -> None:
    decoder = _decoder(VERITY, _start_reply(2.0))
    (frame,) = decoder.decode(DATA, HEAD + b"\x81" + struct.pack("<3h", 1, 2, 500))
    assert frame.samples[0, 2] * decoder.signals[0].channels[0].scale == pytest.approx(1.0)


def test_0x80_without_a_factor_is_refused() -> None:
    with pytest.raises(DecodeError, match="byte 9"):
        _decoder(VERITY, STARTED).decode(DATA, HEAD + b"\x80" + bytes(6))


def test_a_frame_of_another_type_is_brought_to_the_streams_scale() -> None:
    (frame,) = _decoder(VERITY, STARTED_WITH_FACTOR).decode(DATA, HEAD + b"\x01" + struct.pack("<3h", 244, 0, 30000))
    assert frame.samples.tolist() == [[1000, 0, 32767]]


def test_the_top_bits_of_the_type_are_a_status() -> None:
    data = HEAD + b"\x81" + struct.pack("<3h", 1, 2, 3)
    assert _decoder(VERITY, STARTED).decode(DATA, bytes([data[0] | 0xC0]) + data[1:])


@pytest.mark.parametrize(("characteristic", "data"), [(DATA, b"\x00" * 20), ("2a37", b"\x02"), (CONTROL, STARTED)])
def test_what_others_asked_for_is_passed_over(characteristic: str, data: bytes) -> None:
    assert _decoder(VERITY, STARTED).decode(characteristic, data) == ()


def test_a_measurement_stopped_by_the_wearable_is_told() -> None:
    decoder = _decoder(VERITY, STARTED)
    assert decoder.decode(CONTROL, b"\x01\x00") == ()
    with pytest.raises(DecodeError, match="by itself"):
        decoder.decode(CONTROL, b"\x01\x00\x02")


def test_a_reply_in_parts_is_put_together() -> None:
    parts = [bytes.fromhex("F0 01 02 00 01") + VERITY[5:12], bytes.fromhex("F0 01 02 00 00") + VERITY[12:]]
    assert _asked([*parts, STARTED]) == ["01 02", "", _asked([VERITY, STARTED])[1]]


def test_a_message_between_question_and_reply_is_passed_over() -> None:
    assert _asked([b"\x01\x02", VERITY, STOPPED, STARTED])[1:] == ["", _asked([VERITY, STARTED])[1], ""]


def test_a_reply_without_end_is_refused() -> None:
    with pytest.raises(DecodeError, match="no end"):
        _decoder(*[bytes.fromhex("F0 01 02 00 01")] * 8)


def test_already_streaming_is_stopped_and_started_again() -> None:
    start = _asked([VERITY, STARTED])[1]
    assert _asked([VERITY, ALREADY, STOPPED, STARTED])[1:] == [start, "03 02", start]


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [(1, DecodeError, "command"), (10, LinkLost, "MTU"), (13, LinkLost, "charg"), (99, DecodeError, "unknown")],
)
def test_a_refusal_is_told_in_words(status: int, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        _decoder(VERITY, bytes([0xF0, 2, 2, status]))


@pytest.mark.parametrize(
    "settings",
    [
        "F0 01 02",
        "F0 01 02 00 00",
        "F0 01 02 00 00 07 01 00",
        "F0 01 02 00 00 00 02 34 00",
        "F0 01 02 00 00 00 01 00 00 01 01 10 00 02 01 08 00",
        "F0 01 02 00 00 00 01 34 00 01 01 30 00 02 01 08 00",
        "F0 01 02 00 00 00 01 34 00 01 01 10 00 02 01 08 00 04 01 06",
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: str) -> None:
    with pytest.raises(DecodeError):
        _decoder(bytes.fromhex(settings), STARTED)


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_a_factor_that_makes_no_sense_is_refused(factor: float) -> None:
    with pytest.raises(DecodeError, match="factor"):
        _decoder(VERITY, _start_reply(factor))


def test_what_is_assumed_is_a_verity_of_either_firmware() -> None:
    decoder = Polar().assume({})
    for frame_type, scale_g in ((b"\x80", 0.000244), (b"\x81", 0.001), (b"\x01", 0.001)):
        (frame,) = decoder.decode(DATA, HEAD + frame_type + struct.pack("<3h", 1000, 0, -32768))
        assert frame.samples.tolist() == [[1000, 0, -32768]]
        assert (decoder.signals[0].rate_hz, decoder.signals[0].channels[0].scale) == (52.0, scale_g)


def test_it_stops_before_it_leaves() -> None:
    assert Polar().farewell() == (Write(CONTROL, b"\x03\x02"), Write(CONTROL, b"\x03\x00"))
    assert Polar().keep_awake is None


@given(st.lists(st.binary(max_size=40), min_size=20, max_size=20), st.binary(max_size=250))
def test_foreign_bytes_raise_only_our_errors(answers: list[bytes], tail: bytes) -> None:
    heads = [b"", bytes.fromhex("F0 01 02 00 00"), STARTED]
    for first in heads:
        try:
            _play(Polar().converse(), [first + answers[0], STARTED, *answers[1:]], H10_FEATURES)
            _decoder(*[first + answers[0], *answers[1:]])
        except (DecodeError, LinkLost):
            continue
    for reply in (STARTED, STARTED_WITH_FACTOR, _start_reply(2.0)):
        _, decoder = _play(Polar().converse(), [VERITY, reply, ECG, ECG_STARTED], H10_FEATURES)
        for characteristic, data in ((DATA, tail), (DATA, b"\x02" + tail), (DATA, b"\x00" + tail), (CONTROL, tail)):
            try:
                decoder.decode(characteristic, data)
            except DecodeError:
                continue
