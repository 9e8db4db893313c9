"""What was measured in a night: one stream's tallies, summed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model import Modality, Period, SpanReason, Tally, Unit

Interval = Callable[[int, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One stream's night, summed. ``interval_per_hour`` is the 95 % interval; None where no time was analysable."""

    wearer: str
    device: str
    site: Site
    modality: Modality
    night: str
    start_s: float
    stop_s: float
    n_twitches: int
    analysable_s: float
    excluded_s: dict[SpanReason, float]
    interval_per_hour: tuple[float, float] | None
    floor: float
    unit: Unit
    is_final: bool

    @property
    def rate_per_hour(self) -> float | None:
        """Give twitches per analysable hour."""
        return self.n_twitches / self.analysable_s * 3600 if self.analysable_s else None


def measured(tallies: Iterable[Tally], interval: Interval) -> list[Measured]:
    """Sum tallies by stream and night: of minutes where there are any, else of whole nights.

    ``interval`` gives the 95 % interval of a rate, from a count and hours.
    """
    streams: dict[tuple[str, str, str, Modality, Site], list[Tally]] = {}
    for one in tallies:
        streams.setdefault((one.night, one.wearer, one.device, one.modality, one.site), []).append(one)
    return [_summed(_finest(streams[key]), interval) for key in sorted(streams)]


def _finest(tallies: Sequence[Tally]) -> Sequence[Tally]:
    for period in (Period.MINUTE, Period.HOUR):
        found = [one for one in tallies if one.period is period]
        if found:
            return found
    return tallies


def _summed(tallies: Sequence[Tally], interval: Interval) -> Measured:
    first = tallies[0]
    n_twitches = sum(one.n_twitches for one in tallies)
    analysable_s = sum(one.analysable_s for one in tallies)
    reasons = sorted({reason for one in tallies for reason in one.excluded_s})
    return Measured(
        wearer=first.wearer,
        device=first.device,
        site=first.site,
        modality=first.modality,
        night=first.night,
        start_s=min(one.start_s for one in tallies),
        stop_s=max(one.start_s + one.analysable_s + sum(one.excluded_s.values()) for one in tallies),
        n_twitches=n_twitches,
        analysable_s=analysable_s,
        excluded_s={reason: sum(one.excluded_s.get(reason, 0.0) for one in tallies) for reason in reasons},
        interval_per_hour=interval(n_twitches, analysable_s / 3600) if analysable_s else None,
        floor=sum(one.floor * one.analysable_s for one in tallies) / analysable_s if analysable_s else first.floor,
        unit=first.unit,
        is_final=all(one.is_final for one in tallies),
    )
