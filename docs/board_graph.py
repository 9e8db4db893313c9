"""A graph on a board's picture: lines, bars or dots over time."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from docs.board_marks import RULE, SOFT, across_of, dates, legend, length, text

PALETTE = ("#1f5c99", "#e08e2b", "#6b8e23", "#8e6bb0", "#74a6d2", "#b5651d", "#4a4a4a", "#2a9d8f", "#bdbdbd", "#a9c8e4")
_FEW_COLUMNS = 5  # a column of zeros is left out where there are more
_LEFT, _FOOT = 52.0, 40.0
_N_HOURS = 16
Answers = list[list[dict]]
Points = list[tuple[int, float]]


@dataclass(frozen=True)
class Plot:
    """Where a graph is drawn, and of what."""

    x: float
    y: float
    width: float
    height: float
    scope: tuple[float, float]
    least: float
    top: float

    def across(self, time_ns: int) -> float:
        """Give where a moment lies."""
        return self.x + across_of(time_ns, self.scope) * self.width

    def down(self, value: float) -> float:
        """Give where a value lies."""
        return self.y + self.height * (1 - (value - self.least) / ((self.top - self.least) or 1))


@dataclass
class Stack:
    """How high the bars stand already; where bars are not put on each other they stand beside."""

    is_stacked: bool
    below: dict[int, float] = field(default_factory=dict)

    def bars(self, plot: Plot, points: Points, colour: str, number: int) -> Iterator[str]:
        """Draw one series of bars."""
        wide, shift = (plot.width / _N_HOURS, 0.0) if self.is_stacked else (3.0, 2.2 * number)
        for time_ns, value in points:
            base = self.below.get(time_ns, 0.0) if self.is_stacked else 0.0
            top, low = plot.down(base + value), plot.down(base)
            place = f'x="{plot.across(time_ns) + shift:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{max(0.0, low - top):.1f}"'
            yield f'<rect {place} fill="{colour}"/>'
            self.below[time_ns] = base + value


def graph(
    panel: dict, box: tuple[float, float, float, float], answers: Answers, scope: tuple[float, float], site: str | None
) -> list[str]:
    """Draw a panel over time."""
    x, y, width, height = box
    lines = list(_lines_of(panel, answers))
    custom = panel["fieldConfig"]["defaults"]["custom"]
    stack = Stack(custom.get("stacking", {}).get("mode") == "normal")
    top, least = _top(lines, stack), panel["fieldConfig"]["defaults"].get("min", 0)
    plot = Plot(x + _LEFT, y + 4, width - _LEFT - 6, height - _FOOT - 4, scope, least, top)
    shapes = _axes(panel, plot)
    for number, (name, points) in enumerate(lines):
        colour = _colour(panel, name, number)
        if custom.get("drawStyle") == "bars":
            shapes += stack.bars(plot, points, colour, number)
        elif custom.get("drawStyle") == "points" or name == "rate":
            shapes += _dots(plot, points, colour, 3.0 if name == "rate" else 1.8)
        else:
            shapes.append(_line(plot, points, colour, ' stroke-dasharray="7 5"' if name == "line" else ""))
    names = [(name, _colour(panel, name, number)) for number, (name, _) in enumerate(lines)]
    title = [] if site is None else [text(x + width - 8, y - 11, site.replace("_", " "), 11, SOFT, anchor="end")]
    return [*shapes, *title, *legend(names, x, y + height + 2, width)]


def _axes(panel: dict, plot: Plot) -> list[str]:
    unit = panel["fieldConfig"]["defaults"].get("unit", "")
    frame = f'x="{plot.x}" y="{plot.y}" width="{plot.width}" height="{plot.height}"'
    shapes = [f'<rect {frame} fill="none" stroke="{RULE}"/>']
    for value in (plot.least, (plot.least + plot.top) / 2, plot.top):
        words = length(value) if unit == "s" else f"{value:.3g}"
        shapes.append(text(plot.x - 6, plot.down(value) + 4, words, 9, SOFT, anchor="end"))
    return shapes + dates((plot.x, plot.y, plot.width, plot.height), plot.scope)


def _dots(plot: Plot, points: Points, colour: str, radius: float) -> Iterator[str]:
    for time_ns, value in points:
        yield f'<circle cx="{plot.across(time_ns):.1f}" cy="{plot.down(value):.1f}" r="{radius}" fill="{colour}"/>'


def _line(plot: Plot, points: Points, colour: str, dash: str) -> str:
    path = " ".join(f"{plot.across(time_ns):.1f},{plot.down(value):.1f}" for time_ns, value in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"{dash}/>'


def _lines_of(panel: dict, answers: Answers) -> Iterator[tuple[str, Points]]:
    for target, answer in zip(panel["targets"], answers, strict=True):
        for series in answer:
            for place, column in enumerate(series["columns"][1:], start=1):
                points = [(row[0], row[place]) for row in series["values"] if row[place] is not None]
                if points and (any(value for _, value in points) or len(series["columns"]) < _FEW_COLUMNS):
                    yield _named(target.get("alias", ""), series, column), points


def _named(alias: str, series: dict, column: str) -> str:
    words = alias.replace("$col", column) or column
    for tag, value in series.get("tags", {}).items():
        words = words.replace(f"$tag_{tag}", value.replace("_", " "))
    return words


def _top(lines: list[tuple[str, Points]], stack: Stack) -> float:
    sums: dict[int, float] = {}
    for _, points in lines:
        for time_ns, value in points:
            sums[time_ns] = sums.get(time_ns, 0.0) + value if stack.is_stacked else max(value, sums.get(time_ns, value))
    return max(sums.values(), default=1.0) or 1.0


def _colour(panel: dict, name: str, number: int) -> str:
    for override in panel["fieldConfig"]["overrides"]:
        if override["matcher"]["options"] == name:
            for one in override["properties"]:
                if one["id"] == "color":
                    return one["value"]["fixedColor"]
    return PALETTE[number % len(PALETTE)]
