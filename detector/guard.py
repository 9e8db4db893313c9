"""The guard: a band's accelerometer says when what its electrodes saw was movement."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from msgspec import Struct, field

from aquiver.model import SpanReason
from detector.decision import Decision, Piece
from detector.motion import Moved

_PATIENCE_S = 10.0  # electrodes wait so long for an accelerometer that lags, and no longer
_UNSURE_S = 3.0  # at the end of a run both have told all but the last moments; those are decided without


class Guard(Struct):
    """Hold what was decided about a band's electrodes until its accelerometer has told of the same time.

    Both streams of a band come within a second or so of each other: in which order their chunks come does not matter.
    """

    known_s: float = np.inf  # movement is known before this time; without an accelerometer nothing is waited for
    moved: list[Moved] = field(default_factory=list)
    waiting: list[Decision] = field(default_factory=list)

    def learn(self, moved: list[Moved], known_s: float) -> None:
        """Take what the accelerometer told."""
        self.moved += moved
        self.known_s = known_s

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
        twitches = tuple(twitch for twitch in decision.twitches if not _covers(near, twitch.onset_s))
        return replace(decision, pieces=pieces, twitches=twitches)


def _covers(moved: list[Moved], time_s: float) -> bool:
    return any(one.start_s <= time_s < one.stop_s for one in moved)


def _parted(piece: Piece, moved: list[Moved]) -> list[Piece]:
    """Divide an analysable piece where movement begins and ends."""
    if piece.reason is not None:
        return [piece]
    inner = {edge for one in moved for edge in (one.start_s, one.stop_s) if piece.start_s < edge < piece.stop_s}
    edges_s = [piece.start_s, *sorted(inner), piece.stop_s]
    length_s = piece.stop_s - piece.start_s
    return [_part(piece, start_s, stop_s, length_s, moved) for start_s, stop_s in pairwise(edges_s)]


def _part(piece: Piece, start_s: float, stop_s: float, length_s: float, moved: list[Moved]) -> Piece:
    duration_s = piece.duration_s * (stop_s - start_s) / length_s
    part = replace(piece, start_s=start_s, stop_s=stop_s, duration_s=duration_s)
    if _covers(moved, (start_s + stop_s) / 2):
        return replace(part, reason=SpanReason.MOVEMENT, onsets_s=(), large_s=())
    onsets_s, large_s = (
        tuple(t for t in some if start_s <= t < stop_s) for some in (piece.onsets_s, piece.large_s)
    )
    return replace(part, onsets_s=onsets_s, large_s=large_s)
