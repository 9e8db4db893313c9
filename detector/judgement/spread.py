"""Spread: in which order sites became positive. Counted in regions, shown in sites."""

from collections.abc import Iterable, Sequence
from datetime import date

from aquiver.body import Site
from aquiver.model import Rules, SiteJudgement, SpreadStep

_ORDER = {site: place for place, site in enumerate(Site)}


def steps_of(judged: Iterable[SiteJudgement], rules: Rules) -> list[SpreadStep]:
    """Give the first positive night of each site, in order; ``judged`` is in order of nights.

    One stray positive night is none: a site counts from the first of ``new_nights`` positive within ``new_of``.
    """
    by_site: dict[Site, list[SiteJudgement]] = {}
    for one in judged:
        if one.is_leading and one.is_valid:
            by_site.setdefault(one.site, []).append(one)
    begun = [(first, nights) for nights in by_site.values() if (first := _first_positive(nights, rules)) is not None]
    steps: list[SpreadStep] = []
    for first, nights in sorted(begun, key=lambda each: (each[0].night, _ORDER[each[0].site])):
        regions = {step.region for step in steps}
        steps.append(
            SpreadStep(
                site=first.site,
                region=first.site.region,
                modality=first.modality,
                night=first.night,
                measured_since=nights[0].night,
                is_spread=_is_spread(first, nights, rules),
                is_first_in_region=first.site.region not in regions,
                n_regions=len(regions | {first.site.region}),
                n_sites=len(steps) + 1,
            )
        )
    return steps


def _first_positive(nights: Sequence[SiteJudgement], rules: Rules) -> SiteJudgement | None:
    for place in range(len(nights)):
        window = nights[max(0, place + 1 - rules.new_of) : place + 1]
        positive = [one for one in window if one.is_positive and not one.is_general]
        if len(positive) >= rules.new_nights:
            return positive[0]
    return None


def _is_spread(first: SiteJudgement, nights: Sequence[SiteJudgement], rules: Rules) -> bool:
    """Tell whether the definition of a new region held within twice its window from there."""
    until = _day(first) + 2 * rules.new_of
    return any(one.is_new_region for one in nights if _day(first) <= _day(one) <= until)


def _day(one: SiteJudgement) -> int:
    return date.fromisoformat(one.night).toordinal()
