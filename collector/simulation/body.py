"""A simulated body: what any sensor on it would measure, and the truth behind it."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aquiver.body import Site
from aquiver.model import Modality, Samples, Signal, Unit
from collector.simulation.chest import electrocardiogram_uv
from collector.simulation.disturbances import Disturbance, Disturbances
from collector.simulation.habits import NIGHT, Habits
from collector.simulation.moment import Moment, Reals
from collector.simulation.randomness import generator
from collector.simulation.shaking import DELAY_S, LONGEST_S, acceleration_g, peak_delay_s
from collector.simulation.skin import UV_PER_UNIT, peak_progress, potential_uv
from collector.simulation.twitches import Discharge, Twitches

_BLOCK_S = 4.0  # made at once and kept: a source asks for a tenth of a second, a virtual band for 10 ms
_N_BLOCKS_KEPT = 64

# A twitch is visible when it stands above rest noise: 50 uV is the cut-off of the literature, 20 mg what an
# accelerometer was shown to find (detection.md 3.4e).
VISIBLE_UV = 50.0
VISIBLE_G = 0.020


@dataclass(frozen=True, slots=True)
class TrueTwitch:
    """A twitch as it truly was, seen by one kind of sensor.

    ``amplitude`` is peak to peak in ``unit`` (uV or g), under the nearest electrode or along the skin's motion.
    ``is_visible`` says that it stands above rest noise; a disturbance may hide it all the same.
    """

    site: Site
    modality: Modality
    onset_s: float
    peak_s: float
    amplitude: float
    unit: Unit
    is_visible: bool


class Body:
    """A simulated wearer. Equal seeds and habits are the same body; it remembers nothing of what it was asked."""

    def __init__(self, seed: int, habits: Habits = NIGHT) -> None:
        self._seed = seed
        self._habits = habits
        self._twitches = Twitches(seed, habits)
        self._disturbances = Disturbances(seed, habits)
        self._block = lru_cache(maxsize=_N_BLOCKS_KEPT)(self._make_block)

    def sense(self, site: Site, signal: Signal, origin_s: float, first: int, n: int) -> Samples:
        """Give ``n`` samples from number ``first``, digitised; sample k is taken at origin_s + k / rate_hz.

        Shape (n, channels). Asked in any pieces and any order, it gives the same integers.
        """
        size = _block_size(signal)
        start = first // size
        blocks = [
            self._block(site, signal, origin_s, block) for block in range(start, (first + max(n, 1) - 1) // size + 1)
        ]
        skip = first - start * size
        return np.concatenate(blocks)[skip : skip + n]

    def truth(self, site: Site, modality: Modality, start_s: float, stop_s: float) -> tuple[TrueTwitch, ...]:
        """Give the twitches that begin in start_s <= onset < stop_s, in order."""
        return tuple(_SEEN[modality](site, one) for one in self._twitches.between(site, start_s, stop_s))

    def disturbances(self, site: Site, start_s: float, stop_s: float) -> tuple[Disturbance, ...]:
        """Give the disturbances that overlap start_s..stop_s, in order."""
        return self._disturbances.between(site, start_s, stop_s)

    def _make_block(self, site: Site, signal: Signal, origin_s: float, block: int) -> Samples:
        size = _block_size(signal)
        times_s = origin_s + np.arange(block * size, (block + 1) * size) / signal.rate_hz
        start_s, stop_s = float(times_s[0]), float(times_s[-1])
        origin_us = round(origin_s * 1e6)
        moment = Moment(
            seed=self._seed,
            habits=self._habits,
            site=site,
            times_s=times_s,
            random=generator(self._seed, "noise", site, signal.modality, origin_us, round(signal.rate_hz), block),
            discharges=self._twitches.between(site, start_s - LONGEST_S, stop_s),
            disturbances=self._disturbances.between(site, start_s, stop_s),
            turns=self._disturbances.turns(site, start_s, stop_s),
        )
        return _digitise(_SENSES[signal.modality](moment, signal), signal)


def _block_size(signal: Signal) -> int:
    return math.ceil(_BLOCK_S * signal.rate_hz)


def _digitise(values: Reals, signal: Signal) -> Samples:
    """Round to the sensor's integers and clip at its limit; values in the signal's unit, shape (n, channels).

    They lie around each channel's offset: that is where a sensor rests.
    """
    scales = np.array([channel.scale for channel in signal.channels])
    digits: Samples = np.clip(np.rint(values / scales), -signal.limit, signal.limit).astype(np.int32)
    return digits


def _emg(moment: Moment, signal: Signal) -> Reals:
    return potential_uv(moment, len(signal.channels), signal.unit) / UV_PER_UNIT[signal.unit]


def _accelerometer(moment: Moment, _: Signal) -> Reals:
    return acceleration_g(moment)


def _ecg(moment: Moment, signal: Signal) -> Reals:
    seen_uv = np.tile(electrocardiogram_uv(moment), (1, len(signal.channels)))
    return seen_uv / UV_PER_UNIT[signal.unit]


def _seen_by_electrodes(site: Site, one: Discharge) -> TrueTwitch:
    peak_s = one.onset_s + peak_progress(one.n_phases) * one.duration_s
    is_visible = one.potential_uv >= VISIBLE_UV
    return TrueTwitch(site, Modality.EMG, one.onset_s, peak_s, one.potential_uv, Unit.MICROVOLT, is_visible)


def _seen_by_accelerometer(site: Site, one: Discharge) -> TrueTwitch:
    onset_s, peak_s = one.onset_s + DELAY_S, one.onset_s + peak_delay_s(one)
    return TrueTwitch(site, Modality.ACCELEROMETER, onset_s, peak_s, one.skin_g, Unit.G, one.skin_g >= VISIBLE_G)


_SENSES = {Modality.EMG: _emg, Modality.ACCELEROMETER: _accelerometer, Modality.ECG: _ecg}
_SEEN = {Modality.EMG: _seen_by_electrodes, Modality.ACCELEROMETER: _seen_by_accelerometer}
