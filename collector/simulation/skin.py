"""The skin: the electric potential that EMG electrodes on it see."""

from dataclasses import dataclass

import numpy as np

from aquiver.body import Site
from aquiver.model import Unit
from collector.simulation.disturbances import Kind
from collector.simulation.heart import beats
from collector.simulation.moment import Moment, Reals
from collector.simulation.randomness import generator
from collector.simulation.twitches import Discharge

_GAIN_PER_CHANNEL = 0.45  # what a neighbour in a band of electrodes still sees of a twitch
_MUSCLE_UV = {Kind.TURNING: 200.0, Kind.MOVEMENT: 150.0}  # rms of the interference pattern
_QRS_UV = {Site.TRUNK: 150.0, Site.NECK: 60.0}  # peak; limbs see next to nothing of the heart
_QRS_S = 0.012
_MAINS_HZ = 50.0
_HARMONICS = ((1, 1.0), (2, 0.2), (3, 0.4), (5, 0.2))
_MAINS_SWELL_S = 240.0
_HANGING_UV = 400.0  # mains on a band that hangs in the air
_HANGING_NOISE = 0.05


@dataclass(frozen=True, slots=True)
class _FrontEnd:
    """What an amplifier adds and removes."""

    noise_uv: float
    passes_mains: bool


# 2.3 uV: measured floor of a gel-electrode front end (detection.md 2.1). A Myo rests at 1 to 2 counts, which we
# take for 4 uV each (an assumption of this simulator only: the maker publishes no scale), and filters mains itself.
_FRONT_ENDS = {Unit.MICROVOLT: _FrontEnd(2.3, passes_mains=True), Unit.COUNT: _FrontEnd(6.0, passes_mains=False)}
UV_PER_UNIT = {Unit.MICROVOLT: 1.0, Unit.COUNT: 4.0}


def potential_uv(moment: Moment, n_channels: int, unit: Unit) -> Reals:
    """Give the potential, shape (n, n_channels) in uV, noise of the front end included."""
    front_end = _FRONT_ENDS[unit]
    noise = front_end.noise_uv * moment.random.standard_normal((len(moment.times_s), n_channels))
    noise *= generator(moment.seed, "electrodes", moment.site, n_channels).uniform(0.7, 1.3, n_channels)
    hum = _mains_uv(moment) if front_end.passes_mains else np.zeros(len(moment.times_s))
    seen = noise + (hum * moment.habits.mains_uv + _heart_uv(moment))[:, None]
    for discharge in moment.discharges:
        _add_twitch(seen, moment, discharge)
    for span in moment.during(Kind.TURNING, Kind.MOVEMENT):
        interference = moment.random.standard_normal(seen.shape)
        seen += _MUSCLE_UV[span.kind] * moment.envelope(span)[:, None] * interference
    for span in moment.during(Kind.OFF_SKIN):
        off = moment.window(span.start_s, span.stop_s)
        hanging_uv = _HANGING_UV * (int(span.start_s) % 2)  # some bands fall flat, others pick up mains
        seen[off] = _HANGING_NOISE * noise[off] + hanging_uv * hum[off, None]
    return seen


def waveform(progress: Reals, n_phases: int) -> Reals:
    """Give a surface potential of 1 peak to peak at 0 <= progress <= 1 of its duration, shape as given."""
    return _raw(progress, n_phases) / _SPANS[n_phases]


def peak_progress(n_phases: int) -> float:
    """Give how far into its duration a surface potential is largest."""
    return float(_GRID[np.argmax(np.abs(_raw(_GRID, n_phases)))])


def _raw(progress: Reals, n_phases: int) -> Reals:
    lobes: Reals = np.sin(np.pi * progress) ** 2 * np.sin(n_phases * np.pi * progress)
    return lobes


_GRID = np.linspace(0.0, 1.0, 1001)
_SPANS = {n_phases: float(np.ptp(_raw(_GRID, n_phases))) for n_phases in range(1, 6)}


def _add_twitch(seen: Reals, moment: Moment, discharge: Discharge) -> None:
    """Add a twitch: largest on the channel above it, smaller around the limb."""
    where = moment.window(discharge.onset_s, discharge.onset_s + discharge.duration_s)
    n_channels = seen.shape[1]
    steps = np.abs(np.arange(n_channels) - int(discharge.place * n_channels))
    gains = _GAIN_PER_CHANNEL ** np.minimum(steps, n_channels - steps)
    shape = waveform((moment.times_s[where] - discharge.onset_s) / discharge.duration_s, discharge.n_phases)
    seen[where] += discharge.potential_uv * shape[:, None] * gains


def _mains_uv(moment: Moment) -> Reals:
    """Give mains of about 1 uV rms that swells and ebbs, shape (n,)."""
    phase = 2 * np.pi * _MAINS_HZ * moment.times_s
    wave = sum((size * np.sin(number * phase + number) for number, size in _HARMONICS), np.zeros(len(phase)))
    swell: Reals = 1.0 + 0.5 * np.sin(2 * np.pi * moment.times_s / _MAINS_SWELL_S)
    hum: Reals = np.sqrt(2.0) * wave * swell
    return hum


def _heart_uv(moment: Moment) -> Reals:
    """Give the heart's potential, shape (n,): one QRS a beat, as the second derivative of a bell."""
    seen = np.zeros(len(moment.times_s))
    if moment.site in _QRS_UV:
        for beat_s in beats(moment.habits, moment.start_s, moment.stop_s):
            where = moment.window(beat_s - 5 * _QRS_S, beat_s + 5 * _QRS_S)
            x = (moment.times_s[where] - beat_s) / _QRS_S
            seen[where] += _QRS_UV[moment.site] * (1 - x * x) * np.exp(-x * x / 2)
    return seen
