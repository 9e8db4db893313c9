"""Laws of the uMyo driver."""

import struct
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aquiver.driver import Listen
from aquiver.errors import DecodeError
from aquiver.model import Modality
from collector.clock import ClockModel
from collector.devices.umyo import EMG_SIGNAL, TELEMETRY, Umyo, UmyoDecoder

RAW = [8192 + number for number in range(-12, 12)]
ATTITUDE = struct.pack("<4h", 32767, 0, 0, 0)
MOTION = struct.pack("<13h", 16384, -8192, 1, 2, 3, 4, 5, 6, 7, 32767, 0, 0, 0)


def _emg(count: int, raw: list[int] = RAW, head: bytes = b"", tail: bytes = b"") -> bytes:
    return head + struct.pack(f"<I{len(raw)}h", count, *raw) + tail


def _decoded(*packets: bytes) -> list[tuple[int | None, int]]:
    """Give number and loss of each packet's frame."""
    decoder = UmyoDecoder()
    seen = [decoder.decode(TELEMETRY, packet)[0] for packet in packets]
    return [(frame.count, frame.n_lost) for frame in seen]


def test_listening_starts_the_stream_and_there_is_no_command_for_it() -> None:
    conversation = Umyo().converse()
    assert next(conversation) == Listen(TELEMETRY)
    with pytest.raises(StopIteration) as end:
        conversation.send(b"")
    assert isinstance(end.value.value, UmyoDecoder)
    assert isinstance(Umyo().assume({}), UmyoDecoder)


def test_it_stops_with_the_link_and_never_falls_asleep() -> None:
    assert Umyo().farewell() == ()
    assert Umyo().keep_awake is None


@pytest.mark.parametrize("name", ["uMyo-A1", "uMyo-A1B2", "uMyo v2"])
def test_every_name_it_advertises_is_known(name: str) -> None:
    assert name.startswith(Umyo().name_prefixes)


@pytest.mark.parametrize(
    ("head", "n_samples", "tail", "length"),
    [
        (b"", 8, b"", 20),
        (b"", 16, b"", 36),
        (b"", 24, b"", 52),
        (b"", 24, ATTITUDE, 60),
        (b"\x02", 24, b"", 53),
        (b"\x01", 24, ATTITUDE, 61),
    ],
)
def test_emg_is_known_by_length_with_or_without_a_format_byte(
    head: bytes, n_samples: int, tail: bytes, length: int
) -> None:
    packet = _emg(7, RAW[:n_samples], head, tail)
    (frame,) = UmyoDecoder().decode(TELEMETRY, packet)
    assert len(packet) == length
    assert frame.samples.tolist() == [[number] for number in range(-12, n_samples - 12)]
    assert (frame.modality, frame.count, frame.n_lost, frame.device_ns) == (Modality.EMG, 7, 0, None)


@pytest.mark.parametrize("head", [b"", b"\x03"])
def test_motion_is_an_acceleration_without_a_number(head: bytes) -> None:
    (frame,) = UmyoDecoder().decode(TELEMETRY, head + MOTION)
    assert frame.samples.tolist() == [[16384, -8192, 1]]
    assert (frame.modality, frame.count, frame.n_lost) == (Modality.ACCELEROMETER, None, 0)


def test_acceleration_reaches_2_g() -> None:
    _, acceleration = UmyoDecoder().signals
    assert [16384 * channel.scale for channel in acceleration.channels] == [1.0] * 3
    assert acceleration.rate_hz == 25.0


@pytest.mark.parametrize(("raw", "ours"), [(0, -8192), (8000, -192), (16383, 8191), (-3, -8195)])
def test_raw_samples_of_14_bits_become_signed_around_their_middle(raw: int, ours: int) -> None:
    (frame,) = UmyoDecoder().decode(TELEMETRY, _emg(0, [raw] * 8))
    assert set(frame.samples.ravel().tolist()) == {ours}
    assert (EMG_SIGNAL.limit, EMG_SIGNAL.channels[0].offset) == (8191, 8192)


@pytest.mark.parametrize("rate_hz", [1116.0, 1150.0])
def test_the_clock_finds_either_of_the_rates_on_record(rate_hz: float) -> None:
    clock = ClockModel(EMG_SIGNAL.rate_hz)
    for sample in range(0, 90_000, 24):
        clock.observe(sample, 1000.0 + sample / rate_hz, is_after_gap=False)
    assert clock.current.rate_hz == pytest.approx(rate_hz, abs=0.1)


def test_the_counter_shows_exactly_what_is_missing() -> None:
    assert _decoded(_emg(1000), _emg(1024), _emg(1096)) == [(1000, 0), (1024, 0), (1096, 48)]


def test_motion_in_between_disturbs_no_numbers() -> None:
    assert _decoded(_emg(0), MOTION, _emg(24)) == [(0, 0), (None, 0), (24, 0)]


def test_the_counter_goes_on_beyond_2_to_the_32() -> None:
    packets = [_emg(count % 2**32) for count in range(2**32 - 48, 2**32 + 48, 24)]
    assert _decoded(*packets) == [(count, 0) for count in range(2**32 - 48, 2**32 + 48, 24)]


def test_packets_of_both_formats_may_follow_each_other() -> None:
    assert _decoded(_emg(0), _emg(24, head=b"\x02"), _emg(48, RAW[:8])) == [(0, 0), (24, 0), (48, 0)]


@pytest.mark.parametrize(("head", "byte"), [(b"", 0), (b"\x02", 1)])
def test_a_packet_that_comes_twice_is_refused_once(head: bytes, byte: int) -> None:
    decoder = UmyoDecoder()
    decoder.decode(TELEMETRY, _emg(0, head=head))
    with pytest.raises(DecodeError, match=f"byte {byte}: sample 0 after sample 23"):
        decoder.decode(TELEMETRY, _emg(0, head=head))
    assert decoder.decode(TELEMETRY, _emg(24, head=head))[0].n_lost == 0


def test_a_late_packet_stays_lost() -> None:
    decoder = UmyoDecoder()
    decoder.decode(TELEMETRY, _emg(0))
    assert decoder.decode(TELEMETRY, _emg(48))[0].n_lost == 24
    with pytest.raises(DecodeError, match="sample 24 after sample 71"):
        decoder.decode(TELEMETRY, _emg(24))
    assert decoder.decode(TELEMETRY, _emg(72))[0].n_lost == 0


@pytest.mark.parametrize("length", [0, 1, 19, 21, 51, 54, 59, 62, 244])
def test_a_packet_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(DecodeError, match=f"byte {length}: a packet of {length} bytes"):
        UmyoDecoder().decode(TELEMETRY, bytes(length))


@pytest.mark.parametrize(("length", "head"), [(61, 1), (53, 2), (27, 3)])
def test_a_format_byte_must_fit_the_length(length: int, head: int) -> None:
    with pytest.raises(DecodeError, match=f"byte 0: format 7 in a packet of {length} bytes, not {head}"):
        UmyoDecoder().decode(TELEMETRY, b"\x07" + bytes(length - 1))


def test_a_packet_cut_off_at_a_small_mtu_keeps_its_first_samples_and_counts_the_others_as_lost() -> None:
    assert _decoded(*(_emg(count)[:20] for count in (0, 24, 48))) == [(0, 0), (24, 16), (48, 16)]


def test_the_name_is_passed_over() -> None:
    assert UmyoDecoder().decode("fc7a850d-c1a5-f61f-0da7-9995621fbd02", b"uMyo-A1B2") == ()


@given(st.lists(st.binary(max_size=70) | st.builds(_emg, st.integers(0, 2**32 - 1)), max_size=8))
def test_foreign_bytes_raise_only_decode_errors_and_numbers_only_grow(packets: list[bytes]) -> None:
    decoder, seen = UmyoDecoder(), []
    for packet in packets:
        try:
            seen += decoder.decode(TELEMETRY, packet)
        except DecodeError:
            continue
    numbered = [frame for frame in seen if frame.count is not None]
    assert all(len(frame.samples) and np.abs(frame.samples).max() <= 32768 + 8192 for frame in seen)
    assert all(later.count == before.count + len(before.samples) + later.n_lost for before, later in pairwise(numbered))


@given(st.lists(st.integers(0, 40), max_size=60))
def test_whatever_is_lost_repeated_or_late_what_is_left_adds_up(order: list[int]) -> None:
    """Of 41 packets these arrive, in this order."""
    decoder, n_refused, n_heard, n_lost = UmyoDecoder(), 0, 0, 0
    for number in order:
        try:
            (frame,) = decoder.decode(TELEMETRY, _emg(24 * number))
        except DecodeError:
            n_refused += 1
        else:
            n_heard, n_lost = n_heard + 24, n_lost + frame.n_lost
    assert n_refused + n_heard // 24 == len(order)
    if order:
        assert n_heard + n_lost == 24 * (max(order) + 1 - order[0])
