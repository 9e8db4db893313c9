"""EMG scenes: a case and a seed give a recording with its truth."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from aquiver.body import Site
from tests.accuracy.acceleration import felt
from tests.accuracy.confounders import AFTER_NOISE, BEFORE_NOISE
from tests.accuracy.device import ACCELEROMETER, EMG, Device
from tests.accuracy.muscle import on_tension
from tests.accuracy.potentials import shapes
from tests.accuracy.rhythm import twitch_times
from tests.accuracy.scene import Scene
from tests.accuracy.seeds import generator
from tests.accuracy.skin import LEVEL_HZ, Skin
from tests.accuracy.surroundings import sparks

_N_UNITS = 24
_MEDIAN_UV = 80.0
_BETWEEN_UNITS, _WITHIN_UNIT = 0.55, 0.25  # log sd; together 0.6, as needle amplitudes have it (JNNP, table 3)
_MOVING = {"contraction", "leg movement", "jerk", "feet"}
_SLOW_RATE = 20.0  # per minute: above it, doublets are as frequent as Kleine 2012 saw them at their most


@dataclass(frozen=True, slots=True)
class EmgCase:
    """What is recorded. ``sigmas`` fixes the size of every twitch over the local noise; else sizes are log-normal
    around 80 uV. ``tension`` is the noise of a weak contraction under everything, in floors. A band on a second site has
    twitches of its own, and the same sparks.
    """

    name: str
    group: str
    minutes: float
    per_minute: float = 0.0
    confounders: tuple[str, ...] = ()
    device: str = "16 bit 500 Hz"
    sigmas: float | None = None
    tension: float = 1.0
    site: Site = Site.LEFT_CALF
    mains_hz: float | None = 50.0
    has_accelerometer: bool = False
    has_sparks: bool = False
    second_site: Site | None = None

    def scenes(self, seed: str) -> list[Scene]:
        """Build the recording."""
        scene = self._scene(seed)
        if self.second_site is None:
            return [scene]
        second = replace(self, name=f"{self.name}, second site", site=self.second_site, second_site=None)
        return [replace(scene, beside=second._scene(seed))]

    def _scene(self, seed: str) -> Scene:
        device: Device = EMG[self.device]
        skin = Skin.quiet(self._rng(seed, "skin"), device.rate_hz, device.n_channels, self.minutes * 60.0)
        for name in self.confounders:
            if name in BEFORE_NOISE:
                BEFORE_NOISE[name](self._rng(seed, name), skin)
        if self.has_sparks:
            sparks(generator(seed, "sparks"), skin)
        if self.tension > 1:
            on_tension(self._rng(seed, "tension"), skin, 0.0, skin.length_s, self.tension)
        if self.per_minute:
            self._plant(self._rng(seed, "twitches"), skin)
        skin.make_noise(self._rng(seed, "noise"))
        truth = skin.truth()
        for name in self.confounders:
            if name in AFTER_NOISE:
                AFTER_NOISE[name](self._rng(seed, name), skin)
        beside = self._felt(seed, device, skin) if self.has_accelerometer else None
        return Scene(device.stream(self.site), device.convert(skin.values), truth, skin.disturbances, beside)

    def _rng(self, seed: str, what: str) -> np.random.Generator:
        return generator(seed, self.name, what)

    def _felt(self, seed: str, device: Device, skin: Skin) -> Scene:
        """Make the accelerometer of the same band."""
        sensor = replace(ACCELEROMETER["100 Hz 2 g"], name=device.name)
        moved = [one for one in skin.disturbances if one.name in _MOVING]
        return felt(self._rng(seed, "accelerometer"), sensor, self.site, moved, skin.length_s)

    def _plant(self, rng: np.random.Generator, skin: Skin) -> None:
        doublets = 0.20 if self.per_minute > _SLOW_RATE else 0.06
        at_s = twitch_times(rng, self.per_minute, skin.length_s - 0.2, doublets) + 0.1
        known = shapes(rng, _N_UNITS, skin.rate_hz)
        which = rng.integers(0, _N_UNITS, len(at_s))
        is_second = np.diff(at_s, prepend=-np.inf) < 0.110  # a doublet is one unit, twice
        which[is_second] = which[np.flatnonzero(is_second) - 1]
        gains = skin.spread(rng, _N_UNITS)[which]
        unit_uv = _MEDIAN_UV * np.exp(_BETWEEN_UNITS * ndtri((rng.permutation(_N_UNITS) + 0.5) / _N_UNITS))
        sizes = unit_uv[which] * np.exp(rng.normal(0.0, _WITHIN_UNIT, len(at_s)))
        if self.sigmas is not None:
            level = (at_s * LEVEL_HZ).astype(np.intp)
            noise = np.sqrt((skin.gain * skin.floor_uv[:, np.newaxis]) ** 2 + skin.power)[:, level].T
            sizes = self.sigmas / (gains / noise).max(axis=1, initial=1e-9)
        skin.twitch(known, which, at_s, sizes, gains)
