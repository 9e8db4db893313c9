"""The survey: on which lanes a method can search each block, and why not on the others."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from msgspec import Struct
from numpy.lib.stride_tricks import sliding_window_view

from aquiver.model import Samples, SpanReason
from detector.dsp import Flags, Floats
from detector.dsp.compiling import loops
from detector.dsp.faults import FaultFinder
from detector.dsp.floor import NoiseFloor
from detector.finding import Mark, Stretch

_N_GUARD = 2  # blocks around a fault, and after a gap: 0.5 s, until the filters have come to rest
_LOUD = 3.0  # a block whose median stands so far above rest is not rest (detection.md, section 4 step 5a)
_NO_LANES: frozenset[int] = frozenset()

_Flagged = tuple[Flags, Flags, Flags, Flags]  # searched, loud, noisy, in warm-up; shape (lanes, blocks) each
_Measured = tuple[Floats, Floats, Floats]  # floor and level, shape (lanes, blocks) each; rest of all lanes, (blocks,)


@dataclass(frozen=True, slots=True)
class Survey:
    """What each lane is good for in each block, shape (lanes, blocks); ``rest`` is one level per block, for all."""

    searched: Flags
    loud: Flags
    floor: Floats
    weights: Floats  # what makes power a score: one over the square of the floor; 0 where a lane is not searched
    levels: list[list[float]]  # by block, then by lane
    rest: list[float]
    why_not: dict[SpanReason, Flags]
    is_ordinary: list[bool]  # in which blocks every lane is searched, and none is loud

    def loud_lanes(self, index: int) -> frozenset[int]:
        """List the lanes that are loud in a block."""
        return _NO_LANES if self.is_ordinary[index] else _lanes(self.loud[:, index])

    def marks(self, index: int, block: Stretch) -> tuple[Mark, ...]:
        """Tell why lanes were not searched in a block. A fault also spoils the half second before and after it."""
        if self.is_ordinary[index]:
            return ()
        n_guard = _N_GUARD * (block.stop - block.start)
        marks = []
        for reason, flags in self.why_not.items():
            lanes = _lanes(flags[:, index])
            margin = n_guard if reason in {SpanReason.SATURATED, SpanReason.CONTACT} else 0
            if lanes:
                marks.append(Mark(block.start - margin, block.stop + margin, reason, lanes))
        return tuple(marks)


class Surveyor(Struct):
    """Follow the noise of every lane and the faults of its sensor.

    >>> faults = FaultFinder.begin(limit=1000, n_flat=25, n_block=125, is_vector=False)
    >>> surveyor = Surveyor.begin(faults, NoiseFloor.begin(1, 1, 125), np.array([[0.5]]), loudest_rest=30.0)
    >>> noise = np.random.default_rng(1).normal(0.0, 9.0, (24 * 125, 1))
    >>> medians = np.median((noise**2).reshape(1, 24, 125), axis=-1)
    >>> surveyor.update(noise.astype(np.int32), medians).searched.sum().item()  # the first 20 blocks are warm-up
    4
    """

    faults: FaultFinder
    floor: NoiseFloor
    least_floor: Floats  # (lanes, 1)
    loudest_rest: float  # a lane is off while its noise is louder
    was_faulty: Flags  # (lanes, _N_GUARD) the newest blocks
    newest_floor: Floats  # (lanes,)
    n_settling: int = 0  # blocks until the filters have come to rest after a gap

    @classmethod
    def begin(cls, faults: FaultFinder, floor: NoiseFloor, least_floor: Floats, loudest_rest: float) -> Self:
        """Start knowing nothing."""
        n_lanes = len(least_floor)
        was_faulty = np.zeros((n_lanes, _N_GUARD), bool)
        return cls(faults, floor, least_floor, loudest_rest, was_faulty, np.full(n_lanes, np.inf))

    def update(self, samples: Samples, medians: Floats) -> Survey:
        """Look at the next whole blocks: integers (n, channels) and the median of the filtered power (lanes, blocks)."""
        faults = self.faults.update(samples)
        (searched, loud, noisy, warm_up), (floor, level, rest) = self._look(medians, faults.saturated | faults.flat)
        self.newest_floor = floor[:, -1].copy()
        self.n_settling = max(0, self.n_settling - medians.shape[1])
        return Survey(
            searched=searched,
            loud=loud,
            floor=floor,
            weights=np.where(searched, 1 / (floor * floor), 0.0),
            levels=level.T.tolist(),
            rest=rest.tolist(),
            is_ordinary=np.asarray((searched > loud).all(axis=0)).tolist(),
            why_not={
                SpanReason.SATURATED: faults.saturated,
                SpanReason.CONTACT: faults.flat,
                SpanReason.NOISE: noisy,
                SpanReason.WARM_UP: warm_up,
            },
        )

    def _look(self, medians: Floats, faulty: Flags) -> tuple[_Flagged, _Measured]:
        """Judge the lanes by their levels, compiled or with numpy."""
        kernel, floor = loops(), self.floor
        if kernel is not None:
            state = (self.was_faulty, self.n_settling, floor.history)
            scales, limits = (floor.to_rms, floor.to_rest, floor.to_recent), (self.loudest_rest, _LOUD)
            found: tuple[_Flagged, _Measured] = kernel.survey(medians, faulty, *state, scales, self.least_floor, limits)
            return found
        settling = np.arange(faulty.shape[1]) < np.full((len(faulty), 1), self.n_settling)
        sound = ~(self._spoilt(faulty) | settling)
        levels = floor.update(medians, sound)
        unknown = np.isinf(levels.rest)
        noisy = ~unknown & (levels.rest > self.loudest_rest)
        searched = sound & ~unknown & ~noisy
        rest = np.maximum(levels.rest, self.least_floor)
        loud = searched & (levels.block > _LOUD * rest)
        measured = (np.maximum(levels.floor, self.least_floor), levels.block, _middle(rest))
        return (searched, loud, noisy, unknown | settling), measured

    def forget(self) -> None:
        """Start anew with other filters: settle, and learn the noise again."""
        self.floor.forget()
        self.n_settling = _N_GUARD

    def restart(self, n_lost_blocks: int) -> None:
        """Go on after a gap: what is known of the noise has grown old."""
        self.floor.age(n_lost_blocks)
        self.faults.restart()
        self.was_faulty = np.zeros_like(self.was_faulty)
        self.n_settling = _N_GUARD

    def _spoilt(self, faulty: Flags) -> Flags:
        history = np.hstack([self.was_faulty, faulty])
        self.was_faulty = history[:, faulty.shape[1] :].copy()
        windows = sliding_window_view(history, _N_GUARD + 1, axis=-1)
        return np.asarray(windows.any(axis=-1))


def _lanes(flags: Flags) -> frozenset[int]:
    return frozenset(np.flatnonzero(flags).tolist())


def _middle(levels: Floats) -> Floats:
    """Give the middle of the known levels of each block; 0 where none is known."""
    ordered = np.sort(levels, axis=0)
    n_known = np.isfinite(levels).sum(axis=0)
    middle = np.take_along_axis(ordered, np.maximum(n_known - 1, 0)[np.newaxis] // 2, axis=0)[0]
    return np.where(n_known > 0, middle, 0.0)
