"""The past: the newest samples, as far as anybody looks back."""

from typing import Self

import numpy as np
from msgspec import Struct

from detector.dsp import Floats


class Past(Struct):
    """Remember the newest ``n_kept`` samples of every lane; there is room for twice as many, so that most are only written.

    >>> past = Past.begin(n_lanes=1, n_kept=3)
    >>> for first in range(0, 8, 2):
    ...     past.add(np.arange(first, first + 2.0)[np.newaxis])
    >>> past.newest(0), past.before(np.array([[8.0, 9.0]]), 0, 1, 4)
    (array([5., 6., 7.]), array([6., 7., 8.]))
    """

    room: Floats  # (lanes, 2 n_kept)
    end: int  # so much of it is in use

    @classmethod
    def begin(cls, n_lanes: int, n_kept: int) -> Self:
        """Start in silence."""
        return cls(np.zeros((n_lanes, 2 * n_kept)), n_kept)

    @property
    def n_kept(self) -> int:
        """Count the samples that are remembered."""
        return int(self.room.shape[1]) // 2

    def newest(self, lane: int) -> Floats:
        """Give them of one lane, shape (n_kept,)."""
        return self.room[lane, self.end - self.n_kept : self.end]

    def before(self, samples: Floats, lane: int, first: int, stop: int) -> Floats:
        """Give a stretch of one lane, counted from the first that is remembered: ``samples``, shape (lanes, n), come next."""
        if first >= self.n_kept:
            return samples[lane, first - self.n_kept : stop - self.n_kept]
        return np.concatenate([self.newest(lane)[first:stop], samples[lane, : max(0, stop - self.n_kept)]])

    def add(self, samples: Floats) -> None:
        """Take the next samples, shape (lanes, n)."""
        samples = samples[:, -self.n_kept :]
        if self.end + samples.shape[1] > self.room.shape[1]:
            self.room[:, : self.n_kept] = self.room[:, self.end - self.n_kept : self.end].copy()
            self.end = self.n_kept
        self.room[:, self.end : self.end + samples.shape[1]] = samples
        self.end += samples.shape[1]

    def forget(self) -> None:
        """Start in silence again."""
        self.room[:] = 0.0
