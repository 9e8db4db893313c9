"""Runs of high scores, compiled: what ``detector.dsp.hysteresis`` does with numpy."""

import numpy as np

from detector.dsp import Floats
from detector.dsp.compiling import compiled

Row = tuple[int, bool, int, int, int, int, float]  # block, is it still open, lane, start, stop, peak, score
Limits = tuple[float, float, float]  # on, off, tail

_NEARLY = 1 - 1e-9  # what is divided later, or first, differs by less


@compiled
def _reaches(totals: Floats, weight: float, least: float) -> bool:
    """Tell whether any total is high enough: they are counted, as that takes several at a time."""
    n_high = 0
    for index in range(len(totals)):
        n_high += totals[index] * weight >= least
    return n_high > 0


@compiled
def runs(
    totals: Floats, weights: Floats, decay: Floats, limits: Limits, n_window: int, position: int, state: Floats
) -> list[Row]:
    """Find runs of scores, block by block; ``state`` has a lane's crest, start, peak and height a row.

    A score is a total, shape (lanes, n), over ``n_window`` times the weight of its block.
    """
    on, off, _ = limits
    rows = [(0, False, 0, 0, 0, 0, 0.0)][:0]  # an empty list has no type
    n_block, scores = len(decay), np.empty(len(decay))
    for block in range(weights.shape[1]):
        for lane in range(len(weights)):
            weight, own = weights[lane, block], totals[lane, block * n_block : (block + 1) * n_block]
            is_idle = state[lane, 1] < 0 and own[-1] / n_window * weight <= off
            if not is_idle or _reaches(own, weight, _NEARLY * on * n_window):
                for index in range(n_block):
                    scores[index] = own[index] / n_window * weight
                is_idle = is_idle and not _reaches(scores, 1.0, on)
            if is_idle:
                state[lane, 0] *= decay[-1]
            else:
                _trace(scores, decay, limits, (block, lane, position + block * n_block), state[lane], rows)
    return rows


@compiled
def _trace(
    scores: Floats, decay: Floats, limits: Limits, place: tuple[int, int, int], state: Floats, rows: list[Row]
) -> None:
    """Follow one lane through one block; ``place`` is the block, the lane, and the number of the first score."""
    on, off, tail = limits
    block, lane, at = place
    crest, start, peak, height = state
    for index in range(len(scores)):
        score = scores[index]
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
        rows.append((block, True, lane, int(start), at + len(scores), int(peak), height))
    state[:] = crest * decay[-1], start, peak, height
