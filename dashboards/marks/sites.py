"""Marks of a site: each night with its count, the time it was counted in, and what was known by then."""

from collections.abc import Sequence
from datetime import date
from math import exp, log
from statistics import median

from aquiver.body import Site
from aquiver.model import Mark, MarkKind, NoticeKind, NoticeState, SiteJudgement
from dashboards.marks.shade import Shade, shade_of
from dashboards.marks.speaking import Nights, state_of
from dashboards.report.facts import NightState
from dashboards.summary import MOST_NIGHTS, usual_range

_WINDOWS = (14, 28)  # measured nights
_MONTH_DAYS = 28.0
_TINY_RATE = 0.1  # a night without any twitch has a logarithm all the same
_KNOWN = {True: "yes", False: "no", None: "too_early"}


def site_marks(nights: Nights, site: Site) -> list[Mark]:
    """Give one site's marks, one a night; what is not known of a night is left out."""
    line = _line(nights.of(site))
    is_open = _is_open(nights, site)
    valid: list[SiteJudgement] = []
    marks = []
    for night in nights.dates:
        one = nights.at(night, site)
        before = list(valid)
        if one is not None and one.is_valid:
            valid.append(one)
        numbers = {} if one is None else _numbers(one, before, valid) | {"line_per_hour": line.get(night)}
        numbers |= {f"{kind}_open": float(night in is_open[kind]) for kind in NoticeKind}
        marks.append(_mark(nights, site, night, one, numbers, _words(one, valid)))
    return marks


def _mark(
    nights: Nights,
    site: Site,
    night: str,
    one: SiteJudgement | None,
    numbers: dict[str, float | None],
    words: dict[str, str],
) -> Mark:
    head = {"state": state_of(one).value, "night": night, "site_f": site.value}
    return Mark(
        kind=MarkKind.JUDGED,
        wearer=nights.wearer,
        night=night,
        time_s=nights.start_s(night),
        site=site,
        region=site.region,
        numbers=numbers,
        words=head | words,
    )


def _numbers(
    one: SiteJudgement, before: Sequence[SiteJudgement], valid: Sequence[SiteJudgement]
) -> dict[str, float | None]:
    """Give a night's numbers; a rate and all that follows from it only where enough was analysable."""
    counted: dict[str, float | None] = {"n_twitches": one.n_twitches, "analysable_s": one.analysable_s}
    counted["is_final"] = float(one.is_final)
    if not one.is_valid:
        return counted
    usual = usual_range([each.rate_per_hour for each in before if each.rate_per_hour is not None])
    counted |= {
        "rate_per_hour": one.rate_per_hour,
        "low_per_hour": one.low_per_hour,
        "high_per_hour": one.high_per_hour,
        "floor_per_hour": one.floor_per_hour,
        "usual_low_per_hour": None if usual is None else usual[0],
        "usual_high_per_hour": None if usual is None else usual[1],
        "median_per_hour": median([each.rate_per_hour or 0.0 for each in valid[-MOST_NIGHTS:]]),
    }
    for n_nights in _WINDOWS:
        last = valid[-n_nights:]
        counted[f"n_valid_{n_nights}"] = len(last)
        counted[f"n_positive_{n_nights}"] = sum(each.is_positive is True for each in last)
        counted[f"analysable_{n_nights}_s"] = sum(each.analysable_s for each in last)
    if one.trend is not None:
        counted |= {"trend_nights": one.trend.n_nights, "trend_ratio": one.trend.ratio}
        counted |= {"trend_low": one.trend.ratio_low, "trend_high": one.trend.ratio_high}
    return counted


def _words(one: SiteJudgement | None, valid: Sequence[SiteJudgement]) -> dict[str, str]:
    if one is None:
        return {"shade": Shade.NOT_MEASURED.value}
    if state_of(one) is NightState.TOO_LITTLE:
        return {"shade": Shade.TOO_LITTLE.value, "modality_f": one.modality.value}
    middle = median([each.rate_per_hour or 0.0 for each in valid[-MOST_NIGHTS:]])
    return {
        "shade": shade_of(one.rate_per_hour or 0.0).value,
        "middle_shade": shade_of(middle).value,
        "modality_f": one.modality.value,
        "persistent": _KNOWN[one.is_persistent],
        "new_region": _KNOWN[one.is_new_region],
        "changed": _KNOWN[one.is_changed],
        "recurrent": _KNOWN[one.is_recurrent],
        "trend": "too_early" if one.trend is None else one.trend.word.value,
    }


def _line(nights: Sequence[SiteJudgement]) -> dict[str, float]:
    """Give the line through the logarithms of the nights that goes with the newest look; none while it is too early."""
    valid = [one for one in nights if one.is_valid]
    trend = valid[-1].trend if valid else None
    if trend is None or trend.picture_ratio is None:
        return {}
    seen = [one for one in valid if one.night <= trend.night][-trend.n_nights :]
    slope = log(trend.picture_ratio) / _MONTH_DAYS
    days = [date.fromisoformat(one.night).toordinal() for one in seen]
    logs = [log((one.rate_per_hour or 0.0) + _TINY_RATE) for one in seen]
    level = median(value - slope * day for value, day in zip(logs, days, strict=True))
    return {one.night: exp(level + slope * day) for one, day in zip(seen, days, strict=True)}


def _is_open(nights: Nights, site: Site) -> dict[NoticeKind, set[str]]:
    """Give the nights on which each rule held: from the one with which it began to the one before it ended."""
    found: dict[NoticeKind, set[str]] = {}
    for kind in NoticeKind:
        told = [one for one in nights.judgement.notices if (one.kind, one.site) == (kind, site)]
        states = {one.night: one.state is NoticeState.BEGAN for one in told}
        is_held, held = False, set()
        for night in nights.dates:
            is_held = states.get(night, is_held)
            if is_held:
                held.add(night)
        found[kind] = held
    return found
