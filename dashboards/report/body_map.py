"""The body map: where something was measured, and how much; everything else is drawn as not measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aquiver.body import Site
from dashboards.phrases import page as say
from dashboards.phrases import pictures
from dashboards.report.facts import SiteFacts
from dashboards.report.svg import INK, RULE, SOFT, circle, drawing, limb, line, rect, text

WIDTH, HEIGHT = 218.0, 216.0
_MIDDLE = 109.0
_LABEL_STEP = 19.0
_SHADES = ((0.0, "#e3ebf3"), (5.0, "#b9cde0"), (20.0, "#7fa3c6"), (60.0, "#3f709f"), (150.0, "#123a5f"))

# Each limb: from and to, measured from the middle outwards, and its width. Seen from the front: left is on the right.
_LIMBS = {
    "upper_arm": (((25.0, 48.0), (31.0, 76.0)), 10.0),
    "forearm": (((33.0, 82.0), (38.0, 106.0)), 9.0),
    "hand": (((39.5, 112.0), (41.5, 120.0)), 8.0),
    "thigh": (((10.5, 106.0), (13.0, 140.0)), 13.0),
    "calf": (((14.0, 149.0), (15.0, 180.0)), 10.5),
    "foot": (((16.5, 189.0), (22.0, 192.0)), 7.0),
}
_BOXES = {  # left, top, width, height
    Site.FACE: (_MIDDLE - 12.5, 5.5, 25.0, 25.0),
    Site.NECK: (_MIDDLE - 5.0, 31.5, 10.0, 6.5),
    Site.TRUNK: (_MIDDLE - 18.5, 40.0, 37.0, 58.0),
}


@dataclass(frozen=True, slots=True)
class _Label:
    x: float
    y: float
    is_right: bool
    facts: SiteFacts


def body_map(sites: Sequence[SiteFacts]) -> str:
    """Draw a figure from the front, with the median rate of each site that was measured."""
    known = {one.site: one for one in sites}
    shapes = [shape for site in Site for shape in _part(site, known.get(site))]
    for is_right in (False, True):
        shapes += _labels([label for one in sites if (label := _label(one)).is_right is is_right])
    shapes += [text(14, HEIGHT - 3, say.RIGHT_SIDE, size=7.5, fill=SOFT)]
    shapes += [text(WIDTH - 14, HEIGHT - 3, say.LEFT_SIDE, size=7.5, anchor="end", fill=SOFT)]
    return drawing(WIDTH, HEIGHT, pictures.body_map_alt(sites), shapes)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a site lies in the drawing, as shares of its width and height."""

    left: float
    top: float
    right: float
    bottom: float


def outline() -> str:
    """Draw the figure alone, with nothing measured anywhere."""
    return drawing(WIDTH, HEIGHT, pictures.body_map_alt(()), [shape for site in Site for shape in _part(site, None)])


def frame_of(site: Site) -> Frame:
    """Give the rectangle that a site fills.

    >>> frame_of(Site.LEFT_CALF).left > 0.5 > frame_of(Site.RIGHT_CALF).left
    True
    """
    left, top, width, height = _box_of(site)
    return Frame(left / WIDTH, top / HEIGHT, (left + width) / WIDTH, (top + height) / HEIGHT)


def _box_of(site: Site) -> tuple[float, float, float, float]:
    if site in _BOXES:
        return _BOXES[site]
    side, _, place = site.partition("_")
    ((x1, y1), (x2, y2)), width = _LIMBS[place]
    left, right = min(x1, x2) - width / 2, max(x1, x2) + width / 2
    top, bottom = min(y1, y2) - width / 2, max(y1, y2) + width / 2
    start = _MIDDLE + left if side == "left" else _MIDDLE - right
    return start, top, right - left, bottom - top


def shade_of(rate_per_hour: float | None) -> str:
    """Give the shade of a rate: the darker the more; white where there is none.

    >>> shade_of(None), shade_of(0.0) == shade_of(4.0), shade_of(200.0)
    ('#ffffff', True, '#123a5f')
    """
    if rate_per_hour is None:
        return "#ffffff"
    return [shade for least, shade in _SHADES if rate_per_hour >= least][-1]


def _part(site: Site, facts: SiteFacts | None) -> Iterator[str]:
    fill = shade_of(facts.middle[1] if facts is not None and facts.middle else None)
    edge = RULE if facts is None else INK
    match site:
        case Site.FACE:
            yield circle(_MIDDLE, 18, 12.5, fill=fill, stroke=edge)
        case Site.NECK:
            yield rect(_MIDDLE - 5, 31.5, 10, 6.5, fill=fill, stroke=edge)
        case Site.TRUNK:
            yield rect(_MIDDLE - 18.5, 40, 37, 58, fill=fill, stroke=edge, radius=8)
        case _:
            side, _, place = site.partition("_")
            points, width = _LIMBS[place]
            placed = [(_MIDDLE + (x if side == "left" else -x), y) for x, y in points]
            yield limb(placed, width + 1.2, stroke=edge)
            yield limb(placed, width, stroke=fill)


def _label(facts: SiteFacts) -> _Label:
    side, _, place = facts.site.partition("_")
    if place not in _LIMBS:
        y = {Site.FACE: 18.0, Site.NECK: 35.0, Site.TRUNK: 66.0}[facts.site]
        return _Label(_MIDDLE + 12, y, is_right=True, facts=facts)
    ((x1, y1), (x2, y2)), _width = _LIMBS[place]
    sign = 1 if side == "left" else -1
    return _Label(_MIDDLE + sign * (x1 + x2) / 2, (y1 + y2) / 2, is_right=sign > 0, facts=facts)


def _labels(labels: list[_Label]) -> Iterator[str]:
    """Write names and rates beside the figure, none over another, with a line to the place."""
    last_y = -_LABEL_STEP
    for label in sorted(labels, key=lambda one: one.y):
        y = max(label.y, last_y + _LABEL_STEP)
        last_y = y
        x = WIDTH - 2 if label.is_right else 2.0
        edge = WIDTH - 68 if label.is_right else 68.0
        anchor = "end" if label.is_right else "start"
        yield line(label.x, label.y, edge, y - 2, stroke=RULE)
        yield text(x, y - 2, label.facts.site.words, anchor=anchor, bold=True)
        yield text(x, y + 7, say.median_short(label.facts.middle), size=7.5, anchor=anchor, fill=SOFT)
