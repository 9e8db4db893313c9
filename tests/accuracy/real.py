"""Real recordings as a base: contraction in which nothing may be found, rest and hearts with planted twitches.

They lie beside the project, not in it; where they are absent, these cases have no scenes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import edfio
import numpy as np
from numpy.typing import NDArray
from scipy import signal

from aquiver.body import Site
from aquiver.model import Unit
from tests.accuracy.acceleration import Part, plant_twitches
from tests.accuracy.device import EMG, Device, accelerometer
from tests.accuracy.emg import EmgCase
from tests.accuracy.potentials import shapes
from tests.accuracy.rhythm import twitch_times
from tests.accuracy.scene import NO_TWITCHES, Disturbance, Scene, Twitches
from tests.accuracy.seeds import TUNING_SEEDS, generator
from tests.accuracy.skin import Skin

_BESIDE = [above / "shared" / "data" for above in Path(__file__).parents]  # beside the project, or above it
DATA = next((folder for folder in _BESIDE if folder.exists()), _BESIDE[3])
_TUNING_PEOPLE, _TEST_PEOPLE = (0, 1), (2, 3)  # of the armband: nobody is in both sets
_MYO = Device("Myo", 200.0, 8, 1.0, Unit.COUNT)
_PLUX = Device("biosignalsplux", 1000.0, 16, 0.05)
_ACC = accelerometer("recorded", 100.0, 16, 0.061)
_PIECE_S = 5.0  # the Myo files are pieces of 5 s, joined
_HYBRID_SIGMAS = (12.0, 30.0)  # 10 is below the limit at 200 Hz (detection bench 2.1)


@dataclass(frozen=True, slots=True)
class RealCase:
    """Scenes made of recordings."""

    name: str
    group: str
    build: Callable[[str], list[Scene]]
    mains_hz: float | None = 50.0

    def scenes(self, seed: str) -> list[Scene]:
        """Build the recordings; none where they are absent."""
        return self.build(seed) if DATA.exists() else []


def read(name: str) -> NDArray[np.float64]:
    """Give a recording, shape (channels, n), in its unit."""
    return np.stack([one.data for one in edfio.read_edf(DATA / name).signals])


def people(seed: str) -> tuple[int, ...]:
    """Give the people of a seed's set."""
    return _TUNING_PEOPLE if seed in TUNING_SEEDS else _TEST_PEOPLE


def gestures(seed: str) -> list[Scene]:
    """Six gestures with rest between, each channel of each person for itself."""
    scenes = []
    for person in people(seed):
        rest = np.rint(read(f"myo_Female{person}_rest.edf"))
        work = np.rint(read(f"myo_Female{person}_gestures.edf"))
        n = round(_PIECE_S * _MYO.rate_hz)
        n_rests = rest.shape[1] // n
        parts, disturbances, at_s = [rest], [], rest.shape[1] / _MYO.rate_hz
        for number in range(work.shape[1] // n):
            pause = (number % n_rests) * n
            parts += [work[:, number * n : (number + 1) * n], rest[:, pause : pause + n]]
            disturbances += [Disturbance("contraction", at_s, at_s + _PIECE_S)]
            disturbances += [Disturbance("real rest", at_s + _PIECE_S, at_s + 2 * _PIECE_S)]
            at_s += 2 * _PIECE_S
        disturbances.append(Disturbance("real rest", 0.0, rest.shape[1] / _MYO.rate_hz))
        joined = np.concatenate(parts, axis=1)
        scenes += [_scene(_MYO, row[np.newaxis], disturbances) for row in joined]
    return scenes


def bursts(_seed: str) -> list[Scene]:
    """A biceps that contracts in cycles, and a thumb: one motor unit at 8-12 Hz, then contractions."""
    scenes = []
    for name in ("plux_emg_bursts.edf", "plux_emg_1000_hz_16_bits_solo.edf"):
        values = read(name)
        scenes.append(_scene(_PLUX, values, [Disturbance("contraction", 0.0, values.shape[1] / _PLUX.rate_hz)]))
    return scenes


def real_rest(seed: str) -> list[Scene]:
    """Rest of the forearm, its pieces shuffled to three minutes, with 10 twitches a minute of 12-30 sigmas."""
    scenes = []
    for person in people(seed):
        rest = np.rint(read(f"myo_Female{person}_rest.edf"))
        rng = generator(seed, "real rest", str(person))
        n = round(_PIECE_S * _MYO.rate_hz)
        order = np.concatenate([rng.permutation(rest.shape[1] // n) for _ in range(12)])
        joined = np.concatenate([rest[:, k * n : (k + 1) * n] for k in order], axis=1)
        scenes += [_with_twitches(rng, _MYO, row[np.newaxis]) for row in joined]
    return scenes


def real_ecg(size_uv: float) -> Callable[[str], list[Scene]]:
    """Five minutes of somebody's heart over simulated skin with 10 twitches a minute."""

    def build(seed: str) -> list[Scene]:
        (ecg,) = read("plux_ecg_5_min.edf")
        case = EmgCase(f"real ECG {size_uv:g}", "ecg", len(ecg) / 60_000.0, 10.0, (), "16 bit 1000 Hz")
        (scene,) = case.scenes(seed)
        beats = ecg.reshape(-1, 1000)
        ecg = (ecg - np.median(ecg)) * size_uv / float(np.median(np.ptp(beats, axis=1)))
        device = EMG["16 bit 1000 Hz"]
        samples = scene.samples + np.rint(ecg / device.step).astype(np.int32)[:, np.newaxis]
        heart = [Disturbance("heart", 0.0, scene.length_s)]
        return [Scene(scene.stream, np.clip(samples, -device.limit, device.limit), scene.twitches, heart)]

    return build


def real_posture(posture: str, per_minute: float) -> Callable[[str], list[Scene]]:
    """A person who lies or sits still for a minute, with planted twitches of 20-150 mg, or none."""

    def build(seed: str) -> list[Scene]:
        values = read(f"plux_{posture}_acc.edf")
        part = Part(_ACC.rate_hz, values, np.zeros(3), [Disturbance("heart", 0.0, values.shape[1] / _ACC.rate_hz)])
        twitches = plant_twitches(generator(seed, posture), part, per_minute, (20.0, 150.0), float(values.std()))
        return [Scene(_ACC.stream(Site.TRUNK), _ACC.convert(part.values / 1000.0), twitches, part.disturbances)]

    return build


def _with_twitches(rng: np.random.Generator, device: Device, values: NDArray) -> Scene:
    """Plant twitches into one channel, sized by its own noise."""
    high_hz = min(450.0, 0.475 * device.rate_hz)
    sections = signal.butter(2, (20.0, high_hz), "bandpass", fs=device.rate_hz, output="sos")
    sigma = float(np.median(np.abs(signal.sosfiltfilt(sections, values[0])))) / 0.6745
    skin = Skin.quiet(rng, device.rate_hz, 1, values.shape[1] / device.rate_hz)
    skin.values[:] = values
    at_s = twitch_times(rng, 10.0, skin.length_s - 0.2, 0.0) + 0.1
    at_s = at_s[np.diff(at_s, prepend=-np.inf) > 0.3]
    known = shapes(rng, 12, device.rate_hz)
    sigmas = np.exp(rng.uniform(*np.log(_HYBRID_SIGMAS), len(at_s)))
    skin.twitch(known, rng.integers(0, 12, len(at_s)), at_s, sigmas * sigma, np.ones((len(at_s), 1)))
    (planted,) = skin.twitches
    truth = Twitches(planted.onsets_s, planted.peaks_s, planted.sizes, sigmas, np.ones(len(at_s)))
    rest = [Disturbance("real rest", 0.0, skin.length_s)]
    return _scene(device, skin.values, rest, truth)


def _scene(device: Device, values: NDArray, disturbances: list[Disturbance], truth: Twitches = NO_TWITCHES) -> Scene:
    return Scene(device.stream(Site.LEFT_FOREARM), device.convert(values), truth, disturbances)
