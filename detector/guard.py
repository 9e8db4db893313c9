"""The guard of a band: what its electrodes saw is told once its accelerometer has said whether the limb moved."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf

from msgspec import Struct, field
from msgspec.structs import replace

from aquiver.model import Chunk, SpanReason, Stream
from detector.decision import Decision, Piece
from detector.motion import Motion, Moved

_PATIENCE_S = 12.0  # of electrodes decided since: a stream that lags by up to 8 s is waited for, one that died is not
_KEPT_S = 600.0  # movement of a band whose electrodes say nothing


class Hold(Struct):
    """What waits of one run of the electrodes, in order. ``is_over`` says that nothing more of it follows."""

    stream: Stream
    run: str
    waiting: list[Decision] = field(default_factory=list)
    is_over: bool = False


class Guard(Struct):
    """Hold what was decided about a band's electrodes until movement at that time is known, and take movement out.

    What is taken out follows from what either stream holds, never from which of the two was heard first: movement is
    known up to a *frontier*, which the accelerometer alone pushes on. There is none where no accelerometer was heard
    yet, or where it has said that it ended; and as electrodes may be told then before the first chunk of the next run is
    here, what that run finds in its first moments takes nothing out.
    """

    motion: Motion | None = None
    run: str = ""
    frontier_s: float = inf
    counts_from_s: float = -inf  # movement before this time takes nothing out
    moved: list[Moved] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)

    def hear(self, chunk: Chunk) -> None:
        """Take what the accelerometer measured; the last chunk of its run lets everything go."""
        if self.motion is None or self.run != chunk.run:
            self._begin(chunk)
        if self.motion is not None:
            for moved in self.motion.feed(chunk):
                self._note(moved)
            self.frontier_s = self.motion.frontier_s
        if chunk.is_last:
            self.leave()

    def leave(self) -> None:
        """Note that the accelerometer says no more."""
        self.motion, self.frontier_s = None, inf

    def hold(self, stream: Stream, run: str, decisions: list[Decision]) -> None:
        """Take what was decided about the electrodes."""
        last = self.holds[-1] if self.holds else None
        if last is None or last.is_over or (last.stream, last.run) != (stream, run):
            self.holds.append(Hold(stream, run))
        self.holds[-1].waiting += decisions

    def close(self, stream: Stream, run: str) -> None:
        """Note that a run of the electrodes is over; what waits of it waits on."""
        self.hold(stream, run, [])
        self.holds[-1].is_over = True

    def let_go(self) -> list[Hold]:
        """Give what can be told, in order, without what was movement."""
        if not any(hold.waiting or hold.is_over for hold in self.holds):
            return []
        after_s = sum(_length_s(decision) for hold in self.holds for decision in hold.waiting)
        let_go: list[Hold] = []
        for hold in self.holds:
            n_due = 0
            hold.waiting = [one for decision in hold.waiting for one in self._portions(decision)]
            for decision in hold.waiting:
                after_s -= _length_s(decision)
                if _end_s(decision) > self.frontier_s and after_s < _PATIENCE_S:
                    break
                n_due += 1
            due, hold.waiting = hold.waiting[:n_due], hold.waiting[n_due:]
            told = [self._without_movement(one) for one in due]
            let_go.append(Hold(hold.stream, hold.run, told, is_over=hold.is_over and not hold.waiting))
            if hold.waiting:
                break
        self.holds = [hold for hold in self.holds if hold.waiting or not hold.is_over]
        self._forget(let_go)
        return let_go

    def end_s(self, stream: Stream) -> float | None:
        """Give where the newest that waits of a stream ends; nothing if none waits."""
        waiting = [one for hold in self.holds if hold.stream.name == stream.name for one in hold.waiting]
        return _end_s(waiting[-1]) if waiting else None

    def _begin(self, chunk: Chunk) -> None:
        start_s = chunk.clock.time_of(chunk.follows)
        self.counts_from_s = start_s + _PATIENCE_S if self.frontier_s == inf else -inf
        self.moved = [one for one in self.moved if one.start_s < start_s]  # a clock that was set back comes there again
        self.motion, self.run, self.frontier_s = Motion.begin(chunk.stream.signal, chunk.follows), chunk.run, inf

    def _note(self, moved: Moved) -> None:
        """Remember movement; it becomes one with the last if it touches it."""
        start_s = max(moved.start_s, self.counts_from_s)
        if start_s >= moved.stop_s:
            return
        if self.moved and self.moved[-1].start_s <= start_s <= self.moved[-1].stop_s:
            start_s = self.moved.pop().start_s
        self.moved.append(Moved(start_s, moved.stop_s))
        self.moved = [one for one in self.moved if one.stop_s > moved.stop_s - _KEPT_S]

    def _forget(self, let_go: list[Hold]) -> None:
        """Drop the movement that all of the electrodes are past."""
        told = [decision for hold in let_go for decision in hold.waiting]
        if told:
            end_s = _end_s(told[-1])
            self.moved = [one for one in self.moved if one.stop_s > end_s]

    def _portions(self, decision: Decision) -> Iterator[Decision]:
        """Divide what was decided of several blocks, where it cannot be told as a whole."""
        if len(decision.floors) > 1 and (_end_s(decision) > self.frontier_s or self._near(decision)):
            while len(decision.floors) > 1:
                head, decision = decision.cut(1)
                yield head
        yield decision

    def _near(self, decision: Decision) -> list[Moved]:
        start_s, stop_s = decision.pieces[0].start_s, _end_s(decision)
        return [one for one in self.moved if one.start_s < stop_s and one.stop_s > start_s]

    def _without_movement(self, decision: Decision) -> Decision:
        near = self._near(decision)
        if not near:
            return decision
        pieces = tuple(part for piece in decision.pieces for part in _parted(piece, near))
        gone_s = _onsets_s(decision.pieces) - _onsets_s(pieces)
        twitches = tuple(twitch for twitch in decision.twitches if twitch.onset_s not in gone_s)
        return replace(decision, pieces=pieces, twitches=twitches)


def _length_s(decision: Decision) -> float:
    return sum(piece.duration_s * piece.n_parts for piece in decision.pieces)


def _end_s(decision: Decision) -> float:
    return decision.pieces[-1].stop_s


def _onsets_s(pieces: tuple[Piece, ...]) -> set[float]:
    return {onset_s for piece in pieces for onset_s in piece.onsets_s}


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
    parts = [_part(piece, first, after, rate_hz, moved) for first, after in pairwise(sorted(cuts))]
    return [piece] if all(part.reason is None for part in parts) else parts


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
