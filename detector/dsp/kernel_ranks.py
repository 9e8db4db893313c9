"""Ranks, compiled: the middle of a few values, or a low one, without sorting them all."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.dsp import Counts, Floats
from detector.dsp.compiling import compiled

Buckets = NDArray[np.integer[Any]]
Room = tuple[Buckets, Buckets, Floats, Floats]

_WIDE = 48  # of a double's bits do not count: 16 buckets for each power of two
_NARROW = 45  # 128 of them: what is a median itself is spread less
_N_BUCKETS = 256
_N_FEW = 16  # values: sorted at once
_N_TO_SLIDE = 4  # windows: for as many or more, it pays to keep one sorted


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
    """Make room for the ranks of so many values each."""
    return np.empty(n_values, np.uint8), np.empty(_N_BUCKETS, np.int32), np.empty(n_values + 1), np.empty(n_values)


@compiled
def median_power(powers: Floats, room: Room) -> float:
    """Give the median of powers, none of them negative."""
    below, above = _ranked(powers, (len(powers) - 1) // 2, len(powers) // 2, _WIDE, room)
    return float((below + above) / 2)


@compiled
def _ranked(values: Floats, rank: int, next_rank: int, shift: int, room: Room) -> tuple[float, float]:
    """Give the values of two ranks, the same or neighbours; no value is negative.

    The bits of such numbers are in their order: they are counted by the first of them, in buckets around a guess, and only
    those in the buckets of the ranks are sorted. ``shift`` says how many bits do not count.
    """
    buckets, counts, few, right = room
    bits, n = values.view(np.int64), len(values)
    if n <= _N_FEW:
        few[:n] = values
        _sort(few[:n])
        return few[rank], few[next_rank]
    first, middle, last = bits[n // 4], bits[n // 2], bits[3 * n // 4]
    lowest = (max(min(first, middle), min(max(first, middle), last)) >> shift) - _N_BUCKETS // 2
    for index in range(n):
        buckets[index] = min(max((bits[index] >> shift) - lowest, 0), _N_BUCKETS - 1)
    counts[:] = 0
    for index in range(n):
        counts[buckets[index]] += 1
    low, n_below, n_up_to = 0, 0, counts[0]
    while n_up_to <= rank:
        low, n_below, n_up_to = low + 1, n_up_to, n_up_to + counts[low + 1]
    high = low
    while n_up_to <= next_rank:
        high, n_up_to = high + 1, n_up_to + counts[high + 1]
    if low == 0 or high == _N_BUCKETS - 1:  # the guess was far off
        below, above = _neighbours(values, next_rank, few[:n], right)
        return (below, above) if rank < next_rank else (above, above)
    n_few = 0
    for index in range(n):
        few[n_few] = values[index]
        n_few += (buckets[index] >= low) & (buckets[index] <= high)
    _sort(few[:n_few])
    return few[rank - n_below], few[next_rank - n_below]


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
    room = room_for(n_window)
    for row in range(n_rows):
        if n_windows < _N_TO_SLIDE:
            _one_by_one(joined[row], n_window, share, found[row], n_found[row], room)
        else:
            _sliding(joined[row], n_window, share, found[row], n_found[row])
    return found, n_found


@compiled
def _one_by_one(values: Floats, n_window: int, share: float, found: Floats, n_found: Counts, room: Room) -> None:
    for window in range(len(found)):
        own, n_known = values[window : window + n_window], 0
        for value in own:
            n_known += value < np.inf
        last = max(n_known - 1, 0)
        rank = int(share * last)
        below, above = _ranked(own, rank, min(rank + 1, last), _NARROW, room) if n_known else (0.0, 0.0)
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
