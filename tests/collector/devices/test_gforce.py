"""Laws of the gForce driver."""

import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aquiver.driver import Ask, Await, Decoder, Listen, Request, Write
from aquiver.errors import AquiverError, DecodeError, LinkLost
from aquiver.model import Modality, Unit
from collector.devices.gforce import COARSE, COMMAND, DATA, FINE, GForce, GForceDecoder

STARTED = [bytes.fromhex("00 3F"), bytes.fromhex("00 4F")]
MASK_OF_12_BITS = 0x0FFF


def _play(answers: Sequence[bytes]) -> tuple[list[Request], Decoder]:
    conversation, requests, left, answer = GForce().converse(), [], list(answers), None
    while True:
        try:
            request = conversation.send(answer)
        except StopIteration as end:
            return requests, end.value
        requests.append(request)
        answer = left.pop(0) if isinstance(request, Ask | Await) else b""


def _emg(number: int | None, counts: Sequence[int] = (2048,) * 64) -> bytes:
    head = b"\x08" if number is None else bytes([0x88, number])
    return head + struct.pack("<64H", *counts)


def _lost(numbers: Sequence[int]) -> list[int]:
    decoder = GForceDecoder(FINE)
    return [decoder.decode(DATA, _emg(number % 256))[0].n_lost for number in numbers]


def _parts(package: bytes, size: int) -> list[bytes]:
    chunks = [package[at : at + size] for at in range(0, len(package), size)]
    return [bytes([0xFF, len(chunks) - 1 - n]) + chunk for n, chunk in enumerate(chunks)]


def test_it_numbers_packages_chooses_12_bits_and_asks_for_emg_alone() -> None:
    requests, decoder = _play(STARTED)
    assert requests == [
        Listen(COMMAND),
        Listen(DATA),
        Write(COMMAND, bytes.fromhex("26 01")),
        Ask(COMMAND, bytes.fromhex("3F F4 01 FF 00 80 0C"), reply_on=COMMAND),
        Ask(COMMAND, bytes.fromhex("4F 80 00 00 00"), reply_on=COMMAND),
    ]
    (signal,) = decoder.signals
    assert (signal.modality, signal.rate_hz, signal.limit, len(signal.channels)) == (Modality.EMG, 500.0, 2047, 8)


def test_it_never_sends_the_command_that_switches_it_off() -> None:
    requests = [*_play([bytes.fromhex("02 3F"), *STARTED])[0], *GForce().farewell()]
    assert not [one for one in requests if isinstance(one, Ask | Write) and one.data[0] == 0x1D]


def test_a_reply_to_another_command_is_passed_over() -> None:
    requests, _ = _play([bytes.fromhex("00 26"), b"", *STARTED])
    assert requests[4:6] == [Await(COMMAND)] * 2


@pytest.mark.parametrize("code", [1, 2])
def test_firmware_without_12_bits_is_asked_for_8(code: int) -> None:
    requests, decoder = _play([bytes([code, 0x3F]), *STARTED])
    assert requests[4].data == bytes.fromhex("3F F4 01 FF 00 80 08")
    assert decoder.signals[0].limit == 127


@pytest.mark.parametrize(
    ("replies", "error", "words"),
    [
        (["02 3F", "01 3F"], DecodeError, "command 3F with code 1: it does not know"),
        (["02 3F", "02 3F"], DecodeError, "code 2: a parameter"),
        (["03 3F"], LinkLost, "code 3: it failed"),
        (["00 3F", "04 4F"], LinkLost, "command 4F with code 4: it took too long"),
        (["00 3F", "01 4F"], DecodeError, "command 4F with code 1"),
        (["09 3F"], DecodeError, "code 9: its reason is unknown"),
        (["00 26"] * 8, DecodeError, "no reply to command 3F"),
    ],
)
def test_a_refusal_is_told_in_words(replies: list[str], error: type[AquiverError], words: str) -> None:
    with pytest.raises(error, match=words):
        _play([bytes.fromhex(reply) for reply in replies])


def test_it_stops_the_stream_before_it_leaves() -> None:
    assert GForce().farewell() == (Write(COMMAND, bytes.fromhex("4F 00 00 00 00")),)
    assert GForce().keep_awake is None


def test_emg_of_12_bits_is_8_samples_of_8_channels_about_2048() -> None:
    (frame,) = GForceDecoder(FINE).decode(DATA, _emg(0, [0, 4095, *range(2048, 2110)]))
    assert frame.samples.shape == (8, 8)
    assert frame.samples.ravel().tolist() == [-2048, 2047, *range(62)]
    assert (frame.modality, frame.count, frame.device_ns) == (Modality.EMG, None, None)


def test_emg_of_8_bits_is_16_samples_of_8_channels_about_128() -> None:
    (frame,) = GForceDecoder(COARSE).decode(DATA, b"\x08" + bytes([0, 255, *range(1, 127)]))
    assert frame.samples.shape == (16, 8)
    assert frame.samples.ravel().tolist() == [-128, 127, *range(-127, -1)]


def test_volts_are_not_claimed() -> None:
    (signal,) = GForceDecoder(FINE).signals
    assert (signal.unit, {channel.scale for channel in signal.channels}) == (Unit.COUNT, {1.0})


@given(st.lists(st.integers(0, 4095), min_size=64, max_size=64))
def test_every_12_bit_number_comes_through(counts: list[int]) -> None:
    (frame,) = GForceDecoder(FINE).decode(DATA, _emg(0, counts))
    assert frame.samples.ravel().tolist() == [count - 2048 for count in counts]


def test_a_number_of_more_than_12_bits_is_refused_and_counts_as_lost() -> None:
    decoder = GForceDecoder(FINE)
    decoder.decode(DATA, _emg(0))
    with pytest.raises(DecodeError, match="byte 8: 4096 is not a number of 12 bits"):
        decoder.decode(DATA, _emg(1, [2048] * 3 + [4096] + [2048] * 60))
    assert decoder.decode(DATA, _emg(2))[0].n_lost == 8


def test_a_skipped_number_is_8_lost_samples_also_beyond_255() -> None:
    assert _lost([7, 8, 10, 11, 254, 255, 256, 258]) == [0, 0, 8, 0, 242 * 8, 0, 0, 8]


def test_a_skipped_number_is_16_lost_samples_at_8_bits() -> None:
    decoder = GForceDecoder(COARSE)
    assert [decoder.decode(DATA, bytes([0x88, n]) + bytes(128))[0].n_lost for n in (3, 5)] == [0, 16]


def test_a_loss_of_256_packages_is_invisible() -> None:
    assert _lost([5, 262]) == [0, 0]


def test_the_same_number_twice_is_refused() -> None:
    decoder = GForceDecoder(FINE)
    decoder.decode(DATA, _emg(5))
    with pytest.raises(DecodeError, match="byte 1: package 5 once more"):
        decoder.decode(DATA, _emg(5))
    assert decoder.decode(DATA, _emg(6))[0].n_lost == 0


def test_packages_without_numbers_tell_no_loss() -> None:
    decoder = GForceDecoder(FINE)
    assert [decoder.decode(DATA, _emg(None))[0].n_lost for _ in range(3)] == [0, 0, 0]


def test_a_package_of_another_type_takes_its_number() -> None:
    decoder = GForceDecoder(FINE)
    decoder.decode(DATA, _emg(5))
    assert decoder.decode(DATA, bytes([0x8B, 7, 1])) == ()
    assert decoder.decode(DATA, _emg(8))[0].n_lost == 8


@pytest.mark.parametrize("size", [20, 60, 129])
def test_a_package_in_parts_is_joined(size: int) -> None:
    decoder = GForceDecoder(FINE)
    *before, last = _parts(_emg(1, range(64)), size)
    assert [decoder.decode(DATA, part) for part in before] == [()] * len(before)
    assert decoder.decode(DATA, last)[0].samples.ravel().tolist() == list(range(-2048, -1984))


@pytest.mark.parametrize("missing", range(7))
def test_a_missing_part_loses_its_package_and_no_other(missing: int) -> None:
    decoder, frames, n_refused = GForceDecoder(FINE), [], 0
    parts = [part for number in range(4) for part in _parts(_emg(number), 20)]
    del parts[7 + missing]
    for part in parts:
        try:
            frames += decoder.decode(DATA, part)
        except DecodeError:
            n_refused += 1
    assert [frame.n_lost for frame in frames] == [0, 8, 0]
    assert n_refused == (missing != 6)  # the last: another package begins, and its number tells


def test_a_part_without_content_is_refused() -> None:
    with pytest.raises(DecodeError, match="byte 2: a part without content"):
        GForceDecoder(FINE).decode(DATA, b"\xff\x03")


def test_acceleration_is_1_65536_g_for_who_asked() -> None:
    decoder, package = GForce().assume({}), b"\x01" + struct.pack("<3i", 65536, -32768, 1)
    (frame,) = decoder.decode(DATA, package)
    assert frame.samples.tolist() == [[65536, -32768, 1]]
    signal = decoder.signals[1]
    assert (signal.modality, signal.unit, signal.rate_hz) == (Modality.ACCELEROMETER, Unit.G, 50.0)
    assert signal.channels[0].scale == 1 / 65536
    assert GForceDecoder(FINE).decode(DATA, package) == ()


@pytest.mark.parametrize(
    ("steps", "words"), [(16 * 65536 + 1, "byte 6: an acceleration of 16 g"), (-(2**31), "byte 6")]
)
def test_more_than_16_g_is_refused(steps: int, words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        GForce().assume({}).decode(DATA, bytes([0x81, 0]) + struct.pack("<3i", 0, steps, 0))


@pytest.mark.parametrize("kind", [2, 3, 4, 5, 6, 7, 0x0B])
def test_other_known_types_are_passed_over(kind: int) -> None:
    assert GForceDecoder(FINE).decode(DATA, bytes([kind]) + bytes(16)) == ()


@pytest.mark.parametrize("kind", [0, 9, 0x0F, 0x55, 0x7F, 0x80 | 0x0A])
def test_unknown_types_are_refused(kind: int) -> None:
    with pytest.raises(DecodeError, match="byte 0: unknown type"):
        GForceDecoder(FINE).decode(DATA, bytes([kind]) + bytes(16))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "byte 0: an empty notification"),
        (b"\x88", "byte 1: the package ends before its number"),
        (_emg(0)[:-1], "byte 129: EMG of 127 bytes"),
        (_emg(0) + b"\x00", "byte 130: EMG of 129 bytes"),
        (b"\x01" + bytes(11), "byte 12: acceleration of 11 bytes"),
    ],
)
def test_a_package_of_the_wrong_length_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(DecodeError, match=words):
        GForceDecoder(FINE).decode(DATA, data)


def test_the_command_characteristic_carries_no_samples() -> None:
    assert GForceDecoder(FINE).decode(COMMAND, b"\x00\x4f") == ()


@given(st.lists(st.binary(max_size=6), min_size=16, max_size=16))
def test_foreign_answers_raise_only_our_errors(answers: list[bytes]) -> None:
    try:
        _play(answers)
    except (DecodeError, LinkLost):
        return


HEADS = [b"", b"\x08", b"\x88\x01", b"\x01", b"\xff\x02", b"\xff\x01", b"\xff\x00"]


@given(
    st.lists(
        st.tuples(st.sampled_from(HEADS), st.one_of(st.binary(max_size=140), st.binary(min_size=128, max_size=128)))
    )
)
def test_foreign_bytes_raise_only_decode_errors(messages: list[tuple[bytes, bytes]]) -> None:
    for decoder in (GForce().assume({}), GForceDecoder(COARSE)):
        for head, data in messages:
            try:
                frames = decoder.decode(DATA, head + data)
            except DecodeError:
                continue
            assert all(len(frame.samples) for frame in frames)


@given(st.lists(st.integers(0, 250), max_size=60, unique=True), st.integers(0, 255))
def test_what_is_dropped_is_counted(dropped: list[int], first: int) -> None:
    decoder = GForceDecoder(FINE)
    heard = [number for number in range(252) if number not in dropped]
    lost = [decoder.decode(DATA, _emg((first + number) % 256))[0].n_lost for number in heard]
    assert sum(lost) + 8 * len(heard) == 8 * (252 - heard[0])
