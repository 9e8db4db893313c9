"""Findings: what a method tells about one block of samples."""

from dataclasses import dataclass

from aquiver.model import SpanReason


@dataclass(frozen=True, slots=True)
class Candidate:
    """A burst that is as short as a twitch. Positions are sample numbers of the run.

    ``amplitude`` is peak to peak and ``strength`` the highest rms, in the stream's unit; ``snr`` is the amplitude
    over the noise floor. A weak one (``is_weak``) is too small to be counted, but tells of trains and hearts; a long
    one (``is_long``) may be a heartbeat, or else a movement.
    """

    lane: int
    channel: int
    start: int
    stop: int
    peak: int
    strength: float
    amplitude: float
    snr: float
    is_weak: bool = False
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive samples, ``stop`` not included."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch that cannot be judged on some lanes; on the whole stream if ``lanes`` is None."""

    start: int
    stop: int
    reason: SpanReason
    lanes: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one block brought.

    ``wide`` are bursts too long for a twitch, also those still going on. ``loud_lanes`` are those whose median
    stands far above rest. ``levels`` are the rms of this block by lane, and ``floor`` the noise of all, both in the
    stream's unit; 0 while unknown.
    """

    block: Stretch
    candidates: tuple[Candidate, ...] = ()
    wide: tuple[Stretch, ...] = ()
    loud_lanes: frozenset[int] = frozenset()
    marks: tuple[Mark, ...] = ()
    levels: tuple[float, ...] = ()
    floor: float = 0.0
