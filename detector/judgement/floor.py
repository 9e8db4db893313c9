"""The false-event floor of a site: what its sensor counts where nothing twitches."""

from bisect import insort
from collections.abc import Sequence

from scipy.special import gammaincinv

from aquiver.model import Rules
from detector.judgement.night import Night

_QUIETEST = 0.25
_UPPER = 0.975


def floors_of(nights: Sequence[Night], placebo: Sequence[Night], rules: Rules) -> list[float]:
    """Give the floor in force on each night, in events per hour, from earlier nights alone.

    It starts at ``start_floor_per_hour``. After ``floor_nights`` valid nights it is ``floor_factor`` times the lower
    quartile of their rates, which can only lower it, never below ``least_floor_per_hour``, and a floor once reached
    stays: a twitch that persists raises the quartile, and must not raise the floor. Only placebo nights can: from the
    first of them on the floor is the upper end of the 95 % interval of their pooled rate.
    """
    floor = rules.start_floor_per_hour
    rates: list[float] = []  # in order of size
    floors = []
    for night in nights:
        if len(rates) >= rules.floor_nights:
            floor = min(floor, _learned(rates, rules))
        pillows = [one for one in placebo if one.day <= night.day and one.hours >= rules.valid_hours]
        floors.append(_of_placebo(pillows, rules) if pillows else floor)
        if night.hours >= rules.valid_hours:
            insort(rates, night.n_twitches / night.hours)
    return floors


def _learned(rates: Sequence[float], rules: Rules) -> float:
    """Give the floor from rates in order: the quartile is interpolated between them."""
    place = _QUIETEST * (len(rates) - 1)
    below = int(place)
    quartile = rates[below] + (place - below) * (rates[min(below + 1, len(rates) - 1)] - rates[below])
    return max(rules.least_floor_per_hour, rules.floor_factor * quartile)


def _of_placebo(pillows: Sequence[Night], rules: Rules) -> float:
    n_events = sum(night.n_twitches for night in pillows)
    hours = sum(night.hours for night in pillows)
    return max(rules.least_floor_per_hour, float(gammaincinv(n_events + 0.5, _UPPER)) / hours)
