"""The confounders: by name, in the order in which they are planted."""

from collections.abc import Callable
from functools import partial

import numpy as np

from tests.accuracy import electrode, heart, muscle, surroundings
from tests.accuracy.skin import Skin

Plant = Callable[[np.random.Generator, Skin], None]

BEFORE_NOISE: dict[str, Plant] = {
    "noise steps": surroundings.noise_steps,
    "sweat": surroundings.sweat,
    "breath": surroundings.breath,
    "mains 50": partial(surroundings.mains, line_hz=50.0),
    "mains 60": partial(surroundings.mains, line_hz=60.0),
    "snoring": surroundings.snore,
    "voluntary": muscle.voluntary,
    "leg movements": muscle.leg_movements,
    "low trains": muscle.low_trains,
    "tonic": muscle.tonic,
    "feet": muscle.feet_at_onset,
    "jerks": muscle.jerks,
    "phasic": muscle.phasic,
    "grinding": muscle.grinding,
    "ECG 10": partial(heart.ecg, size_uv=10.0),
    "ECG 40": partial(heart.ecg, size_uv=40.0),
    "ECG 120": partial(heart.ecg, size_uv=120.0),
    "ECG 400": partial(heart.ecg, size_uv=400.0),
}
AFTER_NOISE: dict[str, Plant] = {
    "pops": electrode.pops,
    "loose contact": electrode.loose,
    "lost contact": electrode.lost,
    "clipping": electrode.clipping,
}
NAMES = (*BEFORE_NOISE, *AFTER_NOISE)

# A limb in bed: everything but the sounds and habits of the head, and the heart only from afar.
LIMB = tuple(name for name in NAMES if name not in {"mains 60", "snoring", "grinding", "ECG 40", "ECG 120", "ECG 400"})
HEAD = tuple(
    name for name in NAMES if name not in {"mains 60", "leg movements", "feet", "ECG 40", "ECG 120", "ECG 400"}
)
QUIET = ("noise steps", "mains 50")
