"""Answers about nights: what the judge says, in plain Python. None of this knows InfluxQL, or how marks are made."""

from collections.abc import Callable, Sequence
from datetime import date
from math import exp, log
from statistics import median

import numpy as np

from aquiver.body import Region, Site
from aquiver.model import NoticeKind, SiteJudgement
from aquiver.nights import start_of
from aquiver.store.spelling import nanoseconds
from tests.dashboards.boards.answer import Answer
from tests.dashboards.boards.grafana import Scope
from tests.dashboards.boards.history import ZONE, History

_CLASSES = [(5, "under_5"), (20, "from_5"), (60, "from_20"), (150, "from_60"), (float("inf"), "from_150")]


def _shade(rate: float) -> str:
    return next(name for most, name in _CLASSES if rate < most)


def _nights(told: History, scope: Scope, site: Site) -> list[tuple[str, SiteJudgement | None]]:
    """Give every date of the wearer with what was judged of this site; here each site has one kind of sensor."""
    judged = told.judgements[scope.wearer].nights
    first, last = (date.fromisoformat(end(one.night for one in judged)).toordinal() for end in (min, max))
    mine = {one.night: one for one in judged if one.site is site}
    return [(night := date.fromordinal(day).isoformat(), mine.get(night)) for day in range(first, last + 1)]


def _sites(told: History, scope: Scope) -> list[Site]:
    found = {one.site for one in told.judgements[scope.wearer].nights}
    return [site for site in found if not scope.sites or site in scope.sites]


def _noon_ns(night: str) -> int:
    return nanoseconds(start_of(night, ZONE))


def _each_night(told, scope, row: Callable[[list, SiteJudgement | None], tuple | None]) -> Answer:
    """Give a row for each night in the range; it is told of the site's measured nights up to it, that one included."""
    answer = {}
    for site in _sites(told, scope):
        valid, rows = [], []
        for night, one in _nights(told, scope, site):
            valid += [one] if one is not None and one.is_valid else []
            found = row(valid, one) if scope.covers(_noon_ns(night) / 1e9) else None
            rows += [(_noon_ns(night), *found)] if found is not None else []
        answer |= {(site,): rows} if rows else {}
    return answer


def _hours(one: SiteJudgement) -> float:
    return one.analysable_s / 3600


def calendar(told, asked, scope):
    def cell(_, one):
        if one is None:
            return ("not_measured",)
        return (_shade(one.n_twitches / _hours(one)),) if _hours(one) >= 2 else ("too_little",)

    return _each_night(told, scope, cell)


def analysable(told, asked, scope):
    return _each_night(told, scope, lambda _, one: None if one is None else (one.analysable_s,))


def rates_of_nights(told, asked, scope):
    lines = {site: _line([one for _, one in _nights(told, scope, site)]) for site in _sites(told, scope)}

    def row(valid, one):
        if one is None or not one.is_valid:
            return None
        before = [each.n_twitches / _hours(each) for each in valid[:-1]][-28:]
        usual = tuple(np.quantile(before, (0.1, 0.9))) if len(before) >= 7 else (None, None)
        rate = one.n_twitches / _hours(one)
        return rate, one.low_per_hour, one.high_per_hour, *usual, lines[one.site].get(one.night)

    return _each_night(told, scope, row)


def _line(nights: Sequence[SiteJudgement | None]) -> dict[str, float]:
    """Give the line of the newest look: its slope is the judge's; its height the median distance of the nights."""
    valid = [one for one in nights if one is not None and one.is_valid]
    trend = valid[-1].trend
    if trend is None or trend.picture_ratio is None:
        return {}
    seen = [one for one in valid if one.night <= trend.night][-trend.n_nights :]
    weeks = [date.fromisoformat(one.night).toordinal() / 28 for one in seen]
    slope = log(trend.picture_ratio)
    height = median(log(one.n_twitches / _hours(one) + 0.1) - slope * at for one, at in zip(seen, weeks, strict=True))
    return {one.night: exp(height + slope * at) for one, at in zip(seen, weeks, strict=True)}


def last_nights(told, asked, scope):
    def row(valid, one):
        if one is None or not one.is_valid:
            return None
        found = [one.night]
        for n in (14, 28):
            window = valid[-n:]
            found += [sum(bool(v.is_positive) for v in window), len(window), sum(v.analysable_s for v in window)]
        return tuple(found)

    return {key: rows[-1:] for key, rows in _each_night(told, scope, row).items()}


def known(told, asked, scope):
    words = {True: "yes", False: "no", None: "too_early"}

    def row(_, one):
        if one is None or not one.is_valid:
            return None
        answers = [words[v] for v in (one.is_recurrent, one.is_persistent, one.is_new_region, one.is_changed)]
        trend = one.trend
        return (one.night, *answers, trend.word, trend.ratio, trend.ratio_low, trend.ratio_high, trend.n_nights)

    return {key: rows[-1:] for key, rows in _each_night(told, scope, row).items()}


def middle(site: Site):
    def answered(told, asked, scope):
        if site not in _sites(told, Scope(scope.wearer, scope.since_s, scope.until_s)):
            return {}
        shades = []
        valid = []
        for night, one in _nights(told, scope, site):
            if one is not None and one.is_valid:
                valid.append(one.n_twitches / _hours(one))
                shades += [_shade(median(valid[-28:]))] if scope.covers(_noon_ns(night) / 1e9) else []
        return {(): [(None, shades[-1])]} if shades else {}

    return answered


def regions(told, asked, scope):
    answer: Answer = {(region,): [] for region in Region}
    everywhere = Scope(scope.wearer, scope.since_s, scope.until_s)
    by_site = {site: dict(_nights(told, scope, site)) for site in _sites(told, everywhere)}
    for night in next(iter(by_site.values())):
        if not scope.covers(_noon_ns(night) / 1e9):
            continue
        for region in Region:
            mine = [nights[night] for site, nights in by_site.items() if site.region is region]
            answer[region,].append((_noon_ns(night), _state([one for one in mine if one is not None])))
    return answer


def _state(mine: list[SiteJudgement]) -> str:
    if any(one.is_positive for one in mine):
        return "positive"
    if any(_hours(one) >= 2 for one in mine):
        return "below"
    return "too_little" if mine else "not_measured"


def order(told, asked, scope):
    rows = [
        (
            *(_noon_ns(one.night), place, one.site, one.site.region, one.measured_since),
            *("yes" if one.is_spread else "not_known", one.n_regions),
        )
        for place, one in enumerate(told.judgements[scope.wearer].spread, start=1)
    ]
    return {(): sorted(rows, key=lambda row: row[0])}


def _weeks(told, scope, row: Callable[[list[SiteJudgement]], tuple]) -> Answer:
    judged = [one for one in told.judgements[scope.wearer].nights if one.is_valid]
    rows = []
    for night, _ in _nights(told, scope, Site.LEFT_CALF):
        last = date.fromisoformat(night).toordinal()
        week = [one for one in judged if 0 <= last - date.fromisoformat(one.night).toordinal() < 7]
        if week and scope.covers(_noon_ns(night) / 1e9):
            rows.append((_noon_ns(night), *row(week)))
    return {(): rows}


def weeks(told, asked, scope):
    def row(week):
        positive = [one for one in week if one.is_positive]
        regions_and_sites = [{one.site.region for one in some} for some in (week, positive)]
        regions_and_sites += [{one.site for one in some} for some in (week, positive)]
        return tuple(map(len, regions_and_sites))

    return _weeks(told, scope, row)


def week_hours(told, asked, scope):
    return _weeks(told, scope, lambda week: (sum(one.analysable_s for one in week),))


def held(kind: NoticeKind):
    def answered(told, asked, scope):
        answer = {}
        for wearer, judgement in told.judgements.items():
            for site in {one.site for one in judgement.nights}:
                told_of = [one for one in judgement.notices if (one.kind, one.site) == (kind, site)]
                until = [one for one in told_of if _noon_ns(one.night) / 1e9 <= scope.until_s]
                if any(scope.covers(_noon_ns(one.night) / 1e9) for one in judgement.nights):
                    is_held = bool(until) and until[-1].state == "began"
                    answer[wearer, site] = [(None, float(is_held))]
        return answer

    return answered
