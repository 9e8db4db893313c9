"""The context of a candidate: what the raw signal does around it, slower than a twitch."""

import math
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from detector.dsp import Floats
from detector.dsp.compiling import loops

SLOT_S = 0.010
_BAND_HZ = (6.0, 18.0)  # most of a QRS, little of a twitch (Pan & Tompkins 1985 use 5-15)
_FILTER_S = 0.30
_NEAR_S = 0.06  # a QRS is largest in the band within this time of its fastest part
_BEFORE_S = 0.30
_STEP_S = 0.100  # whole periods of 50 and of 60 Hz
_N_STEPS = 4
_STEP_GAP_S = 0.025  # between the candidate and the levels before and after it
REACH_S = _FILTER_S / 2 + _NEAR_S + 2 * SLOT_S  # the raw signal is needed so far after a candidate ...
PAST_S = _STEP_GAP_S + (_N_STEPS + 1) * _STEP_S + 2 * SLOT_S  # ... and before it


def slow_share(raw: Floats, at: int, amplitude: float, rate_hz: float) -> float:
    """Give the peak-to-peak size in 6-18 Hz near a position of a raw signal, over that of the fast potential there.

    What sways as much a third of a second before is no part of it. Shape (n,).

    >>> wave = np.zeros(1000)
    >>> wave[470:530] = 100 * np.hanning(60)
    >>> slow_share(wave, 500, 90.0, 1000.0) > 0.45
    True
    """
    n_slot = max(1, round(SLOT_S * rate_hz))
    slot_hz = rate_hz / n_slot
    taps = _taps(slot_hz)
    near, before = round(_NEAR_S * slot_hz), round(_BEFORE_S * slot_hz)
    n_before, n_after = len(taps) // 2 + near + before, len(taps) // 2 + near
    first, n_slots = at - n_slot * n_before - n_slot // 2, n_before + 1 + n_after
    kernel = loops()
    swings = _swings if kernel is None else kernel.swings
    sway, size = swings(raw, first, n_slots, n_slot, taps, 2 * near + 1)
    return math.sqrt(max(0.0, size * size - sway * sway)) / amplitude


def step_size(raw: Floats, at: int, rate_hz: float) -> tuple[float, float]:
    """Give by how much the level changes at a position, and the largest change in the half second before.

    >>> wave = np.where(np.arange(1000) < 500, 0.0, 7.0)
    >>> step_size(wave, 600, 1000.0), step_size(wave, 500, 1000.0)
    ((0.0, 7.0), (7.0, 0.0))
    """
    n_step, n_gap = round(_STEP_S * rate_hz), round(_STEP_GAP_S * rate_hz)
    kernel = loops()
    if kernel is not None:
        found: tuple[float, float] = kernel.step(raw, at, n_step, n_gap, _N_STEPS)
        return found
    after = _level(raw, at + n_gap, n_step)
    levels = [_level(raw, at - n_gap - n * n_step, n_step) for n in range(1, _N_STEPS + 2)]
    changes = [abs(later - earlier) for later, earlier in pairwise(levels)]
    return abs(after - levels[0]), max(changes)


def _level(raw: Floats, start: int, n_samples: int) -> float:
    """Give the median of a stretch, which no twitch moves; the edge value stands for what is missing."""
    stretch = raw[start : start + n_samples]
    if start < 0 or len(stretch) < n_samples:
        stretch = raw[np.clip(np.arange(start, start + n_samples), 0, len(raw) - 1)]
    ordered = np.sort(stretch)
    return float((ordered[(n_samples - 1) // 2] + ordered[n_samples // 2]) / 2)


def _swings(raw: Floats, first: int, n_slots: int, n_slot: int, taps: Floats, n_near: int) -> tuple[float, float]:
    """Average slots, take the last one for zero, and filter; give the swings of the first and the last few.

    The edge value stands for what is missing.
    """
    positions = first + np.arange(n_slots * n_slot).reshape(n_slots, n_slot)
    slots = _sums(raw[np.clip(positions, 0, len(raw) - 1)]) / n_slot
    band = _sums(sliding_window_view(slots - slots[-1], len(taps)) * taps)
    return float(np.ptp(band[:n_near])), float(np.ptp(band[-n_near:]))


def _sums(rows: Floats) -> Floats:
    """Add up each row from its beginning: ``sum`` promises no order."""
    return np.add.accumulate(rows, axis=1)[:, -1]


@cache
def _taps(rate_hz: float) -> Floats:
    n_taps = 2 * round(_FILTER_S * rate_hz / 2) + 1
    return np.asarray(signal.firwin(n_taps, _BAND_HZ, pass_zero=False, fs=rate_hz))
