"""Shaking: the acceleration that a band on the skin feels."""

import math

import numpy as np

from aquiver.body import Site
from collector.simulation.disturbances import Disturbance, Kind
from collector.simulation.heart import beats
from collector.simulation.moment import Moment, Reals
from collector.simulation.posture import gravity_g
from collector.simulation.randomness import generator
from collector.simulation.twitches import Discharge

_NOISE_G = 0.0008  # rms; LSM6DS33 in a 40 Hz band (detection.md 2.1)

# A twitch shakes the skin 6 ms after its potential (Barry 1992), and has died away 0.3 s later.
DELAY_S = 0.006
RINGING_S = 0.075
LONGEST_S = 0.5

# The heart shakes the trunk by 5 to 30 mg peak to peak, limbs by a few (detection.md 2.2), at 5 to 20 Hz.
_HEART_G = {Site.TRUNK: 0.015, Site.NECK: 0.008, Site.FACE: 0.005}
_HEART_LIMB_G = 0.003
_HEART_HZ = 9.0
_HEART_S = 0.05
_PULSE_DELAY_S = 0.15

_BREATH_G = {Site.TRUNK: 0.002, Site.NECK: 0.001}  # rms
_BREATH_LIMB_G = 0.0004
_BREATH_DRIFT_S = 97.0  # breathing never keeps its beat: the period sways by a tenth

_MOVEMENT_G = {Kind.TURNING: 0.4, Kind.MOVEMENT: 0.25}
_MOVEMENT_HZ = (0.7, 5.0)
_N_MOVEMENT_WAVES = 3


def acceleration_g(moment: Moment) -> Reals:
    """Give the acceleration, shape (n, 3) in g, noise of the sensor included."""
    noise = _NOISE_G * moment.random.standard_normal((len(moment.times_s), 3))
    gravity = gravity_g(moment)
    felt = (
        gravity
        + _breath_g(moment)[:, None] * _axis(moment, "breath")
        + _heart_g(moment)[:, None] * _axis(moment, "heart")
    )
    for discharge in moment.discharges:
        _add_twitch(felt, moment, discharge)
    for span in moment.during(Kind.TURNING, Kind.MOVEMENT):
        felt += moment.envelope(span)[:, None] * _movement_g(moment, span)
    for span in moment.during(Kind.OFF_SKIN):
        off = moment.window(span.start_s, span.stop_s)
        felt[off] = gravity[off]
    return felt + noise


def peak_delay_s(discharge: Discharge) -> float:
    """Give how long after its potential a twitch shakes the skin most."""
    pulsation = 2 * math.pi * discharge.ringing_hz
    return DELAY_S + math.atan(pulsation * RINGING_S) / pulsation


def _axis(moment: Moment, what: str) -> Reals:
    direction: Reals = generator(moment.seed, what, moment.site).standard_normal(3)
    return direction / np.linalg.norm(direction)


def _add_twitch(felt: Reals, moment: Moment, discharge: Discharge) -> None:
    """Add a twitch: a damped oscillation along its own direction."""
    start_s = discharge.onset_s + DELAY_S
    where = moment.window(start_s, discharge.onset_s + LONGEST_S)
    since_s = moment.times_s[where] - start_s
    pulsation = 2 * math.pi * discharge.ringing_hz
    ringing = np.exp(-since_s / RINGING_S) * np.sin(pulsation * since_s)
    felt[where] += discharge.skin_g / _span(pulsation) * ringing[:, None] * np.asarray(discharge.direction)


def _span(pulsation: float) -> float:
    """Give the peak-to-peak size of exp(-t / RINGING_S) sin(pulsation t): its first two extremes."""
    top_s = math.atan(pulsation * RINGING_S) / pulsation
    top = math.exp(-top_s / RINGING_S) * math.sin(pulsation * top_s)
    return top * (1 + math.exp(-math.pi / pulsation / RINGING_S))


def _heart_g(moment: Moment) -> Reals:
    """Give the heart's thrust, shape (n,): a short wave packet after each beat."""
    felt = np.zeros(len(moment.times_s))
    for beat_s in beats(moment.habits, moment.start_s, moment.stop_s):
        arrival_s = beat_s + _PULSE_DELAY_S
        where = moment.window(arrival_s - 5 * _HEART_S, arrival_s + 5 * _HEART_S)
        since_s = moment.times_s[where] - arrival_s
        packet = np.exp(-((since_s / _HEART_S) ** 2) / 2) * np.sin(2 * np.pi * _HEART_HZ * since_s)
        felt[where] += _HEART_G.get(moment.site, _HEART_LIMB_G) / 2 * packet
    return felt


def _breath_g(moment: Moment) -> Reals:
    """Give the sway of breathing, shape (n,)."""
    if not moment.habits.breaths_per_min:
        return np.zeros(len(moment.times_s))
    sway = np.sin(2 * np.pi * moment.times_s / _BREATH_DRIFT_S)
    phase = 2 * np.pi * moment.habits.breaths_per_min / 60.0 * moment.times_s + sway
    wave: Reals = np.sqrt(2.0) * np.sin(phase)
    return wave * _BREATH_G.get(moment.site, _BREATH_LIMB_G)


def _movement_g(moment: Moment, span: Disturbance) -> Reals:
    """Give the swing of a moving limb, shape (n, 3): a few slow waves."""
    random = generator(moment.seed, "movement", moment.site, round(span.start_s * 1000))
    swing = np.zeros((len(moment.times_s), 3))
    for _ in range(_N_MOVEMENT_WAVES):
        rate_hz = random.uniform(*_MOVEMENT_HZ)
        size_g = _MOVEMENT_G[span.kind] * random.standard_normal(3) / math.sqrt(_N_MOVEMENT_WAVES)
        swing += np.sin(2 * np.pi * rate_hz * (moment.times_s - span.start_s))[:, None] * size_g
    return swing
