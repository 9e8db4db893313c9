"""The sweep: from integers to filtered values, their energy and the median power of each block."""

from dataclasses import dataclass

import numpy as np

from aquiver.model import Samples
from detector.dsp import Floats
from detector.dsp.energy import SlidingEnergy
from detector.dsp.filters import Cascade


@dataclass(frozen=True, slots=True)
class Swept:
    """Filtered values, shape (channels, n); energy, (lanes, n); median power, (lanes, blocks)."""

    filtered: Floats
    energy: Floats
    medians: Floats


def sweep(raw: Samples, scales: Floats, cascade: Cascade, energy: SlidingEnergy, n_block: int) -> Swept:
    """Take the next whole blocks, shape (n, channels), with scales of shape (channels, 1).

    >>> cascade, energy = Cascade.begin(np.array([[1.0, 0, 0, 1, 0, 0]])), SlidingEnergy.begin(1, 2)
    >>> sweep(np.array([[2], [4], [0], [0]], np.int32), np.array([[0.5]]), cascade, energy, 2)
    Swept(filtered=array([[1., 2., 0., 0.]]), energy=array([[0.5, 2.5, 2. , 0. ]]), medians=array([[2.5, 0. ]]))
    """
    filtered = cascade.update(np.ascontiguousarray(raw.T) * scales)
    power = power_of(filtered, len(energy.history))
    return Swept(filtered, energy.update(power), _medians(power, len(raw) // n_block))


def power_of(filtered: Floats, n_lanes: int) -> Floats:
    """Square; several channels that are one lane are added, in their order always: a sum over an axis promises none."""
    squares = filtered**2
    if len(squares) == n_lanes:
        return squares
    total = squares[0]
    for square in squares[1:]:
        total = total + square
    return np.asarray(total[np.newaxis])


def _medians(power: Floats, n_blocks: int) -> Floats:
    """Give the median of each block, shape (lanes, blocks): a sort is the quickest way there."""
    ordered = np.sort(power.reshape(len(power), n_blocks, -1), axis=-1)
    n_block = ordered.shape[-1]
    return (ordered[..., (n_block - 1) // 2] + ordered[..., n_block // 2]) / 2
