"""A schedule of misfortunes: the same seed gives the same one. Pure."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KILLS_PER_MINUTE = 22
FAULTS_PER_MINUTE = 8
_OUTAGE_AFTER_S = 60.0
_LONGEST_S = 4.0  # of any weather

# Who is killed how often, by arrangement.
VICTIMS: Mapping[str, Mapping[str, float]] = {
    "mosquitto": {"broker": 6, "detector": 5, "recorder": 5, "collector": 4},
    "amqtt": {"broker": 6, "detector": 5, "recorder": 5, "collector": 4},
    "night": {"night": 3, "embedded broker": 7},
}
_NETWORK = ("cut", "network down", "network stalls", "network delays", "network doubles", "network loses")
_MACHINE = ("disk full", "clock step", "band vanishes")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens ``at_s``, to whom, for how long (or by how much, for a clock)."""

    at_s: float
    what: str
    whom: str = ""
    length_s: float = 0.0


def draw(seed: int, length_s: float, arrangement: str, *, has_clocks: bool, broker_down_s: float = 0.0) -> list[Event]:
    """Draw what happens within so many seconds, in order."""
    chance = random.Random(f"{seed}/{arrangement}")
    victims = VICTIMS[arrangement]
    n_kills = math.ceil(KILLS_PER_MINUTE * length_s / 60.0)
    events = [_kill(chance, victims, length_s) for _ in range(n_kills)]
    kinds = [one for one in _MACHINE if has_clocks or one != "clock step"]
    kinds += [] if arrangement == "night" else _NETWORK
    n_faults = math.ceil(FAULTS_PER_MINUTE * length_s / 60.0)
    events += [_fault(chance, kinds[nth % len(kinds)], tuple(victims), length_s) for nth in range(n_faults)]
    if broker_down_s:
        outage = Event(_OUTAGE_AFTER_S, "network down", "", broker_down_s)
        events = [event for event in events if not _ends_early(event, outage)] + [outage]
    return sorted(events, key=lambda event: event.at_s)


def _ends_early(event: Event, outage: Event) -> bool:
    """Tell whether other weather would end an outage before its time."""
    is_during = outage.at_s - _LONGEST_S < event.at_s < outage.at_s + outage.length_s
    return event.what in _NETWORK and is_during


def _kill(chance: random.Random, victims: Mapping[str, float], length_s: float) -> Event:
    (whom,) = chance.choices(list(victims), list(victims.values()))
    return Event(chance.uniform(0.0, length_s), "kill", whom)


def _fault(chance: random.Random, what: str, victims: Sequence[str], length_s: float) -> Event:
    at_s = chance.uniform(0.0, 0.95 * length_s)
    match what:
        case "disk full":
            whom = chance.choice([one for one in victims if "broker" not in one])
            return Event(at_s, what, whom, chance.uniform(1.0, 4.0))
        case "clock step":
            size_s = chance.choice([5.0, 60.0, 600.0, 3600.0])
            return Event(at_s, what, "", size_s * chance.choice([-1.0, 1.0]))
        case "band vanishes":
            return Event(at_s, what, chance.choice(["verity", "myo"]), chance.uniform(2.0, 8.0))
        case _:
            return Event(at_s, what, "", chance.uniform(0.5, _LONGEST_S))
