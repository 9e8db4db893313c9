"""Rules: the numbers in the definitions of docs/judgement.md, each settable under ``[judgement]``."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

_Hours = Annotated[float, Meta(gt=0, le=24)]
_PerHour = Annotated[float, Meta(ge=0, le=100_000)]
_Share = Annotated[float, Meta(gt=0, lt=1)]
_Factor = Annotated[float, Meta(ge=1, le=100)]
_Scatter = Annotated[float, Meta(gt=0, le=3)]
_Lag = Annotated[float, Meta(ge=0, le=0.9)]
_Nights = Annotated[int, Meta(ge=1, le=366)]
_TrendNights = Annotated[int, Meta(ge=8, le=366)]


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of the definitions. docs/judgement.md has a row with the source of each.

    Raises:
        ValueError: two of them contradict each other.
    """

    valid_hours: _Hours = 2.0
    start_floor_per_hour: _PerHour = 30.0
    least_floor_per_hour: _PerHour = 6.0
    floor_nights: _Nights = 10
    floor_factor: _Factor = 3.2
    recurrent_nights: _Nights = 5
    recurrent_of: _Nights = 7
    persistent_nights: _Nights = 10
    persistent_of: _Nights = 14
    persistent_days: _Nights = 21
    improving_p: _Share = 0.001
    improving_share: _Share = 0.5
    persistent_ends_below: _Nights = 5
    new_nights: _Nights = 3
    new_of: _Nights = 7
    new_after: _Nights = 10
    new_confidence: _Share = 0.997
    new_baseline_nights: _Nights = 28
    new_ends_after: _Nights = 10
    scatter_log_sd: _Scatter = 0.5
    scatter_nights: _Nights = 10
    scatter_lag_1: _Lag = 0.4
    trend_nights: _TrendNights = 28
    trend_days: _TrendNights = 84
    trend_p: _Share = 0.003
    trend_share: _Share = 0.25
    trend_counts: _PerHour = 5.0
    look_days: _Nights = 7
    looks: _Nights = 2
    apart_days: _Nights = 28

    def __post_init__(self) -> None:
        """Refuse what no nights can fulfil."""
        for least, most in (
            ("least_floor_per_hour", "start_floor_per_hour"),
            ("recurrent_nights", "recurrent_of"),
            ("persistent_nights", "persistent_of"),
            ("persistent_of", "persistent_days"),
            ("persistent_ends_below", "persistent_nights"),
            ("new_nights", "new_of"),
            ("new_after", "new_baseline_nights"),
            ("trend_nights", "trend_days"),
        ):
            if getattr(self, least) > getattr(self, most):
                raise ValueError(f"{least} is more than {most}")
