"""Spread: since when each site has had twitches, in order. Counted in regions, shown in sites."""

from collections.abc import Iterable, Sequence

from aquiver.body import Site
from aquiver.model import Modality, Rules, SiteJudgement, SpreadStep

_ORDER = {site: place for place, site in enumerate(Site)}


def steps_of(judged: Iterable[SiteJudgement], rules: Rules) -> list[SpreadStep]:
    """Give the night since which each site has had twitches, in order; ``judged`` is in order of nights.

    One stray positive night is none: a site counts from where it was new, or else from where it first was recurrent.
    """
    by_site: dict[Site, list[SiteJudgement]] = {}
    for one in judged:
        if one.is_leading and one.is_valid:
            by_site.setdefault(one.site, []).append(one)
    begun = [(since, *_who(nights)) for nights in by_site.values() if (since := _since(nights, rules)) is not None]
    steps: list[SpreadStep] = []
    for night, site, modality, measured_since in sorted(begun, key=lambda each: (each[0], _ORDER[each[1]])):
        regions = {step.region for step in steps}
        steps.append(
            SpreadStep(
                site=site,
                region=site.region,
                modality=modality,
                night=night,
                measured_since=measured_since,
                is_spread=any(one.new_since == night for one in by_site[site]),
                is_first_in_region=site.region not in regions,
                n_regions=len(regions | {site.region}),
                n_sites=len(steps) + 1,
            )
        )
    return steps


def _who(nights: Sequence[SiteJudgement]) -> tuple[Site, Modality, str]:
    return nights[0].site, nights[0].modality, nights[0].night


def _since(nights: Sequence[SiteJudgement], rules: Rules) -> str | None:
    """Give where a site was new, unless it had long been recurrent by then, or the first recurrent positive night."""
    new = next((place for place, one in enumerate(nights) if one.new_since is not None), None)
    recurrent = next((place for place, one in enumerate(nights) if one.is_recurrent), None)
    if new is not None and (recurrent is None or new - recurrent <= rules.new_of):
        return nights[new].new_since
    if recurrent is None:
        return None
    window = nights[max(0, recurrent + 1 - rules.recurrent_of) : recurrent + 1]
    return next(one.night for one in window if one.is_positive)
