"""What goes with it: per factor of the diary one model of the log rate, told only where it is sure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp, log

import numpy as np

from aquiver.body import Site
from aquiver.model import Effect, Factor, Modality, SiteJudgement
from detector.judgement.trend import Slope, regress

FEWEST_NIGHTS = 30  # detection.md 5.5
FEWEST_EACH_SIDE = 8
FALSE_DISCOVERY = 0.05
_RIDGE = 0.5  # a prior of log sd 0.7 on the effect of one standard deviation, at a scatter of 0.5 (detection.md 5.4)
_SAME, _PREVIOUS = 1, 2  # places in the design


@dataclass(frozen=True, slots=True)
class _Data:
    """The nights of one site on which a factor is known for the day and for the day before."""

    days: list[int]
    log_rates: list[float]
    same: list[float]
    previous: list[float]

    @property
    def threshold(self) -> float:
        """Give what counts as with: anything at all, or, of what is hardly ever left out, more than usual."""
        n_without = sum(value <= 0.0 for value in self.same)
        return 0.0 if n_without >= FEWEST_EACH_SIDE else float(np.median(self.same))


def effects_of(factors: Sequence[Factor], judged: Sequence[SiteJudgement]) -> list[Effect]:
    """Give what goes with each factor on each site: those that could be looked at, told or not.

    A factor needs ``FEWEST_NIGHTS`` valid nights, and ``FEWEST_EACH_SIDE`` with it and without. All that are looked at
    together share one false-discovery rate (Benjamini and Hochberg 1995).
    """
    by_track: dict[tuple[Site, Modality], list[SiteJudgement]] = {}
    for one in judged:
        if one.is_valid and one.is_leading:
            by_track.setdefault((one.site, one.modality), []).append(one)
    found = [
        effect
        for factor in factors
        for (site, modality), nights in by_track.items()
        if (effect := _effect(factor, site, modality, nights)) is not None
    ]
    q_values = benjamini_hochberg([one.p_value for one in found])
    return [_judged(one, q_value) for one, q_value in zip(found, q_values, strict=True)]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Give the q value of each p value: the false-discovery rate at which it would just be told.

    >>> [round(q, 3) for q in benjamini_hochberg([0.01, 0.5, 0.02])]
    [0.03, 0.5, 0.03]
    """
    n = len(p_values)
    order = sorted(range(n), key=lambda place: p_values[place], reverse=True)
    q_values, least = [1.0] * n, 1.0
    for rank, place in zip(range(n, 0, -1), order, strict=True):
        least = min(least, p_values[place] * n / rank)
        q_values[place] = least
    return q_values


def _effect(factor: Factor, site: Site, modality: Modality, nights: Sequence[SiteJudgement]) -> Effect | None:
    found = _data(factor, nights)
    n_with = sum(value > found.threshold for value in found.same)
    n_without = len(found.same) - n_with
    if len(found.days) < FEWEST_NIGHTS or min(n_with, n_without) < FEWEST_EACH_SIDE:
        return None
    unit = float(np.std(found.same))
    fit = _fit(found, unit)
    same, previous = (_ratio(fit, place, unit) for place in (_SAME, _PREVIOUS))
    return Effect(
        factor=factor.name,
        site=site,
        modality=modality,
        n_nights=len(found.days),
        n_with=n_with,
        n_without=n_without,
        ratio=same[0],
        ratio_low=same[1],
        ratio_high=same[2],
        previous_ratio=previous[0],
        previous_low=previous[1],
        previous_high=previous[2],
        p_value=min(1.0, 2.0 * min(fit.p_value(_SAME), fit.p_value(_PREVIOUS))),  # two terms, two chances
        q_value=1.0,
        is_told=False,
    )


def _data(factor: Factor, nights: Sequence[SiteJudgement]) -> _Data:
    found = _Data([], [], [], [])
    for one in nights:
        day = date.fromisoformat(one.night)
        same = factor.by_night.get(one.night)
        previous = factor.by_night.get((day - timedelta(days=1)).isoformat())
        if same is not None and previous is not None:
            found.days.append(day.toordinal())
            found.log_rates.append(log((one.n_twitches + 0.5) / one.analysable_s * 3600.0))
            found.same.append(same)
            found.previous.append(previous)
    return found


def _fit(found: _Data, unit: float) -> Slope:
    columns = [np.array(values) - np.mean(values) for values in (found.same, found.previous)]
    design = np.column_stack([np.ones(len(found.days)), *(column / unit for column in columns)])
    ridge = np.array([0.0, _RIDGE, _RIDGE])
    return regress(np.array(found.days, float), np.array(found.log_rates), design, ridge)


def _ratio(fit: Slope, place: int, unit: float) -> tuple[float, float, float]:
    low, high = fit.interval(place)
    return exp(fit.values[place] / unit), exp(low / unit), exp(high / unit)


def _judged(one: Effect, q_value: float) -> Effect:
    is_clear = _excludes_1(one.ratio_low, one.ratio_high) or _excludes_1(one.previous_low, one.previous_high)
    return replace(one, q_value=q_value, is_told=is_clear and q_value <= FALSE_DISCOVERY)


def _excludes_1(low: float, high: float) -> bool:
    return low > 1.0 or high < 1.0
