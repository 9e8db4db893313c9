"""Posture: which way is down, as a site's accelerometer feels it."""

from itertools import pairwise

import numpy as np

from collector.simulation.disturbances import Disturbance
from collector.simulation.moment import Moment, Reals
from collector.simulation.randomness import generator


def gravity_g(moment: Moment) -> Reals:
    """Give gravity, shape (n, 3) in g: constant in a posture, swung smoothly to the next in a turn."""
    if not moment.turns:
        return np.tile(_down(moment, None), (len(moment.times_s), 1))
    down = np.tile(_down(moment, moment.turns[0]), (len(moment.times_s), 1))
    for before, turn in pairwise(moment.turns):
        progress = np.clip((moment.times_s - turn.start_s) / (turn.stop_s - turn.start_s), 0.0, 1.0)
        down += (progress * progress * (3 - 2 * progress))[:, None] * (_down(moment, turn) - _down(moment, before))
    lengths: Reals = np.linalg.norm(down, axis=1, keepdims=True)
    return down / np.maximum(lengths, 1e-9)  # half-way between opposites there is no direction


def _down(moment: Moment, after: Disturbance | None) -> Reals:
    """Give the direction of gravity after a turn, shape (3,)."""
    started_ms = 0 if after is None else round(after.start_s * 1000)
    direction: Reals = generator(moment.seed, "posture", moment.site, started_ms).standard_normal(3)
    return direction / np.linalg.norm(direction)
