"""The sizes of bursts, compiled."""

import numpy as np

from detector.dsp import Counts, Floats
from detector.dsp.compiling import compiled


@compiled
def sizes(samples: Floats, cuts: Counts, n_channels: int) -> Floats:
    """Give the size of the largest swing in each cut, and its channel; shape (cuts, 2).

    A cut is a row: the first of ``n_channels`` channels, the first position, the one after the last.
    """
    found = np.empty((len(cuts), 2))
    for index in range(len(cuts)):
        first, start, stop = cuts[index]
        size, largest = -1.0, first
        for channel in range(first, first + n_channels):
            own = samples[channel, start:stop]
            swing = own.max() - own.min()
            if swing > size:
                size, largest = swing, channel
        found[index, 0], found[index, 1] = size, largest
    return found
