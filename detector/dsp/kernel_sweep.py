"""The sweep, compiled: what ``detector.dsp.sweep`` does with numpy and scipy, block by block."""

import numpy as np

from aquiver.model import Samples
from detector.dsp import Floats
from detector.dsp.compiling import compiled
from detector.dsp.kernel_ranks import median_power, room_for


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
def _spread(values: Floats, filtered: Floats) -> None:
    """Lay filtered values (n, channels) out by channel."""
    for channel in range(values.shape[1]):
        own = filtered[channel]
        for index in range(len(values)):
            own[index] = values[index, channel]


@compiled
def _square(filtered: Floats, power: Floats) -> None:
    """Square by lane; what is more than the lanes is of the last one."""
    for channel in range(len(filtered)):
        own, lane = filtered[channel], power[min(channel, len(power) - 1)]
        if channel < len(power):
            for index in range(len(own)):
                lane[index] = own[index] * own[index]
        else:
            for index in range(len(own)):
                lane[index] += own[index] * own[index]


@compiled
def _add_up(power: Floats, totals: Floats) -> None:
    """Add to each power those before it, the nearest first: as many as there are more powers than totals.

    Three at a time: that spares most of the way to memory and back.
    """
    n, n_before = len(totals), len(power) - len(totals)
    totals[:] = power[n_before:]
    for lag in range(1, n_before - 1, 3):
        near, middle, far = power[n_before - lag :], power[n_before - lag - 1 :], power[n_before - lag - 2 :]
        for index in range(n):
            totals[index] = totals[index] + near[index] + middle[index] + far[index]
    for lag in range(n_before // 3 * 3 + 1, n_before + 1):
        near = power[n_before - lag :][:n]
        for index in range(n):
            totals[index] += near[index]


@compiled
def sweep(
    raw: Samples, before: Floats, filters: tuple[Floats, Floats, Floats, Floats], n_block: int
) -> tuple[Floats, Floats, Floats]:
    """Filter whole blocks of integers, shape (n, channels); give filtered values, totals and medians of power.

    Filtered values come behind those ``before``, shape (channels, n). ``filters``: scales, sections, state, newest powers.
    """
    scales, sections, state, history = filters
    n_samples, n_channels = raw.shape
    n_lanes, n_past = history.shape
    n_before = before.shape[1]
    filtered, totals = np.empty((n_channels, n_before + n_samples)), np.empty((n_lanes, n_samples))
    filtered[:, :n_before] = before
    medians = np.empty((n_lanes, n_samples // n_block))
    values, power = np.empty((n_block, n_channels)), np.empty((n_lanes, n_past + n_block))
    room = room_for(n_block)
    power[:, :n_past] = history
    for block in range(n_samples // n_block):
        start, stop = block * n_block, (block + 1) * n_block
        for index in range(n_block):
            for channel in range(n_channels):
                values[index, channel] = raw[start + index, channel] * scales[channel, 0]
        _filter(values, sections, state)
        own = filtered[:, n_before + start : n_before + stop]
        _spread(values, own)
        _square(own, power[:, n_past:])
        for lane in range(n_lanes):
            _add_up(power[lane], totals[lane, start:stop])
            medians[lane, block] = median_power(power[lane][n_past:], room)
            for index in range(n_past):
                power[lane, index] = power[lane, n_block + index]
    history[:] = power[:, :n_past]
    return filtered, totals, medians
