"""The heart: when it beats."""

import math

from collector.simulation.habits import Habits

# Respiratory and slow variation of the interval, as sine waves (period in beats, seconds): about 60 ms together.
_VARIATION = ((4.3, 0.04), (11.0, 0.03))


def beats(habits: Habits, start_s: float, stop_s: float) -> tuple[float, ...]:
    """Give the times of the beats in start_s..stop_s, and one beyond on either side.

    >>> beats(Habits(beats_per_min=0.0), 0.0, 10.0)
    ()
    """
    if not habits.beats_per_min:
        return ()
    interval_s = 60.0 / habits.beats_per_min
    numbers = range(math.floor(start_s / interval_s) - 1, math.ceil(stop_s / interval_s) + 2)
    return tuple(number * interval_s + _variation_s(number) for number in numbers)


def _variation_s(number: int) -> float:
    return sum(depth_s * math.sin(2 * math.pi * number / period) for period, depth_s in _VARIATION)
