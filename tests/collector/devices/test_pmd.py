"""Laws of Polar's measurement frames."""

import struct
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aquiver.errors import DecodeError
from aquiver.model import Samples
from collector.devices.pmd import measured, measured_ecg
from collector.virtual import pmd

NS = 599_618_164_814_402_794
HEAD = struct.pack("<BQ", 2, NS)
REFERENCE = struct.pack("<3h", -48, 357, 4068)


def _compressed(*blocks: bytes) -> bytes:
    return HEAD + b"\x81" + REFERENCE + b"".join(blocks)


@pytest.mark.parametrize(
    ("frame_type", "payload", "expected"),
    [
        (0x00, "01 FF 7F 80 00 02", [[1, -1, 127], [-128, 0, 2]]),
        (0x01, "45 FF E4 FF B5 03", [[-187, -28, 949]]),
        (0x02, "45 FF FF E4 FF FF B5 03 00", [[-187, -28, 949]]),
    ],
)
def test_raw_types_0_1_and_2(frame_type: int, payload: str, expected: list[list[int]]) -> None:
    seen = measured(HEAD + bytes([frame_type]) + bytes.fromhex(payload), 2)
    assert seen.samples.tolist() == expected
    assert (seen.frame_type, seen.device_ns) == (frame_type, NS)


def test_an_ecg_is_24_bits_of_microvolts() -> None:
    seen = measured_ecg(struct.pack("<BQB", 0, NS, 0) + bytes.fromhex("E8 03 00 FF FF FF 00 00 80"))
    assert seen.samples.tolist() == [[1000], [-1], [-(2**23)]]
    assert seen.device_ns == NS


@pytest.mark.parametrize(
    ("tail", "where"), [("", "byte 9"), ("01 00 00 00", "byte 9"), ("00", "byte 10"), ("00 01", "byte 10")]
)
def test_a_broken_ecg_frame_is_refused_by_its_byte(tail: str, where: str) -> None:
    with pytest.raises(DecodeError, match=where + ":"):
        measured_ecg(struct.pack("<BQ", 0, NS) + bytes.fromhex(tail))


@given(hnp.arrays(np.int32, st.tuples(st.integers(1, 80), st.just(1)), elements=st.integers(-(2**23), 2**23 - 1)))
def test_an_ecg_the_virtual_firmware_writes_is_read_back(samples: Samples) -> None:
    assert np.array_equal(measured_ecg(pmd.ecg(NS, samples)).samples, samples)


def test_the_differences_of_a_block_add_up() -> None:
    seen = measured(_compressed(bytes.fromhex("08 02 FC 07 FF 0C 13 F2")), 2)
    assert seen.samples.tolist() == [[-48, 357, 4068], [-52, 364, 4067], [-40, 383, 4053]]


def test_bits_run_least_significant_first_across_bytes() -> None:
    seen = measured(_compressed(bytes([3, 1, 0b11_010_001, 0b1])), 2)  # +1, +2, then 111: -1
    assert seen.samples[1].tolist() == [-47, 359, 4067]


def test_a_frame_may_hold_nine_blocks() -> None:
    block = bytes([8, 1, 1, 1, 1])
    assert measured(_compressed(*[block] * 9), 2).samples[-1].tolist() == [-39, 366, 4077]


def test_a_block_of_1_bit_differences_is_0_or_minus_1() -> None:
    seen = measured(_compressed(bytes([1, 2, 0b101_011])), 2)
    assert np.diff(seen.samples, axis=0).tolist() == [[-1, -1, 0], [-1, 0, -1]]


def test_a_block_of_0_bit_differences_is_refused() -> None:
    with pytest.raises(DecodeError, match="byte 16: a block of 0-bit"):
        measured(_compressed(bytes([0, 5])), 2)


def test_the_reference_is_as_wide_as_the_resolution() -> None:
    data = HEAD + b"\x81" + bytes.fromhex("D0 FF FF 65 01 00 E4 0F 00")
    assert measured(data, 3).samples.tolist() == [[-48, 357, 4068]]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", "byte 0"),
        (HEAD, "byte 9"),
        (HEAD + b"\x01", "byte 10"),
        (HEAD + b"\x01" + REFERENCE + b"\x05", "byte 16"),
        (HEAD + b"\x42" + REFERENCE, "byte 9"),
        (HEAD + b"\x81" + REFERENCE[:-1], "byte 15"),
        (_compressed(b"\x08"), "byte 16"),
        (_compressed(b"\x21\x01"), "byte 16"),
        (_compressed(bytes([8, 1, 1, 1])), "byte 18"),
        (_compressed(b"\x20\x02" + b"\xff\xff\xff\x7f" * 6), "byte 16"),
    ],
)
def test_a_broken_frame_is_refused_by_its_byte(data: bytes, where: str) -> None:
    with pytest.raises(DecodeError, match=where + ":"):
        measured(data, 2)


@given(st.binary(max_size=300))
def test_foreign_bytes_raise_only_decode_errors(tail: bytes) -> None:
    for frame_type in (0x00, 0x01, 0x02, 0x80, 0x81):
        try:
            seen = measured(HEAD + bytes([frame_type]) + tail, 2)
        except DecodeError:
            continue
        assert seen.samples.shape[1] == 3


@given(hnp.arrays(np.int32, st.tuples(st.integers(1, 60), st.just(3)), elements=st.integers(-32768, 32767)))
def test_what_the_virtual_firmware_writes_is_read_back(samples: Samples) -> None:
    written = list(pmd.frames(partial(pmd.compressed, 0x81), [NS + n for n in range(len(samples))], samples, 229))
    seen = [measured(frame, 2) for frame in written]
    assert max(map(len, written)) <= 229
    assert np.array_equal(np.concatenate([one.samples for one in seen]), samples)
    assert seen[-1].device_ns == NS + len(samples) - 1
