"""Judgements: what a wearer's nights say together. Where too little was measured, a value is none, never zero."""

from dataclasses import dataclass
from enum import StrEnum

from aquiver.body import Region, Site
from aquiver.model.notice import Notice
from aquiver.model.signal import Modality


class TrendWord(StrEnum):
    """What a weekly look says. Direction alone is not meaning, so there is one word for both."""

    TOO_EARLY = "too_early"
    TOO_FEW = "too_few"  # twitches, for a trend of them to mean anything
    STEADY = "steady"  # no change seen, which is not: none there
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Trend:
    """A weekly look at one site: by what factor its rate changes in four weeks, with a 95 % interval.

    ``ratio`` and the rest are none while it is too early to say. ``picture_ratio`` is the Theil-Sen line, for the eye.
    """

    word: TrendWord
    night: str
    n_nights: int
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    p_value: float | None = None
    lag_1: float | None = None
    picture_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class SiteJudgement:
    """One site, one modality, one night, and what is known with it.

    ``floor_per_hour`` is the site's own false-event floor in force that night. A night that is not valid is neither
    positive nor negative: ``is_positive`` is none. The four below are none while too few nights say anything.
    ``new_since`` is the first of the nights that make a new region. ``is_leading`` says that this modality speaks for the site that night (EMG before accelerometer).
    """

    wearer: str
    site: Site
    modality: Modality
    night: str
    zone: str
    n_twitches: int
    analysable_s: float
    is_final: bool
    is_leading: bool
    floor_per_hour: float
    rate_per_hour: float | None
    low_per_hour: float | None
    high_per_hour: float | None
    is_valid: bool
    is_positive: bool | None
    is_general: bool
    is_recurrent: bool | None
    is_persistent: bool | None
    is_new_region: bool | None
    new_since: str | None
    is_changed: bool | None
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class SpreadStep:
    """Since which night a site has had twitches. ``measured_since`` is its first valid night.

    ``is_spread`` only where the definition of a new region held: measured before, and quiet.
    ``n_regions`` and ``n_sites`` count those positive so far, this one included.
    """

    site: Site
    region: Region
    modality: Modality
    night: str
    measured_since: str
    is_spread: bool
    is_first_in_region: bool
    n_regions: int
    n_sites: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """All of one wearer: nights by site, the order of sites, and the notices, oldest first."""

    wearer: str
    nights: tuple[SiteJudgement, ...]
    spread: tuple[SpreadStep, ...]
    notices: tuple[Notice, ...]
