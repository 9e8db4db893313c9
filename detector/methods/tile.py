"""A tile: whole blocks of samples, with all that is computed of every one of them."""

from types import ModuleType

import numpy as np
from msgspec import Struct

from aquiver.model import Samples
from detector.dsp import Floats
from detector.dsp.compiling import loops
from detector.dsp.energy import SlidingEnergy
from detector.dsp.filters import Cascade
from detector.dsp.hysteresis import Bursts, Hysteresis
from detector.dsp.sweep import sweep
from detector.methods.survey import LOUD, Survey, Surveyor


class Tile(Struct, frozen=True):
    """Filtered samples, shape (channels, n), behind those before the tile; what its lanes are good for; bursts by block."""

    samples: Floats
    survey: Survey
    bursts: list[Bursts]


class Scanner(Struct, frozen=True):
    """The parts through which every sample goes, each with its state; ``scales`` have shape (channels, 1)."""

    scales: Floats
    cascade: Cascade
    energy: SlidingEnergy
    surveyor: Surveyor
    hysteresis: Hysteresis

    def scan(self, raw: Samples, before: Floats) -> Tile:
        """Take the next whole blocks, shape (n, channels); in one call if compiled. ``before`` has shape (channels, n)."""
        kernel = loops()
        return self._plain(raw, before) if kernel is None else self._compiled(kernel, raw, before)

    def _plain(self, raw: Samples, before: Floats) -> Tile:
        n_block = self.surveyor.faults.n_block
        swept = sweep(raw, self.scales, self.cascade, self.energy, n_block)
        survey = self.surveyor.update(raw, swept.medians)
        scores = swept.energy.reshape(len(swept.energy), -1, n_block)
        return Tile(np.hstack([before, swept.filtered]), survey, self.hysteresis.update(scores, survey.weights()))

    def _compiled(self, kernel: ModuleType, raw: Samples, before: Floats) -> Tile:
        cascade, surveyor, hysteresis = self.cascade, self.surveyor, self.hysteresis
        faults, floor = surveyor.faults, surveyor.floor
        n_block = faults.n_block
        if not cascade.state.size or not faults.newest.size:
            faults.settle(raw)
            cascade.settle(raw[0] * self.scales[:, 0])
        filtered, surveyed, rows = kernel.scan(
            raw,
            before,
            (self.scales, cascade.sections, cascade.state, self.energy.history),
            (faults.newest, faults.still, surveyor.was_faulty),
            (floor.history, surveyor.least_floor),
            (hysteresis.state, hysteresis.decay(n_block)),
            (n_block, faults.limit, faults.n_flat, surveyor.n_settling, hysteresis.position),
            (
                *(faults.n_railed, floor.to_rms, floor.to_rest, floor.to_recent),
                *(surveyor.loudest_rest, LOUD),
                *(hysteresis.on, hysteresis.off, hysteresis.tail),
            ),
        )
        bursts = hysteresis.follow(rows, len(raw) // n_block, n_block)
        return Tile(filtered, surveyor.noted(Survey(*surveyed)), bursts)
