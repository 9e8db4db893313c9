"""Faults of a sensor: samples that stand at its limit, or stand still."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from msgspec import Struct

from aquiver.model import Samples
from detector.dsp import Flags


@dataclass(frozen=True, slots=True)
class Faults:
    """Which blocks hold a fault, shape (lanes, blocks) each."""

    saturated: Flags
    flat: Flags


class FaultFinder(Struct):
    """Find blocks that touch the limit, and blocks in which nothing has changed for ``n_flat`` samples.

    With ``is_vector`` all channels are one lane: at the limit if one is, flat if all are.

    >>> finder = FaultFinder.begin(limit=100, n_flat=3, n_block=4, is_vector=False)
    >>> faults = finder.update(np.array([[1, 2, 1, 2, 5, 5, 5, 5, 1, -100, 1, 2]], np.int32))
    >>> faults.saturated.tolist(), faults.flat.tolist()
    ([[False, False, True]], [[False, True, False]])
    """

    limit: int
    n_block: int
    is_vector: bool
    newest: Samples  # (channels, 1), or (0, 0) before the first sample
    changes: Flags  # (lanes, n_flat): did the last samples differ from the ones before?

    @classmethod
    def begin(cls, limit: int, n_flat: int, n_block: int, *, is_vector: bool) -> Self:
        """Start as if everything had just changed."""
        return cls(limit, n_block, is_vector, np.empty((0, 0), np.int32), np.ones((1, n_flat), bool))

    def update(self, samples: Samples) -> Faults:
        """Look at the next whole blocks, shape (channels, blocks x n_block)."""
        railed = (samples >= self.limit) | (samples <= -self.limit)
        before = self.newest if self.newest.size else samples[:, :1] + 1
        changed = np.diff(samples, axis=-1, prepend=before) != 0
        self.newest = samples[:, -1:].copy()
        return Faults(self._by_block(self._lanes(railed)), self._by_block(self._flat(self._lanes(changed))))

    def restart(self) -> None:
        """Start again as if everything had just changed."""
        self.newest = np.empty((0, 0), np.int32)
        self.changes = np.ones_like(self.changes)

    def _flat(self, changed: Flags) -> Flags:
        n_flat = self.changes.shape[1]
        before = np.broadcast_to(self.changes, (len(changed), n_flat))
        joined = np.hstack([before, changed])
        self.changes = joined[:, joined.shape[1] - n_flat :].copy()
        n_changes = np.cumsum(joined, axis=-1, dtype=np.int32)
        return np.equal(n_changes[:, n_flat:], n_changes[:, :-n_flat])

    def _lanes(self, flags: Flags) -> Flags:
        return np.asarray(flags.any(axis=0, keepdims=True)) if self.is_vector else flags

    def _by_block(self, flags: Flags) -> Flags:
        blocks = flags.reshape(len(flags), -1, self.n_block)
        return np.asarray(blocks.any(axis=-1))
