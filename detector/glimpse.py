"""Glimpses: bursts of one stream, told as they come."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aquiver.model import Chunk, Glimpse, Modality, Signal, Unit
from detector.dsp import Floats
from detector.dsp.energy import SlidingEnergy
from detector.dsp.filters import Cascade, band_pass, notches
from detector.dsp.floor import NoiseFloor, block_length
from detector.dsp.lines import hums
from detector.methods.emg import threshold

_FALSE_PER_S = 2 / 3600  # of a whole band, in Gaussian noise
_TOP_SHARE = 0.475  # of the sample rate: a filter needs room below Nyquist
_OFF_SHARE = 0.5  # of the threshold's power: a burst lasts while it is above; noise seldom is
_MERGE_S = 0.015
_ECHO_SHARE = 0.1  # of the highest power: what notches make of a large burst is below
_LOUD = 3.0  # times the rest: a block of movement, and nothing is told until one is quiet
_SETTLING_S = 0.5  # filters come to rest after a gap
_N_BETWEEN_CHECKS = 20  # blocks: for mains, every five seconds


@dataclass(frozen=True, slots=True)
class _Look:
    """How one kind of sensor is looked at; the numbers are those of its method, but for ``k`` and ``apart_s``.

    ``k`` is the threshold in rms of the noise; what begins within ``apart_s`` of the burst before is not told again.
    """

    unit: tuple[Unit, ...]
    slowest_hz: float
    band_hz: tuple[float, float]
    window_s: float
    width_s: tuple[float, float]
    apart_s: float
    k: float | None


_LOOKS = {
    Modality.EMG: _Look((Unit.MICROVOLT, Unit.COUNT), 200.0, (20.0, 450.0), 0.012, (0.003, 0.06), 0.05, None),
    Modality.ACCELEROMETER: _Look((Unit.G,), 50.0, (5.0, 45.0), 0.05, (0.04, 0.4), 0.3, 6.0),
}


@dataclass(frozen=True, slots=True)
class _Burst:
    """A burst as far as it is known, in sample numbers."""

    start: int
    channel: int
    amplitude: float


@dataclass(slots=True)
class _Run:
    """Where a lane was last above, and whether that was told."""

    start: int
    stop: int
    is_told: bool = False


class Lookout:
    """Report the bursts of one run of one stream, each once, with the chunk in which they rise above the noise.

    Nothing is waited for and nothing is taken back: a glimpse may be a movement that begins, or a heartbeat. The noise
    is known after five seconds; samples seen before are passed over, and after a gap the filters come to rest first.
    """

    def __init__(self, chunk: Chunk, look: _Look) -> None:
        signal = chunk.stream.signal
        n_channels, self._rate_hz = len(signal.channels), signal.rate_hz
        is_vector = signal.modality is Modality.ACCELEROMETER
        self._n_lanes = 1 if is_vector else n_channels
        self._scales = np.array([[channel.scale] for channel in signal.channels])
        self._least = 0.5 * np.abs(self._scales).max()
        self._band = band_pass(self._rate_hz, look.band_hz[0], min(look.band_hz[1], _TOP_SHARE * self._rate_hz))
        self._may_hum = not is_vector
        self._mains_hz: float | None = None
        self._k = look.k or threshold(self._rate_hz, _FALSE_PER_S / n_channels)
        self._n_window = round(look.window_s * self._rate_hz)
        self._width = tuple(width_s * self._rate_hz for width_s in look.width_s)
        self._n_apart = round(look.apart_s * self._rate_hz)
        self._n_second = round(self._rate_hz)
        self._n_merge = round(_MERGE_S * self._rate_hz)
        self._n_block = block_length(self._rate_hz)
        self._cascade = Cascade.begin(self._band)
        self._energy = SlidingEnergy.begin(self._n_lanes, self._n_window)
        self._floor = NoiseFloor.begin(self._n_lanes, n_channels // self._n_lanes, self._n_block)
        self._levels = np.full((self._n_lanes, 1), np.inf)  # the floor of each lane; infinite while nothing is told
        self._power = np.zeros((self._n_lanes, 0))  # not yet a block
        self._n_checks = 0
        self._raw = np.zeros((n_channels, 0))  # the newest second
        self._tail = np.zeros((n_channels, 2 * self._n_window))
        long_ago = chunk.first_sample - self._n_apart
        self._runs = [_Run(long_ago, long_ago) for _ in range(self._n_lanes)]
        self._told = long_ago
        self._expected = self._settled = chunk.first_sample
        self.run = chunk.run

    @classmethod
    def over(cls, chunk: Chunk) -> "Lookout | None":
        """Start with the first chunk of a run; nothing where no method could judge the stream."""
        look = _LOOKS.get(chunk.stream.modality)
        if look is None or not _is_fit(chunk.stream.signal, look):
            return None
        return cls(chunk, look)

    def feed(self, chunk: Chunk) -> list[Glimpse]:
        """Take the next chunk, and give what is seen in it."""
        n_seen = min(max(0, self._expected - chunk.first_sample), chunk.n_samples)
        if chunk.first_sample > self._expected:
            self._restart(chunk.first_sample)
        samples = chunk.samples[n_seen:]
        if not len(samples):
            return []
        first, self._expected = self._expected, self._expected + len(samples)
        values = samples.T * self._scales
        filtered = self._cascade.update(values)
        power = filtered * filtered
        power = power.sum(axis=0, keepdims=True) if self._n_lanes == 1 else power
        scores = self._energy.update(power) / (self._k * np.maximum(self._levels, self._least)) ** 2
        joined = np.hstack([self._tail, filtered])
        bursts = [] if first < self._settled else self._bursts(scores, first, joined)
        self._tail = joined[:, joined.shape[1] - self._tail.shape[1] :]
        self._learn(power, values)
        return [self._glimpse(burst, chunk) for burst in self._once(bursts)]

    def _restart(self, position: int) -> None:
        n_blocks = (position - self._expected) // self._n_block
        self._floor.age(n_blocks)
        self._cascade.restart()
        self._energy.restart()
        self._power, self._raw = self._power[:, :0], self._raw[:, :0]
        self._expected, self._settled = position, position + round(_SETTLING_S * self._rate_hz)

    def _bursts(self, scores: Floats, first: int, filtered: Floats) -> list[_Burst]:
        """Find what has risen above the threshold and is not yet longer than a twitch, on each lane."""
        found = []
        for lane in np.flatnonzero((scores > _OFF_SHARE).any(axis=1)).tolist():
            run = self._runs[lane]
            above = np.flatnonzero(scores[lane] > _OFF_SHARE)
            edges = [0, *(np.flatnonzero(np.diff(above) > self._n_merge) + 1).tolist(), len(above)]
            for begin, end in pairwise(edges):
                start, stop = int(above[begin]), int(above[end - 1]) + 1
                if first + start - run.stop >= self._n_merge:
                    run.start, run.is_told = first + start, False
                run.stop = first + stop
                if not run.is_told and scores[lane, start:stop].max() >= 1.0:
                    run.is_told = True
                    if self._is_short(scores[lane, start:stop], is_open=stop == scores.shape[1]):
                        found.append(self._burst(lane, run.start, start, stop, filtered))
        return found

    def _is_short(self, scores: Floats, *, is_open: bool) -> bool:
        """Tell whether a burst may be a twitch by its length so far; what rings on in the filters is none of it."""
        high = np.flatnonzero(scores > _ECHO_SHARE * scores.max())
        width = high[-1] + 1 - high[0] - self._n_window
        return bool(width <= self._width[1] and (is_open or len(scores) - self._n_window >= self._width[0]))

    def _burst(self, lane: int, begun: int, start: int, stop: int, filtered: Floats) -> _Burst:
        n_tail = self._tail.shape[1]
        seen = filtered[:, n_tail + start - self._n_window : n_tail + stop]
        sizes = np.ptp(seen, axis=1)
        channel = lane if self._n_lanes > 1 else int(sizes.argmax())
        return _Burst(begun, channel, float(sizes[channel]))

    def _once(self, bursts: list[_Burst]) -> list[_Burst]:
        """Let several channels that see one burst tell of it once, at its largest."""
        told: list[_Burst] = []
        for burst in sorted(bursts, key=lambda burst: burst.start):
            if told and burst.start - told[-1].start < self._n_apart:
                told[-1] = max(told[-1], burst, key=lambda burst: burst.amplitude)
            elif burst.start - self._told >= self._n_apart:
                told.append(burst)
        self._told = max([self._told, *(burst.start for burst in bursts)])
        return told

    def _learn(self, power: Floats, values: Floats) -> None:
        """Let whole blocks say how loud the noise is."""
        self._raw = np.hstack([self._raw, values])[:, -self._n_second :]
        power = np.hstack([self._power, power])
        n_blocks = power.shape[1] // self._n_block
        whole, self._power = power[:, : n_blocks * self._n_block], power[:, n_blocks * self._n_block :]
        if not n_blocks:
            return
        medians = np.median(whole.reshape(self._n_lanes, n_blocks, self._n_block), axis=-1)
        levels = self._floor.update(medians, np.ones_like(medians, bool))
        is_loud = levels.block[:, -1:] > _LOUD * levels.rest[:, -1:]
        self._levels = np.where(is_loud.any(), np.inf, levels.floor[:, -1:])
        self._n_checks += n_blocks
        if self._may_hum and self._n_checks >= _N_BETWEEN_CHECKS:
            self._n_checks = 0
            self._check_mains()

    def _check_mains(self) -> None:
        """Take out mains where they are heard, at whichever frequency, and for the rest of the run."""
        heard = hums(self._raw, self._rate_hz)
        loudest = max(heard, key=heard.__getitem__)
        if heard[loudest] > 0.0 and loudest != self._mains_hz:
            self._mains_hz = loudest
            self._cascade = Cascade.begin(np.vstack([self._band, notches(self._rate_hz, loudest)]))
            self._floor.forget()
            self._settled = self._expected + round(_SETTLING_S * self._rate_hz)

    def _glimpse(self, burst: _Burst, chunk: Chunk) -> Glimpse:
        stream = chunk.stream
        return Glimpse(
            wearer=stream.wearer,
            device=stream.device,
            site=stream.site,
            modality=stream.modality,
            onset_s=chunk.clock.time_of(burst.start),
            channel=stream.signal.channels[burst.channel].name,
            amplitude=burst.amplitude,
            unit=stream.signal.unit,
        )


def _is_fit(signal: Signal, look: _Look) -> bool:
    is_scaled = all(channel.scale for channel in signal.channels)
    return is_scaled and signal.unit in look.unit and signal.rate_hz >= look.slowest_hz
