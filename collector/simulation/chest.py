"""The chest: the electrocardiogram that a strap around it sees."""

import numpy as np

from aquiver.body import Site
from collector.simulation.disturbances import Kind
from collector.simulation.heart import beats
from collector.simulation.moment import Moment, Reals

# Peak of the R wave. A strap elsewhere than on the chest sees what the heart leaves there.
_R_UV = {Site.TRUNK: 1000.0, Site.NECK: 400.0}
_R_ELSEWHERE_UV = 60.0
_NOISE_UV = 4.0
_MUSCLE_UV = {Kind.TURNING: 150.0, Kind.MOVEMENT: 100.0}  # rms

# Waves P, Q, R, S and T: seconds after the R peak, width (sigma) in seconds, height as a share of R.
_WAVES = (
    (-0.16, 0.020, 0.12),
    (-0.025, 0.006, -0.12),
    (0.0, 0.008, 1.0),
    (0.028, 0.008, -0.22),
    (0.24, 0.035, 0.28),
)
_REACH = 5.0  # widths; beyond it a wave is over


def electrocardiogram_uv(moment: Moment) -> Reals:
    """Give the potential, shape (n, 1) in uV, noise included."""
    noise = _NOISE_UV * moment.random.standard_normal(len(moment.times_s))
    seen = noise + _R_UV.get(moment.site, _R_ELSEWHERE_UV) * _heart(moment)
    for span in moment.during(Kind.TURNING, Kind.MOVEMENT):
        seen += _MUSCLE_UV[span.kind] * moment.envelope(span) * moment.random.standard_normal(len(seen))
    for span in moment.during(Kind.OFF_SKIN):
        off = moment.window(span.start_s, span.stop_s)
        seen[off] = noise[off]
    return seen[:, None]


def _heart(moment: Moment) -> Reals:
    """Give all beats with an R wave of 1, shape (n,)."""
    seen = np.zeros(len(moment.times_s))
    for beat_s in beats(moment.habits, moment.start_s, moment.stop_s):
        for delay_s, width_s, height in _WAVES:
            peak_s = beat_s + delay_s
            where = moment.window(peak_s - _REACH * width_s, peak_s + _REACH * width_s)
            seen[where] += height * np.exp(-(((moment.times_s[where] - peak_s) / width_s) ** 2) / 2)
    return seen
