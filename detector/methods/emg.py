"""Twitches in surface EMG."""

from typing import Self

import numpy as np

from msgspec import field

from aquiver.errors import RefusedStream
from aquiver.model import Signal, SpanReason, Unit
from detector.dsp import Floats, context
from detector.dsp.filters import band_pass, notches
from detector.finding import Candidate, Mark
from detector.heart import Heart
from detector.methods.envelope import Envelope, Recent, Tuning

_SLOWEST_HZ = 200.0
_LOW_HZ = 20.0
_HIGH_HZ = 450.0
_HIGH_SHARE = 0.475  # of the sample rate: a filter needs room below Nyquist
_WINDOW_S = 0.012
_MERGE_S = 0.015
_MIN_WIDTH_S = 0.003  # shorter is a spark, not a muscle
_MAX_WIDTH_S = 0.060  # longer is a movement
_FLAT_S = 0.050
_FEWEST_FLAT = 20  # 8-bit noise of one step stands still for 10 samples every few minutes, for 20 never
_LOUDEST_REST_UV = 30.0  # an electrode that is off (S-PLMAD, Moore 2014)

# Thresholds in rms of the noise for 1 false alarm per hour in Gaussian noise (detection bench 3.2), and the margin.
_RATES_HZ = (200.0, 250.0, 500.0, 1000.0)
_THRESHOLDS = (3.71, 3.28, 2.58, 2.14)
_MARGIN = 1.12
_WEAK_SHARE = 0.8
_LONGEST_S = 0.120

_BEAT_S = (0.090, 0.070)
_POP_S = (0.1, 1.0)
_SLOW_SHARE = 0.45
_STEP_SHARE = 0.25


class Emg(Envelope, tag="emg"):
    """Find potentials of 3-60 ms, on each channel for itself: causal rms of 12 ms over a low-quantile floor.

    >>> from aquiver.model import Channel, Modality
    >>> signal = Signal(Modality.EMG, 500.0, Unit.MICROVOLT, 32768, (Channel("1"),))
    >>> samples = np.random.default_rng(1).normal(0, 4, (8 * 500, 1))
    >>> samples[3500:3505, 0] += (20, 40, 0, -40, -20)
    >>> findings = Emg.begin(signal, 50.0, 0).feed(samples.round().astype(np.int32))
    >>> [(candidate.start, candidate.peak) for finding in findings for candidate in finding.candidates]
    [(3501, 3502)]
    """

    rate_hz: float = 0.0
    heart: Heart = field(default_factory=lambda: Heart(1.0))
    held: list[Candidate] = field(default_factory=list)

    @classmethod
    def begin(cls, signal: Signal, mains_hz: float | None, position: int) -> Self:
        """Start at a sample number.

        Raises:
            RefusedStream: the signal is too slow, or no voltage.
        """
        if signal.rate_hz < _SLOWEST_HZ:
            raise RefusedStream(f"EMG at {signal.rate_hz:g} Hz is too slow: a twitch needs {_SLOWEST_HZ:g} Hz.")
        if signal.unit not in {Unit.MICROVOLT, Unit.COUNT}:
            raise RefusedStream(f"EMG in {signal.unit} is no voltage.")
        is_voltage = signal.unit == Unit.MICROVOLT
        tuning = Tuning(
            sections=_sections(signal.rate_hz, mains_hz),
            k=_MARGIN * float(np.interp(signal.rate_hz, _RATES_HZ, _THRESHOLDS)),
            window_s=_WINDOW_S,
            merge_s=_MERGE_S,
            min_width_s=_MIN_WIDTH_S,
            max_width_s=_MAX_WIDTH_S,
            n_flat=max(_FEWEST_FLAT, round(_FLAT_S * signal.rate_hz)),
            is_vector=False,
            weak_share=_WEAK_SHARE,
            longest_s=_LONGEST_S,
            n_past=round(context.PAST_S * signal.rate_hz),
            loudest_rest=_LOUDEST_REST_UV if is_voltage else np.inf,
        )
        method = cls.tuned(signal, tuning, position)
        method.rate_hz = signal.rate_hz
        method.heart = Heart(signal.rate_hz)
        return method

    def restart(self, position: int) -> None:
        """Go on after a gap: the heart goes on too."""
        self.held = []
        Envelope.restart(self, position)

    def screen(
        self, candidates: list[Candidate], recent: Recent, *, is_last: bool = False
    ) -> tuple[tuple[Candidate, ...], tuple[Mark, ...]]:
        """Judge the candidates of the block before, whose surroundings are known now."""
        due, self.held = self.held, candidates
        if is_last:
            due, self.held = [*due, *candidates], []
        kept, marks = [], []
        for candidate in due:
            raw = recent.raw[candidate.channel] * self.scales[candidate.channel]
            at = candidate.peak - recent.position
            share = context.slow_share(raw, at, candidate.amplitude, self.rate_hz)
            step, before = context.step_size(raw, at, self.rate_hz)
            lanes = frozenset((candidate.lane,))
            if share > _SLOW_SHARE and self.heart.is_beating(candidate.peak):
                marks.append(self._mark(candidate, _BEAT_S, SpanReason.HEART))
            elif step - before > _STEP_SHARE * candidate.amplitude:
                marks.append(self._mark(candidate, _POP_S, SpanReason.CONTACT))
            elif share > _SLOW_SHARE:
                marks.append(self._mark(candidate, _BEAT_S, SpanReason.MOVEMENT))
            else:
                kept.append(candidate)
        return tuple(kept), tuple(marks)

    def _mark(self, candidate: Candidate, margin_s: tuple[float, float], reason: SpanReason) -> Mark:
        before, after = (round(margin * self.rate_hz) for margin in margin_s)
        return Mark(candidate.peak - before, candidate.peak + after, reason, frozenset((candidate.lane,)))


def _sections(rate_hz: float, mains_hz: float | None) -> Floats:
    band = band_pass(rate_hz, _LOW_HZ, min(_HIGH_HZ, _HIGH_SHARE * rate_hz))
    return np.vstack([band, notches(rate_hz, mains_hz)])
