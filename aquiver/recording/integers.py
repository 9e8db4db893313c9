"""The integers of a data record: two bytes each in EDF, three in BDF, little-endian, two's complement."""

import numpy as np
from numpy.typing import NDArray

from aquiver.model import Samples

_EDF_BYTES = 2
_BDF_BYTES = 3


def read_integers(raw: NDArray[np.uint8], sample_bytes: int) -> Samples:
    """Give the integers in ``raw``, shape (..., n * sample_bytes), as shape (..., n).

    >>> read_integers(np.array([1, 0, 255, 255], np.uint8), 2).tolist()
    [1, -1]
    >>> read_integers(np.array([0, 0, 128], np.uint8), 3).tolist()
    [-8388608]
    """
    if sample_bytes == _EDF_BYTES:
        return raw.view("<i2").astype(np.int32)
    wide = np.zeros((*raw.shape[:-1], raw.shape[-1] // _BDF_BYTES, 4), np.uint8)
    wide[..., 1:] = raw.reshape(*raw.shape[:-1], -1, _BDF_BYTES)
    # In the upper three bytes the sign comes along when they are shifted down.
    return (wide.view("<i4")[..., 0] >> 8).astype(np.int32)


def write_integers(values: Samples, sample_bytes: int) -> bytes:
    """Give ``values``, any shape, as bytes in C order.

    >>> write_integers(np.array([1, -1], np.int32), 3).hex()
    '010000ffffff'
    """
    if sample_bytes == _EDF_BYTES:
        return values.astype("<i2").tobytes()
    return values.astype("<i4").reshape(-1, 1).view(np.uint8)[:, :_BDF_BYTES].tobytes()


def range_of(sample_bytes: int) -> tuple[int, int]:
    """Give the smallest and the largest integer of a width.

    >>> range_of(2)
    (-32768, 32767)
    """
    half: int = 1 << (8 * sample_bytes - 1)
    return -half, half - 1
