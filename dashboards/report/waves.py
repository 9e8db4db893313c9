"""The typical twitches of a site: which ones, and the samples around them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from aquiver.errors import RecordingError
from aquiver.export.edf import shelved
from aquiver.model import Modality, Twitch
from aquiver.recording import Recording
from aquiver.recording.excerpt import Values, excerpt
from dashboards.report.facts import Wave
from dashboards.report.wave_chart import N_WAVES

_SHARES = (0.3, 0.4, 0.5, 0.6, 0.7)  # of the twitches, by size: the middle of the range
_BEFORE_S = {Modality.EMG: 0.03, Modality.ACCELEROMETER: 0.15}
_LENGTH_S = {Modality.EMG: 0.15, Modality.ACCELEROMETER: 0.75}
_N_TRIES = 40  # of the twitches nearest to the wanted size, until one has all its samples


def waves_of(folder: Path, twitches: Sequence[Twitch]) -> tuple[Wave, ...]:
    """Give five typical twitches of one site and kind of sensor, smallest first, from the recordings in ``folder``.

    Fewer where fewer have all the samples around them kept.
    """
    kept = _Shelf(folder)
    waves: dict[tuple[str, str, str, int], Wave] = {}
    for wanted in typical(twitches):
        for twitch in wanted:
            key = (twitch.night, twitch.device, twitch.run, twitch.sample)
            if key not in waves and (wave := kept.wave(twitch)) is not None:
                waves[key] = wave
                break
    return tuple(sorted(waves.values(), key=lambda wave: wave.peak_to_peak))[:N_WAVES]


def typical(twitches: Sequence[Twitch]) -> Iterator[list[Twitch]]:
    """Give for each of five sizes the twitches nearest to it, nearest first."""
    by_size = sorted(twitches, key=lambda one: (one.amplitude, one.onset_s))
    for share in _SHARES if by_size else ():
        size = by_size[round(share * (len(by_size) - 1))].amplitude
        yield sorted(by_size, key=lambda one: (abs(one.amplitude - size), one.onset_s))[:_N_TRIES]


class _Shelf:
    """Recordings of nights, opened once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._nights: dict[tuple[str, str], tuple[Recording, ...]] = {}

    def wave(self, twitch: Twitch) -> Wave | None:
        """Give the samples around a twitch, their mean removed."""
        for recording in self._of(twitch):
            rate_hz = next((one.rate_hz for one in recording.streams if one.modality is twitch.modality), 0.0)
            before, n = (round(length_s[twitch.modality] * rate_hz) for length_s in (_BEFORE_S, _LENGTH_S))
            values = _read(recording, twitch, twitch.sample - before, n) if rate_hz else None
            if values is not None:
                centred = (values - values.mean()).tolist()
                return Wave(twitch.night, twitch.onset_s, tuple(centred), n / rate_hz, twitch.amplitude, twitch.unit)
        return None

    def _of(self, twitch: Twitch) -> Iterable[Recording]:
        key = (twitch.night, twitch.wearer)
        if key not in self._nights:
            self._nights[key] = shelved(self._folder, *key).recordings
        return (one for one in self._nights[key] if any(stream.device == twitch.device for stream in one.streams))


def _read(recording: Recording, twitch: Twitch, first: int, n_samples: int) -> Values | None:
    try:
        return excerpt(recording, twitch.modality, twitch.channel, twitch.run, first, n_samples)
    except RecordingError:  # it was damaged, or is growing shorter: another twitch will do
        return None
