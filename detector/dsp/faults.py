"""Faults of a sensor: samples that stand at its limit, or stand still."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from msgspec import Struct

from aquiver.model import Samples
from detector.dsp import Counts, Flags


@dataclass(frozen=True, slots=True)
class Faults:
    """Which blocks hold a fault, shape (lanes, blocks) each."""

    saturated: Flags
    flat: Flags


_RAILED_SHARE = 0.1  # of a block; less is a twitch whose top is cut off, or the largest value of a scaled file


class FaultFinder(Struct):
    """Find blocks that stand at the limit, and blocks in which nothing has changed for ``n_flat`` samples.

    A block is saturated by a tenth of its samples, or by a spark: one sample at the limit between two near zero.
    With ``is_vector`` all channels are one lane: at the limit if one is, flat if all are.

    >>> finder = FaultFinder.begin(limit=100, n_flat=3, n_block=4, is_vector=False)
    >>> faults = finder.update(np.array([[1, 2, 1, 2, 5, 5, 5, 5, 1, -100, 1, 2]], np.int32).T)
    >>> faults.saturated.tolist(), faults.flat.tolist()
    ([[False, False, True]], [[False, True, False]])
    """

    limit: int
    n_flat: int
    n_block: int
    is_vector: bool
    newest: Samples  # (2, channels), or (0, 0) before the first sample
    still: Counts  # (lanes,) for how many samples nothing has changed

    @classmethod
    def begin(cls, limit: int, n_flat: int, n_block: int, *, is_vector: bool) -> Self:
        """Start as if everything had just changed."""
        return cls(limit, n_flat, n_block, is_vector, np.empty((0, 0), np.int32), np.zeros(1, np.intp))

    def update(self, samples: Samples) -> Faults:
        """Look at the next whole blocks, shape (blocks x n_block, channels)."""
        self.settle(samples)
        joined = np.concatenate([self.newest, samples])
        self.newest = joined[-2:].copy()
        changed = self._lanes((joined[2:] != joined[1:-1]).T)
        return Faults(self._saturated(joined.T), self._by_block(self._flat(changed)))

    def settle(self, samples: Samples) -> None:
        """Take the first sample for one that has just changed, if nothing is known yet."""
        if not self.newest.size:
            self.newest = np.repeat(samples[:1] + 1, 2, axis=0)
            self.still = np.zeros(1 if self.is_vector else samples.shape[1], np.intp)

    @property
    def n_railed(self) -> float:
        """Count the samples at the limit that make a block saturated."""
        return max(1.0, _RAILED_SHARE * self.n_block)

    def restart(self) -> None:
        """Start again as if everything had just changed."""
        self.newest = np.empty((0, 0), np.int32)

    def _saturated(self, joined: Samples) -> Flags:
        """Judge the blocks; a spark is known one sample late. Shape (channels, 2 + blocks x n_block)."""
        railed = (joined >= self.limit) | (joined <= -self.limit)
        if not railed.any():
            return self._by_block(self._lanes(railed[:, 2:]))
        low = (joined < self.limit / 2) & (joined > -self.limit / 2)
        sparks = self._lanes(low[:, :-2] & railed[:, 1:-1] & low[:, 2:])
        blocks = self._lanes(railed[:, 2:]).reshape(len(sparks), -1, self.n_block)
        return np.asarray(blocks.sum(axis=-1) >= self.n_railed) | self._by_block(sparks)

    def _flat(self, changed: Flags) -> Flags:
        """Tell at each sample whether nothing has changed for long enough."""
        positions = np.arange(changed.shape[1])
        newest_change = np.maximum.accumulate(np.where(changed, positions, -1 - self.still[:, np.newaxis]), axis=-1)
        still = positions - newest_change
        self.still = still[:, -1].copy()
        return np.asarray(still >= self.n_flat)

    def _lanes(self, flags: Flags) -> Flags:
        return np.asarray(flags.any(axis=0, keepdims=True)) if self.is_vector else flags

    def _by_block(self, flags: Flags) -> Flags:
        blocks = flags.reshape(len(flags), -1, self.n_block)
        return np.asarray(blocks.any(axis=-1))
