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
    raw: Samples, before: Floats, filters: tuple[Floats, Floats, Floats, Floats], n_block: int
) -> tuple[Floats, Floats, Floats]:
    """Filter whole blocks of integers, shape (n, channels); give filtered values, energy and medians of power.

    Filtered values come behind those ``before``, shape (channels, n). ``filters``: scales, sections, state, newest powers.
    """
    scales, sections, state, history = filters
    n_samples, n_channels = raw.shape
    n_lanes, n_past = history.shape
    n_before = before.shape[1]
    filtered, energy = np.empty((n_channels, n_before + n_samples)), np.empty((n_lanes, n_samples))
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
        _spread(values, filtered[:, n_before + start : n_before + stop], power[:, n_past:])
        for lane in range(n_lanes):
            _average(power[lane], energy[lane, start:stop])
            medians[lane, block] = median_power(power[lane][n_past:], room)
            for index in range(n_past):
                power[lane, index] = power[lane, n_block + index]
    history[:] = power[:, :n_past]
    return filtered, energy, medians
