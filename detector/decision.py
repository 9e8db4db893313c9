"""Decisions: what has become of some samples of a stream, for good."""

from dataclasses import dataclass

from aquiver.model import SpanReason, Twitch


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive samples on the clock: analysable, with the onsets of their twitches, or excluded for a reason.

    ``large_s`` are the onsets of those of 50 uV or more.
    ``duration_s`` is counted in samples: the difference of two UNIX times would lose a tenth of a microsecond. There
    are ``n_samples`` of them in the numbering of the run; none in the time between two runs.
    """

    sample: int
    start_s: float
    stop_s: float
    duration_s: float
    reason: SpanReason | None
    onsets_s: tuple[float, ...] = ()
    large_s: tuple[float, ...] = ()
    n_samples: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """Pieces in order, and the twitches in them. ``floor`` is the noise in the stream's unit."""

    pieces: tuple[Piece, ...]
    twitches: tuple[Twitch, ...] = ()
    floor: float = 0.0
