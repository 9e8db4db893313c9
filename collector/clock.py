"""A clock model: from the arrival times of sample numbers to a straight line.

A sample arrives late, never early, and sometimes hardly late at all. So the line is laid along the lower edge of
the arrival times: the earliest arrival of each ten seconds, and through those the Theil-Sen line
(Sen, J. Am. Stat. Assoc. 1968;63:1379), which a few late windows do not move.
"""

import numpy as np

from aquiver.model import Clock

WINDOW_S = 10.0
_N_WINDOWS = 60  # ten minutes of memory: quartz drifts with temperature over hours
_N_FOR_RATE = 3  # with less than half a minute the nominal rate is the better guess
_MAX_RATE_ERROR = 0.02  # consumer sensors are within 2 % of their nominal rate


class ClockModel:
    """Follow one sensor's clock. ``current`` changes at most once a window, so chunks share it."""

    def __init__(self, rate_hz: float) -> None:
        self.current = Clock(0, 0.0, rate_hz)
        self.residual_s = 0.0
        self._nominal_hz = rate_hz
        self._edges: list[tuple[int, float]] = []
        self._window: tuple[int, float] | None = None
        self._window_ends = 0

    def observe(self, sample: int, arrival_s: float, *, is_after_gap: bool) -> None:
        """Take note that everything before ``sample`` had arrived at ``arrival_s``.

        After a gap that was itself measured by arrival times the old line is kept and a new window begun.
        """
        if self._window is None:
            self.current = Clock(sample, arrival_s, self._nominal_hz)
            self._begin_window(sample, arrival_s)
        elif is_after_gap:
            self._begin_window(sample, arrival_s)
        if self._lateness_of(sample, arrival_s) < self._lateness_of(*self._edge()):
            self._window = (sample, arrival_s)
        if sample >= self._window_ends:
            self._close_window()
            self._begin_window(sample, arrival_s)

    def _edge(self) -> tuple[int, float]:
        assert self._window is not None  # for mypy: observe() begins one
        return self._window

    def _begin_window(self, sample: int, arrival_s: float) -> None:
        self._window = (sample, arrival_s)
        self._window_ends = sample + round(WINDOW_S * self._nominal_hz)

    def _lateness_of(self, sample: int, arrival_s: float) -> float:
        return arrival_s - self.current.time_of(sample)

    def _close_window(self) -> None:
        self._edges = [*self._edges, self._edge()][-_N_WINDOWS:]
        samples = np.array([sample for sample, _ in self._edges], np.float64)
        times_s = np.array([time_s for _, time_s in self._edges])
        rate_hz = self._rate_hz(samples, times_s)
        offsets_s = times_s - (samples - samples[-1]) / rate_hz
        self.residual_s = float(np.median(np.abs(offsets_s - np.median(offsets_s))))
        self.current = Clock(int(samples[-1]), float(np.median(offsets_s)), rate_hz)

    def _rate_hz(self, samples: np.ndarray, times_s: np.ndarray) -> float:
        if len(samples) < _N_FOR_RATE:
            return self._nominal_hz
        half = len(samples) // 2
        slopes = [
            (times_s[i + half] - times_s[i]) / (samples[i + half] - samples[i]) for i in range(len(samples) - half)
        ]
        rate_hz = 1.0 / float(np.median(slopes))
        bound_hz = self._nominal_hz * _MAX_RATE_ERROR
        return float(np.clip(rate_hz, self._nominal_hz - bound_hz, self._nominal_hz + bound_hz))
