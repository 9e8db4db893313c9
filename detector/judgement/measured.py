"""Measured nights: counts with the time they were counted in, held against the site's own floor."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from scipy.special import gammaincinv

from aquiver.model import Rules
from detector.judgement.floor import floors_of
from detector.judgement.night import Night

_LOWER, _UPPER = 0.025, 0.975
_ENOUGH_HOURS = 1.0 / 6.0  # a rate over less than ten minutes says nothing


@dataclass(frozen=True, slots=True)
class Measured:
    """A night's rate with its 95 % interval, from Gamma(count + 0.5, hours). One that is not valid is not positive.

    ``log_rate`` is log((count + 0.5) / hours), and 0 where it would say nothing.
    """

    night: Night
    floor_per_hour: float
    low_per_hour: float | None
    high_per_hour: float | None
    is_valid: bool
    is_positive: bool
    log_rate: float

    @property
    def rate_per_hour(self) -> float | None:
        """Give twitches per analysable hour; none where too little could be analysed."""
        return self.night.n_twitches / self.night.hours if self.night.hours >= _ENOUGH_HOURS else None


def measure(nights: Sequence[Night], placebo: Sequence[Night], rules: Rules) -> list[Measured]:
    """Judge each night by itself: valid, positive."""
    floors = floors_of(nights, placebo, rules)
    return [_measured(night, floor, rules) for night, floor in zip(nights, floors, strict=True)]


def _measured(night: Night, floor_per_hour: float, rules: Rules) -> Measured:
    is_valid = night.hours >= rules.valid_hours
    if night.hours < _ENOUGH_HOURS:
        return Measured(night, floor_per_hour, None, None, is_valid, is_positive=False, log_rate=0.0)
    low, high = (float(gammaincinv(night.n_twitches + 0.5, share)) / night.hours for share in (_LOWER, _UPPER))
    is_positive = is_valid and low > floor_per_hour
    return Measured(
        night, floor_per_hour, low, high, is_valid, is_positive, log((night.n_twitches + 0.5) / night.hours)
    )
