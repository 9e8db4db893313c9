"""Marks of the order: the night since which each site has had twitches."""

from aquiver.model import Mark, MarkKind, SpreadStep
from dashboards.marks.speaking import Nights


def step_marks(nights: Nights) -> list[Mark]:
    """Give one mark a site, at the night since which it counts."""
    return [_step_mark(nights, step) for step in nights.judgement.spread]


def _step_mark(nights: Nights, step: SpreadStep) -> Mark:
    return Mark(
        kind=MarkKind.STEP,
        wearer=nights.wearer,
        night=step.night,
        time_s=nights.start_s(step.night),
        site=step.site,
        region=step.region,
        numbers={"place": step.n_sites, "n_regions": step.n_regions},
        words={
            "site_f": step.site.value,
            "region_f": step.region.value,
            "measured_since": step.measured_since,
            "was_quiet_before": "yes" if step.is_spread else "not_known",
        },
    )
