"""The faults of a sensor, compiled: what ``detector.dsp.faults`` does with numpy."""

import numpy as np

from aquiver.model import Samples
from detector.dsp import Counts, Flags
from detector.dsp.compiling import compiled
from detector.dsp.verdicts import FLAT, SATURATED


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
    raw: Samples,
    newest: Samples,
    still: Counts,
    counts: tuple[int, int, int],
    n_railed: float,
    flags: Flags,
) -> None:
    """Find blocks at the limit and blocks that stand still; ``newest`` and ``still`` are changed in place.

    ``counts`` are the converter's limit, the samples that are flat, and those of a block.
    """
    limit, n_flat, n_block = counts
    n_channels = raw.shape[1] if len(still) == 1 else 1  # of a lane
    first = np.concatenate((newest, raw[:n_block]))
    for block in range(len(raw) // n_block):
        near = raw[block * n_block - 2 : (block + 1) * n_block] if block else first
        is_railed = _is_railed(near, limit)
        for lane in range(len(still)):
            own = near[:, lane : lane + n_channels]
            if is_railed:
                flags[SATURATED, lane, block] = _is_saturated(own, limit, n_railed)
            flags[FLAT, lane, block], still[lane] = _stillness(own, still[lane], n_flat)
    newest[:] = near[-2:]


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
