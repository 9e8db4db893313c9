"""The order of sites: a strip a site, a cell a night, and a mark at the first positive night."""

from collections.abc import Iterator, Sequence

from aquiver.body import Region
from dashboards.phrases import page as say
from dashboards.phrases import pictures
from dashboards.report.axis import LEFT, NightAxis
from dashboards.report.facts import NightState, SiteFacts
from dashboards.report.svg import DEEP, PALE, SOFT, UNMEASURED, WIDTH, drawing, rect, text

_ROW = 15.0
_FILLS = {
    NightState.NOT_MEASURED: UNMEASURED,
    NightState.TOO_LITTLE: "#ffffff",
    NightState.BELOW: PALE,
    NightState.POSITIVE: DEEP,
}
_FOOT = 30.0
_HEAD = 3.0  # room for a mark above the first strip


def spread_chart(nights: tuple[str, ...], sites: Sequence[SiteFacts]) -> str:
    """Draw what was measured where, and from when on it was positive, by region."""
    axis = NightAxis(nights)
    ordered = sorted(sites, key=lambda one: list(Region).index(one.site.region))
    bottom = _HEAD + len(ordered) * _ROW
    shapes = [shape for number, site in enumerate(ordered) for shape in _strip(axis, site, _HEAD + number * _ROW)]
    return drawing(
        WIDTH,
        bottom + _FOOT,
        pictures.spread_chart_alt(ordered),
        [*shapes, *axis.labels(bottom + 8, bottom), *_legend(bottom + 22)],
    )


def _strip(axis: NightAxis, site: SiteFacts, top: float) -> Iterator[str]:
    yield text(0, top + 9, site.site.words, bold=True)
    yield text(LEFT - 5, top + 9, site.site.region, size=7, anchor="end", fill=SOFT)
    for mark in site.nights:
        stroke = "#c8c8c8" if mark.state is NightState.TOO_LITTLE else "none"
        cell = axis.step * 0.9
        yield rect(axis.x(mark.night) - cell / 2, top + 2, cell, _ROW - 5, fill=_FILLS[mark.state], stroke=stroke)
    if site.step is not None and site.step.night in axis.nights:
        x = axis.x(site.step.night)
        yield f'<path d="M{x - 3:.1f} {top - 1:.1f} L{x + 3:.1f} {top - 1:.1f} L{x:.1f} {top + 3.6:.1f} Z" fill="#000000"/>'


def _legend(y: float) -> Iterator[str]:
    x = 8.0
    for fill, stroke, words in (
        (DEEP, "none", say.LEGEND_POSITIVE_NIGHT),
        (PALE, "none", say.LEGEND_BELOW_NIGHT),
        ("#ffffff", "#8c8c8c", say.LEGEND_TOO_LITTLE),
        (UNMEASURED, "none", say.NOT_MEASURED),
    ):
        yield rect(x, y - 6, 7, 7, fill=fill, stroke=stroke)
        yield text(x + 11, y, words, size=7.5, fill=SOFT)
        x += 24 + 3.6 * len(words)
    yield f'<path d="M{x:.1f} {y - 5.5:.1f} L{x + 6:.1f} {y - 5.5:.1f} L{x + 3:.1f} {y - 0.5:.1f} Z" fill="#000000"/>'
    yield text(x + 10, y, say.LEGEND_FIRST, size=7.5, fill=SOFT)
