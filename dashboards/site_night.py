"""A site's night: one stream's minutes, summed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aquiver.body import Site
from aquiver.model import Modality, Period, SpanReason, Tally

ENOUGH_S = 600.0  # a rate over less than ten minutes says nothing
ORDER = {site: place for place, site in enumerate(Site)}


@dataclass(slots=True)
class SiteNight:
    """Twitches of one stream in one night, and the time they were counted in."""

    site: Site
    modality: Modality
    device: str
    n_twitches: int = 0
    analysable_s: float = 0.0
    excluded_s: dict[SpanReason, float] = field(default_factory=dict)

    @property
    def measured_s(self) -> float:
        """Give the time since the stream appeared, judged or not."""
        return self.analysable_s + sum(self.excluded_s.values())

    @property
    def rate_per_hour(self) -> float | None:
        """Give twitches per analysable hour; none while too little could be analysed for one to mean anything."""
        return self.n_twitches / self.analysable_s * 3600 if self.analysable_s >= ENOUGH_S else None

    def add(self, tally: Tally) -> None:
        """Add a tally."""
        self.n_twitches += tally.n_twitches
        self.analysable_s += tally.analysable_s
        for reason, length_s in tally.excluded_s.items():
            self.excluded_s[reason] = self.excluded_s.get(reason, 0.0) + length_s


def coarse_nights(tallies: Iterable[Tally]) -> list[SiteNight]:
    """Sum a night by stream from the finest tallies that are there: records from elsewhere may hold nights alone."""
    by_stream: dict[tuple[str, Modality], list[Tally]] = {}
    for tally in tallies:
        by_stream.setdefault((tally.device, tally.modality), []).append(tally)
    found = []
    for (device, modality), mine in by_stream.items():
        finest = next(period for period in Period if any(tally.period is period for tally in mine))
        night = SiteNight(mine[0].site, modality, device)
        for tally in mine:
            if tally.period is finest:
                night.add(tally)
        found.append(night)
    return sorted(found, key=lambda night: (ORDER[night.site], night.device, night.modality))


def site_nights(tallies: Iterable[Tally]) -> list[SiteNight]:
    """Sum the minutes of one night by stream, in the order of the body. Hours and nights among them are passed over."""
    found: dict[tuple[str, Modality], SiteNight] = {}
    for tally in tallies:
        if tally.period is Period.MINUTE:
            key = (tally.device, tally.modality)
            found.setdefault(key, SiteNight(tally.site, tally.modality, tally.device)).add(tally)
    return sorted(found.values(), key=lambda night: (ORDER[night.site], night.device, night.modality))
