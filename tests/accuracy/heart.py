"""The heart in an EMG channel: an ECG whose rate, shape and size change."""

import numpy as np
from numpy.typing import NDArray

from tests.accuracy.rhythm import beats
from tests.accuracy.skin import Skin

# Waves of one beat: position and width in seconds, height in shares of R (after McSharry et al., IEEE TBME 2003;50:289).
_WAVES = ((-0.17, 0.025, 0.12), (-0.026, 0.010, -0.15), (0.0, 0.011, 1.0), (0.026, 0.010, -0.25), (0.26, 0.045, 0.28))
_OTHER = ((-0.17, 0.028, 0.08), (-0.020, 0.012, 0.45), (0.012, 0.012, -0.75), (0.040, 0.014, 0.30), (0.27, 0.050, -0.2))
_ECTOPIC = ((-0.010, 0.030, 1.1), (0.060, 0.035, -0.7), (0.30, 0.060, -0.4))
_WINDOW_S = (-0.28, 0.45)
_TURN_S = 900.0  # a turn of the body changes size and shape


def ecg(rng: np.random.Generator, skin: Skin, size_uv: float) -> None:
    """Lay an ECG of this R wave, peak to peak, over all channels; 6 beats an hour are ectopic."""
    bpm = float(rng.uniform(48.0, 85.0))
    times, is_ectopic = beats(rng, skin.length_s, bpm, ectopic_per_hour=6.0)
    lead = rng.uniform(0.5, 1.0, skin.n_channels) * rng.choice((-1, 1), skin.n_channels)
    lead /= np.abs(lead).max()
    mix = np.clip(_turning(rng, times, 0.25, 0.25) + 0.06 * np.sin(2 * np.pi * 0.24 * times), 0.0, 1.0)
    sizes = size_uv * np.exp(_turning(rng, times, 0.0, 0.25)) * (1 + 0.1 * np.sin(2 * np.pi * 0.24 * times + 1.0))
    at_s = np.arange(*_WINDOW_S, 1 / skin.rate_hz)
    first = np.round((times + _WINDOW_S[0]) * skin.rate_hz).astype(np.intp)
    offset = (first / skin.rate_hz - times - _WINDOW_S[0])[:, np.newaxis]
    usual = (1 - mix)[:, np.newaxis] * _beat(at_s + offset, _WAVES) + mix[:, np.newaxis] * _beat(at_s + offset, _OTHER)
    waves = np.where(is_ectopic[:, np.newaxis], _beat(at_s + offset, _ECTOPIC), usual)
    height = np.ptp(_beat(at_s[np.newaxis], _WAVES))
    waves = (waves * (sizes / height)[:, np.newaxis]).astype(np.float32)
    fits = (first >= 0) & (first + len(at_s) <= skin.values.shape[1])
    index = first[fits, np.newaxis] + np.arange(len(at_s))
    for gain, row in zip(lead.astype(np.float32), skin.values, strict=True):
        np.add.at(row, index, gain * waves[fits])
    skin.note("heart", 0.0, skin.length_s)


def _beat(at_s: NDArray, waves: tuple[tuple[float, float, float], ...]) -> NDArray:
    return sum(height * np.exp(-(((at_s - middle_s) / width_s) ** 2) / 2) for middle_s, width_s, height in waves)


def _turning(rng: np.random.Generator, times: NDArray, middle: float, spread: float) -> NDArray:
    """A value that holds for a quarter of an hour and then changes within seconds."""
    turns = rng.normal(middle, spread, int(times[-1] / _TURN_S) + 2)
    at = times / _TURN_S
    whole = at.astype(np.intp)
    late = np.clip((at - whole) * _TURN_S / 5.0, 0.0, 1.0)
    before = turns[np.maximum(whole - 1, 0)]
    return before + (turns[whole] - before) * late
