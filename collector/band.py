"""A band: one wearable of one person, from its events to chunks and a status. Pure."""

from dataclasses import replace

import numpy as np

from aquiver.driver import Frame
from aquiver.model import BandState, Chunk, Modality, Signal, Status, Stream, StreamStatus
from aquiver.settings import BandSettings
from collector.rails import Rails
from collector.sources import Arrived, Battery, Event, Malformed, Opened, Progress
from collector.timeline import Timeline


class Band:
    """Follow one band over all its connections."""

    def __init__(self, settings: BandSettings, wearer: str, run: str) -> None:
        self._settings = settings
        self._wearer = wearer
        self._run = run
        self._timelines: dict[Modality, Timeline] = {}
        self._signals: dict[Modality, Signal] = {}
        self._rails: dict[Modality, Rails] = {}
        self._newest_s: dict[Modality, float] = {}
        self._shift_s = 0.0  # from the time in which arrivals are stamped to the wall clock; of a whole run
        self._state = BandState.SEARCHING
        self._reason = ""
        self._battery_percent: float | None = None
        self._rssi_dbm: float | None = None
        self._n_malformed = 0
        self._n_runs = 0
        self._has_samples = False

    @property
    def device(self) -> str:
        """Name the band."""
        return self._settings.device

    def was_streaming(self) -> bool:
        """Tell whether samples have arrived since last asked: then the next attempt may come soon."""
        had_samples, self._has_samples = self._has_samples, False
        return had_samples

    @property
    def has_ended(self) -> bool:
        """Tell whether it will give nothing more."""
        return self._state is BandState.ENDED

    def feed(self, event: Event) -> list[Chunk]:
        """Take what the source says; give the chunks it completes."""
        match event:
            case Arrived(frame, arrival_s):
                return self._place(frame, arrival_s)
            case Opened(signals):
                return self._open(signals)
            case Progress(state, reason, rssi_dbm):
                self._state, self._reason = state, reason
                self._rssi_dbm = self._rssi_dbm if rssi_dbm is None else rssi_dbm
            case Malformed(reason):
                self._n_malformed += 1
                self._reason = reason
            case Battery(percent):
                self._battery_percent = percent
        return []

    def lose(self, reason: str) -> list[Chunk]:
        """Take note that the link is gone; give what was waiting."""
        self._state, self._reason = BandState.LOST, reason
        for timeline in self._timelines.values():
            timeline.link_ended()
        return self._flush()

    def restart(self, shift_s: float) -> list[Chunk]:
        """End the runs and begin others, with another shift: the wall clock was set."""
        done = self._flush(is_last=True)
        self._shift_s = shift_s
        for modality, signal in self._signals.items():
            self._timelines[modality] = self._timeline(signal)
        return done

    def end(self) -> list[Chunk]:
        """End the runs: nothing more will come."""
        if self.has_ended:
            return []
        self._state, self._reason = BandState.ENDED, ""
        return self._flush(is_last=True)

    def status(self, now_s: float, n_waiting: int = 0) -> Status:
        """Say how the band is doing, and how many chunks of all bands wait to be confirmed."""
        return Status(
            wearer=self._wearer,
            device=self._settings.device,
            site=self._settings.site,
            time_s=now_s,
            state=self._state,
            reason=self._fault() or self._reason,
            battery_percent=self._battery_percent,
            n_malformed=self._n_malformed,
            streams={modality: self._stream_status(modality) for modality in self._timelines},
            rssi_dbm=self._rssi_dbm,
            n_waiting=n_waiting,
        )

    def _stream_status(self, modality: Modality) -> StreamStatus:
        timeline = self._timelines[modality]
        n_received = timeline.next_sample - timeline.n_lost
        rails = self._rails[modality]
        newest_s = self._newest_s.get(modality)
        shifted_s = None if newest_s is None else newest_s + self._shift_s
        return StreamStatus(
            shifted_s, n_received, timeline.n_lost, timeline.residual_s, n_stuck=rails.n_stuck, stuck=rails.stuck
        )

    def _fault(self) -> str:
        """Name the channels that stand at the end of their range, while samples come."""
        if self._state is not BandState.STREAMING:
            return ""
        stuck = [f"{', '.join(rails.stuck)} of {modality}" for modality, rails in self._rails.items() if rails.stuck]
        return f"sensor fault: {' and '.join(stuck)} stands at the end of its range" if stuck else ""

    def _open(self, signals: tuple[Signal, ...]) -> list[Chunk]:
        """Begin a timeline for each new signal; one that came back changed ends its run and begins another."""
        done: list[Chunk] = []
        for signal in signals:
            modality = signal.modality
            if self._signals.get(modality) == signal:
                continue
            if modality in self._timelines:
                done += self._shifted(self._timelines[modality].flush(is_last=True))
            self._signals[modality] = signal
            self._timelines[modality] = self._timeline(signal)
            self._rails[modality] = Rails(signal)
        return done

    def _timeline(self, signal: Signal) -> Timeline:
        self._n_runs += 1
        stream = Stream(self._wearer, self._settings.device, self._settings.site, signal)
        return Timeline(stream, f"{self._run}-{self._n_runs}")

    def _flush(self, *, is_last: bool = False) -> list[Chunk]:
        timelines = self._timelines.values()
        return self._shifted([chunk for timeline in timelines for chunk in timeline.flush(is_last=is_last)])

    def _shifted(self, chunks: list[Chunk]) -> list[Chunk]:
        if not self._shift_s:
            return chunks
        clocks = [replace(chunk.clock, time_s=chunk.clock.time_s + self._shift_s) for chunk in chunks]
        return [replace(chunk, clock=clock) for chunk, clock in zip(chunks, clocks, strict=True)]

    def _place(self, frame: Frame, arrival_s: float) -> list[Chunk]:
        timeline = self._timelines[frame.modality]
        self._newest_s[frame.modality] = arrival_s
        self._has_samples = True
        held = _within(frame, self._signals[frame.modality].limit)
        self._rails[frame.modality].feed(held.samples)
        return self._shifted(timeline.place(held, arrival_s))


def _within(frame: Frame, limit: int) -> Frame:
    """Hold samples within the limit, by which recordings are laid out; a sensor may go some steps beyond."""
    if frame.samples.size == 0 or (frame.samples.min() >= -limit - 1 and frame.samples.max() <= limit):
        return frame
    return replace(frame, samples=np.clip(frame.samples, -limit - 1, limit))
