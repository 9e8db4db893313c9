"""Twitches in surface EMG."""

from typing import Self

import numpy as np
from msgspec import field
from scipy.special import chdtri

from aquiver.errors import RefusedStream
from aquiver.model import Samples, Signal, SpanReason, Unit
from detector.dsp import Floats, context
from detector.dsp.filters import Cascade, band_pass, notches
from detector.dsp.floor import block_length
from detector.dsp.lines import hums
from detector.dsp.past import Past
from detector.finding import N_AHEAD, Candidate, Finding, Mark
from detector.firing import REACH_S, firing
from detector.heart import Heart
from detector.merge import NEAR_S
from detector.methods.envelope import Envelope, Recent, Tuning

_SLOWEST_HZ = 200.0
_LOW_HZ = 20.0
_HIGH_HZ = 450.0
_HIGH_SHARE = 0.475  # of the sample rate: a filter needs room below Nyquist
_WINDOW_S = 0.012
_MERGE_S = 0.015
_MIN_WIDTH_S = 0.0015  # shorter is a spark, not a muscle
_MAX_WIDTH_S = 0.060  # longer is a movement
_FLAT_S = 0.050
_FEWEST_FLAT = 20  # 8-bit noise of one step stands still for 10 samples every few minutes, for 20 never
_LOUDEST_REST_UV = 30.0  # an electrode that is off (S-PLMAD, Moore 2014)

# Thresholds by the false alarms that Gaussian noise may give: its power over n samples is chi-square with n degrees of
# freedom, tried independently some 1.3 times a sample (detection bench 3.2). Weak candidates are only looked at.
_TRIALS_PER_SAMPLE = 1.3
_FALSE_PER_HOUR = 0.5  # of a whole band
_WEAK_PER_S = 0.2  # of a lane
_LONGEST_S = 0.120

# Mains are looked for after the first second, and then every ten; notches stay for a minute after the last hum.
_FIRST_CHECK = 4
_N_BETWEEN_CHECKS = 40
_N_SILENT = 6
_CLEARLY = 4.0
_TAIL = (0.12, 0.15)  # the band-pass alone
_NOTCHED_TAIL = (0.25, 0.2)

_PAST_S = max(1.0, context.PAST_S)  # mains are looked for in a second
_AHEAD_S = 0.5  # more than context.REACH_S
_BEAT_S = (0.030, 0.030)
_LONG_S = (0.25, 0.5)
_POP_S = (0.1, 1.0)
_SATELLITE_S = 0.100
_SLOW_SHARE = 0.32
_SLOW_ALONE_SHARE = 0.6
_STEP_SHARE = 0.25
_UNSURE_S = 15.0  # so long nobody knows whether a heart is in the channel: 5 s of warm-up, 10 s to know it by
_STEP_CLEARLY = 2.0
_UNIT_MARGIN_S = 0.25  # around the discharges of a motor unit that is being used


class Emg(Envelope, tag="emg"):
    """Find potentials of 3-60 ms, on each channel for itself: causal rms of 12 ms over a low-quantile floor.

    >>> from aquiver.model import Channel, Modality
    >>> signal = Signal(Modality.EMG, 500.0, Unit.MICROVOLT, 32768, (Channel("1"),))
    >>> samples = np.random.default_rng(1).normal(0, 4, (8 * 500, 1))
    >>> samples[3500:3505, 0] += (20, 40, 0, -40, -20)
    >>> findings = Emg.begin(signal, 50.0, 0).feed(samples.round().astype(np.int32))
    >>> [one.peak for finding in findings for one in finding.candidates if not one.is_weak]
    [3502]
    """

    rate_hz: float = 0.0
    may_hum: bool = True
    mains_hz: float | None = None  # whose notches are in the filter
    n_until_check: int = _FIRST_CHECK
    n_silent: int = 0
    heart: Heart = field(default_factory=lambda: Heart(1.0))
    past: Past = field(default_factory=lambda: Past.begin(0, 0))

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
            sections=_sections(signal.rate_hz, None),
            k=threshold(signal.rate_hz, _FALSE_PER_HOUR / 3600 / len(signal.channels)),
            weak_k=threshold(signal.rate_hz, _WEAK_PER_S),
            window_s=_WINDOW_S,
            merge_s=_MERGE_S,
            min_width_s=_MIN_WIDTH_S,
            max_width_s=_MAX_WIDTH_S,
            n_flat=max(_FEWEST_FLAT, round(_FLAT_S * signal.rate_hz)),
            is_vector=False,
            longest_s=_LONGEST_S,
            n_past_raw=round(_PAST_S * signal.rate_hz) + 2 * block_length(signal.rate_hz),
            loudest_rest=_LOUDEST_REST_UV if is_voltage else np.inf,
        )
        method = cls.tuned(signal, tuning, position)
        method.rate_hz = signal.rate_hz
        method.heart = Heart(signal.rate_hz, believed_until=position + round(_UNSURE_S * signal.rate_hz))
        n_past = round(REACH_S * signal.rate_hz) + (N_AHEAD + 1) * method.n_block
        method.past = Past.begin(len(signal.channels), n_past)
        method.may_hum = mains_hz is not None
        method.await_ringing(None)
        return method

    def feed(self, samples: Samples) -> list[Finding]:
        """Search the next whole blocks, and listen for mains every ten seconds."""
        findings = []
        while len(samples):
            n_part = min(self.n_until_check * self.n_block, len(samples))
            findings += Envelope.feed(self, samples[:n_part])
            samples = samples[n_part:]
            self.n_until_check -= n_part // self.n_block
            if not self.n_until_check:
                self.n_until_check = _N_BETWEEN_CHECKS
                self._check_mains()
        return findings

    def _check_mains(self) -> None:
        """Choose the notches: mains as they are here, whatever the settings expect."""
        if not self.may_hum:
            return
        second = np.ascontiguousarray(self.raw_tail[-round(self.rate_hz) :].T) * self.scales
        heard = hums(second, self.rate_hz)
        loudest = max(heard, key=heard.__getitem__)
        if heard[loudest] > 0.0:
            self.n_silent = 0
            if self.mains_hz is None or (loudest != self.mains_hz and heard[loudest] > _CLEARLY * heard[self.mains_hz]):
                self._notch(loudest)
        elif self.mains_hz is not None:
            self.n_silent += 1
            if self.n_silent >= _N_SILENT:
                self._notch(None)

    def _notch(self, mains_hz: float | None) -> None:
        self.mains_hz = mains_hz
        self.n_silent = 0
        self.cascade = Cascade.begin(_sections(self.rate_hz, mains_hz))
        self.surveyor.forget()
        self.await_ringing(mains_hz)

    def await_ringing(self, mains_hz: float | None) -> None:
        """Let the trigger pass over what the filter in force makes of a large burst."""
        share, decay_s = _TAIL if mains_hz is None else _NOTCHED_TAIL
        self.hysteresis.tail, self.hysteresis.n_decay = share**2, decay_s / 2 * self.rate_hz

    def screen(self, due: list[Candidate], recent: Recent) -> tuple[tuple[Candidate, ...], tuple[Mark, ...]]:
        """Judge candidates by what is around them."""
        kept, marks = [], []
        for candidate in due:
            mark = None if self._is_satellite(candidate, due) else self._judge(candidate, recent)
            if mark is None:
                kept.append(candidate)
            elif not candidate.is_weak:
                marks.append(mark)
        return tuple(kept), tuple(marks)

    def review(self, due: list[Candidate], recent: Recent, until: int) -> tuple[Mark, ...]:
        """Give the time in which motor units are being used: the shape of a candidate comes again and again."""
        n_tail, n_reach = self.tail.shape[1], round(REACH_S * self.rate_hz)
        n_margin = round(_UNIT_MARGIN_S * self.rate_hz)
        begun = recent.position + n_tail - self.past.n_kept
        marks = []
        for candidate in self._seen_best(due):
            first = max(0, candidate.peak - n_reach - begun)
            wave = self.past.before(recent.samples[:, n_tail:], candidate.lane, first, until - begun)
            at = begun + first
            used = firing(wave, candidate.peak - at, candidate.floor, self.rate_hz)
            if used is not None:
                marks.append(Mark(at + used[0] - n_margin, at + used[1] + n_margin, SpanReason.MOVEMENT))
        return tuple(marks)

    def _seen_best(self, due: list[Candidate]) -> list[Candidate]:
        """List the candidates that no other lane sees larger: the others are of the same potentials."""
        near = round(NEAR_S * self.rate_hz)
        best: list[Candidate] = []
        for candidate in sorted(due, key=lambda candidate: -candidate.amplitude):
            if all(other.lane == candidate.lane or abs(other.peak - candidate.peak) > near for other in best):
                best.append(candidate)
        return best

    def remember(self, filtered: Floats) -> None:
        """Take what may be looked back at."""
        self.past.add(filtered)

    def restart(self, position: int) -> None:
        """Go on after a gap."""
        Envelope.restart(self, position)
        self.past.forget()

    def _is_satellite(self, candidate: Candidate, others: list[Candidate]) -> bool:
        """Tell whether a candidate is a part of a larger potential: what is slow there is slow for that one."""
        near = round(_SATELLITE_S * self.rate_hz)
        return candidate.is_weak and any(
            other.lane == candidate.lane and not other.is_weak and abs(other.peak - candidate.peak) <= near
            for other in others
        )

    def _judge(self, candidate: Candidate, recent: Recent) -> Mark | None:
        """Give the time that a candidate spoils if it is no twitch."""
        at = candidate.peak - recent.raw_position
        first = max(0, at - round(_PAST_S * self.rate_hz))
        raw = (
            recent.raw[first : at + round(_AHEAD_S * self.rate_hz), candidate.channel] * self.scales[candidate.channel]
        )
        at -= first
        share = context.slow_share(raw, at, candidate.amplitude, self.rate_hz)
        if share > _SLOW_SHARE and self.heart.is_beating(candidate.peak):
            return self._mark(candidate, _BEAT_S, SpanReason.HEART)
        if candidate.is_weak:
            return None
        if candidate.is_long:
            return self._mark(candidate, _LONG_S, SpanReason.MOVEMENT)
        step, before = context.step_size(raw, at, self.rate_hz)
        clearly = _STEP_CLEARLY * (
            2.0 if self.heart.is_expected(candidate.peak) else 1.0
        )  # a T wave moves the level too
        if step > _STEP_SHARE * candidate.amplitude and step > clearly * before:
            return self._mark(candidate, _POP_S, SpanReason.CONTACT)
        if share > _SLOW_ALONE_SHARE:
            return self._mark(candidate, _BEAT_S, SpanReason.MOVEMENT)
        return None

    def _mark(self, candidate: Candidate, margin_s: tuple[float, float], reason: SpanReason) -> Mark:
        before, after = (round(margin * self.rate_hz) for margin in margin_s)
        return Mark(candidate.start - before, candidate.stop + after, reason, frozenset((candidate.lane,)))


def _sections(rate_hz: float, mains_hz: float | None) -> Floats:
    band = band_pass(rate_hz, _LOW_HZ, min(_HIGH_HZ, _HIGH_SHARE * rate_hz))
    return np.vstack([band, notches(rate_hz, mains_hz)])


def threshold(rate_hz: float, false_per_s: float) -> float:
    """Give the rms, in rms of Gaussian noise, that its window reaches so often.

    >>> round(threshold(500.0, 1 / 3600), 2)
    2.59
    """
    n_window = round(_WINDOW_S * rate_hz)
    return float(np.sqrt(chdtri(n_window, false_per_s / (_TRIALS_PER_SAMPLE * rate_hz)) / n_window))
