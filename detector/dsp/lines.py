"""Mains: whether a signal hums, and at which frequency."""

from functools import cache

import numpy as np

from detector.dsp import Counts, Floats

FREQUENCIES_HZ = (50.0, 60.0)
N_HARMONICS = 4
_BESIDE_HZ = np.array([-8.0, -7.0, -5.0, -4.0, -3.0, 3.0, 4.0, 5.0, 7.0, 8.0])  # what is there without a line
_N_BESIDE = len(_BESIDE_HZ)
_PRESENT = 30.0  # a line stands so far above what lies beside it: of noise, one look in millions


def hums(samples: Floats, rate_hz: float) -> dict[float, float]:
    """Give the power in the lines of each mains frequency, over all channels; 0 if they do not stand out.

    ``samples`` has shape (channels, n), best of one second: lines are then told from what is 3 Hz beside them.

    >>> t = np.arange(500) / 500.0
    >>> noise = np.random.default_rng(1).normal(0.0, 1.0, (1, 500))
    >>> {mains_hz: power > 0 for mains_hz, power in hums(noise + 3 * np.sin(2 * np.pi * 60 * t), 500.0).items()}
    {50.0: False, 60.0: True}
    """
    windowed = (samples - samples.mean(axis=1, keepdims=True)) * _window(samples.shape[1])
    power = np.abs(np.fft.rfft(windowed)) ** 2
    return {mains_hz: _hum(power, mains_hz, rate_hz, samples.shape[1]) for mains_hz in FREQUENCIES_HZ}


@cache
def _bins(mains_hz: float, rate_hz: float, n_samples: int) -> tuple[Counts, Counts]:
    """Give the places of the lines in a spectrum, shape (lines,), and those beside each."""
    harmonics_hz = mains_hz * np.arange(1, N_HARMONICS + 1)
    lines_hz = harmonics_hz[harmonics_hz + _BESIDE_HZ.max() < rate_hz / 2]
    bins_per_hz = n_samples / rate_hz
    beside_hz = lines_hz[:, np.newaxis] + _BESIDE_HZ
    return np.rint(lines_hz * bins_per_hz).astype(np.intp), np.rint(beside_hz * bins_per_hz).astype(np.intp)


@cache
def _window(n_samples: int) -> Floats:
    return np.hanning(n_samples)


def _hum(power: Floats, mains_hz: float, rate_hz: float, n_samples: int) -> float:
    at_line, at_beside = _bins(mains_hz, rate_hz, n_samples)
    line, beside = power[:, at_line], np.sort(power[:, at_beside], axis=-1)
    usual = (beside[..., _N_BESIDE // 2 - 1] + beside[..., _N_BESIDE // 2]) / 2
    return float(np.where(line > _PRESENT * usual, line - usual, 0.0).sum())
