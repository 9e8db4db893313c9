"""The context of a candidate, compiled: what ``detector.dsp.context`` does with numpy."""

import numpy as np

from detector.dsp import Floats
from detector.dsp.compiling import compiled
from detector.dsp.kernel_ranks import median


@compiled
def _inside(raw: Floats, position: int) -> float:
    """Give a sample; the edge value stands for what is missing."""
    return float(raw[min(max(position, 0), len(raw) - 1)])


@compiled
def swings(raw: Floats, first: int, n_slots: int, n_slot: int, taps: Floats, n_near: int) -> tuple[float, float]:
    """Average slots of a raw signal, take the last one for zero, and filter; give the swings of the first and the last few."""
    slots = np.empty(n_slots)
    for index in range(n_slots):
        at = first + index * n_slot
        total = _inside(raw, at)
        for position in range(at + 1, at + n_slot):
            total += _inside(raw, position)
        slots[index] = total / n_slot
    slots -= slots[-1]
    n_band = n_slots - len(taps) + 1
    band = slots[:n_band] * taps[0]
    for tap in range(1, len(taps)):
        near = slots[tap:]
        for index in range(n_band):
            band[index] += near[index] * taps[tap]
    early, late = band[:n_near], band[-n_near:]
    return float(early.max() - early.min()), float(late.max() - late.min())


@compiled
def step(raw: Floats, at: int, n_step: int, n_gap: int, n_before: int) -> tuple[float, float]:
    """Give by how much the level changes at a position, and the largest of so many changes before it."""
    room = np.empty(n_step), np.empty(n_step), np.empty(n_step)
    after, later = _level(raw, at + n_gap, room), _level(raw, at - n_gap - n_step, room)
    change, largest = abs(after - later), 0.0
    for index in range(2, n_before + 2):
        earlier = _level(raw, at - n_gap - index * n_step, room)
        largest = max(largest, abs(later - earlier))
        later = earlier
    return change, largest


@compiled
def _level(raw: Floats, start: int, room: tuple[Floats, Floats, Floats]) -> float:
    """Give the median of a stretch, as long as each part of the room."""
    stretch, left, right = room
    for index in range(len(stretch)):
        stretch[index] = _inside(raw, start + index)
    return median(stretch, left, right)
