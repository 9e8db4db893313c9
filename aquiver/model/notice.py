"""Notices: what is worth telling about the body, over weeks. Never about the machine."""

from dataclasses import dataclass, field
from enum import StrEnum

from aquiver.body import Region, Site
from aquiver.model.signal import Modality


class NoticeKind(StrEnum):
    """Which rule speaks: docs/judgement.md defines the three."""

    PERSISTENT = "persistent"
    NEW_REGION = "new_region"
    CHANGED = "changed"


class NoticeState(StrEnum):
    """Whether a definition begins to hold, or has ceased to: the second is a quiet line, never a push."""

    BEGAN = "began"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Why a notice came: enough to work it out again by hand.

    ``nights`` are the valid nights it rests on, ``positive`` those of them that were positive; ``analysable_s`` is their
    time and ``n_twitches`` their count. ``constants`` are the numbers of the rule as they were set, ``figures`` what
    was found (``change_per_4_weeks`` and the like), ``ends_when`` the numbers of what would end it.
    """

    rule: str
    modality: Modality
    nights: tuple[str, ...]
    positive: tuple[str, ...]
    analysable_s: float
    n_twitches: int
    constants: dict[str, float] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    ends_when: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """A definition began to hold on a site, or ceased to, with ``night``. ``time_s`` is that night's beginning."""

    wearer: str
    kind: NoticeKind
    state: NoticeState
    site: Site
    region: Region
    night: str
    time_s: float
    receipt: Receipt

    @property
    def key(self) -> str:
        """Name this notice for good: said twice, it is one notice."""
        return f"{self.kind}/{self.site}/{self.night}/{self.state}"
