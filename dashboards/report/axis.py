"""The axis of nights that all charts of the page share, and round numbers for the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from dashboards.phrases.page import day
from dashboards.report.svg import SOFT, WIDTH, line, text

LEFT = 116.0  # room for the names of sites
_LABEL_WIDTH = 44.0


@dataclass(frozen=True, slots=True)
class NightAxis:
    """Nights from left to right, one beside the other."""

    nights: tuple[str, ...]

    @property
    def step(self) -> float:
        """Give the width of one night."""
        return (WIDTH - LEFT) / len(self.nights)

    def x(self, night: str) -> float:
        """Give the middle of a night."""
        return LEFT + (self._index(night) + 0.5) * self.step

    def labels(self, y: float, top: float) -> Iterator[str]:
        """Write dates under the charts, and a fine line up at each."""
        every = max(1, ceil(_LABEL_WIDTH / self.step / 7) * 7)
        for night in self.nights[:: -every or -1]:
            x = self.x(night)
            if x - LEFT >= _LABEL_WIDTH / 3:
                yield line(x, top, x, y - 8, stroke="#c8c8c8", width=0.3)
                yield text(min(x, WIDTH - 14), y, day(night), size=7.5, anchor="middle", fill=SOFT)

    def _index(self, night: str) -> int:
        return (date.fromisoformat(night) - date.fromisoformat(self.nights[0])).days


def round_up(value: float) -> float:
    """Give the next of 1, 2, 3, 5, 10, 20 and so on.

    >>> [round_up(value) for value in (0.021, 17.0, 31.0, 100.0)]
    [0.03, 20.0, 50.0, 100.0]
    """
    size = 10.0 ** floor(log10(value))
    found = next(step * size for step in (1, 2, 3, 5, 10) if value <= step * size * 1.0000001)
    return float(f"{found:.3g}")  # without the dust of binary fractions


def highest(values: Sequence[float]) -> float:
    """Give where an axis ends so that most of the interval ends fit; those beyond it are cut off there."""
    return round_up(max(1.0, sorted(values)[int(0.95 * (len(values) - 1))])) if values else 1.0
