"""Recurrence, compiled: the sums of ``detector.dsp.recurrence``."""

import numpy as np

from detector.dsp import Floats
from detector.dsp.compiling import compiled


@compiled
def matched(wave: Floats, at: int, n_half: int) -> tuple[Floats, Floats]:
    """Give what a filter of the shape around ``at`` finds in ``wave``, shape (axes, n), and the energy under it."""
    n_places = wave.shape[1] - 2 * n_half
    alike, energy = np.zeros(n_places), np.zeros(n_places)
    for axis in range(len(wave)):
        for index in range(2 * n_half + 1):
            value, row = wave[axis, at - n_half + index], wave[axis, index : index + n_places]
            for place in range(n_places):
                alike[place] += value * row[place]
                energy[place] += row[place] * row[place]
    return alike, energy
