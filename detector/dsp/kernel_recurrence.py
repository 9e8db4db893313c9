"""Recurrence, compiled: the sums of ``detector.dsp.recurrence``."""

import numpy as np

from detector.dsp import Floats
from detector.dsp.compiling import compiled

_N_TILE = 512  # places that stay in the nearest cache


@compiled
def matched(wave: Floats, at: int, n_half: int) -> Floats:
    """Give what a filter of the shape around ``at`` finds at every place of ``wave``, shape (axes, n)."""
    n_places = wave.shape[1] - 2 * n_half
    alike = np.zeros(n_places)
    for start in range(0, n_places, _N_TILE):
        own = alike[start : start + _N_TILE]
        for axis in range(len(wave)):
            for index in range(2 * n_half + 1):
                value, row = wave[axis, at - n_half + index], wave[axis, start + index :]
                for place in range(len(own)):
                    own[place] += value * row[place]
    return alike
