"""A moment: everything the sensors of one site need to know about one block of time."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from aquiver.body import Site
from collector.simulation.disturbances import Disturbance, Kind
from collector.simulation.habits import Habits
from collector.simulation.twitches import Discharge

Reals = NDArray[np.float64]

_RAMP_S = 0.2  # muscles neither start nor stop at once


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A block of time at a site. ``times_s`` has shape (n,), in UNIX seconds; ``random`` belongs to this block.

    ``discharges`` reach back as far as a twitch can ring, ``turns`` two turns further than the block.
    """

    seed: int
    habits: Habits
    site: Site
    times_s: Reals
    random: Generator
    discharges: tuple[Discharge, ...]
    disturbances: tuple[Disturbance, ...]
    turns: tuple[Disturbance, ...]

    @property
    def start_s(self) -> float:
        """Give the time of the first sample."""
        return float(self.times_s[0])

    @property
    def stop_s(self) -> float:
        """Give the time of the last sample."""
        return float(self.times_s[-1])

    def during(self, *kinds: Kind) -> Iterable[Disturbance]:
        """Give the disturbances of some kinds."""
        return (one for one in self.disturbances if one.kind in kinds)

    def window(self, start_s: float, stop_s: float) -> slice:
        """Give the positions of the samples in start_s <= time < stop_s."""
        first, end = np.searchsorted(self.times_s, [start_s, stop_s])
        return slice(int(first), int(end))

    def envelope(self, span: Disturbance) -> Reals:
        """Give 0 outside a span and 1 within, with ramps; shape (n,)."""
        rise = (self.times_s - span.start_s) / _RAMP_S
        fall = (span.stop_s - self.times_s) / _RAMP_S
        return np.clip(np.minimum(rise, fall), 0.0, 1.0)
