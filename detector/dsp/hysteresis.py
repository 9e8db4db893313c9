"""Hysteresis: bursts in a sequence of scores."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Self

import numpy as np
from msgspec import Struct, field

from detector.dsp import Floats

_Limits = tuple[float, float, float]  # on, off, tail
Row = tuple[int, bool, int, int, int, int, float]  # block, does it go on, lane, start, stop, peak, score


class Burst(Struct, frozen=True):
    """A stretch of scores above the lower threshold that reaches the upper one, in positions."""

    lane: int
    start: int
    stop: int
    peak: int
    score: float


class Bursts(Struct, frozen=True):
    """What a block brought: the bursts that are over, and those that go on, as far as they are known."""

    over: tuple[Burst, ...] = ()
    open: tuple[Burst, ...] = ()


NO_BURSTS = Bursts()


class Hysteresis(Struct):
    """Find bursts block by block; bursts less than ``n_merge`` apart are one.

    A large burst rings in the filters for longer than it lasts, and in several notches even comes back: what is below
    ``tail`` times the highest score so far, which decays by e in ``n_decay`` samples, is no burst of its own.

    >>> gate = Hysteresis.begin(1, on=3.0, off=2.0, tail=0.1, n_decay=100.0, n_merge=1, position=0)
    >>> gate.update(np.array([[[0, 4, 5, 2.5, 1]]]), np.ones((1, 1)))[0].over
    (Burst(lane=0, start=1, stop=4, peak=2, score=5.0),)
    """

    on: float
    off: float
    tail: float
    n_decay: float
    n_merge: int
    position: int  # the number of the next score
    state: Floats  # (lanes, 4) the decayed highest score so far; start (-1: none), peak and height of an open run
    waiting: dict[int, Burst] = field(default_factory=dict)  # by lane: the burst that the next one may still join

    @classmethod
    def begin(
        cls, n_lanes: int, *, on: float, off: float, tail: float, n_decay: float, n_merge: int, position: int
    ) -> Self:
        """Start in silence at a sample number."""
        return cls(on, off, tail, n_decay, n_merge, position, _silence(n_lanes))

    def update(self, scores: Floats, weights: Floats) -> list[Bursts]:
        """Take the next scores, shape (lanes, blocks, n), each to be multiplied by the weight of its block."""
        limits = (self.on, self.off, self.tail)
        rows = _runs(scores, weights, self.decay(scores.shape[2]), limits, self.position, self.state)
        return self.follow(rows, *scores.shape[1:])

    def decay(self, n_block: int) -> Floats:
        """Give by how much what was highest has decayed after each sample of a block."""
        return _decay(n_block, self.n_decay)

    def follow(self, rows: Iterable[Row], n_blocks: int, n_block: int) -> list[Bursts]:
        """Take the runs of the next blocks in their order, and give the bursts of each."""
        found, begun = [NO_BURSTS] * n_blocks, self.position
        by_block: dict[int, list[Row]] = {}
        for row in rows:
            by_block.setdefault(row[0], []).append(row)
        for block in range(n_blocks) if by_block or self.waiting else ():
            self.position = begun + (block + 1) * n_block
            own = by_block.get(block, [])
            if own or self.waiting:
                found[block] = self._join(own)
        self.position = begun + n_blocks * n_block
        return found

    def finish(self) -> Bursts:
        """End everything that is open, as it stands."""
        over: list[Burst] = []
        for lane, (_, start, peak, height) in enumerate(self.state.tolist()):
            if start >= 0 and height >= self.on:
                over += self._end_run(Burst(lane, int(start), self.position, int(peak), height))
        over += [self.waiting[lane] for lane in sorted(self.waiting)]
        self.restart(self.position)
        return Bursts(tuple(over))

    def restart(self, position: int) -> None:
        """Forget what is open and go on at another position."""
        self.position = position
        self.state = _silence(len(self.state))
        self.waiting = {}

    def _join(self, rows: list[Row]) -> Bursts:
        """Join the runs of a block to bursts, and give those that no later score can reach."""
        over: list[Burst] = []
        ended = [Burst(*row[2:]) for row in rows if not row[1]]
        open_runs = {row[2]: Burst(*row[2:]) for row in rows if row[1]}
        for lane in sorted({run.lane for run in ended} | self.waiting.keys()):
            for run in ended:
                over += self._end_run(run) if run.lane == lane else []
            waiting = self.waiting[lane]
            if self.position - waiting.stop >= self.n_merge and not self._joins(open_runs.get(lane)):
                over.append(self.waiting.pop(lane))
        opened = [_joined(self.waiting.get(lane, run), run) for lane, run in open_runs.items()]
        return Bursts(tuple(over), tuple(opened))

    def _end_run(self, run: Burst) -> list[Burst]:
        """Let a run that is over wait for the next one; give the burst that it does not join."""
        before = self.waiting.get(run.lane)
        if before is not None and self._joins(run):
            self.waiting[run.lane] = _joined(before, run)
            return []
        self.waiting[run.lane] = run
        return [] if before is None else [before]

    def _joins(self, run: Burst | None) -> bool:
        if run is None or run.lane not in self.waiting:
            return False
        return run.start - self.waiting[run.lane].stop < self.n_merge


@cache
def _decay(n_samples: int, n_decay: float) -> Floats:
    return np.exp(-np.arange(1, n_samples + 1) / n_decay)


def _silence(n_lanes: int) -> Floats:
    return np.tile([0.0, -1.0, -1.0, 0.0], (n_lanes, 1))


def _joined(first: Burst, second: Burst) -> Burst:
    highest = first if first.score >= second.score else second
    return Burst(first.lane, first.start, second.stop, highest.peak, highest.score)


def _runs(
    scores: Floats, weights: Floats, decay: Floats, limits: _Limits, position: int, state: Floats
) -> Iterator[Row]:
    """Find the runs that reach the upper threshold, block by block; ``state`` is changed in place."""
    on, off, _ = limits
    n_block = scores.shape[2]
    is_lively = (scores.max(axis=-1) * weights >= on) | (scores[..., -1] * weights > off)
    for block, lively in enumerate(np.asarray(is_lively).T):
        is_followed = lively | (state[:, 1] >= 0)
        state[~is_followed, 0] *= decay[-1]
        for lane in np.flatnonzero(is_followed).tolist():
            own, at = scores[lane, block] * weights[lane, block], position + block * n_block
            for goes_on, start, stop, peak, height in _trace(own, decay, limits, at, state[lane]):
                if height >= on:
                    yield block, goes_on, lane, start, stop, peak, height


def _trace(
    scores: Floats, decay: Floats, limits: _Limits, at: int, state: Floats
) -> Iterator[tuple[bool, int, int, int, float]]:
    """Follow one lane through one block: every run that ends in it, or goes on beyond it."""
    _, off, tail = limits
    crest, begun, top, height = state.tolist()
    start, peak = int(begun), int(top)
    crests = np.maximum.accumulate(np.maximum(scores / decay, crest)) * decay
    flags = np.concatenate(([start >= 0], scores > np.maximum(off, tail * crests), [False]))
    edges = (flags[1:] != flags[:-1]).nonzero()[0].tolist()
    edges = [0, *edges] if start >= 0 else edges
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if start < 0:
            start, height = at + first, -1.0
        best = first + int(scores[first:last].argmax()) if first < last else first
        if first < last and scores[best] > height:
            peak, height = at + best, float(scores[best])
        goes_on = last == len(scores)
        yield goes_on, start, at + last, peak, height
        start = start if goes_on else -1
    state[:] = crests[-1], start, peak, height
