"""The curve: sensitivity over false alarms per hour, as the threshold moves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.accuracy.cases import CASES
from tests.accuracy.results import run
from tests.accuracy.threshold import scaled_threshold

FACTORS = (0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.6)
_CASES = ("full night, 16 bit 500 Hz", "full night at 10/min, 16 bit 500 Hz")
_SPAN_PER_HOUR = (0.1, 100.0)


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold gives: false alarms without twitches, and sensitivity with 10 a minute over all sizes."""

    factor: float
    false_per_hour: float
    sensitivity: float
    from_10_sigma: float


def curve(seeds: Sequence[str]) -> list[Point]:
    """Run a night without and a night with twitches at each threshold."""
    zero, ten = (next(case for case in CASES if case.name == name) for name in _CASES)
    points = []
    for factor in FACTORS:
        with scaled_threshold(factor):
            results = run((zero, ten), seeds)
        without, with_them = results.of(zero.name), results.of(ten.name)
        assert without is not None
        assert with_them is not None
        found, clear = with_them.sensitivity(), with_them.sensitivity(10.0)
        points.append(Point(factor, without.false_per_hour, found, clear))
    return points


def area(points: Sequence[Point]) -> float:
    """Give the share of the area under the best curve through the points, false alarms 0.1-100 an hour on a log axis."""
    edges = np.log10(_SPAN_PER_HOUR)
    at = np.linspace(*edges, 301)
    reached = [max((p.sensitivity for p in points if p.false_per_hour <= 10**x), default=0.0) for x in at]
    return float(np.mean(reached))
