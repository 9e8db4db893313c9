"""Twitches in surface EMG."""

from typing import Self

import numpy as np

from aquiver.errors import RefusedStream
from aquiver.model import Signal, Unit
from detector.dsp import Floats
from detector.dsp.filters import band_pass, notches
from detector.methods.envelope import Envelope, Tuning

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

# Thresholds in rms of the noise: 1.25 times the one for 1 false alarm per hour in Gaussian noise (detection bench 3.2).
_RATES_HZ = (200.0, 250.0, 500.0, 1000.0)
_THRESHOLDS = (4.6, 4.1, 3.2, 2.7)


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
            k=float(np.interp(signal.rate_hz, _RATES_HZ, _THRESHOLDS)),
            window_s=_WINDOW_S,
            merge_s=_MERGE_S,
            min_width_s=_MIN_WIDTH_S,
            max_width_s=_MAX_WIDTH_S,
            n_flat=max(_FEWEST_FLAT, round(_FLAT_S * signal.rate_hz)),
            is_vector=False,
            loudest_rest=_LOUDEST_REST_UV if is_voltage else np.inf,
        )
        return cls.tuned(signal, tuning, position)


def _sections(rate_hz: float, mains_hz: float | None) -> Floats:
    band = band_pass(rate_hz, _LOW_HZ, min(_HIGH_HZ, _HIGH_SHARE * rate_hz))
    return np.vstack([band, notches(rate_hz, mains_hz)])
