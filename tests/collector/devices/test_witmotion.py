"""Laws of the WitMotion driver."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aquiver.driver import Ask, Await, Frame, Listen, Write
from aquiver.errors import DecodeError
from aquiver.model import Modality, Unit
from collector.devices.witmotion import COMMAND, DATA, Witmotion, WitmotionDecoder
from collector.devices.witmotion_frames import Framer
from tests.dialogue import said, survivors

RATE_REGISTER = bytes.fromhex("FF AA 27 03 00")
TAKEN = b"\x55\x71\x03\x00\x09" + bytes(15)
NOT_TAKEN = b"\x55\x71\x03\x00\x06" + bytes(15)
SET_UP = [
    *(Write(COMMAND, bytes.fromhex(each)) for each in ("FF AA 69 88 B5", "FF AA 1F 03 00", "FF AA 03 09 00")),
    Listen(DATA),
    Ask(COMMAND, RATE_REGISTER, DATA),
]


def _frame(x: int) -> bytes:
    return b"\x55\x61" + struct.pack("<9h", x, 0, 2048, 0, 0, 0, 0, 0, 0)


def _heard(*notifications: bytes) -> list[tuple[int, list[int]]]:
    """Give what is lost before each frame, and its accelerations on x."""
    decoder = WitmotionDecoder()
    return [_facts(frame) for frame in survivors(decoder, DATA, notifications)]


def _facts(frame: Frame) -> tuple[int, list[int]]:
    return frame.n_lost, frame.samples[:, 0].tolist()


def _cut(data: bytes, at: list[int]) -> list[bytes]:
    edges = [0, *sorted(at), len(data)]
    return [data[start:stop] for start, stop in pairwise(edges)]


def test_it_unlocks_sets_filter_and_rate_and_looks_whether_they_were_taken() -> None:
    assert said(Witmotion().converse(), [TAKEN])[0] == SET_UP


def test_it_saves_nothing_for_good() -> None:
    requests, _ = said(Witmotion().converse(), [NOT_TAKEN, TAKEN])
    assert not [one for one in requests if isinstance(one, Write) and one.data[:3] == bytes.fromhex("FF AA 00")]


def test_it_listens_only_after_the_rate_is_set() -> None:
    """Samples at the old rate would be misplaced in time."""
    requests, _ = said(Witmotion().converse(), [TAKEN])
    assert requests.index(Listen(DATA)) > requests.index(Write(COMMAND, bytes.fromhex("FF AA 03 09 00")))


def test_the_answer_is_found_among_the_frames_even_in_two_parts() -> None:
    stream = _frame(1) + TAKEN + _frame(2)
    requests, _ = said(Witmotion().converse(), [stream[:30], stream[30:]])
    assert requests == [*SET_UP, Await(DATA)]


def test_a_rate_that_was_not_taken_is_set_again() -> None:
    assert said(Witmotion().converse(), [NOT_TAKEN, TAKEN])[0] == SET_UP * 2


def test_a_rate_that_is_never_taken_is_an_error() -> None:
    """Samples at another rate than we say would be worse than none."""
    with pytest.raises(DecodeError, match=r"byte 4.*rate 6"):
        said(Witmotion().converse(), [NOT_TAKEN] * 3)


def test_at_a_high_rate_a_question_may_stay_unanswered() -> None:
    requests, _ = said(Witmotion().converse(), [_frame(0)] * 100)
    assert requests == [*SET_UP, *[Await(DATA)] * 50]


def test_there_is_nothing_to_say_at_the_end() -> None:
    assert Witmotion().farewell() == ()


def test_acceleration_is_a_32768th_of_16_g() -> None:
    (signal,) = Witmotion().assume({}).signals
    (frame,) = WitmotionDecoder().decode(DATA, _frame(-1024))
    assert frame.samples.tolist() == [[-1024, 0, 2048]]
    assert [value * signal.channels[0].scale for value in frame.samples[0].tolist()] == [-0.5, 0, 1]
    assert (signal.modality, signal.unit, signal.rate_hz) == (Modality.ACCELEROMETER, Unit.G, 100)


def test_all_frames_of_a_notification_are_read() -> None:
    assert _heard(b"".join(map(_frame, range(8)))) == [(0, list(range(8)))]


@given(st.lists(st.integers(0, 400), max_size=12))
def test_how_frames_are_cut_into_notifications_does_not_matter(at: list[int]) -> None:
    stream = b"".join(map(_frame, range(20)))
    found = _heard(*_cut(stream, at))
    assert [x for _, xs in found for x in xs] == list(range(20))
    assert not any(n_lost for n_lost, _ in found)


def test_it_finds_its_way_back_to_a_head() -> None:
    assert _heard(_frame(1), b"\0" * 7, _frame(2), b"\x61" * 33 + _frame(3)) == [(0, [1]), (1, [2]), (2, [3])]


def test_junk_between_frames_parts_them() -> None:
    decoder = WitmotionDecoder()
    frames = decoder.decode(DATA, _frame(1) + _frame(2) + _frame(3)[:19] + _frame(4) + _frame(5))
    assert [_facts(frame) for frame in frames] == [(0, [1, 2]), (1, [4, 5])]


def test_registers_are_passed_over_and_part_nothing() -> None:
    assert _heard(_frame(1) + TAKEN + _frame(2), NOT_TAKEN, _frame(3)) == [(0, [1, 2]), (0, [3])]


def test_a_head_in_the_middle_of_a_frame_is_no_head() -> None:
    inside = struct.pack("<2s9h", b"\x55\x61", 0x6155, 0x7155, 0, 0, 0, 0, 0, 0, 0x6155)
    assert _heard(inside + inside, inside) == [(0, [0x6155] * 2), (0, [0x6155])]


def test_a_frame_that_is_not_followed_by_another_does_not_count() -> None:
    """It may be the halves of two, with what was lost between them gone."""
    halves = _frame(1)[:10] + _frame(2)[10:15]
    assert _heard(halves + _frame(3)) == [(1, [3])]


def test_what_waits_for_its_other_half_is_lost_when_another_frame_begins() -> None:
    assert _heard(_frame(1)[:10], _frame(2)) == [(1, [2])]


def test_a_lost_notification_in_the_middle_of_frames_passes_no_half_off_as_whole() -> None:
    stream = b"".join(map(_frame, range(1, 31)))
    parts = [stream[at : at + 33] for at in range(0, len(stream), 33)]
    for missing in range(len(parts)):
        decoder = WitmotionDecoder()
        found = survivors(decoder, DATA, [part for nth, part in enumerate(parts) if nth != missing])
        xs = [x for frame in found for x in frame.samples[:, 0].tolist()]
        assert xs == sorted(set(xs))
        assert set(xs) <= set(range(1, 31))
        assert len(xs) >= 26


def test_a_notification_lost_whole_between_frames_is_invisible() -> None:
    assert _heard(_frame(1), _frame(3)) == [(0, [1]), (0, [3])]


def test_other_sensors_with_longer_frames_are_refused() -> None:
    """A WTVB01 sends 28 bytes after the same head."""
    decoder = WitmotionDecoder()
    with pytest.raises(DecodeError, match="byte 20"):
        decoder.decode(DATA, (_frame(1) + bytes(8)) * 4)


@pytest.mark.parametrize("data", [b"\0", b"\x55\x51" + bytes(9), _frame(1)[1:], b"\x61\x55\x62"])
def test_a_notification_without_a_frame_is_refused_by_the_name_of_its_byte(data: bytes) -> None:
    with pytest.raises(DecodeError, match="byte 0"):
        WitmotionDecoder().decode(DATA, data)


def test_the_rest_of_the_wearable_is_passed_over() -> None:
    assert WitmotionDecoder().decode("2a19", b"\x50") == ()
    assert WitmotionDecoder().decode(DATA, b"") == ()


def test_a_frame_said_twice_is_two_frames() -> None:
    """Nothing tells a repetition from a limb at rest."""
    assert _heard(_frame(1), _frame(1)) == [(0, [1]), (0, [1])]


@given(st.lists(st.one_of(st.binary(max_size=50), st.binary(max_size=30).map(lambda tail: b"\x55\x61" + tail))))
def test_foreign_bytes_raise_only_decode_errors(notifications: list[bytes]) -> None:
    assert all(len(frame.samples) for frame in survivors(WitmotionDecoder(), DATA, notifications))


@given(st.lists(st.one_of(st.binary(max_size=50), st.sampled_from([_frame(1), TAKEN, _frame(2)[:9], b"\x55"]))))
def test_no_byte_is_taken_twice_and_none_forgotten(notifications: list[bytes]) -> None:
    framer = Framer()
    taken = b"".join(piece.data for data in notifications for piece in framer.feed(data))
    assert b"".join(notifications).startswith(taken)
    assert sum(map(len, notifications)) - len(taken) < 20
