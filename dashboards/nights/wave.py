"""A waveform: the samples around one twitch, as they were recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aquiver.errors import RecordingError
from aquiver.export.edf import shelved
from aquiver.model import Modality, Twitch
from aquiver.recording import Recording
from aquiver.recording.excerpt import Values, excerpt

# Before the onset and in all, longest first: beside a gap the shorter one may be whole where the longer is not.
_WINDOWS_S = {
    Modality.EMG: ((0.15, 0.5), (0.05, 0.2), (0.03, 0.15)),
    Modality.ACCELEROMETER: ((0.5, 2.0), (0.25, 1.0), (0.15, 0.75)),
    Modality.ECG: (),
}


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


def moment_of(folder: Path, twitch: Twitch) -> Moment | None:
    """Give the samples around a twitch from the recordings in ``folder``; none where they are not all kept."""
    found = shelved(folder, twitch.night, twitch.wearer).recordings
    mine = (one for one in found if any(stream.device == twitch.device for stream in one.streams))
    return _first(mine, twitch)


def _first(recordings: Iterable[Recording], twitch: Twitch) -> Moment | None:
    for recording in recordings:
        rate_hz = next((one.rate_hz for one in recording.streams if one.modality is twitch.modality), 0.0)
        for before_s, length_s in _WINDOWS_S[twitch.modality] if rate_hz else ():
            before = round(before_s * rate_hz)
            values = _read(recording, twitch, twitch.sample - before, round(length_s * rate_hz))
            if values is not None:
                return _moment(twitch, values, before / rate_hz, rate_hz)
    return None


def _read(recording: Recording, twitch: Twitch, first: int, n_samples: int) -> Values | None:
    try:
        return excerpt(recording, twitch.modality, twitch.channel, twitch.run, first, n_samples)
    except RecordingError:  # damaged, or being rewritten: another recording may hold it
        return None


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
