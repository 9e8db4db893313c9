"""The sizes of bursts, peak to peak."""

from collections.abc import Sequence

import numpy as np

from detector.dsp import Floats
from detector.dsp.compiling import loops

Cut = tuple[int, int, int]  # first channel, first position, the one after the last


def sizes(samples: Floats, cuts: Sequence[Cut], n_channels: int) -> list[tuple[float, int]]:
    """Give the largest swing of each cut of filtered samples, shape (channels, n), and the channel it is on.

    Each cut looks at ``n_channels`` channels.

    >>> sizes(np.array([[0.0, 2.0, 0.0, 1.0], [0.0, 1.0, -4.0, 0.0]]), [(0, 0, 4), (0, 0, 2)], 2)
    [(5.0, 1), (2.0, 0)]
    """
    kernel = loops()
    if kernel is not None and cuts:
        found = kernel.sizes(samples, np.array(cuts), n_channels).tolist()
        return [(size, int(channel)) for size, channel in found]
    return [_size(samples[first : first + n_channels, start:stop], first) for first, start, stop in cuts]


def _size(cut: Floats, first: int) -> tuple[float, int]:
    swings = np.ptp(cut, axis=1).tolist()
    size = max(swings)
    return size, first + swings.index(size)
