"""Decisions: what has become of some samples of a stream, for good."""

from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from aquiver.model import Clock, SpanReason, Twitch


class Piece(Struct, frozen=True):
    """Consecutive samples on the clock: analysable, with the onsets of their twitches, or excluded for a reason.

    ``large_s`` are the onsets of those of 50 uV or more.
    ``duration_s`` is counted in samples: the difference of two UNIX times would lose a tenth of a microsecond. There
    are ``n_samples`` of them in the numbering of the run; none in the time between two runs.

    Where nothing happened a piece may be ``n_parts`` alike, of ``duration_s`` each, on its ``clock``.
    """

    sample: int
    start_s: float
    stop_s: float
    duration_s: float
    reason: SpanReason | None
    onsets_s: tuple[float, ...] = ()
    large_s: tuple[float, ...] = ()
    n_samples: int = 0
    n_parts: int = 1
    clock: Clock | None = None

    def cut(self, n_parts: int) -> tuple[Self, Self]:
        """Divide a piece of several parts after so many of them."""
        assert self.clock is not None  # parts are counted in samples
        n_samples = self.n_samples // self.n_parts * n_parts
        middle_s = self.clock.time_of(self.sample + n_samples)
        head = replace(self, stop_s=middle_s, n_samples=n_samples, n_parts=n_parts)
        n_more, rest = self.n_parts - n_parts, self.n_samples - n_samples
        return head, replace(self, sample=self.sample + n_samples, start_s=middle_s, n_samples=rest, n_parts=n_more)


class Decision(Struct, frozen=True):
    """What became of a block: pieces in order, and the twitches in them. ``floors`` is its noise in the stream's unit.

    Blocks in which nothing happened may be decided together: as one piece with a part, and a floor, for each.
    """

    pieces: tuple[Piece, ...]
    twitches: tuple[Twitch, ...] = ()
    floors: tuple[float, ...] = (0.0,)

    def cut(self, n_blocks: int) -> tuple[Self, Self]:
        """Divide what was decided together after so many blocks."""
        (piece,) = self.pieces
        head, tail = piece.cut(n_blocks)
        first, rest = self.floors[:n_blocks], self.floors[n_blocks:]
        return replace(self, pieces=(head,), floors=first), replace(self, pieces=(tail,), floors=rest)
