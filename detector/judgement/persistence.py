"""Recurrent and persistent: how many of the last valid nights were positive.

Sequences are of valid nights only, oldest first, the night in question last.
"""

from collections.abc import Sequence
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from aquiver.model import Rules
from detector.judgement.measured import Measured

_TINY = 1e-12  # nights without any scatter


def is_recurrent(positive: Sequence[bool], rules: Rules) -> bool | None:
    """Tell whether a site was positive on so many of the last valid nights; none before there are enough."""
    if len(positive) < rules.recurrent_of:
        return None
    return sum(positive[-rules.recurrent_of :]) >= rules.recurrent_nights


def is_persistent(valid: Sequence[Measured], rules: Rules) -> bool | None:
    """Tell whether a site's twitches last beyond two weeks, of nights, without improving.

    None before there are ``persistent_of`` valid nights within ``persistent_days`` calendar days.
    """
    last = valid[-rules.persistent_of :]
    if len(last) < rules.persistent_of or last[-1].night.day - last[0].night.day >= rules.persistent_days:
        return None
    n_positive = sum(one.is_positive for one in last)
    return n_positive >= rules.persistent_nights and not is_improving([one.log_rate for one in last], rules)


def is_improving(log_rates: Sequence[float], rules: Rules) -> bool:
    """Tell whether the second half is clearly below the first: by the share of the rules, and beyond chance.

    >>> is_improving([5.0, 5.1, 4.9, 5.0, 5.1, 2.0, 2.1, 1.9, 2.0, 2.1], Rules())
    True
    >>> is_improving([5.0, 4.0, 5.5, 4.5, 5.0, 4.5, 5.0, 4.0, 5.2, 4.4], Rules())
    False
    """
    half = len(log_rates) // 2
    before, after = np.array(log_rates[:-half]), np.array(log_rates[-half:])
    drop = float(before.mean() - after.mean())
    if drop < -log(1.0 - rules.improving_share):
        return False
    return _welch_p(drop, before, after) < rules.improving_p


def _welch_p(drop: float, before: NDArray[np.float64], after: NDArray[np.float64]) -> float:
    """Give the one-sided p of a drop of means (Welch 1947)."""
    parts = [max(float(values.var(ddof=1)), _TINY) / len(values) for values in (before, after)]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(values) - 1) for part, values in zip(parts, (before, after), strict=True)
    )
    return float(stats.t.sf(drop / sqrt(sum(parts)), freedom))
