"""Runs of high scores, compiled: what ``detector.dsp.hysteresis`` does with numpy."""

from detector.dsp import Floats
from detector.dsp.compiling import compiled

Row = tuple[int, bool, int, int, int, int, float]  # block, is it still open, lane, start, stop, peak, score


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
