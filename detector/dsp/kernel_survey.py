"""The survey, compiled: what ``detector.methods.survey`` does with numpy, block by block."""

import numpy as np

from detector.dsp import Counts, Flags, Floats
from detector.dsp.compiling import compiled
from detector.dsp.floor import LONG_QUANTILE, N_LONG, N_SHORT, N_WARM_UP, RISEN, SHORT_QUANTILE
from detector.dsp.kernel_ranks import quantiles
from detector.dsp.verdicts import FLAT, LOUD, NOISY, SATURATED, SEARCHED, WARM_UP

Surveyed = tuple[Floats, Floats, Floats, Floats, Flags]


@compiled
def survey(
    medians: Floats,
    flags: Flags,
    was_faulty: Flags,
    n_settling: int,
    history: Floats,
    scales: tuple[float, float, float],
    least_floor: Floats,
    limits: tuple[float, float],
) -> Surveyed:
    """Tell what each lane is good for in the next blocks; ``was_faulty`` and ``history`` are changed in place.

    ``flags``, shape (verdicts, lanes, blocks), hold the faults, and are given the rest. ``scales`` lead from magnitudes to the
    rms, the quiet level and the recent one; ``limits`` are the loudest rest, and what is loud over rest. Gives floor
    (lanes, blocks), level (blocks, lanes), rest of all lanes (blocks,), weights (lanes, blocks), and which blocks are ordinary.
    """
    (to_rms, to_rest, to_recent), (loudest_rest, loud_from) = scales, limits
    n_lanes, n_blocks = medians.shape
    magnitudes = np.sqrt(medians)
    sound = _soundness(flags, was_faulty, n_settling)
    quiet, n_long, recent = _quiet_levels(magnitudes, sound, history)
    floor, weights = np.empty((n_lanes, n_blocks)), np.zeros((n_lanes, n_blocks))
    level, rests = np.empty((n_blocks, n_lanes)), np.empty((n_blocks, n_lanes))
    is_ordinary = np.ones(n_blocks, np.bool_)
    for lane in range(n_lanes):
        least = least_floor[lane, 0]
        for block in range(n_blocks):
            is_known = n_long[lane, block] > N_WARM_UP
            rest = quiet[lane, block] * to_rest if is_known else np.inf
            is_noisy = is_known and rest > loudest_rest
            is_searched = sound[lane, block] and is_known and not is_noisy
            own, known_rest = magnitudes[lane, block] * to_rms, max(rest, least)
            is_loud = is_searched and own > loud_from * known_rest
            level[block, lane], rests[block, lane] = own, known_rest
            risen = recent[lane, block] * to_recent
            floor[lane, block] = max(risen if risen > RISEN * rest else rest, least)
            if is_searched:
                weights[lane, block] = 1 / (floor[lane, block] * floor[lane, block])
            flags[SEARCHED, lane, block], flags[LOUD, lane, block] = is_searched, is_loud
            flags[NOISY, lane, block] = is_noisy
            flags[WARM_UP, lane, block] = not is_known or block < n_settling
            is_ordinary[block] &= is_searched and not is_loud
    return floor, level, _middles(rests), weights, is_ordinary


@compiled
def _soundness(flags: Flags, was_faulty: Flags, n_settling: int) -> Flags:
    """Tell which blocks can be trusted: no fault in them or just before, the filters at rest."""
    _, n_lanes, n_blocks = flags.shape
    n_guard = was_faulty.shape[1]
    sound = np.empty((n_lanes, n_blocks), np.bool_)
    for lane in range(n_lanes):
        for block in range(n_blocks):
            is_faulty = flags[SATURATED, lane, block] or flags[FLAT, lane, block]
            is_spoilt = is_faulty or was_faulty[lane].any()
            sound[lane, block] = not is_spoilt and block >= n_settling
            for index in range(n_guard - 1):
                was_faulty[lane, index] = was_faulty[lane, index + 1]
            was_faulty[lane, n_guard - 1] = is_faulty
    return sound


@compiled
def _quiet_levels(level: Floats, sound: Flags, history: Floats) -> tuple[Floats, Counts, Floats]:
    """Give the low quantile of the long window, how many blocks are known in it, and that of the short one."""
    n_lanes, n_blocks = level.shape
    n_past = history.shape[1]
    joined = np.empty((n_lanes, n_past + n_blocks))
    joined[:, :n_past] = history
    for lane in range(n_lanes):
        for block in range(n_blocks):
            joined[lane, n_past + block] = level[lane, block] if sound[lane, block] else np.inf
    history[:] = joined[:, n_blocks:]
    quiet, n_long = quantiles(joined, N_LONG, LONG_QUANTILE)
    recent, _ = quantiles(joined[:, N_LONG - N_SHORT :].copy(), N_SHORT, SHORT_QUANTILE)
    return quiet, n_long, recent


@compiled
def _middles(rests: Floats) -> Floats:
    """Give the middle of the known levels of each block; 0 where none is known."""
    middles = np.zeros(len(rests))
    for block in range(len(rests)):
        ordered = np.sort(rests[block])
        n_known = np.isfinite(ordered).sum()
        if n_known:
            middles[block] = ordered[(n_known - 1) // 2]
    return middles
