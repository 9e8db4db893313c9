"""Electrodes that fail: pops, loose contact, lost contact, and swings beyond the converter's range.

They replace or cover what the skin gave, so they are planted last.
"""

import numpy as np

from tests.accuracy.rhythm import random_times
from tests.accuracy.skin import Skin

_MAINS_HZ = 50.0


def pops(rng: np.random.Generator, skin: Skin) -> None:
    """A step of 150-3000 uV on one channel that decays within 0.1-0.5 s, 8 an hour."""
    for start_s in random_times(rng, 8.0, skin.length_s, 2.0):
        at_s = np.arange(skin.samples(3.0)) / skin.rate_hz
        size_uv = np.exp(rng.uniform(np.log(150.0), np.log(3000.0))) * rng.choice((-1, 1))
        rise_s = float(rng.uniform(0.001, 0.012))
        wave = size_uv * (1 - np.exp(-at_s / rise_s)) * np.exp(-at_s / rng.uniform(0.1, 0.5))
        piece = np.zeros((skin.n_channels, len(at_s)))
        piece[rng.integers(skin.n_channels)] = wave
        skin.add(start_s, piece)
        skin.note("pop", start_s, start_s + 1.0)


def loose(rng: np.random.Generator, skin: Skin) -> None:
    """Intermittent contact for 2-20 s: the channel jumps, hums and crackles in stretches of 0.02-1 s; 3 an hour."""
    for start_s in random_times(rng, 3.0, skin.length_s, 30.0):
        channel, stop_s = int(rng.integers(skin.n_channels)), start_s + float(rng.uniform(2.0, 20.0))
        time_s = start_s
        while time_s < stop_s:
            length_s = float(np.exp(rng.uniform(np.log(0.02), np.log(1.0))))
            cut = skin.cut(time_s, length_s)
            n = cut.stop - cut.start
            hum = rng.uniform(5, 150) * np.sin(
                2 * np.pi * _MAINS_HZ * np.arange(n) / skin.rate_hz + rng.uniform(0, 6.28)
            )
            crackle = rng.standard_normal(n) * rng.uniform(3, 60)
            skin.values[channel, cut] += (rng.normal(0.0, 200.0) + hum + crackle).astype(np.float32)
            time_s += length_s + float(np.exp(rng.uniform(np.log(0.05), np.log(3.0))))
        skin.note("loose", start_s, stop_s + 1.0)


def lost(rng: np.random.Generator, skin: Skin) -> None:
    """No contact for 5-120 s: flat, or humming at 300 uV; 1 an hour."""
    for start_s in random_times(rng, 1.0, skin.length_s, 150.0):
        channel, length_s = int(rng.integers(skin.n_channels)), float(rng.uniform(5.0, 120.0))
        cut = skin.cut(start_s, length_s)
        n = cut.stop - cut.start
        if rng.random() < 0.5:
            skin.values[channel, cut] = skin.values[channel, cut.start] if n else 0.0
        else:
            hum = 300.0 * np.sin(2 * np.pi * _MAINS_HZ * np.arange(n) / skin.rate_hz) * rng.uniform(0.5, 1.5)
            skin.values[channel, cut] = (hum + rng.standard_normal(n) * 30.0).astype(np.float32)
        skin.note("lost contact", start_s - 0.2, start_s + length_s + 1.0)


def clipping(rng: np.random.Generator, skin: Skin) -> None:
    """A pull at the cable: the signal swings to the end of the range for 0.1-3 s and comes back; 2 an hour."""
    for start_s in random_times(rng, 2.0, skin.length_s, 20.0):
        length_s = float(rng.uniform(0.1, 3.0))
        n = skin.samples(length_s + 1.0)
        at_s = np.arange(n) / skin.rate_hz
        swing = np.where(at_s < length_s, np.minimum(at_s / 0.01, 1.0), np.exp(-(at_s - length_s) / 0.2))
        skin.add(start_s, 1e6 * np.maximum(swing - 0.002, 0.0) * rng.choice((-1, 1)))
        skin.note("clipping", start_s - 0.1, start_s + length_s + 2.0)
