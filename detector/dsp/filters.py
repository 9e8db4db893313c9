"""Filters in second-order sections, each remembering where it stopped."""

from functools import cache
from typing import Self

import numpy as np
from msgspec import Struct
from scipy import signal

from detector.dsp import Floats

_POLES_PER_EDGE = 2  # order 4 in all: twice as steep rings longer, and finds a third fewer of 12 sigma at 200 Hz
_NOTCH_Q = 30.0  # wide enough for mains that wander, narrow enough for a twitch (detection.md, section 4 step 1)
_N_HARMONICS = 4


@cache  # the same for every stream of a kind
def band_pass(rate_hz: float, low_hz: float, high_hz: float) -> Floats:
    """Design a Butterworth band-pass of order 4, two poles at each edge; shape (2, 6).

    >>> band_pass(500.0, 20.0, 237.5).shape
    (2, 6)
    """
    return np.asarray(signal.butter(_POLES_PER_EDGE, (low_hz, high_hz), "bandpass", fs=rate_hz, output="sos"))


@cache
def notches(rate_hz: float, mains_hz: float | None) -> Floats:
    """Design one notch for the mains and each of its first harmonics below Nyquist; shape (n, 6).

    >>> notches(250.0, 50.0).shape, notches(250.0, None).shape
    ((2, 6), (0, 6))
    """
    if mains_hz is None:
        return np.empty((0, 6))
    lines_hz = [mains_hz * n for n in range(1, _N_HARMONICS + 1) if mains_hz * n < rate_hz / 2]
    return np.array([np.hstack(signal.iirnotch(line_hz, _NOTCH_Q, rate_hz)) for line_hz in lines_hz]).reshape(-1, 6)


class Cascade(Struct):
    """Filter every channel through the same sections, as one endless signal.

    The first sample is taken as the level before it: an offset makes no click.

    >>> cascade = Cascade.begin(band_pass(500.0, 20.0, 237.5))
    >>> bool(abs(cascade.update(np.full((1, 100), 1000.0))).max() < 1e-6)
    True
    """

    sections: Floats
    state: Floats  # (sections, channels, 2); empty until the first sample

    @classmethod
    def begin(cls, sections: Floats) -> Self:
        """Start at rest. ``sections`` has shape (n, 6)."""
        return cls(sections, np.empty((0, 0, 2)))

    def update(self, samples: Floats) -> Floats:
        """Filter the next samples, shape (channels, n), and give as many."""
        self.settle(samples[:, 0])
        filtered, self.state = signal.sosfilt(self.sections, samples, axis=-1, zi=self.state)
        return filtered

    def settle(self, level: Floats) -> None:
        """Take a level per channel for the one that has always been there, if nothing is known yet."""
        if not self.state.size:
            self.state = signal.sosfilt_zi(self.sections)[:, np.newaxis, :] * level[np.newaxis, :, np.newaxis]

    def restart(self) -> None:
        """Come to rest: the next sample is a first one."""
        self.state = np.empty((0, 0, 2))
