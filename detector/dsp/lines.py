"""Mains: whether a signal hums, and at which frequency."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from detector.dsp import Floats

FREQUENCIES_HZ = (50.0, 60.0)
N_HARMONICS = 4
_BESIDE_HZ = (-8.0, -7.0, -5.0, -4.0, -3.0, 3.0, 4.0, 5.0, 7.0, 8.0)  # what is there without a line
_PRESENT = 30.0  # a line stands so far above what lies beside it: of noise, one look in millions


def hum(samples: Floats, mains_hz: float, rate_hz: float) -> float:
    """Give the power in the lines of one mains frequency, over all channels; 0 if they do not stand out.

    ``samples`` has shape (channels, n), best of one second: lines are then told from what is 3 Hz beside them.

    >>> t = np.arange(500) / 500.0
    >>> noise = np.random.default_rng(1).normal(0.0, 1.0, (1, 500))
    >>> [hum(noise + 3 * np.sin(2 * np.pi * 60 * t), mains_hz, 500.0) > 0 for mains_hz in FREQUENCIES_HZ]
    [False, True]
    """
    lines_hz = [mains_hz * n for n in range(1, N_HARMONICS + 1) if mains_hz * n < rate_hz / 2 - max(_BESIDE_HZ)]
    if not lines_hz:
        return 0.0
    centred = samples - samples.mean(axis=1, keepdims=True)
    projections = centred @ _waves(tuple(lines_hz), samples.shape[1], rate_hz)
    power = (np.abs(projections) ** 2).reshape(len(samples), len(lines_hz), -1)
    line, beside = power[..., 0], np.median(power[..., 1:], axis=-1)
    return float(np.where(line > _PRESENT * beside, line - beside, 0.0).sum())


@cache
def _waves(lines_hz: tuple[float, ...], n_samples: int, rate_hz: float) -> NDArray[np.complex128]:
    """Give a windowed wave for each line and for what lies beside it, shape (n, lines x 11)."""
    frequencies_hz = np.array([line_hz + beside for line_hz in lines_hz for beside in (0.0, *_BESIDE_HZ)])
    at_s = np.arange(n_samples)[:, np.newaxis] / rate_hz
    waves = np.exp(-2j * np.pi * frequencies_hz * at_s) * np.hanning(n_samples)[:, np.newaxis]
    return np.asarray(waves, np.complex128)
