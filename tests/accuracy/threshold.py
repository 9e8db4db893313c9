"""The hook for the curve: thresholds times a factor, from outside of the detector.

This is the only place of the protocol that knows how a method keeps its thresholds.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from detector.methods import emg


@contextmanager
def scaled_threshold(factor: float) -> Iterator[None]:
    """Multiply the EMG thresholds while this lasts."""
    usual = emg._THRESHOLDS
    emg._THRESHOLDS = tuple(k * factor for k in usual)
    try:
        yield
    finally:
        emg._THRESHOLDS = usual
