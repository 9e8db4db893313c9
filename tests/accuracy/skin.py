"""The skin under the electrodes: microvolts, layer on layer, with the noise known at every moment.

Noise is white, on a baseline that wanders below 2 Hz; its size is its rms between 20 Hz and 0.475 of the rate (450 Hz at
most). ``power`` is what muscle adds to it, so that a twitch that rides on a contraction is small in sigmas however large
it is in microvolts.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tests.accuracy.potentials import FINE_HZ, Shapes, sampled
from tests.accuracy.scene import Disturbance, Twitches

LEVEL_HZ = 20.0  # how finely the noise is known
_BAND_HZ = (20.0, 450.0)
_NYQUIST_SHARE = 0.475
_WANDER_HZ = 2.0
_BREATH_OF_NOISE = 0.05  # a floor is never quite constant: log sd over half minutes
_DRIFT_UV = 15.0
_MOST_GAIN = 3.5  # of what raises the floor, together
_IDEAL_THRESHOLD = 5.2  # sigmas: one in an hour of two million independent looks, with a few shapes
_ALONG_RING = 1.0  # electrodes: a potential has half its size one electrode further


@dataclass(slots=True, eq=False)
class Skin:
    """What the electrodes see so far, shape (channels, n)."""

    rate_hz: float
    values: NDArray[np.float32]
    floor_uv: NDArray[np.float64]  # (channels,)
    gain: NDArray[np.float64]  # (channels, levels) on the floor
    power: NDArray[np.float64]  # (channels, levels) of muscle, in uV^2
    twitches: list[Twitches] = field(default_factory=list)
    gains: list[NDArray] = field(default_factory=list)  # (n, channels), beside twitches
    energies: list[NDArray] = field(default_factory=list)  # (n,) of each potential 1 uV peak to peak, in samples
    disturbances: list[Disturbance] = field(default_factory=list)

    @classmethod
    def quiet(cls, rng: np.random.Generator, rate_hz: float, n_channels: int, length_s: float) -> "Skin":
        """Skin at rest; each channel has a floor of 2-6 uV."""
        n_levels = int(length_s * LEVEL_HZ)
        floor_uv = np.exp(rng.uniform(np.log(2.0), np.log(6.0))) * np.exp(rng.normal(0.0, 0.12, n_channels))
        knots = int(length_s / 30) + 2
        breath = np.exp(rng.normal(0.0, _BREATH_OF_NOISE, (n_channels, knots)))
        at = np.arange(n_levels) / LEVEL_HZ
        gain = np.stack([np.interp(at, 30.0 * np.arange(knots), row) for row in breath])
        values = np.zeros((n_channels, round(length_s * rate_hz)), np.float32)
        return cls(rate_hz, values, np.clip(floor_uv, 2.0, 6.0), gain, np.zeros_like(gain))

    @property
    def length_s(self) -> float:
        return self.values.shape[1] / self.rate_hz

    @property
    def n_channels(self) -> int:
        return len(self.values)

    def note(self, name: str, start_s: float, stop_s: float) -> None:
        """Remember that something is no twitch."""
        self.disturbances.append(Disturbance(name, start_s, stop_s))

    def samples(self, length_s: float) -> int:
        return max(1, round(length_s * self.rate_hz))

    def cut(self, start_s: float, length_s: float) -> slice:
        """The samples of a stretch, within the recording."""
        start = min(max(0, round(start_s * self.rate_hz)), self.values.shape[1])
        return slice(start, min(start + self.samples(length_s), self.values.shape[1]))

    def levels(self, start_s: float, length_s: float) -> slice:
        """The same for what is known of the noise."""
        return slice(max(0, int(start_s * LEVEL_HZ)), max(0, int((start_s + length_s) * LEVEL_HZ) + 1))

    def add(self, start_s: float, piece: NDArray) -> None:
        """Lay a piece, shape (channels, m) or (m,), over the skin."""
        first = round(start_s * self.rate_hz)
        start, stop = max(0, first), min(first + piece.shape[-1], self.values.shape[1])
        if start < stop:
            self.values[:, start:stop] += piece[..., start - first : stop - first]

    def add_muscle(self, start_s: float, piece: NDArray) -> None:
        """Lay an interference pattern over the skin; what it adds to the noise is measured as it is."""
        self.add(start_s, piece)
        n = round(self.rate_hz / LEVEL_HZ)
        first = int(start_s * LEVEL_HZ)
        whole = piece.shape[-1] // n
        power = (piece[:, : whole * n].astype(np.float64) ** 2).reshape(len(piece), whole, n).mean(axis=2)
        stop = min(first + whole, self.power.shape[1])
        if 0 <= first < stop:
            self.power[:, first:stop] += power[:, : stop - first]

    def spread(self, rng: np.random.Generator, n: int) -> NDArray[np.float64]:
        """How motor units at random places are seen by the electrodes around the limb, shape (n, channels); at most 1."""
        place = rng.uniform(0, self.n_channels, n)[:, np.newaxis]
        away = np.abs(place - np.arange(self.n_channels))
        away = np.minimum(away, self.n_channels - away)
        gains = 1 / (1 + (away / _ALONG_RING) ** 2)
        return gains / gains.max(axis=1, keepdims=True)

    def fire(self, known: Shapes, which: NDArray[np.intp], at_s: NDArray, sizes: NDArray, gains: NDArray) -> None:
        """Lay potentials of these sizes over the skin; gains have shape (n, channels)."""
        first, waves = sampled(known, which, at_s, self.rate_hz)
        n_window = waves.shape[1]
        fits = (first >= 0) & (first + n_window <= self.values.shape[1])
        waves = (waves * sizes[:, np.newaxis]).astype(np.float32)[fits]
        index = first[fits, np.newaxis] + np.arange(n_window)
        for channel, row in enumerate(self.values):
            np.add.at(row, index, waves * gains[fits, channel, np.newaxis].astype(np.float32))

    def twitch(self, known: Shapes, which: NDArray[np.intp], at_s: NDArray, sizes: NDArray, gains: NDArray) -> None:
        """Fire, and remember it as the truth; sigmas follow when all is known of the noise."""
        self.fire(known, which, at_s, sizes, gains)
        onsets_s = at_s - (known.peaks[which] - known.onsets[which]) / FINE_HZ
        self.twitches.append(Twitches(onsets_s, at_s, sizes, np.empty(0), np.empty(0)))
        self.gains.append(gains)
        self.energies.append((sampled(known, which, at_s, self.rate_hz)[1] ** 2).sum(axis=1))

    def make_noise(self, rng: np.random.Generator) -> None:
        """Lay the noise of the skin and of the amplifier over everything."""
        np.minimum(self.gain, _MOST_GAIN, out=self.gain)
        n = self.values.shape[1]
        to_level = np.minimum((np.arange(n) * (LEVEL_HZ / self.rate_hz)).astype(np.intp), self.gain.shape[1] - 1)
        for channel in range(self.n_channels):
            size = (self.gain[channel] * self.floor_uv[channel] / self._share).astype(np.float32)
            self.values[channel] += rng.standard_normal(n, np.float32) * size[to_level]
            knots_s = np.arange(0.0, self.length_s + 1 / _WANDER_HZ, 1 / _WANDER_HZ)
            drift = rng.normal(0.0, _DRIFT_UV, len(knots_s))
            self.values[channel] += np.interp(np.arange(n) / self.rate_hz, knots_s, drift)

    @property
    def _share(self) -> float:
        """The rms in the band over the rms of all white noise."""
        low, high = _BAND_HZ[0], min(_BAND_HZ[1], _NYQUIST_SHARE * self.rate_hz)
        return float(np.sqrt((high - low) / (self.rate_hz / 2)))

    def truth(self) -> Twitches:
        """Give all twitches in order of time, each with its size over the noise where it is seen best.

        The ideal observer holds a filter matched to each shape, and a threshold of one false alarm an hour.
        """
        sigma = np.sqrt((self.gain * self.floor_uv[:, np.newaxis]) ** 2 + self.power)
        parts = []
        for planted, gains, energies in zip(self.twitches, self.gains, self.energies, strict=True):
            level = np.clip((planted.peaks_s * LEVEL_HZ).astype(np.intp), 0, sigma.shape[1] - 1)
            sigmas = (planted.sizes[:, np.newaxis] * gains / sigma[:, level].T).max(axis=1, initial=0.0)
            ideal = ndtr(sigmas * self._share * np.sqrt(energies) - _IDEAL_THRESHOLD)
            parts.append(np.stack([planted.onsets_s, planted.peaks_s, planted.sizes, sigmas, ideal]))
        joined = np.concatenate(parts, axis=1) if parts else np.empty((5, 0))
        return Twitches(*joined[:, joined[1].argsort()])
