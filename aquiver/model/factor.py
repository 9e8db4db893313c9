"""Factors: what may go with the twitches, and experiments on one of them."""

from dataclasses import dataclass
from enum import StrEnum

from aquiver.body import Site
from aquiver.model.signal import Modality


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing of the diary, by night: the day's value before that night. A night that is not in it is not known.

    Yes/no factors have 0 and 1; others amounts (cups, hours).
    """

    name: str
    by_night: dict[str, float]


@dataclass(frozen=True, slots=True)
class Effect:
    """What goes with a factor on one site: the ratio of rates with it against without, and its interval.

    For an amount the ratio is per unit. ``previous_ratio`` is that of the day before. ``q_value`` is the
    Benjamini-Hochberg value over all factors and sites looked at together. ``is_told`` only where the interval
    excludes 1 and the false-discovery rate is kept: else a wearer is told nothing.
    """

    factor: str
    site: Site
    modality: Modality
    n_nights: int
    n_with: int
    n_without: int
    ratio: float
    ratio_low: float
    ratio_high: float
    previous_ratio: float
    previous_low: float
    previous_high: float
    p_value: float
    q_value: float
    is_told: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive nights with the factor on, or off. The first ``n_washout`` nights do not count."""

    first_night: str
    n_nights: int
    n_washout: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class Experiment:
    """A wearer's experiment, fixed before it begins: pairs of one block on and one off, in drawn order."""

    wearer: str
    factor: str
    site: Site
    modality: Modality
    seed: int
    blocks: tuple[Block, ...]


class Finding(StrEnum):
    """What an experiment says. ``running``: nothing is told before its last night is over."""

    RUNNING = "running"
    TOO_LITTLE = "too_little"
    NO_DIFFERENCE = "no_difference"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class ExperimentResult:
    """The paired comparison of block means: rates with the factor on against off, and the 95 % interval.

    Only ``finding`` and ``n_pairs`` are given before the end.
    """

    finding: Finding
    n_pairs: int
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    p_value: float | None = None
