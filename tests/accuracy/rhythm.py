"""Rhythms: when things happen."""

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]

_DOUBLET_S = (0.010, 0.110)  # Kleine 2012: pairs at 10-110 ms,
_ECHO_S, _ECHO_SD_S = 0.0335, 0.006  # many of them one turn through the spinal cord apart: 32 ms benign, 35 ms not
_REFRACTORY_S = 0.010
_WAVE_S = 180.0  # twitches come in waves of minutes
_WAVE_SD = 0.5


def random_times(rng: np.random.Generator, per_hour: float, length_s: float, apart_s: float = 0.0) -> Times:
    """Poisson times, the nearer ones of which are dropped."""
    times = np.sort(rng.uniform(0.0, length_s, rng.poisson(per_hour * length_s / 3600.0)))
    return times[np.diff(times, prepend=-np.inf) > apart_s]


def twitch_times(rng: np.random.Generator, per_minute: float, length_s: float, doublets: float) -> Times:
    """Irregular times in waves of minutes; this share of them is followed by a second one after 10-110 ms."""
    n_waves = int(length_s / _WAVE_S) + 2
    waves = np.exp(rng.normal(0.0, _WAVE_SD, n_waves))
    grid_s = np.arange(n_waves) * _WAVE_S
    at_s = np.linspace(0.0, length_s, int(length_s) + 1)
    expected = np.concatenate(([0.0], np.cumsum(np.interp(at_s[:-1], grid_s, waves))))
    n = rng.poisson(per_minute * length_s / 60.0 / (1 + doublets))
    first = np.sort(np.interp(rng.uniform(0.0, expected[-1], n), expected, at_s))
    seconds = first[rng.random(n) < doublets]
    is_echo = rng.random(len(seconds)) < 0.5
    later_s = np.where(is_echo, rng.normal(_ECHO_S, _ECHO_SD_S, len(seconds)), rng.uniform(*_DOUBLET_S, len(seconds)))
    seconds = seconds + np.clip(later_s, *_DOUBLET_S)
    times = np.sort(np.concatenate((first, seconds)))
    times = times[times < length_s]
    return times[np.diff(times, prepend=-np.inf) > _REFRACTORY_S]


def train(rng: np.random.Generator, start_s: float, length_s: float, rate_hz: float, spread: float) -> Times:
    """A motor unit that fires regularly: gamma intervals of this coefficient of variation."""
    n = int(length_s * rate_hz * 1.5) + 4
    intervals = rng.gamma(1 / spread**2, spread**2 / rate_hz, n)
    times = start_s + np.cumsum(np.maximum(intervals, 0.020))
    return times[times < start_s + length_s]


def series(rng: np.random.Generator, per_hour: float, length_s: float) -> list[tuple[float, float]]:
    """Leg movements of sleep: start and length; most are periodic, four or more 10-90 s apart (WASM).

    Lengths are log-normal around 2.5 s within 0.5-10 s; intervals in a series have their median at 28 s: the scored
    nights of MATPLM have 2.0, 3.5, 5.0, 0.52 s and 7, 39, 32, 23 s.
    """
    n = rng.poisson(per_hour * length_s / 3600.0)
    starts: list[float] = []
    while len(starts) < n:
        at_s = rng.uniform(0.0, length_s)
        n_more = min(n - len(starts), int(rng.integers(4, 15)) if rng.random() < 0.25 else 1)
        steps = np.clip(rng.lognormal(np.log(28.0), 0.4, n_more), 10.0, 90.0)
        starts += [float(s) for s in at_s + np.cumsum(steps) if s < length_s]
        n -= int(np.sum(at_s + np.cumsum(steps) >= length_s))
    lengths = np.clip(rng.lognormal(np.log(2.5), 0.6, len(starts)), 0.5, 10.0)
    chosen: list[tuple[float, float]] = []
    for start_s, movement_s in zip(sorted(starts), lengths.tolist(), strict=True):
        if not chosen or start_s > sum(chosen[-1]) + 2.0:
            chosen.append((start_s, movement_s))
    return chosen


def beats(rng: np.random.Generator, length_s: float, bpm: float, ectopic_per_hour: float) -> tuple[Times, NDArray]:
    """Heartbeats with respiratory and slower variability, and which are ectopic: early, with a pause behind."""
    n = int(length_s * bpm / 60.0 * 1.3) + 10
    number = np.arange(n)
    mean_s = 60.0 / bpm
    slow = np.convolve(rng.normal(0.0, 1.0, n + 40), np.ones(41) / 41**0.5, "valid")[:n]
    swing = 0.04 * np.sin(2 * np.pi * 0.25 * mean_s * number + rng.uniform(0, 6.28)) + 0.02 * slow
    intervals = mean_s * (1 + swing + rng.normal(0.0, 0.008, n))
    is_ectopic = rng.random(n) < ectopic_per_hour * mean_s / 3600.0
    is_ectopic[1:] &= ~is_ectopic[:-1]
    intervals[is_ectopic] *= 0.65
    intervals[np.flatnonzero(is_ectopic[:-1]) + 1] *= 1.35
    times = np.cumsum(intervals)
    return times[times < length_s], is_ectopic[times < length_s]
