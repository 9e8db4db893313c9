"""Surface potentials of single motor units: Hermite-Rodriguez shapes behind an amplifier.

Lo Conte, Merletti and Sandri (IEEE TBME 1994;41:1147) describe surface potentials by Hermite-Rodriguez functions: order n
has n + 1 phases. A quarter is polyphasic: satellites follow the main component. Durations are 5-25 ms. The amplifier
has one pole at 20 Hz and a fourth-order low-pass below the device's Nyquist frequency; what is called the size of a
potential is its peak to peak in the device's samples, the mean over where the samples may fall.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FINE_HZ = 8000.0  # a multiple of every device's rate
_HALF = 480  # fine samples on each side: 60 ms
_AMPLIFIER_HZ = 20.0
_NYQUIST_SHARE = 0.42  # of the sample rate: where the low-pass has lost 3 dB
_PHASES = (0.10, 0.40, 0.35, 0.15)  # of 1, 2, 3, 4 phases: bipolar electrodes see one phase seldom
_POLYPHASIC = 0.25
_DURATION_S, _DURATION_SD_S = 0.013, 0.005
_SHORTEST_S, _LONGEST_S = 0.005, 0.025
_TISSUE_HZ = 250.0
_ENERGY_WINDOW_S = 0.012


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Potentials on the fine grid, shape (n, 960), each of size 1; ``peaks`` and ``onsets`` are fine samples.

    The peak is the middle of the 12 ms that hold the most energy.
    """

    waves: Floats
    peaks: NDArray[np.intp]
    onsets: NDArray[np.intp]
    durations_s: Floats

    def __len__(self) -> int:
        return len(self.waves)


def shapes(rng: np.random.Generator, n: int, rate_hz: float) -> Shapes:
    """Draw potentials as a device of this rate sees them."""
    at_s = (np.arange(2 * _HALF) - _HALF) / FINE_HZ
    raw = np.stack([_raw(rng, at_s) for _ in range(n)])
    durations_s = np.array([_duration_s(wave) for wave in raw], np.float32)
    seen = _amplified(raw, rate_hz)
    step = round(FINE_HZ / rate_hz)
    seen /= np.mean([np.ptp(seen[:, phase::step], axis=1) for phase in range(step)], axis=0)[:, np.newaxis]
    window = np.ones(round(_ENERGY_WINDOW_S * FINE_HZ))
    energy = np.array([np.convolve(wave**2, window, "same") for wave in seen])
    loud = np.abs(raw) > 0.05 * np.abs(raw).max(axis=1, keepdims=True)
    return Shapes(seen.astype(np.float32), energy.argmax(axis=1), loud.argmax(axis=1), durations_s)


def sampled(known: Shapes, which: NDArray[np.intp], at_s: NDArray[np.float64], rate_hz: float) -> tuple:
    """Sample potentials whose peaks lie at these times: first samples, shape (n,), and values, shape (n, window)."""
    step = round(FINE_HZ / rate_hz)
    start = at_s * FINE_HZ - known.peaks[which]
    first = np.ceil(start / step).astype(np.intp)
    offset = np.clip(np.round(first * step - start).astype(np.intp), 0, step - 1)
    index = offset[:, np.newaxis] + step * np.arange(2 * _HALF // step)
    return first, known.waves[which[:, np.newaxis], index]


def _raw(rng: np.random.Generator, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """One potential as the fibres give it: 5-25 ms from its first to its last twentieth of the largest value."""
    order = int(rng.choice(4, p=_PHASES))
    unit = np.linspace(-6.0, 6.0, 601)
    wave = _hermite(order, unit) + rng.uniform(-0.35, 0.35) * _hermite(order + 1, unit)
    if rng.random() < _POLYPHASIC:
        for _ in range(rng.integers(2, 4)):
            late, width = rng.uniform(1.2, 4.0), rng.uniform(0.3, 0.6)
            wave += (
                rng.uniform(0.4, 0.9) * rng.choice((-1, 1)) * _hermite(int(rng.integers(1, 4)), (unit - late) / width)
            )
    wave *= rng.choice((-1, 1)) / np.abs(wave).max()
    loud = unit[np.abs(wave) > 0.05]
    duration_s = float(np.clip(rng.normal(_DURATION_S, _DURATION_SD_S), _SHORTEST_S, _LONGEST_S))
    stretch_s = duration_s / (loud[-1] - loud[0])
    return np.interp(at_s / stretch_s + (loud[0] + loud[-1]) / 2, unit, wave, left=0.0, right=0.0)


def _hermite(order: int, at: NDArray[np.float64]) -> NDArray[np.float64]:
    coefficients = np.zeros(order + 1)
    coefficients[order] = 1.0
    wave = np.polynomial.hermite.hermval(at, coefficients) * np.exp(-(at**2))
    return wave / np.abs(wave).max()


def _duration_s(wave: NDArray[np.float64]) -> float:
    loud = np.flatnonzero(np.abs(wave) > 0.05 * np.abs(wave).max())
    return float(loud[-1] - loud[0] + 1) / FINE_HZ


def _amplified(raw: NDArray[np.float64], rate_hz: float) -> NDArray[np.float64]:
    """Pass tissue and amplifier without their delay: magnitudes only."""
    n = 4 * raw.shape[1]
    frequency = np.fft.rfftfreq(n, 1 / FINE_HZ)
    high_pass = frequency / np.hypot(frequency, _AMPLIFIER_HZ)
    tissue = 1 / (1 + (frequency / _TISSUE_HZ) ** 2)
    low_pass = 1 / np.sqrt(1 + (frequency / (_NYQUIST_SHARE * rate_hz)) ** 8)
    return np.fft.irfft(np.fft.rfft(raw, n) * high_pass * tissue * low_pass, n)[:, : raw.shape[1]]
