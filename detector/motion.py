"""Motion: when an accelerometer says that the limb it is worn on moves."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from msgspec import Struct, field

from aquiver.model import Chunk, Samples, Signal, Unit
from detector.dsp.filters import Cascade, band_pass
from detector.dsp.floor import block_length

_BAND_HZ = (0.5, 15.0)  # these five: detection.md, section 4 step 5d
_TOP_SHARE = 0.45  # of the sample rate: a filter needs room below Nyquist
_LEAST_G = 0.010
_FLOORS = 6.0
_MARGIN_S = 1.0
_N_TOGETHER = 3  # blocks: a twitch shakes the skin for 0.3 s, a limb moves for 0.5 s at least (WASM)
_N_KNOWN = 120  # blocks: half a minute
_QUIET_SHARE = 0.1
_N_FEWEST = 20
_N_SETTLING = 4  # blocks after a gap: the filter turns to the new direction of gravity


@dataclass(frozen=True, slots=True)
class Moved:
    """A stretch of movement, its margins included, in UNIX seconds."""

    start_s: float
    stop_s: float


class Motion(Struct):
    """Find movement in blocks of 0.25 s: 0.5-15 Hz, all axes together, for longer than a twitch shakes the skin.

    It stands well above what is usual, and above 10 mg. Any accelerometer will do, also one that is too coarse or too
    slow to see a twitch.
    """

    scales: list[float]
    n_block: int
    cascade: Cascade
    rest: Samples
    expected: int
    known: list[float] = field(default_factory=list)  # rms of the newest blocks
    n_settling: int = _N_SETTLING
    n_shaking: int = 0  # blocks on end, up to the newest
    known_s: float = -np.inf  # all movement before this time has been told

    @classmethod
    def begin(cls, signal: Signal, position: int) -> Self | None:
        """Start at a sample number; nothing where the signal tells no movement in g."""
        if signal.unit is not Unit.G or signal.rate_hz * _TOP_SHARE <= _BAND_HZ[0]:
            return None
        top_hz = min(_BAND_HZ[1], _TOP_SHARE * signal.rate_hz)
        sections = band_pass(signal.rate_hz, _BAND_HZ[0], top_hz)
        rest = np.empty((0, len(signal.channels)), np.int32)
        scales = [channel.scale for channel in signal.channels]
        return cls(scales, block_length(signal.rate_hz), Cascade.begin(sections), rest, position)

    def feed(self, chunk: Chunk) -> list[Moved]:
        """Take the next chunk of the run, and give the movement in it."""
        n_seen = min(max(0, self.expected - chunk.first_sample), chunk.n_samples)
        if chunk.first_sample > self.expected:
            self.cascade.restart()
            self.rest, self.n_settling, self.n_shaking = self.rest[:0].copy(), _N_SETTLING, 0
        self.expected = max(self.expected, chunk.end_sample)
        samples = np.concatenate([self.rest, chunk.samples[n_seen:]])
        n_whole = len(samples) // self.n_block * self.n_block
        self.rest = samples[n_whole:].copy()
        first = self.expected - len(samples)
        moved = self._blocks(samples[:n_whole], first, chunk) if n_whole else []
        self.known_s = chunk.clock.time_of(first + n_whole - _N_TOGETHER * self.n_block) - _MARGIN_S
        return moved

    def _blocks(self, samples: Samples, first: int, chunk: Chunk) -> list[Moved]:
        filtered = self.cascade.update(samples.T * np.array(self.scales)[:, np.newaxis])
        power = (filtered * filtered).sum(axis=0).reshape(-1, self.n_block).mean(axis=1)
        moved = []
        for index, rms in enumerate(np.sqrt(power).tolist()):
            self.n_shaking = self.n_shaking + 1 if self._is_shaking(rms) else 0
            if self.n_shaking >= _N_TOGETHER:
                start_s = chunk.clock.time_of(first + (index + 1 - _N_TOGETHER) * self.n_block)
                stop_s = chunk.clock.time_of(first + (index + 1) * self.n_block)
                moved.append(Moved(start_s - _MARGIN_S, stop_s + _MARGIN_S))
        return moved

    def _is_shaking(self, rms: float) -> bool:
        if self.n_settling:
            self.n_settling -= 1
            return False
        self.known = [*self.known, rms][-_N_KNOWN:]
        usual = float(np.quantile(self.known, _QUIET_SHARE)) if len(self.known) >= _N_FEWEST else 0.0
        return rms > max(_LEAST_G, _FLOORS * usual)
