"""Laws of the Ganglion driver."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aquiver.driver import Listen, Read, Write
from aquiver.errors import DecodeError
from aquiver.model import Unit
from collector.devices.ganglion import COMMAND, DATA, SOFTWARE, Ganglion, GanglionDecoder
from collector.devices.ganglion_packet import Differences, Values
from tests.dialogue import said, survivors

RAW = b"\0" + bytes(12) + b"ABCDEFG"
OLD, NEW = b"2.0.1", b"3.0.2"


def _packet(packet_id: int, fields: list[str], tail: bytes = b"") -> bytes:
    bits = "".join(fields)
    return bytes([packet_id]) + int(bits, 2).to_bytes(len(bits) // 8, "big") + tail


def _flat(packet_id: int) -> bytes:
    """No difference for firmware 2, zero for firmware 3."""
    return RAW if packet_id == 0 else bytes([packet_id]) + bytes(19)


def _decoder(revision: bytes) -> GanglionDecoder:
    return said(Ganglion().converse(), [revision])[1]


def _lost(decoder: GanglionDecoder, packet_ids: list[int]) -> list[int | None]:
    """Give what each packet says is lost; None for one that holds no samples."""
    heard = [decoder.decode(DATA, _flat(each)) for each in packet_ids]
    return [frames[0].n_lost if frames else None for frames in heard]


def _read(decoder: GanglionDecoder, *packets: bytes) -> list[list[int]]:
    return [sample for data in packets for frame in decoder.decode(DATA, data) for sample in frame.samples.tolist()]


def test_it_asks_for_the_firmware_and_starts_without_the_accelerometer() -> None:
    requests, _ = said(Ganglion().converse(), [NEW])
    assert requests == [Read(SOFTWARE), Listen(DATA), Write(COMMAND, b"N"), Write(COMMAND, b"b")]


def test_the_board_resets_on_connect_so_every_connection_starts_it_again() -> None:
    assert said(Ganglion().converse(), [OLD])[0] == said(Ganglion().converse(), [OLD])[0]


def test_it_is_left_stopped() -> None:
    assert Ganglion().farewell() == (Write(COMMAND, b"s"),)


def test_it_is_also_known_by_the_name_of_its_radio_chip() -> None:
    assert "Simblee".startswith(Ganglion().name_prefixes)


@pytest.mark.parametrize(
    ("revision", "rate_hz"), [(OLD, 200), (NEW, 199), (b"3.0.0\0", 199), (b"1.1.1", 200), (b"", 200), (b"\xff", 200)]
)
def test_the_revision_tells_the_firmware(revision: bytes, rate_hz: float) -> None:
    (signal,) = _decoder(revision).signals
    assert signal.rate_hz == rate_hz


@pytest.mark.parametrize("revision", [b"4.0.0", b"10.1"])
def test_firmware_nobody_has_described_is_refused(revision: bytes) -> None:
    with pytest.raises(DecodeError, match="byte 0"):
        _decoder(revision)


def test_a_count_is_worth_what_converter_and_amplifier_say() -> None:
    (signal,) = _decoder(NEW).signals
    assert signal.unit is Unit.MICROVOLT
    assert signal.channels[0].scale == pytest.approx(0.00186995, rel=1e-6)
    assert len(signal.channels) == 4


def test_a_raw_packet_is_four_big_endian_integers_of_24_bits() -> None:
    data = b"\0\x00\x03\xe8\xff\xfc\x18\x7f\xff\x00\x80\x01\x00ABCDEFG"
    assert _read(_decoder(OLD), data) == [[1000, -1000, 8388352, -8388352]]


def test_a_difference_is_old_minus_new() -> None:
    fields = ["000000000000000100"] * 4 + ["111111111111111101"] * 4  # 4, -3
    assert _read(_decoder(OLD), RAW, _packet(1, fields, b"\0")) == [[0] * 4, [-4] * 4, [-1] * 4]


@pytest.mark.parametrize("n_bits", [18, 19])
def test_the_last_bit_is_the_sign_of_a_difference_and_the_first_is_not(n_bits: int) -> None:
    """BrainFlow takes the first: jumps of 2^17 counts then decode wrong by 2^18."""
    up, down = "1" + "0" * (n_bits - 1), "0" + "1" * (n_bits - 1)
    packet = _packet(1 if n_bits == 18 else 101, [up, down, up, down] + ["0" * n_bits] * 4, b"\0" * (n_bits == 18))
    half = 1 << (n_bits - 1)
    assert _read(_decoder(OLD), RAW, packet)[1] == [-half, half + 1, -half, half + 1]


def test_the_sign_bit_stays_a_value_bit() -> None:
    fields = ["1" * 19] * 4 + ["0" * 19] * 4
    assert _read(_decoder(OLD), RAW, _packet(101, fields))[1] == [1] * 4


def test_ids_to_100_are_18_bits_and_above_19_in_firmware_2() -> None:
    narrow = _packet(100, ["0" * 17 + "1"] * 8, b"\0")
    wide = _packet(101, ["0" * 18 + "1"] * 8)
    for packet in (narrow, wide):
        decoder = GanglionDecoder(Differences())
        before = [_flat(each) for each in range(1, 100)] if packet is narrow else []
        found = _read(decoder, RAW, *before, packet)
        n_bits = 18 if packet is narrow else 19
        assert found[-2:] == [[(1 << n_bits) - 1] * 4, [2 * ((1 << n_bits) - 1)] * 4]


def test_values_of_firmware_3_are_the_top_bits_with_the_last_one_cleared() -> None:
    narrow = _packet(99, ["000000000000000010", "000000000000000011", "111111111111111101", "1" * 18] * 2, b"\x40")
    wide = _packet(100, ["0000000000000000010", "0000000000000000011", "1111111111111111101", "1" * 19] * 2)
    assert _read(_decoder(NEW), narrow)[0] == [128, 128, -256, -128]
    assert _read(_decoder(NEW), wide)[0] == [64, 64, -128, -64]


def test_the_accelerometer_byte_is_no_part_of_the_emg() -> None:
    first, second = (_packet(7, ["0" * 18] * 8, bytes([byte])) for byte in (0, 0xFF))
    assert _read(_decoder(NEW), first) == _read(_decoder(NEW), second)


@pytest.mark.parametrize(
    ("revision", "packet"),
    [
        (OLD, b"\0" + bytes.fromhex("7F FF FF") * 2 + bytes.fromhex("80 00 00") * 2 + b"ABCDEFG"),
        (NEW, _packet(100, ["0" + "1" * 17 + "0"] * 2 + ["1" + "0" * 17 + "1"] * 2 + ["0" * 19] * 4)),
        (NEW, _packet(1, ["0" + "1" * 16 + "0"] * 2 + ["1" + "0" * 16 + "1"] * 2 + ["0" * 18] * 4, b"\0")),
    ],
)
def test_a_channel_at_its_end_shows_as_saturated_in_every_packet(revision: bytes, packet: bytes) -> None:
    decoder = _decoder(revision)
    (sample, *_), (signal,) = _read(decoder, packet), decoder.signals
    assert sample[:2] == [signal.limit] * 2
    assert set(sample[2:]) <= {-signal.limit, -signal.limit - 1}


def test_differences_that_drift_past_the_end_have_reached_it() -> None:
    raw = b"\0" + bytes.fromhex("7F FF FF") * 4 + b"ABCDEFG"
    up = _packet(101, ["1" * 19] * 4 + ["0" * 16 + "100"] * 4)  # by 1, and down by 4
    assert _read(_decoder(OLD), raw, up)[1:] == [[8388607] * 4, [8388604] * 4]


def test_firmware_3_loses_only_what_was_in_the_packet() -> None:
    assert _lost(_decoder(NEW), [100, 101, 103, 199, 100, 102]) == [0, 0, 2, 190, 0, 2]


def test_firmware_2_gives_nothing_from_a_lost_packet_to_the_next_raw_one() -> None:
    assert _lost(_decoder(OLD), [0, 101, 103, 104, 0, 101]) == [0, 0, None, None, 198, 0]


def test_the_first_packets_of_firmware_2_wait_for_a_raw_one() -> None:
    assert _lost(_decoder(OLD), [199, 200, 0, 101]) == [None, None, 4, 0]


def test_a_whole_cycle_has_nothing_lost() -> None:
    assert set(_lost(_decoder(OLD), [*range(1), *range(101, 201)] * 3)) == {0}
    assert set(_lost(_decoder(OLD), [*range(101)] * 3)) == {0}
    assert set(_lost(_decoder(NEW), [*range(100, 200)] * 3)) == {0}


def test_a_lost_raw_packet_costs_firmware_2_the_whole_cycle() -> None:
    lost = _lost(_decoder(OLD), [0, *range(101, 201), *range(101, 201), 0])
    assert lost[101:] == [None] * 100 + [201]


def test_the_loss_of_one_sample_in_201_of_firmware_3_is_invisible() -> None:
    """Sample 200 is packed and never sent; the ids go on as if nothing were."""
    assert _lost(_decoder(NEW), [198, 199, 100, 101]) == [0, 0, 0, 0]


def test_a_raw_packet_proves_firmware_2_whatever_it_said_of_itself() -> None:
    decoder = _decoder(NEW)
    assert _read(decoder, RAW, _packet(101, ["0" * 16 + "100"] * 8))[1:] == [[-4] * 4, [-8] * 4]
    assert decoder.signals[0].rate_hz == 200


def test_an_id_0_without_letters_proves_firmware_3_whatever_it_said_of_itself() -> None:
    decoder = _decoder(OLD)
    assert _read(decoder, _packet(0, ["0" * 16 + "10"] * 8, b"\0")) == [[128] * 4] * 2
    assert decoder.signals[0].rate_hz == 199


def test_id_200_proves_firmware_2() -> None:
    assert _lost(_decoder(NEW), [199, 200, 0, 101]) == [0, None, 2, 0]


def test_id_100_after_a_larger_one_proves_firmware_3() -> None:
    assert _lost(_decoder(OLD), [198, 199, 100, 101]) == [None, None, 4, 0]


def test_id_100_after_a_smaller_one_proves_nothing() -> None:
    assert _lost(_decoder(OLD), [0, 100]) == [0, None]


def test_a_packet_said_twice_counts_once() -> None:
    step = _packet(101, ["0" * 16 + "100"] * 8)
    assert _read(_decoder(OLD), RAW, step, step) == [[0] * 4, [-4] * 4, [-8] * 4]
    assert _lost(_decoder(OLD), [0, 101, 101, 102]) == [0, 0, None, 0]


def test_impedances_and_messages_are_passed_over() -> None:
    decoder = _decoder(OLD)
    others = [b"\xc9123Z", b"\xcd0Z", b"\xceOpenBCI", b"\xcf\n"]
    assert _read(decoder, RAW, *others, _flat(101)) == [[0] * 4] * 3


def test_the_rest_of_the_board_is_passed_over() -> None:
    assert _decoder(NEW).decode("2a19", b"\x50") == ()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "byte 0"),
        (b"\xd0", "byte 0: packet id 208"),
        (b"\x64", "byte 1"),
        (_flat(100)[:19], "byte 19"),
        (_flat(100) + b"\0", "byte 20"),
    ],
)
def test_a_broken_packet_is_refused_by_the_name_of_its_byte(data: bytes, text: str) -> None:
    with pytest.raises(DecodeError, match=text):
        _decoder(NEW).decode(DATA, data)


@pytest.mark.parametrize(
    ("revision", "before", "after", "lost"),
    [(NEW, [100, 101], [103, 104], [2, 0]), (OLD, [0, 101], [103, 0], [None, 198])],
)
def test_a_packet_cut_off_is_lost_with_all_that_hang_on_it(
    revision: bytes, before: list[int], after: list[int], lost: list[int | None]
) -> None:
    decoder = _decoder(revision)
    assert _lost(decoder, before) == [0, 0]
    with pytest.raises(DecodeError):
        decoder.decode(DATA, _flat(102)[:7])
    assert _lost(decoder, after) == lost


def test_a_packet_of_firmware_3_can_be_read_alone() -> None:
    assert _read(Ganglion().assume({}), _packet(150, ["0000000000000000010"] * 8)) == [[64] * 4] * 2


def test_differences_heard_after_a_raw_packet_are_absolute_without_a_conversation() -> None:
    raw = b"\0" + bytes.fromhex("00 03 E8") * 4 + b"ABCDEFG"
    assert _read(Ganglion().assume({}), raw, _packet(101, ["0" * 16 + "100"] * 8))[1:] == [[996] * 4, [992] * 4]


@given(st.sampled_from([OLD, NEW]), st.lists(st.binary(max_size=24), max_size=20))
def test_foreign_bytes_raise_only_decode_errors(revision: bytes, packets: list[bytes]) -> None:
    for frame in survivors(_decoder(revision), DATA, packets):
        assert len(frame.samples)
        assert np.abs(frame.samples).max() <= 1 << 23


@given(
    st.sampled_from([OLD, NEW]),
    st.lists(st.tuples(st.integers(0, 207), st.binary(min_size=19, max_size=19), st.booleans()), max_size=300),
)
def test_packets_in_any_order_stay_within_the_limit(revision: bytes, packets: list[tuple[int, bytes, bool]]) -> None:
    spelt = [
        struct.pack("B", number) + (body[:12] + b"ABCDEFG" if is_raw else body) for number, body, is_raw in packets
    ]
    for frame in survivors(_decoder(revision), DATA, spelt):
        assert frame.n_lost >= 0
        assert np.abs(frame.samples).max() <= 1 << 23


@given(st.sets(st.integers(0, 403)))
def test_given_and_lost_samples_of_firmware_2_add_up(missing: set[int]) -> None:
    """Over four cycles with packets missing, but for a loss of whole cycles at a time."""
    cycle = [0, *range(101, 201)]
    kept = [cycle[nth % 101] for nth in range(404) if nth not in missing]
    decoder = GanglionDecoder(Differences())
    found = [frame for each in [0, *kept, 0] for frame in decoder.decode(DATA, _flat(each))]
    n = sum(frame.n_lost + len(frame.samples) for frame in found)
    assert n % 201 == 1 or not kept
    assert n <= 1 + 4 * 201 + 1


def test_both_readers_agree_where_the_first_sample_of_an_id_stands() -> None:
    assert [Differences().start_of(each) for each in (0, 1, 2, 100, 101, 200)] == [0, 1, 3, 199, 1, 199]
    assert [Values().start_of(each) for each in (0, 1, 99, 100, 199)] == [0, 2, 198, 0, 198]
