"""Marks on a board's picture: words, dates along an axis, a legend."""

from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

INK, SOFT, RULE = "#24292e", "#57606a", "#d0d7de"
ZONE = ZoneInfo("Europe/Berlin")
_MINUTE_S, _SHORT_S, _LONG_S, _DAY_S = 60, 120, 7200, 86_400
_N_DATES = 5


def length(length_s: float) -> str:
    """Say a length of time."""
    if length_s < _SHORT_S:
        return f"{length_s:.3g} s"
    return f"{length_s / _MINUTE_S:.0f} min" if length_s < _LONG_S else f"{length_s / 3600:.1f} h"


def across_of(time_ns: int, scope: tuple[float, float]) -> float:
    """Give how far along the range a moment lies, as a share."""
    return (time_ns / 1e9 - scope[0]) / (scope[1] - scope[0])


def dates(plot: tuple[float, float, float, float], scope: tuple[float, float]) -> list[str]:
    """Write dates, or times of a night, below a plot."""
    x, y, width, height = plot
    form = "%H:%M" if scope[1] - scope[0] < 2 * _DAY_S else "%d %b"
    shapes = []
    for number in range(_N_DATES + 1):
        moment = datetime.fromtimestamp(scope[0] + (scope[1] - scope[0]) * number / _N_DATES, UTC).astimezone(ZONE)
        anchor = "start" if number == 0 else "end" if number == _N_DATES else "middle"
        shapes.append(
            text(x + width * number / _N_DATES, y + height + 13, moment.strftime(form), 9, SOFT, anchor=anchor)
        )
    return shapes


def legend(names: list[tuple[str, str]], x: float, y: float, width: float) -> list[str]:
    """Name each colour, as many as there is room for."""
    shapes, at = [], x
    for name, colour in names:
        if at + 16 + 5.6 * len(name) > x + width:
            break
        shapes.append(f'<rect x="{at:.0f}" y="{y - 8:.0f}" width="9" height="9" fill="{colour}"/>')
        shapes.append(text(at + 13, y, name, 9, SOFT))
        at += 24 + 5.6 * len(name)
    return shapes


def text(
    x: float, y: float, words: str, size: float, fill: str = INK, *, anchor: str = "start", bold: bool = False
) -> str:
    """Write words."""
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>{escape(words)}</text>'


def short(words: str, longest: int) -> str:
    """Shorten words that are too long for their place."""
    return words if len(words) <= longest else words[: longest - 1] + "…"
