"""Polar's measurement frames, read. Format: firmware_docs/polar.md."""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aquiver.errors import DecodeError
from aquiver.model import Samples

RAW_SAMPLE_BYTES = {0x00: 1, 0x01: 2, 0x02: 3}  # per axis
COMPRESSED = {0x80, 0x81}
N_AXES = 3
MEASUREMENT = 0x3F  # of byte 0; the two bits above it are a status

_ECG_TYPE, _ECG_BYTES = 0x00, 3

_TIME_AT, _TYPE_AT, _SAMPLES_AT = 1, 9, 10
_BLOCK_HEAD = 2
_MOST_BITS = 32
_MOST = 2**31 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A frame as it was sent. ``device_ns`` is the wearable's time of the last sample, in ns since 2000."""

    frame_type: int
    device_ns: int
    samples: Samples


def measured(data: bytes, reference_bytes: int) -> Measured:
    """Read an accelerometer frame; samples have shape (n, 3). ``reference_bytes`` is the resolution in bytes.

    Raises:
        DecodeError: the frame is cut off, of an unknown type or empty; the text names the byte.
    """
    frame_type, device_ns = _head(data)
    if frame_type in RAW_SAMPLE_BYTES:
        samples = _raw(data, _SAMPLES_AT, len(data), RAW_SAMPLE_BYTES[frame_type], N_AXES)
    elif frame_type in COMPRESSED:
        samples = _decompressed(data, reference_bytes)
    else:
        raise DecodeError(f"byte {_TYPE_AT}: unknown frame type 0x{frame_type:02x}")
    return Measured(frame_type, device_ns, _insist(samples))


def measured_ecg(data: bytes) -> Measured:
    """Read an ECG frame; samples have shape (n, 1), in uV.

    Raises:
        DecodeError: as for ``measured``.
    """
    frame_type, device_ns = _head(data)
    if frame_type != _ECG_TYPE:
        raise DecodeError(f"byte {_TYPE_AT}: unknown ECG frame type 0x{frame_type:02x}")
    return Measured(frame_type, device_ns, _insist(_raw(data, _SAMPLES_AT, len(data), _ECG_BYTES, n_channels=1)))


def _head(data: bytes) -> tuple[int, int]:
    """Read the frame type and the time of the last sample."""
    if len(data) < _SAMPLES_AT:
        raise DecodeError(f"byte {len(data)}: the frame ends within its header")
    (device_ns,) = struct.unpack_from("<Q", data, _TIME_AT)
    return data[_TYPE_AT], device_ns


def _insist(samples: Samples) -> Samples:
    if not len(samples):
        raise DecodeError(f"byte {_SAMPLES_AT}: the frame holds no samples")
    return samples


def _raw(data: bytes, start: int, end: int, n_bytes: int, n_channels: int) -> Samples:
    """Read signed little-endian integers of 1 to 4 bytes, shape (n, n_channels)."""
    size = n_channels * n_bytes
    if odd := (end - start) % size:
        raise DecodeError(f"byte {end - odd}: the last sample is cut off after {odd} of {size} bytes")
    digits = np.frombuffer(data[start:end], np.uint8).astype(np.int64).reshape(-1, n_bytes)
    return _signed(digits @ (1 << 8 * np.arange(n_bytes)), 8 * n_bytes, n_channels)


def _decompressed(data: bytes, reference_bytes: int) -> Samples:
    """Add up the reference sample and the differences of all blocks."""
    reference_end = _SAMPLES_AT + N_AXES * reference_bytes
    if len(data) < reference_end:
        raise DecodeError(f"byte {len(data)}: the reference sample is cut off")
    reference = _raw(data, _SAMPLES_AT, reference_end, reference_bytes, N_AXES)
    samples = np.cumsum(np.concatenate([reference, *_blocks(data, reference_end)], dtype=np.int64), axis=0)
    if np.abs(samples).max() > _MOST:
        raise DecodeError(f"byte {reference_end}: the differences lead out of 32 bits")
    return samples.astype(np.int32)


def _blocks(data: bytes, at: int) -> Iterator[Samples]:
    """Read the blocks of differences, each of shape (n, 3)."""
    while at < len(data):
        if len(data) - at < _BLOCK_HEAD:
            raise DecodeError(f"byte {at}: a block's header is cut off")
        n_bits, n_samples = data[at : at + _BLOCK_HEAD]
        if not 1 <= n_bits <= _MOST_BITS:  # 0 is undefined: other readers drop such a block, which would be silent
            raise DecodeError(f"byte {at}: a block of {n_bits}-bit differences")
        start, n_values = at + _BLOCK_HEAD, n_samples * N_AXES
        at = start + math.ceil(n_bits * n_values / 8)
        if at > len(data):
            raise DecodeError(f"byte {start}: a block of {at - start} bytes is cut off after {len(data) - start}")
        bits = np.unpackbits(np.frombuffer(data[start:at], np.uint8), count=n_bits * n_values, bitorder="little")
        yield _signed(bits.astype(np.int64).reshape(-1, n_bits) @ (1 << np.arange(n_bits)), n_bits, N_AXES)


def _signed(values: np.ndarray[tuple[int, ...], np.dtype[np.int64]], n_bits: int, n_channels: int) -> Samples:
    """Read two's complements of ``n_bits``, as shape (n, n_channels). A single bit is 0 or -1."""
    return (values - (values >> (n_bits - 1) << n_bits)).reshape(-1, n_channels).astype(np.int32)
