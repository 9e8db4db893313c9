"""Muscle that is no twitch: contractions, regular firing, movements of sleep, jerks, grinding.

Each function plants one kind at its rate per hour (detection.md, section 2.2) and notes when.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from tests.accuracy.potentials import shapes
from tests.accuracy.rhythm import random_times, series, train
from tests.accuracy.skin import LEVEL_HZ, Skin

_COLOUR_HZ = (20.0, 250.0)
_NYQUIST_SHARE = 0.45
_RECRUITED = 4  # motor units that fire before the pattern is full: the size principle (Henneman 1957)
_ARTEFACT_HZ = 6.0


def interference(rng: np.random.Generator, skin: Skin, envelope: NDArray, least_reach: float = 0.4) -> NDArray:
    """Coloured noise of each channel's own, shape (channels, n), under an envelope in uV rms.

    Channels are reached by it to different shares, from the least one to the whole.
    """
    band = (_COLOUR_HZ[0], min(_COLOUR_HZ[1], _NYQUIST_SHARE * skin.rate_hz))
    sections = signal.butter(2, band, "bandpass", fs=skin.rate_hz, output="sos")
    n_settle = round(0.2 * skin.rate_hz)
    noise = rng.standard_normal((skin.n_channels, len(envelope) + n_settle))
    noise = signal.sosfilt(sections, noise, axis=1)[:, n_settle:]
    noise /= np.sqrt((band[1] - band[0]) / (skin.rate_hz / 2))
    reach = rng.uniform(least_reach, 1.0, (skin.n_channels, 1))
    return noise * reach * envelope


def ramp(skin: Skin, length_s: float, rise_s: float, fall_s: float) -> NDArray:
    """An envelope from 0 to 1 and back."""
    at_s = np.arange(skin.samples(length_s)) / skin.rate_hz
    return np.clip(np.minimum(at_s / max(rise_s, 1e-3), (length_s - at_s) / max(fall_s, 1e-3)), 0.0, 1.0)


def wobble(rng: np.random.Generator, n: int, knots: int, spread: float) -> NDArray:
    """A level around 1 that wanders through so many knots."""
    return np.interp(np.linspace(0, knots - 1, n), np.arange(knots), np.exp(rng.normal(0.0, spread, knots)))


def contract(rng: np.random.Generator, skin: Skin, start_s: float, length_s: float, rms_uv: float) -> None:
    """One contraction: units are recruited one by one up to half a second before the pattern is full, and stop so."""
    rise_s, fall_s = rng.uniform(0.05, 0.5, 2) * min(1.0, length_s)
    envelope = ramp(skin, length_s, rise_s, fall_s) ** 1.5 * rms_uv
    envelope *= wobble(rng, len(envelope), int(length_s * 2) + 3, 0.2)
    skin.add_muscle(start_s, interference(rng, skin, envelope))
    early_s, late_s = rng.uniform(0.0, 0.4, 2)
    known = shapes(rng, _RECRUITED, skin.rate_hz)
    gains = skin.spread(rng, _RECRUITED)
    for unit in range(_RECRUITED):
        begin_s = start_s - early_s * rng.random()
        times = train(rng, begin_s, start_s + length_s + late_s * rng.random() - begin_s, rng.uniform(6, 12), 0.2)
        sizes = np.full(len(times), rms_uv * rng.uniform(0.5, 1.5))
        skin.fire(known, np.full(len(times), unit), times, sizes, np.repeat(gains[[unit]], len(times), axis=0))
    skin.note("contraction", start_s - early_s, start_s + length_s + late_s)


def shift(rng: np.random.Generator, skin: Skin, start_s: float, length_s: float, size_uv: float) -> None:
    """The electrodes move with the limb: slow swings of this size."""
    n = skin.samples(length_s)
    sections = signal.butter(2, _ARTEFACT_HZ, fs=skin.rate_hz, output="sos")
    swing = signal.sosfilt(sections, rng.standard_normal((skin.n_channels, n)), axis=1) * np.hanning(n)
    peak = np.abs(swing).max(axis=1, keepdims=True)
    skin.add(start_s, swing / np.where(peak > 0, peak, 1.0) * size_uv)


def voluntary(rng: np.random.Generator, skin: Skin) -> None:
    """Somebody awake uses the muscle: 1-20 s at 15-300 uV rms, 12 an hour."""
    for start_s in random_times(rng, 12.0, skin.length_s, 25.0):
        length_s = float(np.exp(rng.uniform(np.log(1.0), np.log(20.0))))
        contract(rng, skin, start_s, length_s, float(np.exp(rng.uniform(np.log(15.0), np.log(300.0)))))


def leg_movements(rng: np.random.Generator, skin: Skin) -> None:
    """Movements of sleep, 30 an hour, at least 8 uV above rest (WASM), with the electrodes moving along."""
    for start_s, length_s in series(rng, 30.0, skin.length_s):
        n_before = len(skin.disturbances)
        contract(rng, skin, start_s, length_s, float(np.exp(rng.uniform(np.log(12.0), np.log(200.0)))))
        shift(rng, skin, start_s, length_s + 0.5, float(rng.uniform(20.0, 400.0)))
        del skin.disturbances[n_before:]
        skin.note("leg movement", start_s - 0.4, start_s + length_s + 0.4)


def low_trains(rng: np.random.Generator, skin: Skin) -> None:
    """One relaxed motor unit: 5-12 a second, coefficient of variation 0.1-0.25, 3-60 s, 22-80 uV, 8 an hour."""
    known = shapes(rng, 3, skin.rate_hz)
    for start_s in random_times(rng, 8.0, skin.length_s, 5.0):
        length_s = float(np.exp(rng.uniform(np.log(3.0), np.log(60.0))))
        times = train(rng, start_s, length_s, rng.uniform(5, 12), rng.uniform(0.1, 0.25))
        times = times[rng.random(len(times)) > 0.03]
        sizes = np.exp(rng.uniform(np.log(22.0), np.log(80.0))) * np.exp(rng.normal(0.0, 0.05, len(times)))
        which = np.full(len(times), rng.integers(3))
        skin.fire(known, which, times, sizes, np.repeat(skin.spread(rng, 1), len(times), axis=0))
        skin.note("low train", start_s, start_s + length_s + 0.2)


def tonic(rng: np.random.Generator, skin: Skin) -> None:
    """Weak steady tension for 1-8 minutes at 0.7-2.5 floors, 3 an hour: twitches ride on it."""
    for start_s in random_times(rng, 3.0, skin.length_s, 500.0):
        length_s = min(float(rng.uniform(60.0, 480.0)), skin.length_s - start_s - 1.0)
        if length_s < 30.0:
            continue
        envelope = ramp(skin, length_s, rng.uniform(1, 20), rng.uniform(1, 20))
        envelope *= wobble(rng, len(envelope), int(length_s / 4) + 3, 0.15)
        level_uv = float(skin.floor_uv.mean() * rng.uniform(0.7, 2.5))
        skin.add_muscle(start_s, interference(rng, skin, envelope * level_uv))
        skin.note("tonic", start_s, start_s + length_s)


def feet_at_onset(rng: np.random.Generator, skin: Skin) -> None:
    """High-frequency leg movements: bursts of 0.1-0.7 s at 0.3-4 Hz for some 18 s, 2 an hour."""
    for start_s in random_times(rng, 2.0, skin.length_s, 60.0):
        length_s = float(np.clip(rng.lognormal(np.log(15.0), 0.5), 4.0, 60.0))
        rate_hz = float(np.clip(rng.lognormal(np.log(1.5), 0.4), 0.3, 4.0))
        level_uv = float(rng.uniform(15.0, 120.0))
        for time_s in train(rng, start_s, length_s, rate_hz, 0.12):
            burst_s = float(min(rng.uniform(0.1, 0.7), 0.7 / rate_hz))
            skin.add_muscle(time_s, interference(rng, skin, level_uv * ramp(skin, burst_s, 0.03, 0.05)))
        skin.note("feet", start_s, start_s + length_s + 0.7)


def jerks(rng: np.random.Generator, skin: Skin) -> None:
    """Hypnic jerks: the whole body for 0.1-0.6 s, on every channel, 2 an hour."""
    for start_s in random_times(rng, 2.0, skin.length_s, 30.0):
        length_s = float(rng.uniform(0.1, 0.6))
        skin.add_muscle(start_s, interference(rng, skin, rng.uniform(80, 500) * ramp(skin, length_s, 0.02, 0.1)))
        shift(rng, skin, start_s, length_s + 0.8, float(rng.uniform(100.0, 1500.0)))
        skin.note("jerk", start_s - 0.05, start_s + length_s + 0.8)


def phasic(rng: np.random.Generator, skin: Skin) -> None:
    """Phasic activity of REM sleep: bursts of 0.15-0.5 s at four times the background, clustered, 20 an hour."""
    for start_s in random_times(rng, 4.0, skin.length_s, 60.0):
        for time_s in start_s + np.sort(rng.uniform(0.0, 20.0, rng.integers(2, 9))):
            length_s = float(rng.uniform(0.15, 0.5))
            level_uv = skin.floor_uv.mean() * rng.uniform(4.0, 10.0)
            skin.add_muscle(time_s, interference(rng, skin, level_uv * ramp(skin, length_s, 0.04, 0.06)))
            skin.note("phasic", time_s, time_s + length_s)


def grinding(rng: np.random.Generator, skin: Skin) -> None:
    """Bruxism: three and more bursts of 0.25-2 s at about 1 Hz, or one of more than 2 s; 8 an hour."""
    for start_s in random_times(rng, 8.0, skin.length_s, 30.0):
        level_uv = float(np.exp(rng.uniform(np.log(10.0), np.log(300.0))))
        if rng.random() < 0.3:
            length_s = float(rng.uniform(2.0, 8.0))
            skin.add_muscle(start_s, interference(rng, skin, level_uv * ramp(skin, length_s, 0.2, 0.3)))
            stop_s = start_s + length_s
        else:
            times = train(rng, start_s, float(rng.uniform(4.0, 12.0)), 0.9, 0.15)
            for time_s in times:
                burst_s = float(rng.uniform(0.25, 0.8))
                skin.add_muscle(time_s, interference(rng, skin, level_uv * ramp(skin, burst_s, 0.08, 0.1)))
            stop_s = (times[-1] if len(times) else start_s) + 0.8
        skin.note("grinding", start_s, stop_s)


def on_tension(rng: np.random.Generator, skin: Skin, start_s: float, length_s: float, floors: float) -> None:
    """A steady weak contraction over everything: the noise becomes this many floors."""
    n = skin.samples(length_s)
    level_uv = float(skin.floor_uv.mean() * np.sqrt(max(0.0, floors**2 - 1)))
    envelope = level_uv * wobble(rng, n, int(length_s * LEVEL_HZ / 80) + 3, 0.1)
    skin.add_muscle(start_s, interference(rng, skin, envelope, least_reach=1.0))
