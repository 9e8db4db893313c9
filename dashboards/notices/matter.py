"""A matter: something a person may be told, in words, of one sort. The seam through which notices and faults pass."""

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """The sorts of message. They never share a channel: a fault is about the machine, a notice about the body."""

    NOTICES = "notices"
    FAULTS = "faults"
    MORNING = "morning"


@dataclass(frozen=True, slots=True)
class Matter:
    """Something a person may be told, since ``since_s``.

    ``kind`` is what answers and budget go by; ``about`` what it is so of (a region, a band): another one is another
    state. ``key`` names it once and for all. ``is_quiet``: never sent, only shown where one looks. ``over_s``: it has ended.
    """

    sort: Sort
    kind: str
    about: str
    key: str
    since_s: float
    title: str
    text: str
    is_quiet: bool = False
    over_s: float | None = None
