"""The inner loops, compiled: same inputs, same order of operations, same bits as the numpy code that calls them.

Only ``compiling.loops`` imports this, and only where numba is. Arrays named ``state`` or ``history`` are changed in place.
"""

import numpy as np

from aquiver.model import Samples
from detector.dsp import Counts, Flags, Floats
from detector.dsp.compiling import compiled

Row = tuple[int, bool, int, int, int, int, float]  # block, is it still open, lane, start, stop, peak, score


@compiled
def _filter(values: Floats, sections: Floats, state: Floats) -> None:
    """Filter values of shape (n, channels) in place: transposed direct form II, as sosfilt; channels side by side."""
    for section in range(len(sections)):
        b0, b1, b2 = sections[section, 0], sections[section, 1], sections[section, 2]
        a1, a2 = sections[section, 4], sections[section, 5]
        first = state[section, :, 0].copy()
        second = state[section, :, 1].copy()
        for index in range(values.shape[0]):
            for channel in range(values.shape[1]):
                given = values[index, channel]
                found = b0 * given + first[channel]
                first[channel] = b1 * given - a1 * found + second[channel]
                second[channel] = b2 * given - a2 * found
                values[index, channel] = found
        state[section, :, 0] = first
        state[section, :, 1] = second


@compiled
def _select(values: Floats, rank: int) -> float:
    """Give the value of a rank, with no larger one before it and no smaller one behind it (Hoare 1961, FIND)."""
    low, high = 0, len(values) - 1
    while low < high:
        pivot = values[rank]
        left, right = low, high
        while left <= right:
            while values[left] < pivot:
                left += 1
            while pivot < values[right]:
                right -= 1
            if left <= right:
                values[left], values[right] = values[right], values[left]
                left += 1
                right -= 1
        low = left if right < rank else low
        high = right if rank < left else high
    return float(values[rank])


@compiled
def _median(values: Floats) -> float:
    """Give the median; the order of the values is lost."""
    middle = len(values) // 2
    upper = _select(values, middle)
    lower = upper if len(values) % 2 else values[:middle].max()
    return float((lower + upper) / 2)


@compiled
def _spread(values: Floats, filtered: Floats, power: Floats) -> None:
    """Lay filtered values (n, channels) out by channel, and their squares by lane."""
    for channel in range(values.shape[1]):
        lane = min(channel, len(power) - 1)
        for index in range(len(values)):
            value = values[index, channel]
            filtered[channel, index] = value
            square = value * value
            power[lane, index] = power[lane, index] + square if channel > lane else square


@compiled
def sweep(
    raw: Samples, scales: Floats, sections: Floats, state: Floats, history: Floats, n_block: int
) -> tuple[Floats, Floats, Floats]:
    """Filter whole blocks of integers, shape (n, channels); give filtered values, energy and medians of power."""
    n_samples, n_channels = raw.shape
    n_lanes, n_before = history.shape
    filtered, energy = np.empty((n_channels, n_samples)), np.empty((n_lanes, n_samples))
    medians = np.empty((n_lanes, n_samples // n_block))
    values, power = np.empty((n_block, n_channels)), np.empty((n_lanes, n_before + n_block))
    power[:, :n_before] = history
    for block in range(n_samples // n_block):
        start, stop = block * n_block, (block + 1) * n_block
        for index in range(n_block):
            for channel in range(n_channels):
                values[index, channel] = raw[start + index, channel] * scales[channel, 0]
        _filter(values, sections, state)
        _spread(values, filtered[:, start:stop], power[:, n_before:])
        for lane in range(n_lanes):
            total = energy[lane, start:stop]
            total[:] = power[lane, n_before:]
            for lag in range(1, n_before + 1):
                total += power[lane, n_before - lag : n_before - lag + n_block]
            total /= n_before + 1
            medians[lane, block] = _median(power[lane, n_before:].copy())
            for index in range(n_before):
                power[lane, index] = power[lane, n_block + index]
    history[:] = power[:, :n_before]
    return filtered, energy, medians


@compiled
def faults(
    joined: Samples, still: Counts, limit: int, n_flat: int, n_block: int, n_railed: float
) -> tuple[Flags, Flags]:
    """Find blocks at the limit and blocks that stand still; ``joined``, shape (2 + n, channels), begins two earlier."""
    n_blocks = (len(joined) - 2) // n_block
    saturated, flat = np.zeros((len(still), n_blocks), np.bool_), np.zeros((len(still), n_blocks), np.bool_)
    n_channels = joined.shape[1] if len(still) == 1 else 1  # of a lane
    for lane in range(len(still)):
        for block in range(n_blocks):
            n_at_limit = 0
            for index in range(2 + block * n_block, 2 + (block + 1) * n_block):
                is_railed, has_changed = False, False
                for channel in range(lane, lane + n_channels):
                    before, now = joined[index - 1, channel], joined[index, channel]
                    has_changed |= now != before
                    is_railed |= now >= limit or now <= -limit
                    if before >= limit or before <= -limit:
                        first = joined[index - 2, channel]
                        is_low = abs(first * 2.0) < limit and abs(now * 2.0) < limit
                        saturated[lane, block] |= is_low
                n_at_limit += is_railed
                still[lane] = 0 if has_changed else still[lane] + 1
                flat[lane, block] |= still[lane] >= n_flat
            saturated[lane, block] |= n_at_limit >= n_railed
    return saturated, flat


@compiled
def _quantile(ordered: Floats, n_known: int, share: float) -> float:
    last = max(n_known - 1, 0)
    low = int(share * last)
    below = ordered[low] if n_known else 0.0
    above = ordered[min(low + 1, last)] if n_known else 0.0
    return float(below + (above - below) * (share * last - low))


@compiled
def quantiles(joined: Floats, n_window: int, share: float) -> tuple[Floats, Counts]:
    """Give a quantile of the finite values in each window, shape (rows, windows), and how many they are."""
    n_rows, n_windows = len(joined), joined.shape[1] - n_window + 1
    found, n_found = np.empty((n_rows, n_windows)), np.empty((n_rows, n_windows), np.intp)
    for row in range(n_rows):
        ordered = np.full(n_window, np.inf)
        ordered[: n_window - 1] = np.sort(joined[row, : n_window - 1])
        n_known = np.isfinite(ordered).sum()
        for window in range(n_windows):
            newest, oldest = joined[row, window + n_window - 1], joined[row, window]
            place = n_window - 1
            while place and ordered[place - 1] > newest:
                ordered[place] = ordered[place - 1]
                place -= 1
            ordered[place] = newest
            n_known += np.isfinite(newest)
            found[row, window], n_found[row, window] = _quantile(ordered, n_known, share), n_known
            n_known -= np.isfinite(oldest)
            place = np.searchsorted(ordered, oldest)
            ordered[place:-1] = ordered[place + 1 :]
            ordered[-1] = np.inf
    return found, n_found


@compiled
def runs(
    scores: Floats, weights: Floats, decay: Floats, limits: tuple[float, float, float], position: int, state: Floats
) -> list[Row]:
    """Find runs of scores times weights, block by block; ``state`` has a lane's crest, start, peak and height a row."""
    on, off, tail = limits
    rows = [(0, False, 0, 0, 0, 0, 0.0)][:0]  # an empty list has no type
    n_lanes, n_blocks, n_block = scores.shape
    for block in range(n_blocks):
        at = position + block * n_block
        for lane in range(n_lanes):
            weight, own = weights[lane, block], scores[lane, block]
            if state[lane, 1] < 0 and own[-1] * weight <= off and own.max() * weight < on:
                state[lane, 0] *= decay[-1]
                continue
            crest, start, peak, height = state[lane]
            for index in range(n_block):
                score = own[index] * weight
                crest = max(crest, score / decay[index])
                if score > max(off, tail * (crest * decay[index])):
                    start, height = (start, height) if start >= 0 else (float(at + index), -1.0)
                    if score > height:
                        peak, height = float(at + index), score
                elif start >= 0:
                    if height >= on:
                        rows.append((block, False, lane, int(start), at + index, int(peak), height))
                    start = -1.0
            if start >= 0 and height >= on:
                rows.append((block, True, lane, int(start), at + n_block, int(peak), height))
            state[lane] = crest * decay[-1], start, peak, height
    return rows
