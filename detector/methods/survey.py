"""The survey: on which lanes a method can search each block, and why not on the others."""

from typing import Self

import numpy as np
from msgspec import Struct
from numpy.lib.stride_tricks import sliding_window_view

from aquiver.model import Samples, SpanReason
from detector.dsp import Flags, Floats, verdicts
from detector.dsp.faults import FaultFinder
from detector.dsp.floor import NoiseFloor
from detector.finding import Mark, Stretch

_N_GUARD = 2  # blocks around a fault, and after a gap: 0.5 s, until the filters have come to rest
LOUD = 3.0  # a block whose median stands so far above rest is not rest (detection.md, section 4 step 5a)
_NO_LANES: frozenset[int] = frozenset()
_WHY_NOT = (
    (SpanReason.SATURATED, verdicts.SATURATED),
    (SpanReason.CONTACT, verdicts.FLAT),
    (SpanReason.NOISE, verdicts.NOISY),
    (SpanReason.WARM_UP, verdicts.WARM_UP),
)


class Survey(Struct, frozen=True):
    """What each lane is good for in each block: ``flags`` has shape (verdicts, lanes, blocks), ``floor`` (lanes, blocks).

    ``levels``, shape (blocks, lanes), are the rms of the blocks themselves; ``rest``, (blocks,), is one level for all lanes.
    ``is_ordinary``, (blocks,): every lane is searched, and none is loud.
    """

    flags: Flags
    floor: Floats
    levels: Floats
    rest: Floats
    is_ordinary: Flags

    def weights(self) -> Floats:
        """Give what makes power a score: one over the square of the floor; 0 where a lane is not searched."""
        return np.where(self.flags[verdicts.SEARCHED], 1 / (self.floor * self.floor), 0.0)

    def loud_lanes(self, index: int) -> frozenset[int]:
        """List the lanes that are loud in a block."""
        return _NO_LANES if self.is_ordinary[index] else _lanes(self.flags[verdicts.LOUD, :, index])

    def marks(self, index: int, block: Stretch) -> tuple[Mark, ...]:
        """Tell why lanes were not searched in a block. A fault also spoils the half second before and after it."""
        if self.is_ordinary[index]:
            return ()
        n_guard = _N_GUARD * (block.stop - block.start)
        marks = []
        for reason, verdict in _WHY_NOT:
            lanes = _lanes(self.flags[verdict, :, index])
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
    >>> surveyor.update(noise.astype(np.int32), medians).flags[verdicts.SEARCHED].sum().item()  # the first 20 blocks are warm-up
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
        faulty = faults.saturated | faults.flat
        settling = np.arange(faulty.shape[1]) < np.full((len(faulty), 1), self.n_settling)
        sound = ~(self._spoilt(faulty) | settling)
        levels = self.floor.update(medians, sound)
        unknown = np.isinf(levels.rest)
        noisy = ~unknown & (levels.rest > self.loudest_rest)
        searched = sound & ~unknown & ~noisy
        rest = np.maximum(levels.rest, self.least_floor)
        loud = searched & (levels.block > LOUD * rest)
        flags = np.stack([searched, loud, faults.saturated, faults.flat, noisy, unknown | settling])
        floor, is_ordinary = np.maximum(levels.floor, self.least_floor), np.asarray((searched > loud).all(axis=0))
        return self.noted(Survey(flags, floor, levels.block.T, _middle(rest), is_ordinary))

    def noted(self, survey: Survey) -> Survey:
        """Remember what the next survey needs of this one, and give it."""
        self.newest_floor = survey.floor[:, -1].copy()
        self.n_settling = max(0, self.n_settling - len(survey.rest))
        return survey

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
