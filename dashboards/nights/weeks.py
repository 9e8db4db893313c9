"""The weeks: what nights say together, site by site: persistence, spread, and what goes with it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import exp, log
from statistics import median

from aquiver.body import Region, Site
from aquiver.model import (
    Effect,
    Judgement,
    Modality,
    Note,
    NoticeKind,
    Rules,
    SiteJudgement,
    SpreadStep,
    Subject,
    Trend,
)
from dashboards.judged import notices_at, site_lines, sites_of
from dashboards.nights.calendar import shade_of
from dashboards.notices.telling import sentence
from dashboards.phrases import diary, judged
from dashboards.phrases import nights as say
from dashboards.phrases import notices as phrases_of_notices

_FOUR_WEEKS_DAYS = 28.0


class PointState(StrEnum):
    """What a night of a site is held against its own floor of false events; too little is neither."""

    TOO_LITTLE = "too_little"
    BELOW = "below"
    POSITIVE = "positive"


@dataclass(frozen=True, slots=True)
class Point:
    """One night of one site. Rate and interval are none unless the night is valid. ``said`` is all of it in words."""

    night: str
    state: PointState
    rate_per_hour: float | None
    low_per_hour: float | None
    high_per_hour: float | None
    floor_per_hour: float
    analysable_s: float
    line_per_hour: float | None
    said: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """From which night to which a definition held; ``until`` is none while it does."""

    kind: NoticeKind
    since: str
    until: str | None
    said: str


@dataclass(frozen=True, slots=True)
class SiteWeeks:
    """One site over these weeks. A night that is not among ``points`` was not measured.

    ``lines`` rest on all nights, ``points`` are those of the weeks shown; ``line_per_hour`` in them is the picture of
    the trend (Theil-Sen), which decides nothing.
    """

    site: Site
    modality: Modality
    name: str
    region: Region
    region_name: str
    lines: tuple[str, ...]
    points: tuple[Point, ...]
    held: tuple[Stretch, ...]
    median_per_hour: float | None
    shade: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """Since which night a site counts as twitching, in order of nights."""

    site: Site
    modality: Modality
    region: Region
    region_name: str
    night: str
    measured_since: str
    is_spread: bool
    said: str


@dataclass(frozen=True, slots=True)
class Weeks:
    """All of the page. ``effects`` are sentences, only where the interval leaves no doubt; ``effects_lead`` always."""

    wearer: str
    first: str
    last: str
    lead: str
    sites: tuple[SiteWeeks, ...]
    steps: tuple[Step, ...]
    steps_lead: str
    effects: tuple[str, ...]
    effects_lead: str


def weeks_of(
    judgement: Judgement, effects: Sequence[Effect], notes: Sequence[Note], rules: Rules, today: str, n_weeks: int
) -> Weeks:
    """Lay out the last weeks up to today, or up to the newest night."""
    last = max((one.night for one in judgement.nights), default=today)
    last = max(last, today)
    first = (date.fromisoformat(last) - timedelta(days=7 * n_weeks - 1)).isoformat()
    sites = tuple(_site(judgement, key, nights, rules, first) for key, nights in sites_of(judgement).items())
    said = tuple(line for one in effects if one.is_told for line in judged.effect(one))
    return Weeks(
        wearer=judgement.wearer,
        first=first,
        last=last,
        lead=judged.NO_NIGHTS if not judgement.nights else say.WEEKS_LEAD,
        sites=sites,
        steps=tuple(_step(one) for one in judgement.spread),
        steps_lead=say.STEPS_LEAD if judgement.spread else say.NO_STEPS,
        effects=said,
        effects_lead=_effects_lead(effects, notes, has_said=bool(said)),
    )


def _site(
    judgement: Judgement, key: tuple[Site, Modality], nights: Sequence[SiteJudgement], rules: Rules, first: str
) -> SiteWeeks:
    site, modality = key
    began = notices_at(judgement, site, modality)
    shown = [one for one in nights if one.night >= first]
    rates = [one.rate_per_hour for one in shown if one.is_valid and one.rate_per_hour is not None]
    middle = median(rates) if rates else None
    return SiteWeeks(
        site=site,
        modality=modality,
        name=say.track(site, modality),
        region=site.region,
        region_name=phrases_of_notices.REGIONS[site.region],
        lines=tuple(site_lines(nights, began, rules)),
        points=tuple(_points(nights, first)),
        held=tuple(Stretch(one.kind, one.night, end, sentence(one)) for one, end in began),
        median_per_hour=None if middle is None else round(middle, 2),
        shade=None if middle is None else shade_of(middle),
    )


def _points(nights: Sequence[SiteJudgement], first: str) -> Iterator[Point]:
    trend = next((one.trend for one in reversed(nights) if one.trend is not None), None)
    picture = _picture(nights, trend)
    for one in nights:
        if one.night >= first:
            is_within = picture is not None and picture.first <= one.night <= picture.last
            yield _point(one, picture.at(one.night) if picture is not None and is_within else None)


@dataclass(frozen=True, slots=True)
class _Picture:
    """A line through the logarithms of the nights that a look at the trend rests on."""

    first: str
    last: str
    slope: float
    level: float

    def at(self, night: str) -> float:
        return exp(self.level + self.slope * date.fromisoformat(night).toordinal())


def _point(one: SiteJudgement, line_per_hour: float | None) -> Point:
    state = PointState.POSITIVE if one.is_positive else PointState.BELOW
    is_known = one.is_valid and one.rate_per_hour is not None
    return Point(
        night=one.night,
        state=state if is_known else PointState.TOO_LITTLE,
        rate_per_hour=_short(one.rate_per_hour) if is_known else None,
        low_per_hour=_short(one.low_per_hour) if is_known else None,
        high_per_hour=_short(one.high_per_hour) if is_known else None,
        floor_per_hour=round(one.floor_per_hour, 2),
        analysable_s=round(one.analysable_s, 1),
        line_per_hour=_short(line_per_hour),
        said=say.point(one.modality, one.n_twitches, one.analysable_s, one.rate_per_hour if is_known else None),
    )


def _picture(nights: Sequence[SiteJudgement], trend: Trend | None) -> _Picture | None:
    """Give the line that goes with the look at the trend; its slope is the look's (Theil-Sen)."""
    if trend is None or trend.picture_ratio is None:
        return None
    slope = log(trend.picture_ratio) / _FOUR_WEEKS_DAYS
    valid = [one for one in nights if one.is_valid and one.rate_per_hour is not None and one.night <= trend.night]
    seen = valid[-trend.n_nights :]
    if not seen:
        return None
    logs = (log((one.rate_per_hour or 0.0) + 0.1) - slope * date.fromisoformat(one.night).toordinal() for one in seen)
    return _Picture(seen[0].night, seen[-1].night, slope, median(logs))


def _step(one: SpreadStep) -> Step:
    region = phrases_of_notices.REGIONS[one.region]
    return Step(
        one.site, one.modality, one.region, region, one.night, one.measured_since, one.is_spread, judged.step(one)
    )


def _effects_lead(effects: Sequence[Effect], notes: Sequence[Note], *, has_said: bool) -> str:
    looked_at = [diary.NAMES[Subject(name)] for name in dict.fromkeys(one.factor for one in effects)]
    if has_said:
        return say.EFFECTS_LEAD
    if looked_at:
        return say.nothing_sure(looked_at)
    return say.EFFECTS_TOO_EARLY if any(not note.is_removed for note in notes) else say.EFFECTS_NO_DIARY


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
