"""Twitches: when a site's motor units discharge, and how large."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from numpy.random import Generator

from aquiver.body import Site
from collector.simulation.habits import Habits
from collector.simulation.randomness import generator

WINDOW_S = 60.0  # twitches are drawn minute by minute, each from its own seed

# Figures: de Carvalho & Swash (needle, tibialis anterior), shortened to what a surface electrode sees;
# the 4 ms phase keeps the energy below 125 Hz, so that 200 Hz bands are not asked for what they cannot hold.
_SPREAD = 0.6  # standard deviation of the logarithm of the amplitude
_LARGEST_UV = 600.0
_DURATION_S = (0.008, 0.020)
_PHASE_S = 0.004
_POLYPHASIC_SHARE = 0.25
_DOUBLET_SHARE = 0.05
_DOUBLET_S = (0.010, 0.110)

# The skin moves visibly (20 mg) at about 150 uV and steeply more above, for more of the muscle takes part.
_MOVING_UV = 150.0
_MOVING_G = 0.020
_MOVING_SPREAD = 0.3
_LARGEST_G = 0.150
_RINGING_HZ = (8.0, 18.0)

_Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Discharge:
    """One twitch at its cause, from which both sensors see their part. Amplitudes are peak to peak.

    ``place`` is where around the limb it sits (0..1), ``direction`` the unit vector in which the skin moves.
    """

    onset_s: float
    potential_uv: float
    duration_s: float
    n_phases: int
    place: float
    skin_g: float
    ringing_hz: float
    direction: _Vector


class Twitches:
    """Give the discharges of a site, the same ones whoever asks."""

    def __init__(self, seed: int, habits: Habits) -> None:
        self._seed = seed
        self._habits = habits
        self._window = lru_cache(maxsize=64)(self._draw)

    def between(self, site: Site, start_s: float, stop_s: float) -> tuple[Discharge, ...]:
        """Give the discharges with an onset in start_s <= onset < stop_s, in order."""
        windows = range(math.floor(start_s / WINDOW_S) - 1, math.floor(stop_s / WINDOW_S) + 1)  # -1: late doublets
        found = [one for window in windows for one in self._window(site, window) if start_s <= one.onset_s < stop_s]
        return tuple(sorted(found, key=lambda one: one.onset_s))

    def _draw(self, site: Site, window: int) -> tuple[Discharge, ...]:
        """Draw a minute: Poisson in number, uniform in time; some come twice."""
        random = generator(self._seed, "twitches", site, window)
        drawn = []
        for _ in range(random.poisson(self._habits.twitches_per_min[site] * WINDOW_S / 60.0)):
            one = self._one((window + random.random()) * WINDOW_S, random)
            drawn.append(one)
            if random.random() < _DOUBLET_SHARE:
                drawn.append(replace(one, onset_s=one.onset_s + random.uniform(*_DOUBLET_S)))
        return tuple(drawn)

    def _one(self, onset_s: float, random: Generator) -> Discharge:
        n_phases = int(random.integers(4, 6) if random.random() < _POLYPHASIC_SHARE else random.integers(1, 4))
        potential_uv = min(self._habits.twitch_uv * random.lognormal(0.0, _SPREAD), _LARGEST_UV)
        skin_g = _MOVING_G * (potential_uv / _MOVING_UV) ** 2 * random.lognormal(0.0, _MOVING_SPREAD)
        x, y, z = (float(part) for part in random.standard_normal(3))
        length = math.hypot(x, y, z)
        return Discharge(
            onset_s=onset_s,
            potential_uv=potential_uv,
            duration_s=random.uniform(max(_DURATION_S[0], n_phases * _PHASE_S), _DURATION_S[1]),
            n_phases=n_phases,
            place=random.random(),
            skin_g=min(skin_g, _LARGEST_G),
            ringing_hz=random.uniform(*_RINGING_HZ),
            direction=(x / length, y / length, z / length),
        )
