"""Marks: what a store is told only so that it can be drawn there. All of it follows from records and statuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from aquiver.body import Region, Site
from aquiver.model.signal import Modality


class MarkKind(StrEnum):
    """What a mark is of.

    ``band``: one stream of a band at one moment. The others are what the judge says, and are drawn anew as it changes its
    mind: ``judged``, a site in a night; ``region``, a region in a night; ``week``, all regions in the seven nights up to
    one; ``step``, the night since which a site has had twitches.
    """

    BAND = "band"
    JUDGED = "judged"
    REGION = "region"
    WEEK = "week"
    STEP = "step"


JUDGED_KINDS = (MarkKind.JUDGED, MarkKind.REGION, MarkKind.WEEK, MarkKind.STEP)


@dataclass(frozen=True, slots=True)
class Mark:
    """One point of a picture. A number that is none is left out: it is not known, which is not zero.

    A mark is one by its kind, wearer, place, device, modality and time.
    """

    kind: MarkKind
    wearer: str
    night: str
    time_s: float
    site: Site | None = None
    region: Region | None = None
    device: str = ""
    modality: Modality | None = None
    numbers: Mapping[str, float | None] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
