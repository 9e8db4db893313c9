"""The tallies of a stream: twitches and the time they were counted in, by minute, hour and night."""

from collections.abc import Callable, Sequence
from typing import Self
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from aquiver.model import Period, SpanReason, Stream, Tally, Unit
from aquiver.nights import end_of, night_of, start_of
from detector.decision import Piece

_MINUTE_S = 60.0
_HOUR_S = 3600.0
_N_PAST = 130  # ended minutes and hours that are remembered: two hours
_STEP_BACK_S = 60.0  # a clock set back by less goes on in the period it had reached: what is final stays final


def _night_span(time_s: float, zone: ZoneInfo) -> tuple[float, float]:
    night = night_of(time_s, zone)
    return start_of(night, zone), end_of(night, zone)


def _aligned_span(length_s: float) -> Callable[[float, ZoneInfo], tuple[float, float]]:
    return lambda time_s, _zone: (time_s // length_s * length_s, time_s // length_s * length_s + length_s)


_SPANS = {
    Period.MINUTE: _aligned_span(_MINUTE_S),
    Period.HOUR: _aligned_span(_HOUR_S),
    Period.NIGHT: _night_span,
}


class Cell(Struct, array_like=True):
    """What was counted in one period so far."""

    period: Period
    start_s: float
    stop_s: float
    night: str
    analysable_s: float = 0.0
    excluded_s: dict[SpanReason, float] = field(default_factory=dict)
    n_twitches: int = 0
    n_large: int = 0
    zone: str = ""
    floor_times_s: float = 0.0  # the floor summed over the analysable time: its mean is what a tally gives

    @classmethod
    def begin(cls, period: Period, time_s: float, zone: ZoneInfo) -> Self:
        """Start the period that a moment belongs to."""
        start_s, stop_s = _SPANS[period](time_s, zone)
        return cls(period, start_s, stop_s, night_of(start_s, zone), zone=zone.key)

    def covers(self, time_s: float, zone: ZoneInfo) -> bool:
        """Tell whether a moment is counted here.

        A night whose wearer has gone to another time zone ends where another date's begins by the clocks there.
        """
        is_elsewhere = self.period is Period.NIGHT and self.zone not in ("", zone.key)
        if is_elsewhere and night_of(time_s, zone) != self.night:
            return False
        return self.start_s - _STEP_BACK_S < time_s < self.stop_s

    def add(self, piece: Piece, floors: Sequence[float]) -> None:
        """Count a piece, part by part: the order of a sum shows in its last bit."""
        if piece.reason is None:
            analysable_s, floor_times_s, duration_s = self.analysable_s, self.floor_times_s, piece.duration_s
            for floor in floors:
                analysable_s += duration_s
                floor_times_s += floor * duration_s
            self.analysable_s, self.floor_times_s = analysable_s, floor_times_s
            self.n_twitches += len(piece.onsets_s)
            self.n_large += len(piece.large_s)
        else:
            self.excluded_s[piece.reason] = self.excluded_s.get(piece.reason, 0.0) + piece.duration_s

    def tally(self, stream: Stream, *, is_final: bool) -> Tally:
        """Give the count as a record."""
        return Tally(
            wearer=stream.wearer,
            device=stream.device,
            site=stream.site,
            modality=stream.modality,
            night=self.night,
            period=self.period,
            start_s=self.start_s,
            analysable_s=self.analysable_s,
            excluded_s=dict(self.excluded_s),
            n_twitches=self.n_twitches,
            floor=self.floor_times_s / self.analysable_s if self.analysable_s else 0.0,
            unit=stream.signal.unit,
            is_final=is_final,
            n_large=self.n_large if stream.signal.unit is Unit.MICROVOLT else None,
            zone=self.zone,
        )


class Tallies(Struct):
    """Count pieces into the minute, hour and night they lie in. Outlives runs: a restart adds, never overwrites."""

    cells: list[Cell] = field(default_factory=list)
    past: list[Cell] = field(default_factory=list)  # for a clock that is set back by up to two hours: it adds to them

    def room(self, piece: Piece, zone: ZoneInfo) -> int:
        """Count the parts of a piece that surely end within the running minute; one at least."""
        if not self.cells or not self.cells[0].covers(piece.start_s, zone):
            return 1
        stop_s = self.cells[0].stop_s
        if piece.stop_s <= stop_s:
            return piece.n_parts
        share = (stop_s - piece.start_s) / (piece.stop_s - piece.start_s)
        return max(1, int(share * piece.n_parts) - 1)  # one less, whatever the rounding

    def book(self, piece: Piece, floors: Sequence[float], stream: Stream, zone: ZoneInfo) -> list[Tally]:
        """Count a piece; give all three tallies whenever a minute ends."""
        records: list[Tally] = []
        rest = piece
        while True:
            if not self.cells or not self.cells[0].covers(rest.start_s, zone):
                records += self._turn(rest.start_s, stream, zone)
            minute = self.cells[0]
            if rest.stop_s <= minute.stop_s:
                break
            part, rest = _cut(rest, minute.stop_s)
            self._add(part, floors)
        self._add(rest, floors)
        return records

    def running(self, stream: Stream) -> list[Tally]:
        """Give the tallies as they stand: minute, hour, night."""
        return [cell.tally(stream, is_final=False) for cell in self.cells]

    def _add(self, piece: Piece, floors: Sequence[float]) -> None:
        for cell in self.cells:
            cell.add(piece, floors)

    def _turn(self, time_s: float, stream: Stream, zone: ZoneInfo) -> list[Tally]:
        """End the periods that a moment is not in, and start those that it is in."""
        if not self.cells:
            self.cells = [Cell.begin(period, time_s, zone) for period in Period]
            return []
        records = [cell.tally(stream, is_final=not cell.covers(time_s, zone)) for cell in self.cells]
        self.cells = [cell if cell.covers(time_s, zone) else self._begin(cell, time_s, zone) for cell in self.cells]
        return records

    def _begin(self, ended: Cell, time_s: float, zone: ZoneInfo) -> Cell:
        """Start a cell, or go on with one that had ended if the clock was set back into it."""
        cell = Cell.begin(ended.period, time_s, zone)
        self.past = [*self.past, ended][-_N_PAST:]
        known = [past for past in self.past if (past.period, past.start_s) == (cell.period, cell.start_s)]
        self.past = [past for past in self.past if past not in known]
        return known[0] if known else cell


def _cut(piece: Piece, at_s: float) -> tuple[Piece, Piece]:
    before_s = at_s - piece.start_s
    after_s = piece.duration_s - before_s
    before, large_before = (tuple(t for t in some if t < at_s) for some in (piece.onsets_s, piece.large_s))
    after, large_after = (tuple(t for t in some if t >= at_s) for some in (piece.onsets_s, piece.large_s))
    first = replace(piece, stop_s=at_s, duration_s=before_s, onsets_s=before, large_s=large_before)
    second = replace(piece, start_s=at_s, duration_s=after_s, onsets_s=after, large_s=large_after)
    return first, second
