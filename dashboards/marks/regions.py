"""Marks of the regions: each in each night, and all of them over a week. A region nobody measured is not measured."""

from collections.abc import Collection, Iterable

from aquiver.body import Region, Site
from aquiver.model import Mark, MarkKind, SiteJudgement
from dashboards.marks.speaking import Nights, state_of
from dashboards.report.facts import NightState

_WEEK = 7
_STRONGEST_FIRST = (NightState.POSITIVE, NightState.BELOW, NightState.TOO_LITTLE, NightState.NOT_MEASURED)


def region_marks(nights: Nights) -> list[Mark]:
    """Give each region in each night: it is as its most telling site is."""
    return [_region_mark(nights, night, region) for night in nights.dates for region in Region]


def week_marks(nights: Nights) -> list[Mark]:
    """Give for each night what was measured in the seven nights up to it, and how much of it was positive."""
    return [_week_mark(nights, place) for place in range(len(nights.dates))]


def _region_mark(nights: Nights, night: str, region: Region) -> Mark:
    mine = [one for site in nights.sites if site.region is region and (one := nights.at(night, site)) is not None]
    state = min((state_of(one) for one in mine), key=_STRONGEST_FIRST.index, default=NightState.NOT_MEASURED)
    numbers: dict[str, float | None] = {}
    if mine:
        numbers = {"n_sites": sum(one.is_valid for one in mine), "analysable_s": sum(one.analysable_s for one in mine)}
    return Mark(
        kind=MarkKind.REGION,
        wearer=nights.wearer,
        night=night,
        time_s=nights.start_s(night),
        region=region,
        numbers=numbers,
        words={"state": state.value, "night": night, "region_f": region.value},
    )


def _week_mark(nights: Nights, place: int) -> Mark:
    dates = nights.dates[max(0, place + 1 - _WEEK) : place + 1]
    mine = [one for night in dates for site in nights.sites if (one := nights.at(night, site)) is not None]
    valid = [one for one in mine if one.is_valid]
    positive = [one for one in valid if one.is_positive]
    numbers: dict[str, float | None] = {}
    if valid:
        numbers = {
            "n_regions_measured": len(_regions(valid)),
            "n_regions_positive": len(_regions(positive)),
            "n_sites_measured": len(_sites(valid)),
            "n_sites_positive": len(_sites(positive)),
            "analysable_s": sum(one.analysable_s for one in valid),
        }
    night = nights.dates[place]
    return Mark(MarkKind.WEEK, nights.wearer, night, nights.start_s(night), numbers=numbers)


def _sites(judged: Iterable[SiteJudgement]) -> Collection[Site]:
    return {one.site for one in judged}


def _regions(judged: Iterable[SiteJudgement]) -> Collection[Region]:
    return {one.site.region for one in judged}
