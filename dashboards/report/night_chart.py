"""The nights: one row a site, one dot a night, with its interval; grey where nothing was measured."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from math import exp, log
from statistics import median

from dashboards.phrases import page as say
from dashboards.phrases import pictures
from dashboards.report.axis import LEFT, NightAxis, highest
from dashboards.report.facts import NightMark, NightState, SiteFacts
from dashboards.report.svg import DEEP, INK, RULE, SOFT, UNMEASURED, WIDTH, circle, drawing, line, rect, text, trace

_FOOT = 30.0  # dates and legend
_GAP = 7.0
_LEGEND = (
    ("positive", say.LEGEND_POSITIVE),
    ("below", say.LEGEND_BELOW),
    ("too_little", say.LEGEND_TOO_LITTLE),
    ("not_measured", say.NOT_MEASURED),
    ("floor", say.LEGEND_FLOOR),
    ("line", say.LEGEND_LINE),
)


def night_chart(nights: tuple[str, ...], sites: Sequence[SiteFacts], row_height: float) -> str:
    """Draw the rate per analysable hour of each night of each site."""
    axis = NightAxis(nights)
    bottom = len(sites) * (row_height + _GAP)
    shapes = [*axis.labels(bottom + 8, 0)]
    for number, site in enumerate(sites):
        shapes += _row(axis, site, number * (row_height + _GAP) + 2, row_height)
    shapes += _legend(bottom + _FOOT - 8)
    return drawing(WIDTH, bottom + _FOOT, pictures.night_chart_alt(sites), shapes)


def _row(axis: NightAxis, site: SiteFacts, top: float, height: float) -> Iterator[str]:
    foot = top + height
    most = highest([mark.high_per_hour for mark in site.nights if mark.high_per_hour is not None])
    yield text(0, top + 8, site.site.words, size=9, bold=True)
    yield text(0, top + 18, say.SENSORS[site.modality], size=7.5, fill=SOFT)
    yield text(LEFT - 4, top + 6, f"{most:g}/h", size=7.5, anchor="end", fill=SOFT)
    yield text(LEFT - 4, foot, "0", size=7.5, anchor="end", fill=SOFT)
    yield from _away(axis, site, (top, foot))
    for mark in site.nights:
        yield from _mark(axis, mark, most, (top, foot))
    yield line(LEFT, foot, WIDTH, foot)
    yield line(LEFT, top, LEFT, foot)
    yield from _floor(axis, site, most, (top, foot))
    yield from _picture(axis, site, most, (top, foot))


def _away(axis: NightAxis, site: SiteFacts, span: tuple[float, float]) -> Iterator[str]:
    """Draw each stretch of nights without a measurement as one grey field."""
    top, foot = span
    for state, nights in groupby(site.nights, key=lambda mark: mark.state):
        if state is NightState.NOT_MEASURED:
            first, *_, last = [mark.night for mark in nights] * 2
            left, right = axis.x(first) - axis.step / 2, axis.x(last) + axis.step / 2
            yield rect(left, top, right - left, foot - top, fill=UNMEASURED)


def _mark(axis: NightAxis, mark: NightMark, most: float, span: tuple[float, float]) -> Iterator[str]:
    x, (_, foot) = axis.x(mark.night), span
    if mark.state is NightState.NOT_MEASURED:
        return
    if mark.rate_per_hour is None or mark.low_per_hour is None or mark.high_per_hour is None:
        yield line(x - 1.2, foot - 4.2, x + 1.2, foot - 1.8, stroke=SOFT, width=0.8)
        yield line(x - 1.2, foot - 1.8, x + 1.2, foot - 4.2, stroke=SOFT, width=0.8)
    else:
        rate, low, high = (
            _y(value, most, span) for value in (mark.rate_per_hour, mark.low_per_hour, mark.high_per_hour)
        )
        is_positive = mark.state is NightState.POSITIVE
        yield line(x, low, x, high, stroke=DEEP if is_positive else RULE, width=0.7)
        yield circle(x, rate, 1.7, fill=DEEP if is_positive else "#ffffff", stroke=DEEP)


def _y(value: float, most: float, span: tuple[float, float]) -> float:
    top, foot = span
    return foot - min(value / most, 1.0) * (foot - top)


def _floor(axis: NightAxis, site: SiteFacts, most: float, span: tuple[float, float]) -> Iterator[str]:
    """Draw the site's floor of false events where it was in force."""
    for mark in site.nights:
        if mark.floor_per_hour is not None and mark.floor_per_hour < most:
            x, y = axis.x(mark.night), _y(mark.floor_per_hour, most, span)
            yield line(x - axis.step / 2, y, x + axis.step / 2, y, stroke=RULE, width=0.6)


def _picture(axis: NightAxis, site: SiteFacts, most: float, span: tuple[float, float]) -> Iterator[str]:
    """Draw the line through the logarithms of the nights (Theil-Sen) that goes with the look at the trend."""
    trend = site.trend
    if trend is None or trend.picture_ratio is None:
        return
    seen = [mark for mark in site.nights if mark.rate_per_hour is not None and mark.night <= trend.night]
    if not seen:
        return
    slope = log(trend.picture_ratio) / 28.0
    days = [date.fromisoformat(mark.night).toordinal() for mark in seen]
    level = median(log((mark.rate_per_hour or 0.0) + 0.1) - slope * day for mark, day in zip(seen, days, strict=True))
    heights = (min(exp(level + slope * day), most) for day in days)
    points = [(axis.x(mark.night), _y(height, most, span)) for mark, height in zip(seen, heights, strict=True)]
    yield trace(points, dash="4 2.5", width=0.9)


def _legend(y: float) -> Iterator[str]:
    """Explain the marks, each beside its words."""
    x = 8.0
    for name, words in _LEGEND:
        yield _symbol(name, x + 6, y)
        yield text(x + 14, y, words, size=7.5, fill=SOFT)
        x += 24 + 3.6 * len(words)


def _symbol(name: str, x: float, y: float) -> str:
    match name:
        case "too_little":
            return text(x - 2.5, y, "×", size=9, fill=SOFT)
        case "not_measured":
            return rect(x - 3, y - 6, 7, 7, fill=UNMEASURED)
        case "line":
            return line(x - 6, y - 2.5, x + 5, y - 2.5, stroke=INK, width=0.9, dash="4 2.5")
        case "floor":
            return line(x - 4, y - 2.5, x + 4, y - 2.5, stroke=RULE, width=0.6)
        case _:
            return circle(x, y - 2.5, 1.9, fill=DEEP if name == "positive" else "#ffffff", stroke=DEEP)
