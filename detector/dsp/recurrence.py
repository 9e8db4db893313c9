"""Recurrence: where the shape of a potential comes again."""

import numpy as np

from detector.dsp import Counts, Floats
from detector.dsp.compiling import loops

_NOISE = 3.0  # times what noise gives through a filter of this shape
_LEAST_SIZE = 0.5  # of the potential's; and twice at most
_ALIKE = 0.8  # of the correlation that the noise in both allows, ...
_LEAST_EXPECTED = 0.2  # ... which is so much at least


def recurrences(wave: Floats, at: int, n_half: int, floor: float, n_apart: int) -> list[int]:
    """Give the positions in ``wave``, shape (axes, n), where the shape of 2 ``n_half`` + 1 samples around ``at`` comes again.

    A filter matched to the shape finds a motor unit's discharges, or a heart's beats, also where they are too small to stand
    out of noise of the rms ``floor``, all axes together. Its own position is among them, and they are ``n_apart`` at least from
    each other.

    >>> noise = np.random.default_rng(1).normal(0.0, 1.0, (1, 1000))
    >>> for position in (100, 300, 700):
    ...     noise[0, position - 5 : position + 5] += 8 * np.sin(np.arange(10))
    >>> recurrences(noise, 300, 8, 1.0, 30)
    [100, 300, 700]
    """
    kernel = loops()
    alike = (_matched if kernel is None else kernel.matched)(wave, at, n_half)
    own = float(alike[at - n_half])
    expected = max(own - (2 * n_half + 1) * floor**2, _LEAST_EXPECTED * own) / own
    least = max(_LEAST_SIZE * own, _NOISE * floor * (own / len(wave)) ** 0.5)
    places = ((alike >= least) & (alike < own / _LEAST_SIZE)).nonzero()[0]
    likeness = alike[places] / np.sqrt(own * _energy(wave, places, n_half))
    found = [at - n_half]
    for index in np.argsort(-likeness, kind="stable").tolist():
        place = int(places[index])
        if likeness[index] <= _ALIKE * expected:
            break
        if all(abs(place - other) >= n_apart for other in found):
            found.append(place)
    return sorted(place + n_half for place in found)


def _matched(wave: Floats, at: int, n_half: int) -> Floats:
    """Give what a filter of the shape around ``at`` finds at every place: in this order always, unlike np.correlate."""
    n_places = wave.shape[1] - 2 * n_half
    alike = np.zeros(n_places)
    for row in wave:
        for index, value in enumerate(row[at - n_half : at + n_half + 1].tolist()):
            alike += value * row[index : index + n_places]
    return alike


def _energy(wave: Floats, places: Counts, n_half: int) -> Floats:
    """Give the energy under the filter at some places: in this order always, unlike sum."""
    under = wave[:, places[:, np.newaxis] + np.arange(2 * n_half + 1)] ** 2
    by_axis = np.add.accumulate(under, axis=2)[..., -1]
    return np.asarray(np.add.accumulate(by_axis, axis=0)[-1])
