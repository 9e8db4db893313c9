"""Laws of the NPG Lite driver."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aquiver.driver import Await, Decoder, Listen, Read, Request, Write
from aquiver.errors import DecodeError
from aquiver.model import Modality
from collector.devices.npg import CONTROL, DATA, Npg, NpgDecoder


def _packet(counter: int, n_channels: int = 3, n_blocks: int = 10, raw: int = 2048) -> bytes:
    block = struct.Struct(f">B{n_channels}H")
    return b"".join(block.pack((counter + number) % 256, *[raw] * n_channels) for number in range(n_blocks))


def _lost(counters: list[int], n_blocks: int = 10) -> list[int]:
    """Give the loss before each packet; the last value tells packets of one counter apart."""
    decoder = NpgDecoder()
    packets = [_packet(counter, n_blocks=n_blocks, raw=number % 4096) for number, counter in enumerate(counters)]
    return [decoder.decode(DATA, packet)[0].n_lost for packet in packets]


def _play(name: bytes, first: bytes) -> tuple[list[Request], Decoder]:
    conversation, requests, answer = Npg().converse(), [], None
    while True:
        try:
            request = conversation.send(answer)
        except StopIteration as end:
            return requests, end.value
        requests.append(request)
        answer = {Read: name, Await: first}.get(type(request), b"")


def test_it_asks_who_it_is_and_listens_before_it_starts() -> None:
    requests, _ = _play(b"NPG-LITE", _packet(0))
    assert requests == [
        Write(CONTROL, b"WHORU"),
        Read(CONTROL),
        Listen(DATA),
        Write(CONTROL, b"START"),
        Await(DATA),
    ]


@pytest.mark.parametrize("name", [b"NPG-LITE", b"NPG-LI-1E"])
def test_numbered_ones_are_known_too(name: bytes) -> None:
    assert _play(name, _packet(0))[1].signals


@pytest.mark.parametrize("name", [b"", b"WHORU", b"Lamp", b"\xff" * 500])
def test_a_gadget_made_of_the_same_example_is_refused(name: bytes) -> None:
    with pytest.raises(DecodeError, match="no NPG Lite"):
        _play(name, _packet(0))


def test_its_service_marks_nothing_and_its_name_must() -> None:
    assert Npg().is_service_shared
    assert Npg().name_prefixes == ("NPG",)


def test_it_is_stopped_on_leaving_and_never_falls_asleep() -> None:
    assert Npg().farewell() == (Write(CONTROL, b"STOP"),)
    assert Npg().keep_awake is None


@pytest.mark.parametrize("n_channels", [3, 6])
def test_the_first_packet_tells_the_channels(n_channels: int) -> None:
    _, decoder = _play(b"NPG-LITE", _packet(0, n_channels))
    (signal,) = decoder.signals
    assert [channel.name for channel in signal.channels] == list("123456"[:n_channels])
    (frame,) = decoder.decode(DATA, _packet(10, n_channels))
    assert frame.samples.shape == (10, n_channels)
    assert frame.n_lost == 0


def test_a_broken_first_packet_ends_the_set_up() -> None:
    with pytest.raises(DecodeError):
        _play(b"NPG-LITE", bytes(69))


def test_unheard_of_it_has_three_channels_until_a_packet_tells_otherwise() -> None:
    decoder = Npg().assume({})
    assert len(decoder.signals[0].channels) == 3
    decoder.decode(DATA, _packet(0, 6))
    assert len(decoder.signals[0].channels) == 6


def test_samples_are_big_endian_in_the_order_of_channels() -> None:
    (frame,) = NpgDecoder().decode(DATA, bytes.fromhex("07 08 01 07 FF 0F FF"))
    assert frame.samples.tolist() == [[1, -1, 2047]]
    assert (frame.modality, frame.count, frame.device_ns) == (Modality.EMG, 7, None)


@pytest.mark.parametrize(("raw", "ours"), [(0, -2048), (2048, 0), (4095, 2047)])
def test_positive_samples_become_signed_and_both_ends_reach_the_limit(raw: int, ours: int) -> None:
    decoder = NpgDecoder()
    (frame,) = decoder.decode(DATA, _packet(0, raw=raw))
    assert set(frame.samples.ravel().tolist()) == {ours}
    assert (abs(ours) >= decoder.signals[0].limit) == (raw != 2048)
    assert decoder.signals[0].channels[0].offset == 2048


def test_more_than_12_bits_are_refused_with_their_place() -> None:
    packet = bytearray(_packet(0))
    packet[7 * 3 + 1 + 2 : 7 * 3 + 1 + 4] = b"\x10\x00"
    with pytest.raises(DecodeError, match="byte 24: 4096 is more than 12 bits"):
        NpgDecoder().decode(DATA, bytes(packet))


@pytest.mark.parametrize("length", [0, 1, 6, 8, 13, 69, 71, 129, 131, 244])
def test_a_packet_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(DecodeError, match=f"byte {length}: a packet of {length} bytes"):
        NpgDecoder().decode(DATA, bytes(length))


def test_channels_do_not_change_while_it_streams() -> None:
    decoder = NpgDecoder()
    decoder.decode(DATA, _packet(0))
    with pytest.raises(DecodeError, match="byte 130: a packet of 6 channels after one of 3"):
        decoder.decode(DATA, _packet(10, 6))
    assert decoder.decode(DATA, _packet(10))[0].n_lost == 0


def test_single_blocks_of_old_sketches_are_read() -> None:
    decoder = NpgDecoder()
    frames = [decoder.decode(DATA, _packet(counter, n_blocks=1))[0] for counter in (0, 1, 3)]
    assert [(frame.samples.tolist(), frame.n_lost) for frame in frames] == [
        ([[0] * 3], 0),
        ([[0] * 3], 0),
        ([[0] * 3], 1),
    ]


def test_the_counter_turns_over_after_255() -> None:
    assert _lost([240, 250, 4, 14]) == [0, 0, 0, 0]
    assert _lost([254, 255, 0, 1], n_blocks=1) == [0, 0, 0, 0]


def test_a_stream_may_begin_at_any_count() -> None:
    assert _lost([123, 133]) == [0, 0]


def test_a_step_of_the_counter_is_the_loss() -> None:
    assert _lost([0, 20, 30]) == [0, 10, 0]
    assert _lost([0, 2, 3], n_blocks=1) == [0, 1, 0]


@pytest.mark.parametrize("n_packets", [1, 12, 25, 26, 52, 127])
def test_long_losses_are_told_because_packets_are_lost_as_a_whole(n_packets: int) -> None:
    assert _lost([0, 10 * (1 + n_packets) % 256]) == [0, 10 * n_packets]


def test_a_loss_of_exactly_1280_samples_is_invisible_and_with_single_blocks_one_of_256() -> None:
    assert _lost([0, (10 + 1280) % 256]) == [0, 0]
    assert _lost([0, (1 + 256) % 256], n_blocks=1) == [0, 0]


def test_a_step_that_no_whole_packets_make_is_taken_as_it_is() -> None:
    assert _lost([0, 13]) == [0, 3]


def test_blocks_of_a_packet_that_do_not_follow_each_other_are_refused() -> None:
    packet = _packet(0)[:21] + _packet(4)[:49]
    with pytest.raises(DecodeError, match="byte 21: block 4 after block 2 in one packet"):
        NpgDecoder().decode(DATA, packet)


def test_a_refused_packet_is_counted_as_lost_with_the_next() -> None:
    decoder = NpgDecoder()
    decoder.decode(DATA, _packet(0))
    with pytest.raises(DecodeError):
        decoder.decode(DATA, _packet(10)[:-1])
    assert decoder.decode(DATA, _packet(20))[0].n_lost == 10


def test_a_packet_that_comes_twice_is_refused_once() -> None:
    decoder = NpgDecoder()
    decoder.decode(DATA, _packet(0))
    with pytest.raises(DecodeError, match="byte 0: the packet of block 0 again"):
        decoder.decode(DATA, _packet(0))
    assert decoder.decode(DATA, _packet(10))[0].n_lost == 0


def test_battery_and_answers_are_passed_over() -> None:
    assert NpgDecoder().decode("f633d0ec-46b4-43c1-a39f-1ca06d0602e1", b"\x50") == ()
    assert NpgDecoder().decode(CONTROL, b"NPG-LITE") == ()


_PACKETS = st.builds(_packet, st.integers(0, 255), st.just(3), st.sampled_from([1, 10]), st.integers(0, 5000))


@given(st.lists(_PACKETS | st.binary(max_size=140) | st.binary(min_size=70, max_size=70), max_size=8))
def test_foreign_bytes_raise_only_decode_errors(packets: list[bytes]) -> None:
    decoder = NpgDecoder()
    for packet in packets:
        try:
            (frame,) = decoder.decode(DATA, packet)
        except DecodeError:
            continue
        assert len(frame.samples) == len(packet) // 7 or frame.samples.shape[1] == 6
        assert np.abs(frame.samples).max() <= 2048
        assert 0 <= frame.n_lost < 1280


@given(st.sets(st.integers(1, 126)))
def test_whatever_packets_are_lost_the_samples_add_up(lost: set[int]) -> None:
    """Any of 126 between a first and a last: less than a whole turn of what can be told."""
    decoder = NpgDecoder()
    frames = [decoder.decode(DATA, _packet(10 * number))[0] for number in range(128) if number not in lost]
    assert sum(frame.n_lost for frame in frames) == 10 * len(lost)
