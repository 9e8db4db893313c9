"""The ledger of a stream: every decision becomes records, and no second is missing."""

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from aquiver.model import Record, Span, Stream
from aquiver.nights import night_of
from detector.account import Account
from detector.decision import Decision, Piece
from detector.tally import Tallies

_N_RUNNING = 20  # blocks of 0.25 s: the running minute is told every 5 s


class Ledger(Struct):
    """Write down what was decided about one stream on one site, over all its runs."""

    tallies: Tallies = field(default_factory=Tallies)
    account: Account = field(default_factory=Account)
    open_span: Span | None = None
    end_s: float | None = None  # where the newest piece ended
    n_decided: int = 0  # blocks

    def write(self, decision: Decision, stream: Stream, run: str, zone: ZoneInfo) -> list[Record]:
        """Give the records of a decision: twitches, spans that have ended, tallies."""
        records: list[Record] = list(decision.twitches)
        for part in self._parts(decision, zone) if len(decision.floors) > 1 else (decision,):
            for piece in part.pieces:
                self.account.book(piece, run)
                records += self._trace(piece, stream, run, zone)
                records += self.tallies.book(piece, part.floors, stream, zone)
                self.end_s = piece.stop_s
            self.n_decided += len(part.floors)
            if self.n_decided % _N_RUNNING == 0:
                records += self.tallies.running(stream)[:1]
        return records

    def close(self, stream: Stream, run: str) -> list[Record]:
        """End the open span of a run that is over, and give all tallies as they stand."""
        self.account.end_run(run)
        return [*self._end_span(), *self.tallies.running(stream)]

    def _parts(self, decision: Decision, zone: ZoneInfo) -> Iterator[Decision]:
        """Cut what was decided together wherever a tally is told."""
        while len(decision.floors) > 1:
            n_blocks = self.tallies.room(decision.pieces[0], zone)
            n_blocks = min(n_blocks, _N_RUNNING - self.n_decided % _N_RUNNING)
            if n_blocks >= len(decision.floors):
                break
            part, decision = decision.cut(n_blocks)
            yield part
        yield decision

    def _trace(self, piece: Piece, stream: Stream, run: str, zone: ZoneInfo) -> list[Span]:
        if self.open_span is not None and self.open_span.reason == piece.reason:
            self.open_span = replace(self.open_span, stop_s=piece.stop_s)
            return []
        ended = self._end_span()
        if piece.reason is not None:
            self.open_span = Span(
                wearer=stream.wearer,
                device=stream.device,
                site=stream.site,
                modality=stream.modality,
                night=night_of(piece.start_s, zone),
                run=run,
                sample=piece.sample,
                start_s=piece.start_s,
                stop_s=piece.stop_s,
                reason=piece.reason,
            )
        return ended

    def _end_span(self) -> list[Span]:
        ended, self.open_span = self.open_span, None
        return [] if ended is None else [ended]
