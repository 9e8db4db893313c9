"""A timeline: gives every frame of one signal its sample numbers and its clock.

Samples are never invented and never dropped: what is missing is a jump in the numbering. Where the wearable tells
(a counter, a device time, the order of its packets) the jump is placed by that; after a new connection, and for
wearables that tell nothing, it is taken from the arrival times.
"""

from dataclasses import dataclass, field

import numpy as np

from aquiver.driver import Frame
from aquiver.model import Chunk, Samples, Stream
from collector.clock import ClockModel

CHUNK_S = 0.1  # frames are joined to chunks of at least this length
_PLAUSIBLE_S = 2.0  # a device's own time may differ so much from ours over a gap before we distrust it
_LATE_S = 0.2  # a frame may arrive so late with nothing lost
_JITTER_SHARE = 0.5  # of a frame: a smaller step in device time is jitter, not loss


@dataclass(slots=True)
class _Pending:
    """Frames waiting to become a chunk."""

    first_sample: int
    follows: int
    parts: list[Samples] = field(default_factory=list)
    n_samples: int = 0


class Timeline:
    """Place the frames of one stream, over any number of connections.

    One ``run`` is one numbering: it begins with the collector and outlives every link.
    """

    def __init__(self, stream: Stream, run: str) -> None:
        self.n_lost = 0
        self.next_sample = 0
        self._stream = stream
        self._run = run
        self._clock = ClockModel(stream.rate_hz)
        self._chunk_end = 0
        self._pending: _Pending | None = None
        self._n_unseen = 0  # samples lost without a trace on the wire, found by the clock
        self._is_new_link = True
        self._last_count: int | None = None
        self._last_device_ns: int | None = None

    @property
    def residual_s(self) -> float:
        """Give the clock model's typical error."""
        return self._clock.residual_s

    def place(self, frame: Frame, arrival_s: float) -> list[Chunk]:
        """Number the samples of a frame that arrived at ``arrival_s``; give the chunks that are full."""
        if not len(frame.samples):
            return []
        n_missing = self._n_missing(frame, arrival_s) + self._n_unseen
        self._n_unseen = 0
        done = self.flush() if n_missing else []
        self._remember(frame)
        if n_missing:
            self.n_lost += n_missing
            self.next_sample += n_missing
        self._keep(frame.samples)
        blind_s = frame.n_blind / self._stream.rate_hz
        unseen_s = self._clock.observe(self.next_sample, arrival_s, is_after_gap=self._is_new_link, blind_s=blind_s)
        self._n_unseen += round(unseen_s * self._stream.rate_hz)
        self._is_new_link = False
        if self._pending is not None and self._pending.n_samples >= CHUNK_S * self._stream.rate_hz:
            done += self.flush()
        return done

    def flush(self, *, is_last: bool = False) -> list[Chunk]:
        """Give what is waiting as a chunk; with ``is_last`` a chunk that ends the run, even if it is empty."""
        pending = self._pending
        if pending is None:
            if not is_last or self.next_sample == 0:  # a run without a sample has no clock yet, and nobody heard of it
                return []
            pending = _Pending(self.next_sample, self._chunk_end)
        self._pending = None
        return [self._chunk(pending, is_last=is_last)]

    def link_ended(self) -> None:
        """Take note that the next frame comes over a new connection."""
        self._is_new_link = True

    def _chunk(self, pending: _Pending, *, is_last: bool) -> Chunk:
        n_channels = len(self._stream.signal.channels)
        samples = np.concatenate(pending.parts) if pending.parts else np.zeros((0, n_channels), np.int32)
        self._chunk_end = pending.first_sample + len(samples)
        clock = self._clock.current
        return Chunk(self._stream, self._run, pending.first_sample, pending.follows, clock, samples, is_last)

    def _keep(self, samples: Samples) -> None:
        if self._pending is None:
            self._pending = _Pending(self.next_sample, self._chunk_end)
        self._pending.parts.append(samples)
        self._pending.n_samples += len(samples)
        self.next_sample += len(samples)

    def _remember(self, frame: Frame) -> None:
        self._last_device_ns = frame.device_ns
        self._last_count = None if frame.count is None else frame.count + len(frame.samples)

    def _n_missing(self, frame: Frame, arrival_s: float) -> int:
        if self.next_sample == 0:
            return 0
        by_host = self._n_missing_by_host(frame, arrival_s)
        by_wire = self._n_missing_by_wire(frame)
        if by_wire is None:
            return by_host if self._is_new_link else 0
        is_plausible = abs(by_wire - max(by_host, 0)) <= _PLAUSIBLE_S * self._stream.rate_hz
        if by_wire >= 0 and (is_plausible or (not self._is_new_link and by_wire < by_host)):
            return by_wire
        is_only_late = not self._is_new_link and by_host <= _LATE_S * self._stream.rate_hz
        return 0 if is_only_late else by_host  # what the wire says makes no sense: its clock or counter was set

    def _n_missing_by_wire(self, frame: Frame) -> int | None:
        is_told = not (
            self._is_new_link and frame.n_blind
        )  # a counter that soon comes round tells nothing of a long gap
        if frame.count is not None and self._last_count is not None and is_told:
            return frame.count - self._last_count
        if frame.device_ns is not None and self._last_device_ns is not None:
            elapsed_s = (frame.device_ns - self._last_device_ns) * 1e-9
            n_missing = round(elapsed_s * self._clock.current.rate_hz) - len(frame.samples)
            return n_missing if abs(n_missing) > _JITTER_SHARE * len(frame.samples) else 0
        return None if self._is_new_link else frame.n_lost

    def _n_missing_by_host(self, frame: Frame, arrival_s: float) -> int:
        expected_s = self._clock.current.time_of(self.next_sample + len(frame.samples))
        return max(0, round((arrival_s - expected_s) * self._clock.current.rate_hz))
