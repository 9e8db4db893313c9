"""A tile, compiled: what ``detector.methods.tile`` does with numpy and scipy, in one call.

A call of its own for each part, with its arrays, would cost as much as what it does for one block.
"""

import numpy as np

from aquiver.model import Samples
from detector.dsp import Counts, Flags, Floats
from detector.dsp.compiling import compiled
from detector.dsp.kernel_faults import faults
from detector.dsp.kernel_runs import Row, runs
from detector.dsp.kernel_survey import survey
from detector.dsp.kernel_sweep import sweep

Surveyed = tuple[Flags, Floats, Floats, Floats, Flags]  # as ``detector.methods.survey.Survey`` has them


@compiled
def scan(
    raw: Samples,
    before: Floats,
    filters: tuple[Floats, Floats, Floats, Floats],
    faulty: tuple[Samples, Counts, Flags],
    floors: tuple[Floats, Floats],
    bursts: tuple[Floats, Floats],
    counts: tuple[int, int, int, int, int],
    limits: tuple[float, ...],
) -> tuple[Floats, Surveyed, list[Row]]:
    """Give filtered samples behind those ``before``, what each lane is good for, and the runs of high scores.

    What is remembered comes with its part, and is changed in place. ``filters``: scales, sections, state, newest powers;
    ``faulty``: newest samples, for how many nothing has changed, newest blocks; ``floors``: history, least; ``bursts``: state,
    decay. ``counts``: the samples of a block, the converter's limit, the samples that are flat, the blocks of settling, the
    number of the first sample. ``limits``: the samples at the limit of a saturated block; what leads from magnitudes to the
    rms, the quiet level and the recent one; the loudest rest, and what is loud over rest; on, off and tail.
    """
    newest, still, was_faulty = faulty
    history, least_floor = floors
    run_state, decay = bursts
    n_block, limit, n_flat, n_settling, position = counts
    n_railed, to_rms, to_rest, to_recent, loudest_rest, loud, on, off, tail = limits
    filtered, totals, medians = sweep(raw, before, filters, n_block)
    flags = np.zeros((6, *medians.shape), np.bool_)
    faults(raw, newest, still, (limit, n_flat, n_block), n_railed, flags)
    factors, levels = (to_rms, to_rest, to_recent), (loudest_rest, loud)
    found = survey(medians, flags, was_faulty, n_settling, history, factors, least_floor, levels)
    floor, level, rest, weights, is_ordinary = found
    n_window = filters[3].shape[1] + 1
    rows = runs(totals, weights, decay, (on, off, tail), n_window, position, run_state)
    return filtered, (flags, floor, level, rest, is_ordinary), rows
