"""A frame: consecutive samples of one stream as they travel to a browser.

Little-endian, all at their natural alignment, so that a browser lays typed arrays over it:

| bytes | what |
|---|---|
| 0-7 | float64: UNIX time of the first sample |
| 8-11 | float32: true samples a second |
| 12-13 | uint16: number of the stream (told in the event ``streams``) |
| 14-15 | uint16: channels |
| 16... | for each channel float32 offset, float32 scale: value = offset + scale x integer, in the stream's unit |
| ... | int16, samples x channels |

A sensor of more than 16 bits loses those below the frame's own range, which no screen shows.
"""

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aquiver.model import Chunk, Signal

_HEAD = struct.Struct("<dfHH")
_INT16 = 1 << 15
_HALF_RANGE = _INT16 - 2


def encode_frame(number: int, chunks: Sequence[Chunk]) -> bytes:
    """Give the frame of chunks of one stream that follow each other without a gap."""
    first = chunks[0]
    samples = np.concatenate([chunk.samples for chunk in chunks]) if len(chunks) > 1 else first.samples
    numbers, laid = _to_int16(samples, first.stream.signal)
    start_s, rate_hz = first.clock.time_of(first.first_sample), first.clock.rate_hz
    head = _HEAD.pack(start_s, rate_hz, number, samples.shape[1])
    return b"".join((head, laid.astype("<f4").tobytes(), numbers.astype("<i2").tobytes()))


def runs_of(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """Give chunks of one stream in stretches without a gap."""
    found: list[list[Chunk]] = []
    for chunk in chunks:
        last = found[-1][-1] if found else None
        if last is not None and last.run == chunk.run and last.end_sample == chunk.first_sample:
            found[-1].append(chunk)
        else:
            found.append([chunk])
    return found


def _to_int16(samples: NDArray[np.int32], signal: Signal) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Give integers that fit, and offset and scale of each channel: shape (channels, 2)."""
    scale = np.array([channel.scale for channel in signal.channels])
    offset = np.array([channel.offset for channel in signal.channels])
    if signal.limit <= _INT16:
        return samples, np.column_stack((offset, scale))
    low, high = samples.min(axis=0).astype(np.int64), samples.max(axis=0).astype(np.int64)
    middle = (low + high) // 2
    step = np.maximum(1, -(-(high - low) // (2 * _HALF_RANGE)))
    numbers = ((samples - middle) // step).astype(np.int32)
    return numbers, np.column_stack((offset + middle * scale, step * scale))
