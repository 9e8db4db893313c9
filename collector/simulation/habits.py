"""Habits: how often a simulated body twitches, moves and breathes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aquiver.body import Site

# Twitches are rarer the further up they are; feet and calves lead even in the healthy (detection.md 2.1).
_PER_MIN = {"foot": 4.0, "calf": 4.0, "thigh": 1.5, "hand": 1.5}
_PER_MIN_ELSEWHERE = 0.7


def _restless() -> dict[Site, float]:
    return {site: _PER_MIN.get(site.removeprefix("left_").removeprefix("right_"), _PER_MIN_ELSEWHERE) for site in Site}


def _everywhere(per_min: float) -> dict[Site, float]:
    return dict.fromkeys(Site, per_min)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a body does; the defaults make a believable restless night. A rate of 0 switches a thing off.

    ``twitch_uv`` is the median peak-to-peak surface potential, ``mains_uv`` the rms of the mains hum on the skin.
    """

    twitches_per_min: Mapping[Site, float] = field(default_factory=_restless, hash=False)
    twitch_uv: float = 80.0
    turns_per_hour: float = 4.0
    movements_per_hour: float = 5.0
    movement_max_s: float = 10.0
    off_skin_per_hour: float = 0.1
    beats_per_min: float = 60.0
    breaths_per_min: float = 15.0
    mains_uv: float = 3.0


NIGHT = Habits()

# The first minute already shows several twitches on each site to either kind of sensor, and the first three a movement.
DEMO = Habits(
    twitches_per_min=_everywhere(24.0),
    twitch_uv=160.0,
    movements_per_hour=24.0,
    movement_max_s=2.0,
    off_skin_per_hour=0.0,
)

# Twitches on rest noise, and nothing else.
STILL = Habits(
    twitches_per_min=_everywhere(12.0),
    twitch_uv=160.0,
    turns_per_hour=0.0,
    movements_per_hour=0.0,
    off_skin_per_hour=0.0,
    beats_per_min=0.0,
    breaths_per_min=0.0,
    mains_uv=0.0,
)

# A restless body that never twitches: whatever is found in it is false.
QUIET = Habits(twitches_per_min=_everywhere(0.0))
