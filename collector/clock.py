"""A clock model: from the arrival times of sample numbers to a straight line.

A sample arrives late, never early, and sometimes hardly late at all. So the line is laid along the lower edge of
the arrival times: the earliest arrival of each ten seconds, and through those the Theil-Sen line
(Sen, J. Am. Stat. Assoc. 1968;63:1379), which a few late windows do not move.
"""

from dataclasses import dataclass

import numpy as np

from aquiver.model import Clock

WINDOW_S = 10.0
_N_WINDOWS = 60  # ten minutes of memory: quartz drifts with temperature over hours
_N_FOR_RATE = 3  # with less than half a minute the nominal rate is the better guess
_STEP_S = 0.015  # an edge so late is no jitter: hundreds of arrivals make an edge
_BUSY_S = 0.5  # no link falls silent for longer and lives; a machine that is busy hears everything late by more
_N_BUSY = 3  # late edges that such a step takes: by then a busy machine has caught up
_STEADY_S = 0.05  # what is missing makes all that follows late by as much; a busy machine now more, now less
_LEAST_DELAY_S = 0.005  # nothing arrives at once: a link speaks every 7.5 ms at the most often (Bluetooth Core, 6.B)


@dataclass(frozen=True, slots=True)
class _Trust:
    """How far a sensor's rate may be off, and when late arrivals are believed to be lost samples."""

    max_rate_error: float
    n_edges: int  # windows until the line is known well enough to call an edge late
    n_late: int  # late edges in a row that make a step; one may be a busy radio


# Consumer sensors are within 2 % of their nominal rate. Where not even single losses show on the wire, a lower rate is
# more likely loss, and steady.
_USUAL = _Trust(max_rate_error=0.02, n_edges=6, n_late=2)
_BLIND = _Trust(max_rate_error=0.002, n_edges=1, n_late=1)

Edge = tuple[int, float]  # a sample number, and the time at which all before it had arrived


class ClockModel:
    """Follow one sensor's clock. After its first window ``current`` changes at most once a window: chunks share it."""

    def __init__(self, rate_hz: float) -> None:
        self.current = Clock(0, 0.0, rate_hz)
        self.residual_s = 0.0
        self._nominal_hz = rate_hz
        self._edges: list[Edge] = []
        self._late: list[Edge] = []
        self._window: Edge | None = None
        self._window_ends = 0

    def observe(self, sample: int, arrival_s: float, *, is_after_gap: bool, blind_s: float = 0.0) -> float:
        """Take note that everything before ``sample`` had arrived at ``arrival_s``; give the time now found missing.

        Losses of multiples of ``blind_s`` do not show on the wire. They show here: from then on all arrivals are late
        by as much. After a gap that was itself measured by arrival times a new window is begun.
        """
        edge = (sample, arrival_s - _LEAST_DELAY_S)
        if self._window is None:
            self.current = Clock(*edge, self._nominal_hz)
        if self._window is None or is_after_gap:
            self._begin_window(edge)
        if self._lateness_s(edge) < self._lateness_s(self._edge()):
            self._window = edge
            if not self._edges:  # in the first window each earlier arrival makes the line better
                self.current = Clock(*edge, self._nominal_hz)
        if sample < self._window_ends:
            return 0.0
        missing_s = self._close_window(blind_s)
        self._begin_window(edge)
        return missing_s

    def _edge(self) -> Edge:
        assert self._window is not None  # for mypy: observe() begins one
        return self._window

    def _begin_window(self, edge: Edge) -> None:
        self._window = edge
        self._window_ends = edge[0] + round(WINDOW_S * self._nominal_hz)

    def _lateness_s(self, edge: Edge) -> float:
        sample, time_s = edge
        return time_s - self.current.time_of(sample)

    def _close_window(self, blind_s: float) -> float:
        """Lay the line through the window's edge as well, unless it is late by lost samples."""
        trust = _BLIND if 0 < blind_s <= 1 / self._nominal_hz else _USUAL
        self._late.append(self._edge())
        if self._is_late(self._edge(), blind_s, trust):
            if not self._is_step(trust):
                return 0.0
            missing_s = round(min(map(self._lateness_s, self._late)) / blind_s) * blind_s
            if missing_s:
                self._late.clear()
                return missing_s
        in_time = [edge for edge in self._late if self._lateness_s(edge) <= _BUSY_S or not self._edges]
        # The arrival that closes a window opens the next, and may be the earliest of both: one edge, or the rate is 0 / 0.
        self._edges = list(dict.fromkeys([*self._edges, *(in_time or self._late[-1:])]))[-_N_WINDOWS:]
        self._late.clear()
        self._lay_line(trust.max_rate_error)
        return 0.0

    def _is_step(self, trust: _Trust) -> bool:
        """Say whether the late edges so far make a step: enough of them, and of a long one all late by as much."""
        late_s = [self._lateness_s(edge) for edge in self._late]
        if max(late_s) <= _BUSY_S:
            return len(late_s) >= trust.n_late
        self._late = self._late[-_N_BUSY:]
        newest_s = late_s[-_N_BUSY:]
        return len(newest_s) == _N_BUSY and max(newest_s) - min(newest_s) <= _STEADY_S

    def _is_late(self, edge: Edge, blind_s: float, trust: _Trust) -> bool:
        is_known = len(self._edges) >= trust.n_edges
        return blind_s > 0 and is_known and self._lateness_s(edge) > max(_STEP_S, blind_s / 2)

    def _lay_line(self, max_rate_error: float) -> None:
        samples = np.array([sample for sample, _ in self._edges], np.float64)
        times_s = np.array([time_s for _, time_s in self._edges])
        rate_hz = self._rate_hz(samples, times_s, max_rate_error)
        offsets_s = times_s - (samples - samples[-1]) / rate_hz
        self.residual_s = float(np.median(np.abs(offsets_s - np.median(offsets_s))))
        self.current = Clock(int(samples[-1]), float(np.median(offsets_s)), rate_hz)

    def _rate_hz(self, samples: np.ndarray, times_s: np.ndarray, max_error: float) -> float:
        if len(samples) < _N_FOR_RATE:
            return self._nominal_hz
        half = len(samples) // 2
        slopes = [
            (times_s[i + half] - times_s[i]) / (samples[i + half] - samples[i]) for i in range(len(samples) - half)
        ]
        rate_hz = 1.0 / float(np.median(slopes))
        bound_hz = self._nominal_hz * max_error
        return float(np.clip(rate_hz, self._nominal_hz - bound_hz, self._nominal_hz + bound_hz))
