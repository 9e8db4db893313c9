"""Hysteresis: bursts in a sequence of scores."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from msgspec import Struct

from detector.dsp import Floats


@dataclass(frozen=True, slots=True)
class Burst:
    """A stretch of scores above the lower threshold that reaches the upper one, in positions."""

    lane: int
    start: int
    stop: int
    peak: int
    score: float


@dataclass(frozen=True, slots=True)
class Bursts:
    """What a block brought: the bursts that are over, and those that go on, as far as they are known."""

    over: tuple[Burst, ...] = ()
    open: tuple[Burst, ...] = ()


NO_BURSTS = Bursts()


class Lane(Struct):
    """One sequence of scores: the run it is in, and the burst that the next one may still join."""

    run: Burst | None = None
    waiting: Burst | None = None
    crest: float = 0.0  # the highest score so far, less what it has decayed, at ``crest_at``
    crest_at: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether the next score may change a burst."""
        return self.run is not None or self.waiting is not None


class Hysteresis(Struct):
    """Find bursts block by block; bursts less than ``n_merge`` apart are one.

    A large burst rings in the filters for longer than it lasts, and in several notches even comes back: what is below
    ``tail`` times the highest score so far, which decays by e in ``n_decay`` samples, is no burst of its own.

    >>> gate = Hysteresis(on=3.0, off=2.0, tail=0.1, n_decay=100.0, n_merge=1, position=0, lanes=[Lane()])
    >>> gate.update(np.array([[[0, 4, 5, 2.5, 1]]]))[0].over
    (Burst(lane=0, start=1, stop=4, peak=2, score=5.0),)
    """

    on: float
    off: float
    tail: float
    n_decay: float
    n_merge: int
    position: int  # the number of the next score
    lanes: list[Lane]

    def update(self, scores: Floats) -> list[Bursts]:
        """Take the next scores, shape (lanes, blocks, n), and give the bursts of each block."""
        is_lively = (scores.max(axis=-1) >= self.on) | (scores[..., -1] > self.off)
        found = []
        for block, lively in enumerate(np.asarray(is_lively).T.tolist()):
            lanes = [lane for lane, state in enumerate(self.lanes) if lively[lane] or state.is_open]
            found.append(self._follow(lanes, scores[:, block]) if lanes else NO_BURSTS)
            self.position += scores.shape[2]
        return found

    def finish(self) -> Bursts:
        """End everything that is open, as it stands."""
        over = [burst for lane in self.lanes for burst in self._end_run(lane)]
        over += [lane.waiting for lane in self.lanes if lane.waiting is not None]
        self.lanes = [Lane() for _ in self.lanes]
        return Bursts(tuple(over))

    def restart(self, position: int) -> None:
        """Forget what is open and go on at another position."""
        self.position = position
        self.lanes = [Lane() for _ in self.lanes]

    def _follow(self, lanes: list[int], scores: Floats) -> Bursts:
        over: list[Burst] = []
        end = self.position + scores.shape[1]
        for index in lanes:
            lane = self.lanes[index]
            for piece in self._pieces(index, scores[index]):
                over += self._extend(lane, piece)
            over += self._release(lane, end)
        return Bursts(tuple(over), tuple(self._open()))

    def _pieces(self, index: int, scores: Floats) -> list[Burst]:
        """List the stretches of a block that are, or were, or may become part of a burst."""
        flags = scores > np.maximum(self.off, self.tail * self._crests(self.lanes[index], scores))
        framed = np.concatenate(([False], flags, [False]))
        edges = (framed[1:] != framed[:-1]).nonzero()[0].tolist()
        pieces = []
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            peak = start + int(scores[start:stop].argmax())
            score, at = float(scores[peak]), self.position
            if score >= self.on or start == 0 or stop == len(scores):
                pieces.append(Burst(index, at + start, at + stop, at + peak, score))
        return pieces

    def _crests(self, lane: Lane, scores: Floats) -> Floats:
        """Give the decaying highest score so far, at each score of a block."""
        decay = _decay(len(scores), self.n_decay)
        before = lane.crest * float(np.exp((lane.crest_at - self.position) / self.n_decay))
        crests: Floats = np.maximum.accumulate(np.maximum(scores / decay, before)) * decay
        lane.crest, lane.crest_at = float(crests[-1]), self.position + len(scores)
        return crests

    def _extend(self, lane: Lane, piece: Burst) -> list[Burst]:
        if lane.run is not None and lane.run.stop == piece.start:
            lane.run = _joined(lane.run, piece)
            return []
        over = self._end_run(lane)
        lane.run = piece
        return over

    def _end_run(self, lane: Lane) -> list[Burst]:
        """End the run; give the burst that it does not join."""
        run, lane.run = lane.run, None
        if run is None or run.score < self.on:
            return []
        before, lane.waiting = lane.waiting, run
        if before is None:
            return []
        if run.start - before.stop < self.n_merge:
            lane.waiting = _joined(before, run)
            return []
        return [before]

    def _release(self, lane: Lane, end: int) -> list[Burst]:
        """Give the bursts that no later score can reach."""
        over = []
        if lane.run is not None and lane.run.stop < end:
            over = self._end_run(lane)
        if lane.waiting is None or end - lane.waiting.stop < self.n_merge or self._is_joining(lane):
            return over
        released, lane.waiting = lane.waiting, None
        return [*over, released]

    def _is_joining(self, lane: Lane) -> bool:
        run, waiting = lane.run, lane.waiting
        if run is None or waiting is None or run.score < self.on:
            return False
        return run.start - waiting.stop < self.n_merge

    def _open(self) -> list[Burst]:
        """List the bursts that go on; one that joins the waiting one is counted from there."""
        runs = [lane for lane in self.lanes if lane.run is not None and lane.run.score >= self.on]
        return [_joined(lane.waiting or lane.run, lane.run) for lane in runs if lane.run is not None]


@cache
def _decay(n_samples: int, n_decay: float) -> Floats:
    return np.exp(-np.arange(1, n_samples + 1) / n_decay)


def _joined(first: Burst, second: Burst) -> Burst:
    highest = first if first.score >= second.score else second
    return Burst(first.lane, first.start, second.stop, highest.peak, highest.score)
