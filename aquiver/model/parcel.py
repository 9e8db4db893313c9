"""Parcels: messages under way, and the words of transport."""

from dataclasses import dataclass

from aquiver.model.diary import Answer, Entry, Heard, Note, Trial
from aquiver.model.fault import Fault, Heartbeat
from aquiver.model.glimpse import Glimpse
from aquiver.model.notice import Notice
from aquiver.model.record import Span, Tally, Twitch
from aquiver.model.signal import Chunk
from aquiver.model.status import Status


@dataclass(frozen=True, slots=True)
class Position:
    """A consumer's word on a journal: everything before ``next_number`` is safe with me.

    ``is_request`` says that something is missing: send again from there.
    """

    journal: str
    consumer: str
    next_number: int
    is_request: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parcel stands in its sender's journal.

    ``base`` is the oldest number that those it is meant for may still need. ``to`` names those; empty means all: what
    is sent again for one that lags is no business of the others.
    """

    journal: str
    number: int
    base: int
    to: tuple[str, ...] = ()


Record = Twitch | Span | Tally | Notice
Said = Note | Answer | Trial
Kept = Record | Said | Fault  # in the store
Message = Chunk | Record | Said | Status | Position | Entry | Heard | Heartbeat | Fault | Glimpse


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message under way, with its place in the sender's journal where it has one."""

    message: Message
    place: Place | None = None
