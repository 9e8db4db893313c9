"""The heart in an EMG band: slow, regular potentials."""

import numpy as np
from msgspec import Struct, field

from detector.dsp import Floats

_WINDOW_S = 10.0  # believed by what came in so long (detection.md, section 4 step 4)
_N_FEWEST = 5  # intervals
_SHORTEST_S = 0.45
_LONGEST_S = 1.5
_NEAR = 0.12  # of an interval: breathing moves it by less
_SHARE = 0.7
_SAME_S = 0.25  # nearer than this, two potentials are of one beat
_MOST_BEATS = 3  # an interval may hold beats that were too small to be seen
_KEPT_S = 120.0  # a heart that was believed is expected for so long
_RHYTHMS_S: Floats = np.geomspace(_SHORTEST_S, _LONGEST_S, 40)


class Heart(Struct):
    """Tell whether slow potentials are heartbeats: most intervals are multiples of one.

    >>> heart = Heart(rate_hz=100.0)
    >>> [heart.is_beating(position) for position in (0, 80, 161, 239, 320, 401)]
    [False, False, False, False, False, True]
    """

    rate_hz: float
    beats: list[int] = field(default_factory=list)
    believed_until: int | None = None

    def is_beating(self, position: int) -> bool:
        """Take the position of a slow potential, and tell whether it belongs to a heart."""
        if not self.beats or position - self.beats[-1] > _SAME_S * self.rate_hz:
            self.beats = [one for one in self.beats if one > position - _WINDOW_S * self.rate_hz] + [position]
        if self._has_rhythm():
            self.believed_until = position + round(_KEPT_S * self.rate_hz)
        return self.is_expected(position)

    def is_expected(self, position: int) -> bool:
        """Tell whether a heart was seen lately."""
        return self.believed_until is not None and position <= self.believed_until

    def _has_rhythm(self) -> bool:
        intervals_s = np.diff(self.beats) / self.rate_hz
        if len(intervals_s) < _N_FEWEST:
            return False
        n_beats = intervals_s / _RHYTHMS_S[:, np.newaxis]
        whole = np.clip(np.rint(n_beats), 1, _MOST_BEATS)
        fits = np.abs(n_beats - whole) < _NEAR
        return bool((fits.mean(axis=1) > _SHARE).any())
