"""A waveform: the samples around one twitch, as they were recorded."""

import threading
from dataclasses import dataclass
from pathlib import Path

from aquiver.errors import RecordingError
from aquiver.export.edf import shelved
from aquiver.model import Modality, Twitch
from aquiver.recording import Recording
from aquiver.recording.excerpt import Values, excerpt
from aquiver.recording.fair_copy import Axis, axis_of

# Before the onset and in all, longest first: beside a gap the shorter one may be whole where the longer is not.
_WINDOWS_S = {
    Modality.EMG: ((0.15, 0.5), (0.05, 0.2), (0.03, 0.15)),
    Modality.ACCELEROMETER: ((0.5, 2.0), (0.25, 1.0), (0.15, 0.75)),
    Modality.ECG: (),
}
_MOST_FILES = 8  # of a night or two


@dataclass(frozen=True, slots=True)
class Moment:
    """The samples of one channel around a twitch, in ``unit``, the mean removed; the first at ``start_s``.

    ``onset_at_s`` and ``stop_at_s`` say where the twitch is, in seconds from the first sample.
    """

    channel: str
    unit: str
    rate_hz: float
    start_s: float
    onset_at_s: float
    stop_at_s: float
    values: tuple[float, ...]


class Moments:
    """Find the samples around twitches in the recordings of a folder. Where everything is in a file is read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._axes: dict[tuple[Path, int, int], Axis] = {}
        self._lock = threading.Lock()  # of two who ask at once one reads

    def find(self, twitch: Twitch) -> Moment | None:
        """Give the samples around a twitch; none where they are not all kept."""
        for recording in shelved(self._folder, twitch.night, twitch.wearer).recordings:
            if any(stream.device == twitch.device for stream in recording.streams):
                moment = self._moment(recording, twitch)
                if moment is not None:
                    return moment
        return None

    def _moment(self, recording: Recording, twitch: Twitch) -> Moment | None:
        rate_hz = next((one.rate_hz for one in recording.streams if one.modality is twitch.modality), 0.0)
        for before_s, length_s in _WINDOWS_S[twitch.modality] if rate_hz else ():
            before = round(before_s * rate_hz)
            values = self._read(recording, twitch, twitch.sample - before, round(length_s * rate_hz))
            if values is not None:
                return _moment(twitch, values, before / rate_hz, rate_hz)
        return None

    def _read(self, recording: Recording, twitch: Twitch, first: int, n_samples: int) -> Values | None:
        try:
            axis = self._axis(recording)
            return excerpt(recording, twitch.modality, twitch.channel, twitch.run, first, n_samples, axis)
        except (RecordingError, OSError):  # damaged, or being rewritten: another recording may hold it
            return None

    def _axis(self, recording: Recording) -> Axis:
        """Give where everything is in a file as it stands now."""
        with self._lock:
            key = (recording.path, recording.n_records, recording.path.stat().st_mtime_ns)
            if key not in self._axes:
                if len(self._axes) == _MOST_FILES:
                    del self._axes[next(iter(self._axes))]
                self._axes[key] = axis_of(recording)
            return self._axes[key]


def _moment(twitch: Twitch, values: Values, onset_at_s: float, rate_hz: float) -> Moment:
    centred = (values - values.mean()).tolist()
    return Moment(
        channel=twitch.channel,
        unit=twitch.unit,
        rate_hz=rate_hz,
        start_s=twitch.onset_s - onset_at_s,
        onset_at_s=onset_at_s,
        stop_at_s=min(onset_at_s + twitch.duration_s, len(centred) / rate_hz),
        values=tuple(float(f"{value:.5g}") for value in centred),
    )
