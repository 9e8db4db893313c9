"""What comes over the skin from outside the muscle: mains, noise that rises, sweat, breath, snoring."""

import numpy as np

from tests.accuracy.muscle import wobble
from tests.accuracy.rhythm import random_times
from tests.accuracy.skin import LEVEL_HZ, Skin

_N_HARMONICS = 7
_BREATH_HZ = (0.2, 0.3)


def mains(rng: np.random.Generator, skin: Skin, line_hz: float) -> None:
    """Mains of 3-40 uV with seven harmonics; it wanders by 0.02 Hz and steps when a cable moves, some 6 times an hour."""
    n = skin.values.shape[1]
    phase = (
        2 * np.pi * np.cumsum(line_hz + 0.02 * wobble(rng, n, int(skin.length_s / 20) + 3, 0.5) - 0.02) / skin.rate_hz
    )
    size = np.exp(rng.uniform(np.log(3.0), np.log(40.0))) * wobble(rng, n, int(skin.length_s / 15) + 3, 0.1)
    for start_s in random_times(rng, 6.0, skin.length_s):
        size[round(start_s * skin.rate_hz) :] *= np.exp(rng.normal(0.0, 0.4))
        skin.note("mains step", start_s, start_s + 1.0)
    size = np.clip(size, 1.0, 80.0)
    gains = rng.uniform(0.5, 1.0, (skin.n_channels, 1))
    for harmonic in range(1, _N_HARMONICS + 1):
        if harmonic * line_hz < skin.rate_hz / 2:
            share = rng.uniform(0.2, 1.0) / harmonic**1.3 if harmonic > 1 else 1.0
            wave = size * share * np.sin(harmonic * phase + rng.uniform(0, 6.28))
            skin.values += (gains * wave).astype(np.float32)


def noise_steps(rng: np.random.Generator, skin: Skin) -> None:
    """The floor rises by 1.3-3 for 20-300 s, at once or within seconds; 6 an hour."""
    for start_s in random_times(rng, 6.0, skin.length_s, 60.0):
        length_s = float(np.exp(rng.uniform(np.log(20.0), np.log(300.0))))
        rise_s = float(rng.choice((0.0, 0.5, 5.0)))
        stretch = skin.levels(start_s, length_s)
        at_s = np.arange(skin.gain[:, stretch].shape[1]) / LEVEL_HZ
        lift = 1 + (rng.uniform(1.3, 3.0) - 1) * np.clip(at_s / max(rise_s, 0.01), 0.0, 1.0)
        which = rng.random(skin.n_channels) < 0.7
        which[rng.integers(skin.n_channels)] = True
        skin.gain[which, stretch] *= lift
        skin.note("noise step", start_s - 0.1, start_s + rise_s + 4.0)
        skin.note("noise step", start_s + length_s - 0.5, start_s + length_s + 0.5)


def sparks(rng: np.random.Generator, skin: Skin) -> None:
    """Switches and static charges: a swing of 2-12 ms and 40-400 uV on every channel alike, 20 an hour."""
    for start_s in random_times(rng, 20.0, skin.length_s, 2.0):
        at_s = np.arange(skin.samples(0.06)) / skin.rate_hz
        length_s, size_uv = float(rng.uniform(0.002, 0.012)), float(np.exp(rng.uniform(np.log(40.0), np.log(400.0))))
        skin.add(start_s, size_uv * np.exp(-at_s / length_s) * np.cos(np.pi * at_s / length_s))
        skin.note("spark", start_s - 0.02, start_s + 0.06)


def sweat(rng: np.random.Generator, skin: Skin) -> None:
    """Sweat changes the electrodes: the floor drifts up 2-3 times within 3-8 minutes and back; 0.8 an hour."""
    at_s = np.arange(skin.gain.shape[1]) / LEVEL_HZ
    for start_s in random_times(rng, 0.8, skin.length_s, 1500.0):
        rise_s, hold_s, fall_s = rng.uniform((180.0, 0.0, 180.0), (480.0, 300.0, 480.0))
        up = np.minimum((at_s - start_s) / rise_s, (start_s + rise_s + hold_s + fall_s - at_s) / fall_s)
        skin.gain *= rng.uniform(2.0, 3.0) ** np.clip(up, 0.0, 1.0)
        skin.note("sweat", start_s, start_s + rise_s + hold_s + fall_s)


def breath(rng: np.random.Generator, skin: Skin) -> None:
    """Breathing moves cable and skin: 10-120 uV at 0.2-0.3 Hz with harmonics, and the floor by a tenth."""
    n = skin.values.shape[1]
    phase = (
        2 * np.pi * np.cumsum(rng.uniform(*_BREATH_HZ) * wobble(rng, n, int(skin.length_s / 8) + 3, 0.1)) / skin.rate_hz
    )
    size = np.exp(rng.uniform(np.log(10.0), np.log(120.0)))
    skin.values += (size * (np.sin(phase) + 0.3 * np.sin(2 * phase + 1) + 0.1 * np.sin(5 * phase))).astype(np.float32)
    at = np.linspace(0, n - 1, skin.gain.shape[1]).astype(np.intp)
    skin.gain *= 1 + 0.1 * np.sin(phase[at])
    skin.note("breath", 0.0, skin.length_s)


def snore(rng: np.random.Generator, skin: Skin) -> None:
    """Snoring: 0.5-1.5 s of a tone of 30-90 Hz with overtones at each breath, for 1-8 minutes, 3 an hour."""
    for start_s in random_times(rng, 3.0, skin.length_s, 500.0):
        stop_s = min(start_s + float(rng.uniform(60.0, 480.0)), skin.length_s)
        base_hz, size_uv = float(rng.uniform(30.0, 90.0)), float(skin.floor_uv.mean() * rng.uniform(1.0, 6.0))
        time_s = start_s
        while time_s < stop_s:
            length_s = float(rng.uniform(0.5, 1.5))
            at_s = np.arange(skin.samples(length_s)) / skin.rate_hz
            tone = base_hz * (1 + 0.05 * rng.normal()) * at_s * (1 - 0.05 * at_s / length_s)
            parts = [
                n**-0.8 * np.sin(2 * np.pi * n * tone + n) for n in range(1, 8) if 1.1 * n * base_hz < skin.rate_hz / 2
            ]
            flutter = 1 + 0.5 * np.sin(2 * np.pi * rng.uniform(8, 25) * at_s)
            skin.add(time_s, size_uv * np.sin(np.pi * at_s / length_s) ** 0.7 * flutter * sum(parts))
            skin.note("snore", time_s, time_s + length_s)
            time_s += float(rng.normal(4.0, 0.3))
