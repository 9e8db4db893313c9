"""The seeds: named sets without a common member. Constants are chosen on the one, a release is judged on another.

What has judged a release judges no later one: who has seen its figures may have chosen by them.
"""

from hashlib import sha256

import numpy as np

TUNING_SEEDS = ("alder", "birch", "cedar", "elder", "hazel", "larch")
TEST_SEEDS = ("amber", "basalt", "chert", "dolomite", "epidote", "fluorite")
USED_UP = ("agate", "beryl", "coral", "flint", "garnet", "jasper")  # by envelope-3


def generator(*names: str) -> np.random.Generator:
    """The generator of a named thing: the same names give the same numbers on every machine."""
    digest = sha256("/".join(names).encode()).digest()
    return np.random.default_rng(np.frombuffer(digest, np.uint32))
