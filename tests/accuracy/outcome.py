"""An outcome: what the detector made of one scene, and the sum of several."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detector.score import Score

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Truth and findings, one row a planted twitch; ``false_near`` counts false alarms by what lay nearest, and
    ``disturbed_s`` is how long each of these lasted.
    """

    sigmas: NDArray[np.float64]
    ideal: NDArray[np.float64]
    are_hit: Flags
    are_analysable: Flags
    n_found: int
    n_false: int
    analysable_s: float
    length_s: float
    excluded_s: Counter[str] = field(default_factory=Counter)
    false_near: Counter[str] = field(default_factory=Counter)
    disturbed_s: Counter[str] = field(default_factory=Counter)

    @property
    def hours(self) -> float:
        return self.analysable_s / 3600.0

    @property
    def false_per_hour(self) -> float:
        return self.n_false / self.hours if self.hours else float("nan")

    @property
    def analysable_share(self) -> float:
        return self.analysable_s / self.length_s if self.length_s else float("nan")

    @property
    def precision(self) -> float:
        return self._score(0.0).precision

    def sensitivity(self, least: float = 0.0, most: float = np.inf, *, over_all_time: bool = False) -> float:
        """Give the share that was found of the twitches of these sigmas; in analysable time unless told otherwise."""
        chosen = (self.sigmas >= least) & (self.sigmas < most)
        if not over_all_time:
            chosen &= self.are_analysable
        return float(self.are_hit[chosen].mean()) if chosen.any() else float("nan")

    def ideal_sensitivity(self, least: float = 0.0, most: float = np.inf) -> float:
        """Give what an observer would find who knew every shape and the noise, in the same time."""
        chosen = (self.sigmas >= least) & (self.sigmas < most) & self.are_analysable
        return float(self.ideal[chosen].mean()) if chosen.any() else float("nan")

    def f1(self, least: float = 0.0) -> float:
        """Give F1 over the twitches from these sigmas in analysable time; a smaller one that was found is not false."""
        return self._score(least).f1

    @property
    def rate_ratio(self) -> float:
        """Give what was counted over what was planted, in analysable time."""
        n_true = int(self.are_analysable.sum())
        return self.n_found / n_true if n_true else float("nan")

    def _score(self, least: float) -> Score:
        chosen = self.are_analysable & (self.sigmas >= least)
        n_hits = int(self.are_hit[chosen].sum())
        return Score(n_hits, int(chosen.sum()) - n_hits, self.n_false)


def total(outcomes: Iterable[Outcome]) -> Outcome:
    """Add outcomes up."""
    parts = list(outcomes)
    return Outcome(
        sigmas=np.concatenate([part.sigmas for part in parts]),
        ideal=np.concatenate([part.ideal for part in parts]),
        are_hit=np.concatenate([part.are_hit for part in parts]),
        are_analysable=np.concatenate([part.are_analysable for part in parts]),
        n_found=sum(part.n_found for part in parts),
        n_false=sum(part.n_false for part in parts),
        analysable_s=sum(part.analysable_s for part in parts),
        length_s=sum(part.length_s for part in parts),
        excluded_s=sum((part.excluded_s for part in parts), Counter()),
        false_near=sum((part.false_near for part in parts), Counter()),
        disturbed_s=sum((part.disturbed_s for part in parts), Counter()),
    )
