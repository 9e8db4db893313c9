"""Summits: peaks that deep valleys divide."""

from detector.dsp import Floats


def summits(heights: Floats, n_apart: int, valley: float) -> list[int]:
    """Give the positions of the peaks of ``heights``, shape (n,), in order.

    Two of them are at least ``n_apart`` apart, and between them it is lower than ``valley`` times the lower one.

    >>> import numpy as np
    >>> summits(np.array([0, 4, 9, 3, 8, 1, 0, 6, 2.0]), n_apart=2, valley=0.25)
    [2, 7]
    """
    inner = heights[1:-1]
    tops = ((inner > heights[:-2]) & (inner >= heights[2:])).nonzero()[0] + 1
    found: list[int] = []
    for top in sorted(tops.tolist(), key=lambda position: -heights[position]):
        if all(_is_divided(heights, top, other, n_apart, valley) for other in found):
            found.append(top)
    return sorted(found)


def _is_divided(heights: Floats, one: int, other: int, n_apart: int, valley: float) -> bool:
    first, last = min(one, other), max(one, other)
    lower = min(heights[first], heights[last])
    return last - first >= n_apart and bool(heights[first:last].min() < valley * lower)
