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

    starts: dict[str, list[NightStart]] = field(default_factory=dict)  # by run: what is decided of one may wait
    counts: dict[str, dict[str, int]] = field(default_factory=dict)  # by night, then by what became of them

    def end_run(self, run: str) -> None:
        """Forget a numbering of which all was counted."""
        self.starts.pop(run, None)

    def take(self, run: str, clock: Clock, expected: int, first: int, end: int, zone: ZoneInfo) -> None:
        """Count the samples from ``first`` to ``end``, which came next: those from ``expected`` on had been awaited."""
        starts = self.starts.setdefault(run, [])
        for night, start, stop in nights_in(clock, expected, end, zone):
            if not starts or starts[-1].night != night:
                starts.append(NightStart(start, night))
            self._add(night, TAKEN, stop - min(stop, max(start, first)))

    def book(self, piece: Piece, run: str) -> None:
        """Count what was decided about samples."""
        starts = self.starts.get(run, [])
        if len(starts) == 1:  # all but a few pieces of a night
            n_here = piece.sample + piece.n_samples - max(piece.sample, starts[0].sample)
            self._add(starts[0].night, _what(piece.reason), max(0, n_here))
            return
        stops = [start.sample for start in starts[1:]] + [piece.sample + piece.n_samples]
        for start, until in zip(starts, stops, strict=False):
            n_here = min(piece.sample + piece.n_samples, until) - max(piece.sample, start.sample)
            self._add(start.night, _what(piece.reason), max(0, n_here))
        del starts[: sum(start.sample <= piece.sample for start in starts[1:])]  # no later sample belongs to these

    def settle(self, stream: str) -> Counter[Entry]:
        """Give what was counted since last asked."""
        counts, self.counts = self.counts, {}
        return Counter({(stream, night, what): n for night, each in counts.items() for what, n in each.items()})

    def _add(self, night: str, what: str, n: int) -> None:
        if n:
            counts = self.counts.setdefault(night, {})
            counts[what] = counts.get(what, 0) + n


def _what(reason: SpanReason | None) -> str:
    return _WHAT[reason]


_WHAT: dict[SpanReason | None, str] = (
    {None: USED} | {reason: EXCLUDED + reason for reason in SpanReason} | {SpanReason.GAP: MISSING}
)
