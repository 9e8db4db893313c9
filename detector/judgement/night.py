"""The nights of a site: tallies joined, so that no hour counts twice and no night is split."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from aquiver.body import Site
from aquiver.model import Modality, Period, Tally

JUDGED = (Modality.EMG, Modality.ACCELEROMETER)  # in the order in which they speak for a site
_COARSEST_FIRST = (Period.NIGHT, Period.HOUR, Period.MINUTE)


@dataclass(frozen=True, slots=True)
class Night:
    """What was counted on one site in one night by one kind of sensor.

    ``day`` is the evening's date as a number, so that nights can be subtracted.
    """

    name: str
    day: int
    zone: str
    start_s: float
    n_twitches: int
    analysable_s: float
    is_final: bool

    @property
    def hours(self) -> float:
        """Give the analysable hours."""
        return self.analysable_s / 3600.0


@dataclass(frozen=True, slots=True)
class Track:
    """All nights of one site and modality, in order: what is judged by itself."""

    site: Site
    modality: Modality
    nights: tuple[Night, ...]


def tracks_of(tallies: Iterable[Tally]) -> list[Track]:
    """Join one wearer's tallies to nights, by site and modality, in the order of the body.

    A later tally of a band, period and start replaces the earlier. Sessions of one band (naps, another time zone) add
    up within their date. Of several bands on one site the one with the most analysable time speaks: two that lie side
    by side hear the same twitches, and their hours must not count twice.
    """
    latest = {_key(tally): tally for tally in tallies if tally.modality in JUDGED}
    by_band: dict[tuple[Site, Modality, str, str], list[Tally]] = {}
    for tally in latest.values():
        by_band.setdefault((tally.site, tally.modality, tally.night, tally.device), []).append(tally)
    by_night: dict[tuple[Site, Modality, str], list[Night]] = {}
    for (site, modality, night, _), mine in sorted(by_band.items()):
        by_night.setdefault((site, modality, night), []).append(_joined(mine))
    by_track: dict[tuple[Site, Modality], list[Night]] = {}
    for (site, modality, _), bands in sorted(by_night.items()):
        by_track.setdefault((site, modality), []).append(max(bands, key=lambda night: night.analysable_s))
    last_night = max((night for _, _, night in by_night), default="")
    return [
        Track(site, modality, tuple(_closed(night, last_night) for night in by_track[site, modality]))
        for site in Site
        for modality in JUDGED
        if (site, modality) in by_track
    ]


def _key(tally: Tally) -> tuple[object, ...]:
    return tally.device, tally.site, tally.modality, tally.night, tally.period, tally.start_s


def _joined(tallies: Sequence[Tally]) -> Night:
    """Add up the sessions of one band in one night, at the coarsest period that is there."""
    period = next(period for period in _COARSEST_FIRST if any(tally.period is period for tally in tallies))
    mine = sorted((tally for tally in tallies if tally.period is period), key=lambda tally: tally.start_s)
    return Night(
        name=mine[0].night,
        day=date.fromisoformat(mine[0].night).toordinal(),
        zone=next((tally.zone for tally in mine if tally.zone), ""),
        start_s=mine[0].start_s,
        n_twitches=sum(tally.n_twitches for tally in mine),
        analysable_s=sum(tally.analysable_s for tally in mine),
        is_final=all(tally.is_final for tally in mine),
    )


def _closed(night: Night, last_night: str) -> Night:
    """Take a night as final once the wearer has a later one."""
    return replace(night, is_final=True) if night.name < last_night else night
