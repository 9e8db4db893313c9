"""Polar's measurement frames, written. Format: firmware_docs/polar.md.

The reader is ``collector.devices.pmd``; the two share no line, so that neither can repeat the other's mistake.
"""

import struct
from collections.abc import Callable, Iterator

import numpy as np

from aquiver.model import Samples

_ECG, _ACCELEROMETER = 0, 2
_BLOCK_SAMPLES = 8  # short blocks follow the signal: a twitch does not widen the deltas of a whole frame


Write = Callable[[int, Samples], bytes]


def frames(write: Write, device_ns: list[int], samples: Samples, longest: int) -> Iterator[bytes]:
    """Write samples, shape (n, channels) with their times in ns, as frames of at most ``longest`` bytes."""
    whole = write(device_ns[-1], samples)
    if len(whole) <= longest or len(samples) == 1:
        yield whole
        return
    half = len(samples) // 2
    yield from frames(write, device_ns[:half], samples[:half], longest)
    yield from frames(write, device_ns[half:], samples[half:], longest)


def ecg(device_ns: int, samples: Samples) -> bytes:
    """Write one frame of ECG: 24 bits each. Samples have shape (n, 1)."""
    integers = samples.astype("<i4").reshape(-1, 1).view(np.uint8)[:, :3]
    return struct.pack("<BQB", _ECG, device_ns, 0x00) + integers.tobytes()


def uncompressed(device_ns: int, samples: Samples) -> bytes:
    """Write one frame of acceleration in whole integers of 16 bits. Samples have shape (n, 3)."""
    return struct.pack("<BQB", _ACCELEROMETER, device_ns, 0x01) + samples.astype("<i2").tobytes()


def compressed(frame_type: int, device_ns: int, samples: Samples) -> bytes:
    """Write one frame: the first sample whole, the others as differences. Samples have shape (n, 3), 16 bits."""
    head = struct.pack("<BQB3h", _ACCELEROMETER, device_ns, frame_type, *samples[0].tolist())
    deltas = samples[1:] - samples[:-1]
    return head + b"".join(_block(deltas[at : at + _BLOCK_SAMPLES]) for at in range(0, len(deltas), _BLOCK_SAMPLES))


def _block(deltas: Samples) -> bytes:
    """Write differences, shape (n, 3), least significant bit first, in as few bits as the largest needs."""
    n_bits = max(2, *(_width(int(extreme)) for extreme in (deltas.min(), deltas.max())))  # 1 bit is ambiguous
    bits = (deltas.reshape(-1, 1) >> np.arange(n_bits)) & 1
    packed = np.packbits(bits.astype(np.uint8), bitorder="little")
    return bytes([n_bits, len(deltas), *packed.tolist()])


def _width(delta: int) -> int:
    """Count the bits of a two's complement.

    >>> [_width(delta) for delta in (0, 1, -1, -2, 127, -128)]
    [1, 2, 1, 2, 8, 8]
    """
    return (delta if delta >= 0 else ~delta).bit_length() + 1
