"""Firing: a motor unit that is being used comes again and again, in one shape."""

from collections.abc import Sequence

import numpy as np

from detector.dsp import Floats
from detector.dsp.recurrence import recurrences

_CENTRE_S = 0.008  # the highest value lies so near a candidate's peak
_SHAPE_S = 0.010  # to each side of the highest value
_BEFORE_S = 1.2
_AFTER_S = 1.0
_APART_S = 0.030
_OFTEN = 6  # discharges ...
_OFTEN_S = 1.0  # ... within so long
_EVENLY = 5  # discharges ...
_EVENLY_S = (0.05, 0.30)  # ... so far apart (5-12 a second, and some not found) ...
_EVENLY_SPREAD = 0.5  # ... with this coefficient of variation at most
REACH_S = _BEFORE_S + _CENTRE_S + _SHAPE_S


def firing(wave: Floats, peak: int, floor: float, rate_hz: float) -> tuple[int, int] | None:
    """Give the first and the last discharge of a unit that fires at ``peak`` and around it; None if it does not.

    ``wave`` has shape (n,) and begins ``REACH_S`` before the peak, or later where there is no more; ``floor`` is the rms of its
    noise. Isolated twitches of one unit hardly come six times in a second, or five times evenly.

    >>> generator = np.random.default_rng(1)
    >>> wave = generator.normal(0.0, 1.0, 1200)
    >>> for position in range(200, 700, 60):
    ...     wave[position - 4 : position + 4] += 4 * np.sin(np.arange(8))
    >>> first, last = firing(wave, 380, 1.0, 500.0)
    >>> bool(190 < first < 330), bool(560 < last < 690), firing(wave, 1100, 1.0, 500.0)
    (True, True, None)
    """
    n_centre, n_half = max(2, round(_CENTRE_S * rate_hz)), round(_SHAPE_S * rate_hz)
    near = max(0, peak - n_centre)
    centre = near + int(np.abs(wave[near : peak + n_centre + 1]).argmax())
    first = max(0, centre - round(_BEFORE_S * rate_hz) - n_half)
    wave = wave[first : centre + round(_AFTER_S * rate_hz) + n_half + 1]
    own = centre - first
    if own < n_half or own + n_half >= len(wave):
        return None
    found = recurrences(wave[np.newaxis], own, n_half, floor, round(_APART_S * rate_hz))
    return (first + found[0], first + found[-1]) if _is_used(found, found.index(own), rate_hz) else None


def _is_used(found: list[int], own: int, rate_hz: float) -> bool:
    """Tell whether discharges come often, or evenly, the one of index ``own`` among them."""
    crowds, trains = _together(found, own, _OFTEN), _together(found, own, _EVENLY)
    is_often = any(crowd[-1] - crowd[0] <= _OFTEN_S * rate_hz for crowd in crowds)
    return is_often or any(_is_even(np.diff(train) / rate_hz) for train in trains)


def _together(found: list[int], own: int, n_together: int) -> Sequence[list[int]]:
    """List the stretches of so many discharges on end that hold the one of index ``own``."""
    firsts = range(max(0, own - n_together + 1), min(own, len(found) - n_together) + 1)
    return [found[first : first + n_together] for first in firsts]


def _is_even(intervals_s: Floats) -> bool:
    mean_s, (shortest_s, longest_s) = float(intervals_s.mean()), _EVENLY_S
    return shortest_s < mean_s < longest_s and float(intervals_s.std()) < _EVENLY_SPREAD * mean_s
