"""The hook for the curve: thresholds times a factor, from outside of the detector.

This is the only place of the protocol that knows how a method keeps its thresholds.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from detector.methods import emg


@contextmanager
def scaled_threshold(factor: float) -> Iterator[None]:
    """Multiply the EMG thresholds while this lasts."""
    usual = emg.threshold
    emg.threshold = lambda rate_hz, false_per_s: factor * usual(rate_hz, false_per_s)
    try:
        yield
    finally:
        emg.threshold = usual
