"""The envelope method: short-window energy over a noise floor, with hysteresis."""

from dataclasses import dataclass
from functools import reduce
from typing import Self

import numpy as np
from msgspec import Struct

from aquiver.model import Samples, Signal
from detector.dsp import Floats
from detector.dsp.energy import SlidingEnergy
from detector.dsp.faults import FaultFinder
from detector.dsp.filters import Cascade
from detector.dsp.floor import NoiseFloor, block_length
from detector.dsp.hysteresis import Burst, Hysteresis, Lane
from detector.finding import Candidate, Finding, Stretch
from detector.methods.survey import Surveyor

_OFF_SHARE = 0.5  # a burst lasts while its rms is above this share of the threshold
_TAIL_SHARE = 0.25  # and above this share of the peak before it, for a while: notches at 50, 100, 150, 200 Hz give an
_TAIL_S = 0.2  # echo every 20 ms, below 0.23 of the peak after 40 ms, and decaying with 0.19 s (computed, 1000 Hz)
_LEAST_FLOOR_LSB = 0.5  # a lower floor would say more about the converter than about the skin


@dataclass(frozen=True, slots=True)
class Tuning:
    """The numbers in which one envelope method differs from another.

    ``k`` is the threshold in rms of the noise, ``loudest_rest`` the noise above which a lane is off, in its unit.
    With ``is_vector`` the channels are the axes of one lane.
    """

    sections: Floats
    k: float
    window_s: float
    merge_s: float
    min_width_s: float
    max_width_s: float
    n_flat: int
    is_vector: bool
    loudest_rest: float = np.inf


@dataclass(frozen=True, slots=True)
class _Recent:
    """Filtered samples, shape (channels, n), and the number of the first."""

    samples: Floats
    position: int


class Envelope(Struct):
    """Find bursts of energy, block by block, and tell where there was no hope of finding any.

    A lane is what is searched as one: each channel, or the vector of all. In every block a lane is either searched
    or marked with a reason. Scores are squares of rms over floor.
    """

    scales: Floats  # (channels, 1)
    n_block: int
    n_window: int
    min_width: int
    max_width: int
    cascade: Cascade
    energy: SlidingEnergy
    surveyor: Surveyor
    hysteresis: Hysteresis
    tail: Floats  # (channels, n) newest filtered samples: a burst that ends in the next block may begin here

    @classmethod
    def tuned(cls, signal: Signal, tuning: Tuning, position: int) -> Self:
        """Start knowing nothing; ``position`` is the number of the first sample."""
        rate_hz, n_channels = signal.rate_hz, len(signal.channels)
        n_block, on = block_length(rate_hz), tuning.k**2
        n_window, n_merge = round(tuning.window_s * rate_hz), round(tuning.merge_s * rate_hz)
        max_width = int(tuning.max_width_s * rate_hz)
        scales = np.array([[channel.scale] for channel in signal.channels])
        least_floor = _LEAST_FLOOR_LSB * np.abs(scales)
        if tuning.is_vector:
            least_floor = least_floor.max(axis=0, keepdims=True)
        n_lanes = len(least_floor)
        faults = FaultFinder.begin(signal.limit, tuning.n_flat, n_block, is_vector=tuning.is_vector)
        floor = NoiseFloor.begin(n_lanes, n_channels // n_lanes, n_block)
        return cls(
            scales=scales,
            n_block=n_block,
            n_window=n_window,
            min_width=int(np.ceil(tuning.min_width_s * rate_hz)),
            max_width=max_width,
            cascade=Cascade.begin(tuning.sections),
            energy=SlidingEnergy.begin(n_lanes, n_window),
            surveyor=Surveyor.begin(faults, floor, least_floor, tuning.loudest_rest),
            hysteresis=Hysteresis(
                on=on,
                off=_OFF_SHARE**2 * on,
                tail=_TAIL_SHARE**2,
                n_decay=_TAIL_S / 2 * rate_hz,  # of squares: half the time
                n_merge=n_merge,
                position=position,
                lanes=[Lane() for _ in range(n_lanes)],
            ),
            tail=np.zeros((n_channels, n_merge + max_width + 2 * n_window)),
        )

    @property
    def n_lanes(self) -> int:
        """Count the lanes."""
        return len(self.hysteresis.lanes)

    def feed(self, samples: Samples) -> list[Finding]:
        """Search the next whole blocks, shape (blocks x n_block, channels)."""
        position, n_tail = self.hysteresis.position, self.tail.shape[1]
        raw = np.ascontiguousarray(samples.T)
        filtered = self.cascade.update(raw * self.scales)
        power = self._power(filtered)
        survey = self.surveyor.update(raw, power)
        weights = np.where(survey.searched, 1 / survey.floor**2, 0.0)[..., np.newaxis]
        scores = self.energy.update(power).reshape(self.n_lanes, -1, self.n_block) * weights
        recent = _Recent(np.hstack([self.tail, filtered]), position - n_tail)
        self.tail = recent.samples[:, -n_tail:].copy()
        findings = []
        for index, bursts in enumerate(self.hysteresis.update(scores)):
            block = Stretch(position + index * self.n_block, position + (index + 1) * self.n_block)
            finding = Finding(
                block=block,
                candidates=self._candidates(bursts.over, recent, survey.floor[:, index]),
                wide=self._wide(bursts.over + bursts.open),
                loud_lanes=survey.loud_lanes(index),
                marks=survey.marks(index, block),
                floor=survey.rest[index],
            )
            findings.append(finding)
        return findings

    def finish(self) -> Finding:
        """End the burst that goes on, as it stands: no more samples follow."""
        position = self.hysteresis.position
        recent = _Recent(self.tail, position - self.tail.shape[1])
        over = self.hysteresis.finish().over
        candidates = self._candidates(over, recent, self.surveyor.newest_floor)
        return Finding(Stretch(position, position), candidates, self._wide(over))

    def restart(self, position: int) -> None:
        """Go on after a gap: only what is known of the noise is kept, and grows old."""
        self.surveyor.restart((position - self.hysteresis.position) // self.n_block)
        self.hysteresis.restart(position)
        self.cascade.restart()
        self.energy.restart()

    def screen(self, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Keep the candidates that may be twitches."""
        return candidates

    def _power(self, filtered: Floats) -> Floats:
        squares = filtered**2
        if self.n_lanes == len(squares):
            return squares
        vector: Floats = reduce(np.add, squares)  # in this order, always: a sum over an axis promises none
        return vector[np.newaxis]

    def _candidates(self, bursts: tuple[Burst, ...], recent: _Recent, floor: Floats) -> tuple[Candidate, ...]:
        short = [burst for burst in bursts if self.min_width <= self._width(burst) <= self.max_width]
        return self.screen(tuple(self._candidate(burst, recent, float(floor[burst.lane])) for burst in short))

    def _candidate(self, burst: Burst, recent: _Recent, floor: float) -> Candidate:
        """Take a burst off its window: a causal rms comes half a window late, and stays a whole one."""
        channels = [burst.lane] if self.n_lanes > 1 else range(len(recent.samples))
        first, last = burst.start - self.n_window - recent.position, burst.stop - recent.position
        cuts = [recent.samples[channel, first:last] for channel in channels]
        swings = [float(cut.max() - cut.min()) for cut in cuts]
        amplitude = max(swings)
        return Candidate(
            lane=burst.lane,
            channel=channels[swings.index(amplitude)],
            start=burst.start,
            stop=burst.stop - self.n_window,
            peak=max(burst.start, burst.peak - self.n_window // 2),
            strength=burst.score**0.5 * floor,
            amplitude=amplitude,
            snr=amplitude / floor,
        )

    def _wide(self, bursts: tuple[Burst, ...]) -> tuple[Stretch, ...]:
        return tuple(Stretch(burst.start, burst.stop) for burst in bursts if self._width(burst) > self.max_width)

    def _width(self, burst: Burst) -> int:
        return burst.stop - burst.start - self.n_window
