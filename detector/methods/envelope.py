"""The envelope method: short-window energy over a noise floor, with hysteresis."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from msgspec import Struct

from aquiver.model import Samples, Signal
from detector.dsp import Floats
from detector.dsp.energy import SlidingEnergy
from detector.dsp.faults import FaultFinder
from detector.dsp.filters import Cascade
from detector.dsp.floor import NoiseFloor, block_length
from detector.dsp.hysteresis import NO_BURSTS, Burst, Bursts, Hysteresis
from detector.dsp.sizes import sizes
from detector.dsp.summits import summits
from detector.dsp.sweep import power_of
from detector.finding import N_AHEAD, Candidate, Finding, Mark, Stretch
from detector.methods.survey import Survey, Surveyor
from detector.methods.tile import Scanner

_OFF_SHARE = 0.5  # a burst lasts while its rms is above this share of the threshold
_TAIL_SHARE = 0.25  # and above this share of the peak before it, for a while: notches at 50, 100, 150, 200 Hz give an
_TAIL_S = 0.2  # echo every 20 ms, below 0.23 of the peak after 40 ms, and decaying with 0.19 s (computed, 1000 Hz)
_APART_S = 0.020  # potentials nearer than this are one
_SECOND_SHARE = 0.2  # of the highest peak's power: what is smaller is that potential's own echo
_VALLEY = 0.35  # of the lower peak's power: what lies deeper divides two potentials
_LEAST_FLOOR_LSB = 0.5  # a lower floor would say more about the converter than about the skin


@dataclass(frozen=True, slots=True)
class Tuning:
    """The numbers in which one envelope method differs from another.

    ``k`` is the threshold in rms of the noise, ``loudest_rest`` the noise above which a lane is off, in its unit.
    With ``is_vector`` the channels are the axes of one lane. ``n_past`` filtered samples and ``n_past_raw`` raw ones are kept
    to look at what came before a candidate that is screened a block later.
    """

    sections: Floats
    k: float
    window_s: float
    merge_s: float
    min_width_s: float
    max_width_s: float
    n_flat: int
    is_vector: bool
    weak_k: float | None = None
    longest_s: float = 0.0
    n_past: int = 0
    n_past_raw: int = 0
    loudest_rest: float = np.inf


class Recent(Struct, frozen=True):
    """The newest samples: raw ones, shape (n, channels), and filtered ones, (channels, n); each with its first's number."""

    raw: Samples
    samples: Floats
    position: int
    raw_position: int


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
    widest: int
    n_apart: int
    k: float
    strong: float
    cascade: Cascade
    energy: SlidingEnergy
    surveyor: Surveyor
    hysteresis: Hysteresis
    tail: Floats  # (channels, n) newest filtered samples: a burst that ends in the next block may begin here
    raw_tail: Samples  # (n, channels)
    held: list[Candidate]  # of the block before, to be screened now
    kept: list[Candidate]  # screened, to be reviewed when the second after them is known

    @classmethod
    def tuned(cls, signal: Signal, tuning: Tuning, position: int) -> Self:
        """Start knowing nothing; ``position`` is the number of the first sample."""
        rate_hz, n_channels = signal.rate_hz, len(signal.channels)
        n_block, strong = block_length(rate_hz), tuning.k**2
        on = strong if tuning.weak_k is None else tuning.weak_k**2
        n_window, n_merge = round(tuning.window_s * rate_hz), round(tuning.merge_s * rate_hz)
        max_width = int(tuning.max_width_s * rate_hz)
        n_kept = n_merge + max(max_width, int(tuning.longest_s * rate_hz)) + 2 * n_window + 2
        n_kept = max(n_kept, tuning.n_past)
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
            widest=max(max_width, int(tuning.longest_s * rate_hz)),
            n_apart=max(2, round(_APART_S * rate_hz)),
            k=tuning.k,
            strong=strong,
            cascade=Cascade.begin(tuning.sections),
            energy=SlidingEnergy.begin(n_lanes, n_window),
            surveyor=Surveyor.begin(faults, floor, least_floor, tuning.loudest_rest),
            hysteresis=Hysteresis.begin(
                n_lanes,
                on=on,
                off=_OFF_SHARE**2 * strong,
                tail=_TAIL_SHARE**2,
                n_decay=_TAIL_S / 2 * rate_hz,  # of squares: half the time
                n_merge=n_merge,
                position=position,
            ),
            tail=np.zeros((n_channels, n_kept)),
            raw_tail=np.zeros((max(1, tuning.n_past_raw), n_channels), np.int32),
            held=[],
            kept=[],
        )

    @property
    def n_lanes(self) -> int:
        """Count the lanes."""
        return len(self.hysteresis.state)

    def feed(self, samples: Samples) -> list[Finding]:
        """Search the next whole blocks, shape (blocks x n_block, channels)."""
        return list(self.search(samples))

    def search(self, samples: Samples) -> Iterator[Finding]:
        """Search the next whole blocks, each when it is asked for: what was learned by then is from before it."""
        position, n = self.hysteresis.position, len(samples)
        raw = np.concatenate([self.raw_tail, samples])
        scanner = Scanner(self.scales, self.cascade, self.energy, self.surveyor, self.hysteresis)
        tile = scanner.scan(raw[-n:], self.tail)
        first = position - self.tail.shape[1]
        recent = Recent(raw, tile.samples, first, position - len(self.raw_tail))
        self.raw_tail, self.tail = raw[n:], tile.samples[:, n:].copy()
        yield from self._tell(tile.bursts, tile.survey, recent, position)
        self.remember(recent.samples[:, -n:])

    def _tell(self, bursts: list[Bursts], survey: Survey, recent: Recent, position: int) -> Iterator[Finding]:
        """Tell of the blocks from ``position`` on in their order, and of those together with nothing to tell.

        The candidates of a block are told with the next one: their surroundings are known then.
        """
        levels, rest, is_ordinary = survey.levels.tolist(), tuple(survey.rest.tolist()), survey.is_ordinary.tolist()
        begun = 0
        for index, found in enumerate(bursts):
            if found is NO_BURSTS and is_ordinary[index] and not self.held and not self.kept:
                continue
            block = self._blocks(index, index + 1, position)
            due, self.held = self.held, self._candidates(found.over, recent, survey.floor[:, index])
            late_marks = self._reviewed(recent, block.stop)
            wide = self._wide(found.over + found.open)
            if is_ordinary[index] and not due and not late_marks and not wide:
                continue
            if begun < index:
                yield Finding(
                    self._blocks(begun, index, position), levels=levels[begun:index], floors=rest[begun:index]
                )
            candidates, marks = self._screened(due, recent)
            yield Finding(
                block=block,
                candidates=candidates,
                wide=wide,
                loud_lanes=survey.loud_lanes(index),
                marks=(*survey.marks(index, block), *late_marks, *marks),
                levels=levels[index : index + 1],
                floors=rest[index : index + 1],
            )
            begun = index + 1
        if begun < len(bursts):
            yield Finding(self._blocks(begun, len(bursts), position), levels=levels[begun:], floors=rest[begun:])

    def _blocks(self, first: int, after: int, position: int) -> Stretch:
        return Stretch(position + first * self.n_block, position + after * self.n_block)

    def finish(self) -> Finding:
        """End the burst that goes on, as it stands: no more samples follow."""
        position = self.hysteresis.position
        first = position - self.tail.shape[1]
        recent = Recent(self.raw_tail, self.tail, first, position - len(self.raw_tail))
        over = self.hysteresis.finish().over
        due = self.held + self._candidates(over, recent, self.surveyor.newest_floor)
        self.held = []
        candidates, marks = self._screened(due, recent)
        marks += self.review(self.kept, recent, position)
        return Finding(Stretch(position, position), candidates, self._wide(over), marks=marks)

    def restart(self, position: int) -> None:
        """Go on after a gap: only what is known of the noise is kept, and grows old."""
        self.held, self.kept = [], []
        self.tail = np.zeros_like(self.tail)
        self.surveyor.restart((position - self.hysteresis.position) // self.n_block)
        self.hysteresis.restart(position)
        self.cascade.restart()
        self.energy.restart()

    def screen(self, due: list[Candidate], recent: Recent) -> tuple[tuple[Candidate, ...], tuple[Mark, ...]]:
        """Give the candidates that may be twitches, and the time that others spoil; their surroundings are known now."""
        raise NotImplementedError

    def _screened(self, due: list[Candidate], recent: Recent) -> tuple[tuple[Candidate, ...], tuple[Mark, ...]]:
        """Screen candidates, and keep those that may be counted."""
        if not due:
            return (), ()
        candidates, marks = self.screen(due, recent)
        self.kept += [candidate for candidate in candidates if not candidate.is_weak]
        return candidates, marks

    def review(self, _due: list[Candidate], _recent: Recent, _until: int) -> tuple[Mark, ...]:
        """Give the time that candidates spoil by what came in the second after them, before ``until``."""
        return ()

    def remember(self, _filtered: Floats) -> None:
        """Take filtered samples, shape (channels, n), that are told of."""

    def _reviewed(self, recent: Recent, until: int) -> tuple[Mark, ...]:
        """Review the candidates that are decided with the block that ends here."""
        edge = until - N_AHEAD * self.n_block
        due = [candidate for candidate in self.kept if candidate.start < edge]
        if not due:
            return ()
        self.kept = [candidate for candidate in self.kept if candidate.start >= edge]
        return self.review(due, recent, until)

    def _candidates(self, bursts: tuple[Burst, ...], recent: Recent, floor: Floats) -> list[Candidate]:
        if not bursts:
            return []
        pieces = [piece for burst in bursts if not self._is_wide(burst) for piece in self._split(burst, recent)]
        pieces = [piece for piece in pieces if self._width(piece) >= self.min_width]
        floors = floor.tolist()
        return [
            self._candidate(piece, size, channel, floors[piece.lane])
            for piece, (size, channel) in zip(pieces, self._sizes(pieces, recent), strict=True)
        ]

    def _split(self, burst: Burst, recent: Recent) -> list[Burst]:
        """Divide a burst that holds several potentials: peaks with a deep valley between them."""
        if burst.stop - burst.start < self.n_window + self.n_apart:
            return [burst]
        energy = self._energy(burst, recent)
        highest = float(energy.max())
        least = max(self.strong / burst.score, _SECOND_SHARE) * highest
        peaks = [peak for peak in summits(energy, self.n_apart, _VALLEY) if energy[peak] > least]
        if len(peaks) <= 1:
            return [burst]
        cuts = [0, *(peak + int(energy[peak:after].argmin()) for peak, after in pairwise(peaks)), len(energy)]
        return [
            Burst(
                burst.lane,
                burst.start + start,
                burst.start + stop,
                burst.start + peak,
                burst.score * float(energy[peak]) / highest,
            )
            for peak, (start, stop) in zip(peaks, pairwise(cuts), strict=True)
        ]

    def _energy(self, burst: Burst, recent: Recent) -> Floats:
        first, last = burst.start - recent.position, burst.stop - recent.position
        power = power_of(recent.samples[self._channels(burst.lane), first - self.n_window : last], 1)[0]
        total: Floats = np.convolve(power, np.ones(self.n_window), "valid")
        return total[1:]

    def _channels(self, lane: int) -> list[int]:
        return [lane] if self.n_lanes > 1 else list(range(len(self.tail)))

    def _sizes(self, bursts: list[Burst], recent: Recent) -> list[tuple[float, int]]:
        """Give the largest swing of each burst, and the channel it is on."""
        n_before = self.n_window + recent.position
        cuts = [(burst.lane, burst.start - n_before, burst.stop - recent.position) for burst in bursts]
        n_channels = 1 if self.n_lanes > 1 else len(self.tail)
        return sizes(recent.samples, cuts, n_channels)

    def _candidate(self, burst: Burst, amplitude: float, channel: int, floor: float) -> Candidate:
        """Take a burst off its window: a causal rms comes half a window late, and stays a whole one."""
        return Candidate(
            lane=burst.lane,
            channel=channel,
            start=burst.start,
            stop=burst.stop - self.n_window,
            peak=max(burst.start, burst.peak - self.n_window // 2),
            strength=burst.score**0.5 * floor,
            amplitude=amplitude,
            snr=amplitude / floor,
            is_weak=burst.score < self.strong,
            is_long=self._width(burst) > self.max_width,
        )

    def _is_wide(self, burst: Burst) -> bool:
        return self._width(burst) > self.widest

    def _wide(self, bursts: tuple[Burst, ...]) -> tuple[Stretch, ...]:
        return tuple(Stretch(burst.start, burst.stop) for burst in bursts if self._is_wide(burst))

    def _width(self, burst: Burst) -> int:
        return burst.stop - burst.start - self.n_window
