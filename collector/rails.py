"""A sensor that stands at the end of its range: that is a fault, and not a quiet muscle. Pure.

An H10 is known whose z axis said -2000 mg for hours (polar-ble-sdk, issue 634).
"""

import numpy as np

from aquiver.model import Samples, Signal

STUCK_S = 2.0  # a blow or a strong contraction ends sooner


class Rails:
    """Follow which channels of one signal stand at their limit.

    >>> from aquiver.model import Channel, Modality, Unit
    >>> rails = Rails(Signal(Modality.ACCELEROMETER, 50.0, Unit.G, 2000, tuple(Channel(axis) for axis in "xyz")))
    >>> rails.feed(np.tile(np.array([[3, -4, -2000]], np.int32), (100, 1)))
    >>> rails.stuck, rails.n_stuck
    (('z',), 100)
    """

    def __init__(self, signal: Signal) -> None:
        self.n_stuck = 0  # samples taken while a channel was stuck
        self._signal = signal
        self._n_at_limit = np.zeros(len(signal.channels), np.int64)
        self._n_patience = round(STUCK_S * signal.rate_hz)

    @property
    def stuck(self) -> tuple[str, ...]:
        """Name the channels that have stood at their limit for ``STUCK_S`` without a pause."""
        names = [channel.name for channel in self._signal.channels]
        return tuple(name for name, n in zip(names, self._n_at_limit, strict=True) if n >= self._n_patience)

    def feed(self, samples: Samples) -> None:
        """Take consecutive samples, shape (n, channels). Those before a channel counted as stuck count with it."""
        was_stuck = bool(self.stuck)
        at_limit = np.abs(samples.astype(np.int64)) >= self._signal.limit
        n_at_end = np.where(at_limit.all(axis=0), len(samples), np.argmin(at_limit[::-1], axis=0))
        self._n_at_limit = np.where(at_limit.all(axis=0), self._n_at_limit + n_at_end, n_at_end)
        if self.stuck:
            self.n_stuck += len(samples) if was_stuck else int(self._n_at_limit.max())
