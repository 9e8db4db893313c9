"""Accelerometer scenes: a body part under gravity, with its heart, its breath and its movements.

Figures are those of detection.md, section 2.2: noise 0.5-2 mg rms, heartbeat 2-28 mg peak to peak with the breath, breathing
0.4-2 mg rms, visible twitches 8-18 Hz damped, 20-150 mg.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from aquiver.body import Site
from tests.accuracy.device import ACCELEROMETER, Device
from tests.accuracy.rhythm import beats, random_times, series, train, twitch_times
from tests.accuracy.scene import NO_TWITCHES, Disturbance, Scene, Twitches
from tests.accuracy.seeds import generator

_PIECE_S = 0.6
_APART_S = 0.5
_ENERGY_WINDOW_S = 0.050


@dataclass(slots=True, eq=False)
class Part:
    """What a sensor on a part of the body feels so far, in mg, shape (3, n)."""

    rate_hz: float
    values: NDArray[np.float64]
    gravity: NDArray[np.float64]  # (3,) of the newest posture
    disturbances: list[Disturbance] = field(default_factory=list)

    @property
    def length_s(self) -> float:
        return self.values.shape[1] / self.rate_hz

    def note(self, name: str, start_s: float, stop_s: float) -> None:
        self.disturbances.append(Disturbance(name, start_s, stop_s))

    def add(self, start_s: float, piece: NDArray) -> None:
        """Lay a piece, shape (3, m), over the part."""
        first = round(start_s * self.rate_hz)
        start, stop = max(0, first), min(first + piece.shape[1], self.values.shape[1])
        if start < stop:
            self.values[:, start:stop] += piece[:, start - first : stop - first]

    def times(self, length_s: float) -> NDArray:
        return np.arange(max(2, round(length_s * self.rate_hz))) / self.rate_hz

    def swing(self, rng: np.random.Generator, band_hz: tuple[float, float], length_s: float) -> NDArray:
        """Noise of a band, shape (3, n), of 1 mg rms in its main direction."""
        at_s = self.times(length_s)
        sections = signal.butter(2, band_hz, "bandpass", fs=self.rate_hz, output="sos")
        noise = signal.sosfilt(sections, rng.standard_normal((3, len(at_s) + 200)), axis=1)[:, 200:]
        noise *= np.minimum(1.0, np.minimum(at_s, length_s - at_s) / 0.05)
        return noise / max(float(noise.std()), 1e-9) * direction(rng)[:, np.newaxis] * 3**0.5


def direction(rng: np.random.Generator) -> NDArray:
    """A direction in space."""
    vector = rng.normal(size=3)
    return vector / np.linalg.norm(vector)


def heart(rng: np.random.Generator, part: Part, size_mg: float) -> None:
    """Each beat shakes twice, main and late; size and direction follow the breath and the posture."""
    times, _ = beats(rng, part.length_s, float(rng.uniform(48.0, 80.0)), ectopic_per_hour=4.0)
    at_s = part.times(0.6)
    main_hz, late_hz = rng.uniform(8.0, 16.0), rng.uniform(6.0, 12.0)
    first, second = direction(rng), direction(rng)
    posture = np.exp(rng.normal(0.0, 0.3, int(part.length_s / 900) + 1))
    breath_hz = rng.uniform(0.2, 0.3)
    for time_s in times:
        size = (
            size_mg
            * posture[int(time_s / 900)]
            * (1 + 0.3 * np.sin(2 * np.pi * breath_hz * time_s))
            * rng.normal(1, 0.12)
        )
        main = np.exp(-(((at_s - 0.09) / 0.045) ** 2)) * np.sin(2 * np.pi * main_hz * at_s)
        late = 0.5 * np.exp(-(((at_s - 0.37) / 0.05) ** 2)) * np.sin(2 * np.pi * late_hz * at_s)
        part.add(time_s, size / 1.8 * (first[:, np.newaxis] * main + second[:, np.newaxis] * late))
    part.note("heart", 0.0, part.length_s)


def breathe(rng: np.random.Generator, part: Part) -> None:
    """Breathing: 0.4-2 mg rms at 0.2-0.3 Hz."""
    at_s = part.times(part.length_s)
    phase = 2 * np.pi * rng.uniform(0.2, 0.3) * at_s + 0.6 * np.sin(0.05 * at_s)
    wave = np.sin(phase) + 0.3 * np.sin(2 * phase)
    part.values += rng.uniform(0.4, 2.0) * 2**0.5 * direction(rng)[:, np.newaxis] * wave


def turn_over(rng: np.random.Generator, part: Part) -> None:
    """Turning over: gravity moves to another axis within 1-4 s, with 20-250 mg of shaking; 5 an hour."""
    for start_s in random_times(rng, 5.0, part.length_s, 30.0):
        length_s = float(rng.uniform(1.0, 4.0))
        first = round(start_s * part.rate_hz)
        n = min(len(part.times(length_s)), part.values.shape[1] - first)
        change = 1000.0 * direction(rng) - part.gravity
        part.gravity = part.gravity + change
        step = 0.5 - 0.5 * np.cos(np.pi * np.arange(n) / max(1, n - 1))
        part.values[:, first : first + n] += change[:, np.newaxis] * step
        part.values[:, first + n :] += change[:, np.newaxis]
        part.add(start_s, part.swing(rng, (0.7, 12.0), length_s) * rng.uniform(20.0, 250.0))
        part.note("turning over", start_s - 0.2, start_s + length_s + 0.3)


def move_limb(rng: np.random.Generator, part: Part) -> None:
    """Movements of a limb in sleep, 30 an hour: 10-300 mg rms between 0.7 and 10 Hz."""
    for start_s, length_s in series(rng, 30.0, part.length_s):
        part.add(start_s, part.swing(rng, (0.7, 10.0), length_s) * np.exp(rng.uniform(np.log(10.0), np.log(300.0))))
        part.note("limb movement", start_s - 0.2, start_s + length_s + 0.3)


def tremble(rng: np.random.Generator, part: Part) -> None:
    """Tremor: 4-12 Hz of 4-60 mg for 5-60 s, waxing and waning; 5 an hour."""
    for start_s in random_times(rng, 5.0, part.length_s, 90.0):
        length_s = float(rng.uniform(5.0, 60.0))
        at_s = part.times(length_s)
        phase = 2 * np.pi * rng.uniform(4.0, 12.0) * at_s + np.cumsum(rng.normal(0.0, 0.05, len(at_s)))
        size = np.exp(rng.uniform(np.log(4.0), np.log(60.0))) * (
            1 + 0.6 * np.sin(2 * np.pi * rng.uniform(0.1, 0.8) * at_s)
        )
        size *= np.clip(np.minimum(at_s, length_s - at_s), 0.0, 1.0)
        part.add(start_s, direction(rng)[:, np.newaxis] * size * np.sin(phase))
        part.note("tremor", start_s, start_s + length_s)


def shiver(rng: np.random.Generator, part: Part) -> None:
    """Shivering: bursts of 0.5-3 s at 4-8 Hz, 10-60 mg, for a minute; 2 an hour."""
    for start_s in random_times(rng, 2.0, part.length_s, 120.0):
        for time_s in train(rng, start_s, 60.0, 0.25, 0.4):
            length_s = float(rng.uniform(0.5, 3.0))
            at_s = part.times(length_s)
            wave = np.sin(2 * np.pi * rng.uniform(4.0, 8.0) * at_s) * np.sin(np.pi * at_s / length_s)
            part.add(time_s, direction(rng)[:, np.newaxis] * rng.uniform(10.0, 60.0) / 2 * wave)
            part.note("shivering", time_s, time_s + length_s)


def tap_feet(rng: np.random.Generator, part: Part) -> None:
    """High-frequency leg movements: jolts of 0.1-0.4 s at 0.5-3 Hz for some 18 s; 2 an hour."""
    for start_s in random_times(rng, 2.0, part.length_s, 60.0):
        length_s, rate_hz = float(rng.uniform(6.0, 40.0)), float(rng.uniform(0.5, 3.0))
        for time_s in train(rng, start_s, length_s, rate_hz, 0.12):
            part.add(time_s, part.swing(rng, (1.0, 12.0), min(0.4, 0.5 / rate_hz)) * rng.uniform(10.0, 60.0))
        part.note("feet", start_s, start_s + length_s + 0.5)


MOVEMENTS: dict[str, Callable[[np.random.Generator, Part], None]] = {
    "turning over": turn_over,
    "limb movements": move_limb,
    "tremor": tremble,
    "shivering": shiver,
    "feet": tap_feet,
}


def felt(rng: np.random.Generator, device: Device, site: Site, moved: Sequence[Disturbance], length_s: float) -> Scene:
    """What the accelerometer beside the electrodes feels while the muscle moves the limb; nothing of a lone twitch."""
    gravity = 1000.0 * direction(rng)
    part = Part(device.rate_hz, np.repeat(gravity[:, np.newaxis], round(length_s * device.rate_hz), axis=1), gravity)
    part.values += rng.normal(0.0, 0.4, part.values.shape)
    heart(rng, part, float(rng.uniform(2.0, 7.0)))
    breathe(rng, part)
    for one in moved:
        length_s = max(one.stop_s - one.start_s, 0.2)
        part.add(one.start_s, part.swing(rng, (0.7, 10.0), length_s) * np.exp(rng.uniform(np.log(10.0), np.log(300.0))))
    return Scene(device.stream(site), device.convert(part.values / 1000.0), NO_TWITCHES, part.disturbances)


@dataclass(frozen=True, slots=True)
class AccelerometerCase:
    """What is recorded. The heart is peak to peak; ``sizes_mg`` are the smallest and the largest twitch."""

    name: str
    group: str
    minutes: float
    per_minute: float = 0.0
    confounders: tuple[str, ...] = ()
    device: str = "100 Hz 2 g"
    heart_mg: tuple[float, float] = (2.0, 7.0)
    sizes_mg: tuple[float, float] = (20.0, 150.0)
    site: Site = Site.LEFT_CALF
    mains_hz: float | None = 50.0

    def scenes(self, seed: str) -> list[Scene]:
        """Build the recording."""
        device = ACCELEROMETER[self.device]
        rng = self._rng(seed, "part")
        gravity = 1000.0 * direction(rng)
        still = np.repeat(gravity[:, np.newaxis], round(self.minutes * 60 * device.rate_hz), axis=1)
        part = Part(device.rate_hz, still, gravity)
        noise_mg = float(np.exp(rng.uniform(np.log(0.5), np.log(2.0)))) / 3**0.5
        part.values += rng.normal(0.0, noise_mg, part.values.shape)
        heart(self._rng(seed, "heart"), part, float(np.exp(rng.uniform(*np.log(self.heart_mg)))))
        breathe(self._rng(seed, "breath"), part)
        for name in self.confounders:
            MOVEMENTS[name](self._rng(seed, name), part)
        rng = self._rng(seed, "twitches")
        twitches = plant_twitches(rng, part, self.per_minute, self.sizes_mg, noise_mg * 3**0.5)
        samples = device.convert(part.values / 1000.0)
        return [Scene(device.stream(self.site), samples, twitches, part.disturbances)]

    def _rng(self, seed: str, what: str) -> np.random.Generator:
        return generator(seed, self.name, what)


def plant_twitches(
    rng: np.random.Generator, part: Part, per_minute: float, sizes_mg: tuple[float, float], noise_mg: float
) -> Twitches:
    """Plant damped swings of 8-18 Hz; one may follow another after half a second."""
    times = twitch_times(rng, per_minute, part.length_s - 2.0, doublets=0.0) + 1.0
    times = times[np.diff(times, prepend=-np.inf) > _APART_S]
    sizes = np.exp(rng.uniform(*np.log(sizes_mg), len(times)))
    peaks_s = np.empty(len(times))
    for index, (time_s, size_mg) in enumerate(zip(times, sizes, strict=True)):
        first = round(time_s * part.rate_hz)
        at_s = part.times(_PIECE_S) + first / part.rate_hz - time_s
        wave = twitch_wave(rng, np.maximum(at_s, 0.0))
        part.add(time_s, size_mg * direction(rng)[:, np.newaxis] * wave)
        window = np.ones(max(1, round(_ENERGY_WINDOW_S * part.rate_hz)))
        peaks_s[index] = time_s + at_s[np.convolve(wave**2, window, "same").argmax()]
    return Twitches(times, peaks_s, sizes, sizes / noise_mg, np.ones(len(times)))


def twitch_wave(rng: np.random.Generator, at_s: NDArray) -> NDArray:
    """A visible twitch, 1 peak to peak."""
    wave = np.minimum(at_s / 0.015, 1.0) * np.exp(-at_s / rng.uniform(0.03, 0.08))
    wave = wave * np.sin(2 * np.pi * rng.uniform(8.0, 18.0) * at_s + rng.uniform(-0.5, 0.5))
    return wave / np.ptp(wave)
