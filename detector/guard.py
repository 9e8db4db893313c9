"""The guard: a band's accelerometer says when what its electrodes saw was movement."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from msgspec import Struct, field

from aquiver.model import Chunk, SpanReason
from detector.decision import Decision, Piece
from detector.motion import Motion, Moved

_PATIENCE_S = 10.0  # electrodes wait so long for an accelerometer that lags, and no longer
_UNSURE_S = 3.0  # at the end of a run both have told all but the last moments; those are decided without


class Guard(Struct):
    """Hold what was decided about a band's electrodes until its accelerometer has told of the same time.

    Both streams of a band come within a second or so of each other: in which order their chunks come does not matter.
    """

    motion: Motion | None = None
    run: str = ""
    known_s: float = np.inf  # movement is known before this time; without an accelerometer nothing is waited for
    moved: list[Moved] = field(default_factory=list)
    waiting: list[Decision] = field(default_factory=list)

    def hear(self, chunk: Chunk) -> None:
        """Take what the accelerometer measured."""
        if self.motion is None or self.run != chunk.run:
            self.motion, self.run = Motion.begin(chunk.stream.signal, chunk.follows), chunk.run
        if self.motion is not None:
            self.moved += self.motion.feed(chunk)
            self.known_s = self.motion.known_s

    def leave(self) -> None:
        """Note that the accelerometer has ended: nothing more is waited for."""
        self.motion, self.known_s = None, np.inf

    def pass_on(self, decisions: list[Decision]) -> list[Decision]:
        """Take what was decided about the electrodes; give what can be told now, without what was movement."""
        self.waiting += decisions
        newest_s = self.waiting[-1].pieces[-1].stop_s if self.waiting else -np.inf
        due_s = max(self.known_s, newest_s - _PATIENCE_S)
        n_due = next((n for n, one in enumerate(self.waiting) if one.pieces[-1].stop_s > due_s), len(self.waiting))
        due, self.waiting = self.waiting[:n_due], self.waiting[n_due:]
        told = [self._without_movement(decision) for decision in due]
        if due:
            end_s = due[-1].pieces[-1].stop_s
            self.moved = [one for one in self.moved if one.stop_s > end_s]
        return told

    def release(self) -> list[Decision]:
        """Give all that waits: the run of the electrodes has ended."""
        due, self.waiting = self.waiting, []
        if due:
            sure_s = due[-1].pieces[-1].stop_s - _UNSURE_S
            self.moved = [one for one in self.moved if one.stop_s <= sure_s]
        return [self._without_movement(decision) for decision in due]

    def _without_movement(self, decision: Decision) -> Decision:
        start_s, stop_s = decision.pieces[0].start_s, decision.pieces[-1].stop_s
        near = [one for one in self.moved if one.start_s < stop_s and one.stop_s > start_s]
        if not near:
            return decision
        pieces = tuple(part for piece in decision.pieces for part in _parted(piece, near))
        counted_s = {onset_s for piece in pieces for onset_s in piece.onsets_s}
        twitches = tuple(twitch for twitch in decision.twitches if twitch.onset_s in counted_s)
        return replace(decision, pieces=pieces, twitches=twitches)


def _covers(moved: list[Moved], time_s: float) -> bool:
    return any(one.start_s <= time_s < one.stop_s for one in moved)


def _parted(piece: Piece, moved: list[Moved]) -> list[Piece]:
    """Divide an analysable piece where movement begins and ends."""
    if piece.reason is not None:
        return [piece]
    rate_hz = piece.n_samples / piece.duration_s
    edges_s = [edge_s for one in moved for edge_s in (one.start_s, one.stop_s)]
    cuts = {round((edge_s - piece.start_s) * rate_hz) for edge_s in edges_s}
    cuts = {0, piece.n_samples} | {cut for cut in cuts if 0 < cut < piece.n_samples}
    return [_part(piece, first, after, rate_hz, moved) for first, after in pairwise(sorted(cuts))]


def _part(piece: Piece, first: int, after: int, rate_hz: float, moved: list[Moved]) -> Piece:
    """Give the samples from ``first`` to ``after`` of a piece: movement, or what they were."""
    start_s = piece.start_s + first / rate_hz
    stop_s = piece.stop_s if after == piece.n_samples else piece.start_s + after / rate_hz
    n_samples = after - first
    sample, duration_s = piece.sample + first, n_samples / rate_hz
    part = replace(piece, sample=sample, start_s=start_s, stop_s=stop_s, duration_s=duration_s, n_samples=n_samples)
    if _covers(moved, (start_s + stop_s) / 2):
        return replace(part, reason=SpanReason.MOVEMENT, onsets_s=(), large_s=())
    onsets_s, large_s = (tuple(t for t in some if start_s <= t < stop_s) for some in (piece.onsets_s, piece.large_s))
    return replace(part, onsets_s=onsets_s, large_s=large_s)
