"""Weekly looks at the trend of a site: changed only when two in a row say so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp

from aquiver.model import Rules, Trend, TrendWord
from detector.judgement.measured import Measured
from detector.judgement.trend import log_rates, picture_of, slope_of


@dataclass(frozen=True, slots=True)
class Look:
    """One look. ``direction`` is +1 or -1 where it says changed by itself, else 0."""

    trend: Trend
    direction: int


class Looks:
    """Follow one site: look every ``look_days``, and remember the looks in a row that agree."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._last_day = 0
        self._trend: Trend | None = None
        self._directions: list[int] = []

    def update(self, valid: Sequence[Measured], n_sites: int) -> Trend:
        """Give the newest look, after a further valid night; ``valid`` are all up to it.

        ``n_sites`` are looked at together: they share one chance of a false word.
        """
        day = valid[-1].night.day
        if self._trend is not None and day - self._last_day < self._rules.look_days:
            return self._trend
        window = [one for one in valid[-self._rules.trend_days :] if day - one.night.day < self._rules.trend_days]
        if len(window) < self._rules.trend_nights:
            return self._trend or Trend(TrendWord.TOO_EARLY, valid[-1].night.name, len(window))
        self._last_day = day
        self._trend = self._judged(look_at(window, self._rules, n_sites))
        return self._trend

    def _judged(self, look: Look) -> Trend:
        self._directions = [*self._directions, look.direction][-self._rules.looks :]
        agree = len(self._directions) == self._rules.looks and abs(sum(self._directions)) == self._rules.looks
        return replace(look.trend, word=TrendWord.CHANGED) if agree else look.trend


def look_at(window: Sequence[Measured], rules: Rules, n_sites: int = 1) -> Look:
    """Look once at the valid nights of a window."""
    name, n = window[-1].night.name, len(window)
    counts = [one.night.n_twitches for one in window]
    if sum(counts) < rules.trend_counts * n:
        return Look(Trend(TrendWord.TOO_FEW, name, n), 0)
    days = [one.night.day for one in window]
    values = log_rates(counts, [one.night.hours for one in window])
    slope = slope_of(days, values)
    low, high = slope.interval(1)
    trend = Trend(
        word=TrendWord.STEADY,
        night=name,
        n_nights=n,
        ratio=exp(slope.values[1]),
        ratio_low=exp(low),
        ratio_high=exp(high),
        p_value=slope.p_value(1),
        lag_1=slope.lag_1,
        picture_ratio=exp(picture_of(days, values)),
    )
    return Look(trend, _direction(trend, rules, n_sites))


def _direction(trend: Trend, rules: Rules, n_sites: int) -> int:
    assert trend.ratio is not None  # a look that found a line has its numbers
    assert trend.p_value is not None
    is_clear = trend.p_value < rules.trend_p / n_sites and abs(trend.ratio - 1.0) >= rules.trend_share
    return (1 if trend.ratio > 1.0 else -1) if is_clear else 0
