"""Ranks, compiled: the middle of a few values, or a low one, without sorting them all."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.dsp import Counts, Floats
from detector.dsp.compiling import compiled

Buckets = NDArray[np.integer[Any]]
Room = tuple[Buckets, Buckets, Floats, Floats]

_SHIFT = 48  # of a double's bits: 16 buckets for each power of two
_N_BUCKETS = 256
_N_FEW = 4  # windows: for more, it pays to keep one sorted


@compiled
def _neighbours(values: Floats, rank: int, left: Floats, right: Floats) -> tuple[float, float]:
    """Give the values of the rank before and of a rank.

    Ever fewer are divided at one of them (Hoare 1961, FIND). They are written to both sides, and stay where they belong:
    no processor guesses the side of noise. ``left`` and ``right`` are room for as many; ``below`` is the largest that was
    left out on the left.
    """
    rest, below = values, -np.inf
    while True:
        pivot, n_left, n_right = rest[len(rest) // 2], 0, 0
        for value in rest:
            left[n_left] = right[n_right] = value
            n_left += value < pivot
            n_right += value > pivot
        n_up_to_pivot = len(rest) - n_right
        if rank < n_left:
            rest = left[:n_left]
        elif rank >= n_up_to_pivot:
            rest, rank, below = right[:n_right], rank - n_up_to_pivot, pivot
        elif rank > n_left:
            return pivot, pivot
        else:
            for value in left[:n_left]:
                below = max(below, value)
            return below, pivot


@compiled
def median(values: Floats, left: Floats, right: Floats) -> float:
    """Give the median of some values; ``left`` and ``right`` are room for as many."""
    below, middle = _neighbours(values, len(values) // 2, left, right)
    return float(middle if len(values) % 2 else (below + middle) / 2)


@compiled
def room_for(n_values: int) -> Room:
    """Make room for the medians of so many powers each."""
    return np.empty(n_values, np.uint8), np.empty(_N_BUCKETS, np.int32), np.empty(n_values + 1), np.empty(n_values)


@compiled
def median_power(powers: Floats, room: Room) -> float:
    """Give the median of powers, none of them negative.

    The bits of such numbers are in their order: they are counted by their first bits, in buckets around a guess, and only
    those in the bucket of the median are sorted.
    """
    buckets, counts, few, right = room
    bits, n = powers.view(np.int64), len(powers)
    first, middle, last = bits[n // 4], bits[n // 2], bits[3 * n // 4]
    lowest = (max(min(first, middle), min(max(first, middle), last)) >> _SHIFT) - _N_BUCKETS // 2
    for index in range(n):
        buckets[index] = min(max((bits[index] >> _SHIFT) - lowest, 0), _N_BUCKETS - 1)
    counts[:] = 0
    for index in range(n):
        counts[buckets[index]] += 1
    low, n_below, n_up_to = 0, 0, counts[0]
    while n_up_to <= (n - 1) // 2:
        low, n_below, n_up_to = low + 1, n_up_to, n_up_to + counts[low + 1]
    high = low
    while n_up_to <= n // 2:
        high, n_up_to = high + 1, n_up_to + counts[high + 1]
    if low == 0 or high == _N_BUCKETS - 1:  # the guess was far off
        return median(powers, few[:n], right)
    n_few = 0
    for index in range(n):
        few[n_few] = powers[index]
        n_few += (buckets[index] >= low) & (buckets[index] <= high)
    _sort(few[:n_few])
    return float((few[(n - 1) // 2 - n_below] + few[n // 2 - n_below]) / 2)


@compiled
def _sort(few: Floats) -> None:
    """Sort few values in place."""
    for index in range(1, len(few)):
        value, place = few[index], index
        while place and few[place - 1] > value:
            few[place] = few[place - 1]
            place -= 1
        few[place] = value


@compiled
def _between(below: float, above: float, n_known: int, share: float) -> float:
    last = max(n_known - 1, 0)
    return float(below + (above - below) * (share * last - int(share * last)))


@compiled
def quantiles(joined: Floats, n_window: int, share: float) -> tuple[Floats, Counts]:
    """Give a quantile of the finite values in each window, shape (rows, windows), and how many they are."""
    n_rows, n_windows = len(joined), joined.shape[1] - n_window + 1
    found, n_found = np.empty((n_rows, n_windows)), np.empty((n_rows, n_windows), np.intp)
    for row in range(n_rows):
        if n_windows < _N_FEW:
            _one_by_one(joined[row], n_window, share, found[row], n_found[row])
        else:
            _sliding(joined[row], n_window, share, found[row], n_found[row])
    return found, n_found


@compiled
def _one_by_one(values: Floats, n_window: int, share: float, found: Floats, n_found: Counts) -> None:
    """Keep the few lowest in their order: it is a low quantile that is asked for."""
    for window in range(len(found)):
        own = values[window : window + n_window]
        n_known = np.isfinite(own).sum()
        last = max(n_known - 1, 0)
        rank = min(int(share * last) + 1, last)
        lowest = np.full(rank + 1, np.inf)
        for value in own:
            if value < lowest[rank]:
                place = rank
                while place and lowest[place - 1] > value:
                    lowest[place] = lowest[place - 1]
                    place -= 1
                lowest[place] = value
        below, above = (lowest[int(share * last)], lowest[rank]) if n_known else (0.0, 0.0)
        found[window], n_found[window] = _between(below, above, n_known, share), n_known


@compiled
def _sliding(values: Floats, n_window: int, share: float, found: Floats, n_found: Counts) -> None:
    ordered = np.full(n_window, np.inf)
    ordered[: n_window - 1] = np.sort(values[: n_window - 1])
    n_known = np.isfinite(ordered).sum()
    for window in range(len(found)):
        newest, oldest = values[window + n_window - 1], values[window]
        place = n_window - 1
        while place and ordered[place - 1] > newest:
            ordered[place] = ordered[place - 1]
            place -= 1
        ordered[place] = newest
        n_known += np.isfinite(newest)
        last = max(n_known - 1, 0)
        low = int(share * last)
        below, above = (ordered[low], ordered[min(low + 1, last)]) if n_known else (0.0, 0.0)
        found[window], n_found[window] = _between(below, above, n_known, share), n_known
        n_known -= np.isfinite(oldest)
        place = np.searchsorted(ordered, oldest)
        ordered[place:-1] = ordered[place + 1 :]
        ordered[-1] = np.inf
