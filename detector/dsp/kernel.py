"""The inner loops, compiled: same inputs, same order of operations, same bits as the numpy code that calls them.

Only ``compiling.loops`` imports this, and only where numba is. Arrays named ``state`` or ``history`` are changed in place.
"""

import numpy as np

from aquiver.model import Samples
from detector.dsp import Counts, Flags, Floats
from detector.dsp.compiling import compiled
from detector.dsp.kernel_context import level, swings
from detector.dsp.kernel_ranks import median, quantiles
from detector.dsp.kernel_survey import survey

__all__ = ["faults", "level", "quantiles", "runs", "survey", "sweep", "swings"]

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
def _average(power: Floats, energy: Floats) -> None:
    """Average each power with those before it, the nearest first: as many as there are more powers than averages.

    Three at a time: that spares most of the way to memory and back.
    """
    n, n_before = len(energy), len(power) - len(energy)
    energy[:] = power[n_before:]
    for lag in range(1, n_before - 1, 3):
        near, middle, far = power[n_before - lag :], power[n_before - lag - 1 :], power[n_before - lag - 2 :]
        for index in range(n):
            energy[index] = energy[index] + near[index] + middle[index] + far[index]
    for lag in range(n_before // 3 * 3 + 1, n_before + 1):
        near = power[n_before - lag :][:n]
        for index in range(n):
            energy[index] += near[index]
    for index in range(n):
        energy[index] /= n_before + 1


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
    left, right = np.empty(n_block), np.empty(n_block)
    power[:, :n_before] = history
    for block in range(n_samples // n_block):
        start, stop = block * n_block, (block + 1) * n_block
        for index in range(n_block):
            for channel in range(n_channels):
                values[index, channel] = raw[start + index, channel] * scales[channel, 0]
        _filter(values, sections, state)
        _spread(values, filtered[:, start:stop], power[:, n_before:])
        for lane in range(n_lanes):
            _average(power[lane], energy[lane, start:stop])
            medians[lane, block] = median(power[lane, n_before:], left, right)
            for index in range(n_before):
                power[lane, index] = power[lane, n_block + index]
    history[:] = power[:, :n_before]
    return filtered, energy, medians


@compiled
def _is_railed(samples: Samples, limit: int) -> bool:
    """Tell whether any sample stands at the limit."""
    highest = lowest = samples[0, 0]
    for index in range(len(samples)):
        for channel in range(samples.shape[1]):
            highest = max(highest, samples[index, channel])
            lowest = min(lowest, samples[index, channel])
    return bool(highest >= limit or lowest <= -limit)


@compiled
def faults(
    joined: Samples, still: Counts, limit: int, n_flat: int, n_block: int, n_railed: float
) -> tuple[Flags, Flags]:
    """Find blocks at the limit and blocks that stand still; ``joined``, shape (2 + n, channels), begins two earlier."""
    n_blocks = (len(joined) - 2) // n_block
    saturated, flat = np.zeros((len(still), n_blocks), np.bool_), np.zeros((len(still), n_blocks), np.bool_)
    n_channels = joined.shape[1] if len(still) == 1 else 1  # of a lane
    for block in range(n_blocks):
        near = joined[block * n_block : 2 + (block + 1) * n_block]
        is_railed = _is_railed(near, limit)
        for lane in range(len(still)):
            own = near[:, lane : lane + n_channels]
            if is_railed:
                saturated[lane, block] = _is_saturated(own, limit, n_railed)
            flat[lane, block], still[lane] = _stillness(own, still[lane], n_flat)
    return saturated, flat


@compiled
def _is_saturated(own: Samples, limit: int, n_railed: float) -> bool:
    """Tell whether many samples of a block stand at the limit, or one does between two near zero."""
    n_at_limit, is_spark = 0, False
    for index in range(2, len(own)):
        is_railed = False
        for channel in range(own.shape[1]):
            first, before, now = own[index - 2, channel], own[index - 1, channel], own[index, channel]
            is_railed |= now >= limit or now <= -limit
            if before >= limit or before <= -limit:
                is_spark |= abs(first * 2.0) < limit and abs(now * 2.0) < limit
        n_at_limit += is_railed
    return bool(is_spark or n_at_limit >= n_railed)


@compiled
def _stillness(own: Samples, n_still: int, n_flat: int) -> tuple[bool, int]:
    """Tell whether a block stands still for ``n_flat`` samples, and for how many it does at its end.

    It looks ``n_flat`` behind each change, and back from there: what moves is told by a few looks.
    """
    last, change, is_flat = len(own) - 1, 1 - n_still, False
    at = max(2, change + n_flat)
    while at <= last and not is_flat:
        newest = _newest_change(own, max(1, change), at)
        is_flat = newest == max(1, change)
        change = change if is_flat else newest
        at = change + n_flat
    newest = _newest_change(own, max(1, change), last)
    return is_flat, last - (newest if newest > 1 else change)


@compiled
def _newest_change(own: Samples, after: int, until: int) -> int:
    """Give the newest position at which any channel changed; ``after`` if none did."""
    for index in range(until, after, -1):
        for channel in range(own.shape[1]):
            if own[index, channel] != own[index - 1, channel]:
                return index
    return after


@compiled
def _reaches(scores: Floats, weight: float, on: float) -> bool:
    """Tell whether any score is high enough: they are counted, as that takes several at a time."""
    n_high = 0
    for index in range(len(scores)):
        n_high += scores[index] * weight >= on
    return n_high > 0


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
            if state[lane, 1] < 0 and own[-1] * weight <= off and not _reaches(own, weight, on):
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
