"""Disturbances: the stretches in which a body or its band does something other than rest."""

import math
from dataclasses import dataclass
from enum import StrEnum

from aquiver.body import Site
from collector.simulation.habits import Habits
from collector.simulation.randomness import generator

_HOUR_S = 3600.0
_JITTER = 1 / 3  # of a slot: with four turns an hour, 10 to 20 minutes lie between two


class Kind(StrEnum):
    """What happens."""

    TURNING = "turning"
    MOVEMENT = "movement"
    OFF_SKIN = "off_skin"


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A stretch of time in which a site is not at rest."""

    start_s: float
    stop_s: float
    kind: Kind


class Disturbances:
    """Give the disturbances of a site, the same ones whoever asks. One falls into each slot of its kind."""

    def __init__(self, seed: int, habits: Habits) -> None:
        self._seed = seed
        self._plans = {
            Kind.TURNING: _Plan(habits.turns_per_hour, 2.0, 5.0, is_shared=True),
            Kind.MOVEMENT: _Plan(habits.movements_per_hour, 0.5, habits.movement_max_s),
            Kind.OFF_SKIN: _Plan(habits.off_skin_per_hour, 20.0, 120.0),
        }

    def between(self, site: Site, start_s: float, stop_s: float) -> tuple[Disturbance, ...]:
        """Give the disturbances that overlap start_s..stop_s, in order."""
        found = [one for kind in Kind for one in self._of(kind, site, start_s, stop_s)]
        return tuple(sorted(found, key=lambda one: one.start_s))

    def turns(self, site: Site, start_s: float, stop_s: float) -> tuple[Disturbance, ...]:
        """Give the turns that overlap start_s..stop_s, and the two before."""
        if not self._plans[Kind.TURNING].per_hour:
            return ()
        slot_s = _HOUR_S / self._plans[Kind.TURNING].per_hour
        return tuple(self._of(Kind.TURNING, site, start_s - 3 * slot_s, stop_s))

    def _of(self, kind: Kind, site: Site, start_s: float, stop_s: float) -> list[Disturbance]:
        plan = self._plans[kind]
        if not plan.per_hour:
            return []
        slot_s = _HOUR_S / plan.per_hour
        owner = "" if plan.is_shared else site.value
        offset_s = slot_s * generator(self._seed, kind, owner).random()  # so that sites do not move together
        slots = range(math.floor((start_s - offset_s) / slot_s) - 1, math.floor((stop_s - offset_s) / slot_s) + 1)
        spans = [plan.draw(kind, offset_s + slot * slot_s, self._seed, owner, slot) for slot in slots]
        return [span for span in spans if span.stop_s > start_s and span.start_s < stop_s]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How often something happens, how long it lasts, and whether the whole body takes part."""

    per_hour: float
    shortest_s: float
    longest_s: float
    is_shared: bool = False

    def draw(self, kind: Kind, slot_start_s: float, seed: int, owner: str, slot: int) -> Disturbance:
        """Place the one of a slot around its middle."""
        random = generator(seed, kind, owner, slot)
        middle = 0.5 + _JITTER * (random.random() - 0.5)
        start_s = slot_start_s + middle * _HOUR_S / self.per_hour
        return Disturbance(start_s, start_s + random.uniform(self.shortest_s, self.longest_s), kind)
