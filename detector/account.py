"""The account of a stream: what became of every sample that was taken, night by night."""

from collections import Counter
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from aquiver.accounts import Entry, nights_in
from aquiver.model import Clock, SpanReason
from detector.decision import Piece

TAKEN = "taken"
USED = "used"
MISSING = "missing"  # never taken: lost by the radio, or dropped by a spool that was full
EXCLUDED = "excluded: "  # and the reason


class NightStart(Struct, frozen=True):
    """The first sample of a run that belongs to a night."""

    sample: int
    night: str


class Account(Struct):
    """Count samples, each into the night it was measured in by the clock of its own chunk."""

    starts: list[NightStart] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)  # by night, then by what became of them

    def begin_run(self) -> None:
        """Start another numbering."""
        self.starts.clear()

    def take(self, clock: Clock, expected: int, first: int, end: int, zone: ZoneInfo) -> None:
        """Count the samples from ``first`` to ``end``, which came next: those from ``expected`` on had been awaited."""
        for night, start, stop in nights_in(clock, expected, end, zone):
            if not self.starts or self.starts[-1].night != night:
                self.starts.append(NightStart(start, night))
            self._add(night, TAKEN, stop - min(stop, max(start, first)))

    def book(self, piece: Piece) -> None:
        """Count what was decided about samples."""
        stops = [start.sample for start in self.starts[1:]] + [piece.sample + piece.n_samples]
        for start, until in zip(self.starts, stops, strict=False):
            n_here = min(piece.sample + piece.n_samples, until) - max(piece.sample, start.sample)
            self._add(start.night, _what(piece.reason), max(0, n_here))
        self._forget(piece.sample)

    def settle(self, stream: str) -> Counter[Entry]:
        """Give what was counted since last asked."""
        counts, self.counts = self.counts, {}
        return Counter({(stream, night, what): n for night, each in counts.items() for what, n in each.items()})

    def _add(self, night: str, what: str, n: int) -> None:
        if n:
            counts = self.counts.setdefault(night, {})
            counts[what] = counts.get(what, 0) + n

    def _forget(self, before: int) -> None:
        """Drop the nights that no later sample belongs to."""
        n_old = sum(start.sample <= before for start in self.starts[1:])
        self.starts = self.starts[n_old:]


def _what(reason: SpanReason | None) -> str:
    match reason:
        case None:
            return USED
        case SpanReason.GAP:
            return MISSING
        case _:
            return EXCLUDED + reason
