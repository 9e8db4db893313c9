"""Visible twitches in acceleration."""

from collections.abc import Iterator
from typing import Self

import numpy as np
from msgspec import field
from msgspec.structs import replace

from aquiver.errors import RefusedStream
from aquiver.model import Samples, Signal, SpanReason, Unit
from detector.dsp.filters import band_pass
from detector.dsp.floor import block_length
from detector.dsp.heartbeat import Heartbeat
from detector.dsp.recurrence import recurrences
from detector.dsp.rhythm import has_rhythm
from detector.finding import Candidate, Finding, Mark
from detector.methods.envelope import Envelope, Recent, Tuning

_SLOWEST_HZ = 50.0
_COARSEST_G = 0.001  # one motor unit moves the skin by 1-3 mg (Med Biol Eng Comput 2004;42:496)
_LOW_HZ = 5.0  # above breathing and turning
_HIGH_HZ = 45.0
_HIGH_SHARE = 0.475
_K = 4.0
_WEAK_K = 2.8  # a heart that breathing moves up and down is seen whole
_WINDOW_S = 0.050
_MERGE_S = 0.015  # longer, and a twitch becomes one with the next heartbeat
_MIN_WIDTH_S = 0.040
_MAX_WIDTH_S = 0.400
_FLAT_S = 0.5  # acceleration of a thing at rest stands still for some samples; of a living body not for so long
_REFRACTORY_S = 0.3
_SHAPE_S = 0.2
_WARM_UP_S = 12.0  # noise takes 5 s to learn, a heart some six beats more
_LEARNING_S = 8.0
_AGAIN_S = 8.0  # before a shake: beats that stand out now and then are found again between the others
_AGAIN_APART_S = 0.35
_N_AGAIN = 4
_MOVEMENT_S = 1.0  # a twitch that meets a beat is shorter


class Accelerometer(Envelope, tag="accelerometer"):
    """Find bursts of 40-400 ms in the vector of all axes, and leave out the heartbeat.

    A raised threshold against the heart costs no analysable time, but small twitches: see ``Heartbeat``.

    >>> import numpy as np
    >>> from aquiver.model import Channel, Modality
    >>> signal = Signal(Modality.ACCELEROMETER, 100.0, Unit.G, 32768, tuple(Channel(a, 0.0005) for a in "xyz"))
    >>> samples = np.random.default_rng(1).normal(0, 4, (800, 3))
    >>> samples[700:720, 2] += 100 * np.sin(np.arange(20))
    >>> findings = Accelerometer.begin(signal, None, 0).feed(samples.round().astype(np.int32))
    >>> [(candidate.start, candidate.channel) for finding in findings for candidate in finding.candidates]
    [(701, 2)]
    """

    heart: Heartbeat = field(default_factory=lambda: Heartbeat(1.0))
    rate_hz: float = 1.0
    warm_until: int = 0
    learning_until: int = 0
    n_refractory: int = 0
    newest: int | None = None  # where the last twitch began

    @classmethod
    def begin(cls, signal: Signal, _mains_hz: float | None, position: int) -> Self:
        """Start at a sample number.

        Raises:
            RefusedStream: the signal is too slow, too coarse, or no acceleration.
        """
        if signal.rate_hz < _SLOWEST_HZ:
            raise RefusedStream(f"Acceleration at {signal.rate_hz:g} Hz is too slow: {_SLOWEST_HZ:g} Hz are needed.")
        if signal.unit != Unit.G:
            raise RefusedStream(f"Acceleration in {signal.unit} has no known size.")
        coarsest_g = max(abs(channel.scale) for channel in signal.channels)
        if coarsest_g > _COARSEST_G:
            raise RefusedStream(f"Steps of {coarsest_g * 1000:g} mg hide a twitch of a few.")
        tuning = Tuning(
            sections=band_pass(signal.rate_hz, _LOW_HZ, min(_HIGH_HZ, _HIGH_SHARE * signal.rate_hz)),
            k=_K,
            weak_k=_WEAK_K,
            window_s=_WINDOW_S,
            merge_s=_MERGE_S,
            min_width_s=_MIN_WIDTH_S,
            max_width_s=_MAX_WIDTH_S,
            n_flat=round(_FLAT_S * signal.rate_hz),
            is_vector=True,
            n_past=round((_AGAIN_S + _SHAPE_S + _MAX_WIDTH_S) * signal.rate_hz) + 2 * block_length(signal.rate_hz),
        )
        method = cls.tuned(signal, tuning, position)
        method.rate_hz = signal.rate_hz
        method.heart = Heartbeat(signal.rate_hz)
        method.warm_until = method.learning_until = position + round(_WARM_UP_S * signal.rate_hz)
        method.n_refractory = round(_REFRACTORY_S * signal.rate_hz)
        return method

    def feed(self, samples: Samples) -> list[Finding]:
        """Search the next whole blocks; while a heart is visible, learn its shape anew after each movement."""
        return [self._with_learning(part) for finding in self.search(samples) for part in self._parts(finding)]

    def screen(self, due: list[Candidate], recent: Recent) -> tuple[tuple[Candidate, ...], tuple[Mark, ...]]:
        """Keep one candidate of those that follow closely, and none that is a beat."""
        return tuple(candidate for candidate in due if self._is_twitch(candidate, recent)), ()

    def _parts(self, finding: Finding) -> Iterator[Finding]:
        """Tell of each block for itself while something is learned."""
        rest = finding
        while rest.n_blocks > 1 and rest.block.start < self.learning_until:
            first, rest = rest.cut(1)
            yield first
        yield rest

    def _with_learning(self, finding: Finding) -> Finding:
        block = finding.block
        longest = max((burst.stop - burst.start for burst in finding.wide), default=0)
        if longest > _MOVEMENT_S * self.rate_hz and self.heart.is_visible(block.stop):
            self.learning_until = block.stop + round(_LEARNING_S * self.rate_hz)
        if block.start >= self.learning_until:
            return finding
        reason = SpanReason.WARM_UP if block.start < self.warm_until else SpanReason.HEART
        return replace(finding, marks=(*finding.marks, Mark(block.start, block.stop, reason)))

    def _is_twitch(self, candidate: Candidate, recent: Recent) -> bool:
        n_half = round(_SHAPE_S / 2 * self.rate_hz)
        at = candidate.peak - recent.position
        positions = np.clip(np.arange(at - n_half, at + n_half + 1), 0, recent.samples.shape[1] - 1)
        if self.heart.is_beat(candidate.start, candidate.strength, recent.samples[:, positions]) or candidate.is_long:
            return False
        if candidate.is_weak:
            return True
        if self._is_beat_again(candidate, recent, at, n_half):
            return False
        if self.newest is not None and candidate.start - self.newest < self.n_refractory:
            return False
        self.newest = candidate.start
        return True

    def _is_beat_again(self, candidate: Candidate, recent: Recent, at: int, n_half: int) -> bool:
        """Tell whether the shape of a shake came at a heart's pace before it, below the noise."""
        first = max(0, at - round(_AGAIN_S * self.rate_hz))
        wave, own = recent.samples[:, first : at + n_half + 1], at - first
        if own < n_half or own + n_half >= wave.shape[1]:
            return False
        found = recurrences(wave, own, n_half, candidate.floor, round(_AGAIN_APART_S * self.rate_hz))
        is_beat = has_rhythm(found, self.rate_hz, _N_AGAIN)
        if is_beat:
            self.heart.believe()
        return is_beat
