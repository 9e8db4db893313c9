"""The sliding energy: mean power over a short causal window."""

from typing import Self

import numpy as np
from msgspec import Struct

from detector.dsp import Floats


class SlidingEnergy(Struct):
    """Average power over the last ``n_window`` samples.

    Its root over the noise floor is within 0.09 of the best statistic at every rate from 200 to 1000 Hz
    (detection bench 3.2). The sum is taken anew at each sample, because a running sum drifts and depends on its past.

    >>> energy = SlidingEnergy.begin(n_lanes=1, n_window=2)
    >>> energy.update(np.array([[4.0, 0.0, 2.0]]))
    array([[2., 2., 1.]])
    """

    history: Floats  # (lanes, n_window - 1)

    @classmethod
    def begin(cls, n_lanes: int, n_window: int) -> Self:
        """Start in silence."""
        return cls(np.zeros((n_lanes, n_window - 1)))

    def update(self, power: Floats) -> Floats:
        """Average the next powers, shape (lanes, n), and give as many."""
        n_before = self.history.shape[1]
        joined = np.hstack([self.history, power])
        total = power.copy()
        for lag in range(1, n_before + 1):
            total += joined[:, n_before - lag : joined.shape[1] - lag]
        self.history = joined[:, joined.shape[1] - n_before :].copy()
        total /= n_before + 1
        return total

    def restart(self) -> None:
        """Start in silence again."""
        self.history = np.zeros_like(self.history)
