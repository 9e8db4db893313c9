"""Nights: which judgement speaks for a site in a night, and when that night began."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from aquiver.body import Site
from aquiver.model import Judgement, SiteJudgement
from aquiver.nights import start_of
from dashboards.report.facts import NightState
from dashboards.site_night import ORDER


class Nights:
    """All nights of one wearer, by date and site; a site that was not worn has nobody to speak for it."""

    def __init__(self, judgement: Judgement, dates: Sequence[str]) -> None:
        self.wearer = judgement.wearer
        self.judgement = judgement
        self.dates = dates
        self._by_place = _speaking(judgement.nights)
        self.sites = sorted({site for _, site in self._by_place}, key=lambda site: ORDER[site])
        self._zones = _zones(judgement.nights, dates)

    def at(self, night: str, site: Site) -> SiteJudgement | None:
        """Give who speaks for a site in a night."""
        return self._by_place.get((night, site))

    def of(self, site: Site) -> list[SiteJudgement]:
        """Give a site's nights, oldest first."""
        return [one for night in self.dates if (one := self.at(night, site)) is not None]

    def start_s(self, night: str) -> float:
        """Give the moment a night began, where the wearer was."""
        return start_of(night, ZoneInfo(self._zones[night]))


def state_of(one: SiteJudgement | None) -> NightState:
    """Say what is known of a site in a night."""
    if one is None:
        return NightState.NOT_MEASURED
    if not one.is_valid:
        return NightState.TOO_LITTLE
    return NightState.POSITIVE if one.is_positive else NightState.BELOW


def _speaking(nights: Sequence[SiteJudgement]) -> dict[tuple[str, Site], SiteJudgement]:
    """Choose the kind of sensor that leads; of two the one that is valid, and then the longer one."""
    found: dict[tuple[str, Site], SiteJudgement] = {}
    for one in sorted(nights, key=lambda each: (each.is_leading, each.is_valid, each.analysable_s)):
        found[one.night, one.site] = one
    return found


def _zones(nights: Sequence[SiteJudgement], dates: Sequence[str]) -> dict[str, str]:
    """Give each night's time zone; where nothing was measured, that of the night before."""
    known = {one.night: one.zone for one in nights if one.zone}
    zone, zones = known.get(min(known), "UTC") if known else "UTC", {}
    for night in dates:
        zone = known.get(night, zone)
        zones[night] = zone
    return zones
