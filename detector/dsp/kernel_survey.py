"""The survey, compiled: what ``detector.methods.survey`` does with numpy, block by block."""

import numpy as np

from detector.dsp import Counts, Flags, Floats
from detector.dsp.compiling import compiled
from detector.dsp.floor import LONG_QUANTILE, N_LONG, N_SHORT, N_WARM_UP, SHORT_QUANTILE
from detector.dsp.kernel_ranks import quantiles

Flagged = tuple[Flags, Flags, Flags, Flags]  # searched, loud, noisy, in warm-up; shape (lanes, blocks) each
Measured = tuple[Floats, Floats, Floats]  # floor and level, shape (lanes, blocks) each; rest of all lanes, (blocks,)


@compiled
def survey(
    medians: Floats,
    faulty: Flags,
    was_faulty: Flags,
    n_settling: int,
    history: Floats,
    scales: tuple[float, float, float],
    least_floor: Floats,
    limits: tuple[float, float],
) -> tuple[Flagged, Measured]:
    """Tell what each lane is good for in the next blocks; ``was_faulty`` and ``history`` are changed in place.

    ``scales`` lead from magnitudes to the rms, the quiet level and the recent one; ``limits`` are the loudest rest, and what
    is loud over rest.
    """
    (to_rms, to_rest, to_recent), (loudest_rest, loud_from) = scales, limits
    n_lanes, n_blocks = medians.shape
    level = np.sqrt(medians)
    sound = _soundness(faulty, was_faulty, n_settling)
    quiet, n_long, recent = _quiet_levels(level, sound, history)
    searched, loud = np.empty((n_lanes, n_blocks), np.bool_), np.empty((n_lanes, n_blocks), np.bool_)
    noisy, warm_up = np.empty((n_lanes, n_blocks), np.bool_), np.empty((n_lanes, n_blocks), np.bool_)
    floor, rests = np.empty((n_lanes, n_blocks)), np.empty((n_blocks, n_lanes))
    for lane in range(n_lanes):
        least = least_floor[lane, 0]
        for block in range(n_blocks):
            is_known = n_long[lane, block] > N_WARM_UP
            rest = quiet[lane, block] * to_rest if is_known else np.inf
            level[lane, block] *= to_rms
            noisy[lane, block] = is_known and rest > loudest_rest
            searched[lane, block] = sound[lane, block] and is_known and not noisy[lane, block]
            warm_up[lane, block] = not is_known or block < n_settling
            floor[lane, block] = max(rest, recent[lane, block] * to_recent, least)
            rests[block, lane] = max(rest, least)
            loud[lane, block] = searched[lane, block] and level[lane, block] > loud_from * rests[block, lane]
    return (searched, loud, noisy, warm_up), (floor, level, _middles(rests))


@compiled
def _soundness(faulty: Flags, was_faulty: Flags, n_settling: int) -> Flags:
    """Tell which blocks can be trusted: no fault in them or just before, the filters at rest."""
    n_lanes, n_blocks = faulty.shape
    n_guard = was_faulty.shape[1]
    sound = np.empty((n_lanes, n_blocks), np.bool_)
    for lane in range(n_lanes):
        for block in range(n_blocks):
            is_spoilt = faulty[lane, block] or was_faulty[lane].any()
            sound[lane, block] = not is_spoilt and block >= n_settling
            for index in range(n_guard - 1):
                was_faulty[lane, index] = was_faulty[lane, index + 1]
            was_faulty[lane, n_guard - 1] = faulty[lane, block]
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
