"""Rhythm: whether events come at a heart's pace."""

from collections.abc import Sequence

import numpy as np

from detector.dsp import Floats

_SHORTEST_S = 0.45  # detection.md, section 4 step 4
_LONGEST_S = 1.5
_NEAR = 0.12  # of an interval: breathing moves it by less
_SHARE = 0.7
_PLAIN_SHARE = 0.4  # of the intervals are of one beat: twitches every three seconds are no heart
_MOST_BEATS = 3  # an interval may hold beats that were not seen
_RHYTHMS_S: Floats = np.geomspace(_SHORTEST_S, _LONGEST_S, 40)


def has_rhythm(positions: Sequence[int], rate_hz: float, n_fewest: int) -> bool:
    """Tell whether most intervals are one, two or three times the same heart interval, and many just one.

    >>> has_rhythm([0, 80, 161, 239, 400, 481], 100.0, 5), has_rhythm([0, 80, 200, 239, 330, 481], 100.0, 5)
    (True, False)
    """
    if len(positions) <= n_fewest:
        return False
    intervals_s = np.diff(positions) / rate_hz
    n_beats = intervals_s / _RHYTHMS_S[:, np.newaxis]
    whole = np.clip(np.rint(n_beats), 1, _MOST_BEATS)
    fits = np.abs(n_beats - whole) < _NEAR * whole
    is_plain = (fits & (whole == 1)).mean(axis=1) >= _PLAIN_SHARE
    return bool(((fits.mean(axis=1) > _SHARE) & is_plain).any())
