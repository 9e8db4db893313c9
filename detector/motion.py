"""Motion: when an accelerometer says that the limb it is worn on moves."""

from dataclasses import dataclass
from math import inf
from typing import Self

import numpy as np
from msgspec import Struct, field

from aquiver.model import Chunk, Clock, Samples, Signal, Unit
from detector.dsp.filters import Cascade, band_pass
from detector.dsp.floor import block_length

_BAND_HZ = (0.5, 15.0)  # this and the next four: detection.md, section 4 step 5d
_TOP_SHARE = 0.45  # of the sample rate: a filter needs room below Nyquist
_LEAST_G = 0.010
_FLOORS = 6.0
_MARGIN_S = 1.0
_N_TOGETHER = 3  # blocks: a twitch shakes the skin for 0.3 s, a limb moves for 0.5 s at least (WASM)
_N_KNOWN = 120  # blocks: half a minute
_QUIET_SHARE = 0.1
_N_FEWEST = 20
_N_SETTLING = 5  # blocks at the start and after a gap: the filter turns to the direction of gravity
_CLOCK_S = 0.25  # a clock that is put right moves what it told by less


@dataclass(frozen=True, slots=True)
class Moved:
    """A stretch of movement, its margins included, in UNIX seconds."""

    start_s: float
    stop_s: float


class Motion(Struct):
    """Find movement in one run, in blocks of 0.25 s: 0.5-15 Hz, all axes, for longer than a twitch shakes the skin.

    It stands well above what is usual, and above 10 mg. Any accelerometer will do, also one that is too coarse or too
    slow to see a twitch. Before ``frontier_s`` no more movement will be found; none reaches back into a gap.
    """

    scales: list[float]
    n_block: int
    cascade: Cascade
    rest: Samples
    expected: int
    known: list[float] = field(default_factory=list)  # rms of the newest blocks
    n_settling: int = _N_SETTLING
    n_shaking: int = 0  # blocks on end, up to the newest
    begun_s: float | None = None  # where the stretch without a gap began
    frontier_s: float = -inf

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
        if self.begun_s is None or chunk.first_sample > self.expected:
            self._begin_stretch(chunk)
        self.expected = max(self.expected, chunk.end_sample)
        samples = np.concatenate([self.rest, chunk.samples[n_seen:]])
        n_whole = len(samples) // self.n_block * self.n_block
        self.rest = samples[n_whole:].copy()
        first = self.expected - len(samples)
        moved = self._blocks(samples[:n_whole], first, chunk.clock) if n_whole else []
        n_open = min(self.n_shaking, _N_TOGETHER - 1) * self.n_block
        told_s = chunk.clock.time_of(first + n_whole - n_open) - _MARGIN_S - _CLOCK_S
        self.frontier_s = max(self.frontier_s, self._since(told_s))
        return moved

    def _begin_stretch(self, chunk: Chunk) -> None:
        self.expected = max(self.expected, chunk.first_sample)
        self.begun_s = chunk.clock.time_of(self.expected)
        self.cascade.restart()
        self.rest, self.n_settling, self.n_shaking = self.rest[:0].copy(), _N_SETTLING, 0

    def _since(self, time_s: float) -> float:
        return time_s if self.begun_s is None else max(time_s, self.begun_s)

    def _blocks(self, samples: Samples, first: int, clock: Clock) -> list[Moved]:
        filtered = self.cascade.update(samples.T * np.array(self.scales)[:, np.newaxis])
        power = (filtered * filtered).sum(axis=0).reshape(-1, self.n_block).mean(axis=1)
        moved = []
        for index, rms in enumerate(np.sqrt(power).tolist()):
            self.n_shaking = self.n_shaking + 1 if self._is_shaking(rms) else 0
            if self.n_shaking >= _N_TOGETHER:
                start_s = clock.time_of(first + (index + 1 - _N_TOGETHER) * self.n_block)
                stop_s = clock.time_of(first + (index + 1) * self.n_block)
                moved.append(Moved(self._since(start_s - _MARGIN_S), stop_s + _MARGIN_S))
        return moved

    def _is_shaking(self, rms: float) -> bool:
        if self.n_settling:
            self.n_settling -= 1
            return False
        self.known = [*self.known, rms][-_N_KNOWN:]
        usual = float(np.quantile(self.known, _QUIET_SHARE)) if len(self.known) >= _N_FEWEST else 0.0
        return rms > max(_LEAST_G, _FLOORS * usual)
