"""Findings: what a method tells about one block of samples."""

from collections.abc import Sequence
from math import inf
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from aquiver.model import SpanReason

N_AHEAD = 4  # blocks: a sample is decided when the second after it is known


class Candidate(Struct, frozen=True):
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

    @property
    def floor(self) -> float:
        """Give the noise it stands over; infinite where that is not known."""
        return self.amplitude / self.snr if self.snr else inf


class Stretch(Struct, frozen=True):
    """Consecutive samples, ``stop`` not included."""

    start: int
    stop: int


class Mark(Struct, frozen=True):
    """A stretch that cannot be judged on some lanes; on the whole stream if ``lanes`` is None."""

    start: int
    stop: int
    reason: SpanReason
    lanes: frozenset[int] | None = None


class Finding(Struct, frozen=True):
    """What one block brought, or several alike in which nothing happened.

    ``wide`` are bursts too long for a twitch, also those still going on. ``loud_lanes`` are those whose median
    stands far above rest. ``levels`` are the rms by lane, and ``floors`` the noise of all lanes, both of each block and in
    the stream's unit; 0 while unknown.
    """

    block: Stretch
    candidates: tuple[Candidate, ...] = ()
    wide: tuple[Stretch, ...] = ()
    loud_lanes: frozenset[int] = frozenset()
    marks: tuple[Mark, ...] = ()
    levels: Sequence[list[float]] = ()
    floors: tuple[float, ...] = ()

    @property
    def n_blocks(self) -> int:
        """Count the blocks; what ends a stretch is told as one."""
        return max(1, len(self.floors))

    def cut(self, n_blocks: int) -> tuple[Self, Self]:
        """Divide blocks in which nothing happened after so many."""
        n_block = (self.block.stop - self.block.start) // self.n_blocks
        middle = self.block.start + n_blocks * n_block
        return (
            replace(
                self,
                block=Stretch(self.block.start, middle),
                levels=self.levels[:n_blocks],
                floors=self.floors[:n_blocks],
            ),
            replace(
                self,
                block=Stretch(middle, self.block.stop),
                levels=self.levels[n_blocks:],
                floors=self.floors[n_blocks:],
            ),
        )
