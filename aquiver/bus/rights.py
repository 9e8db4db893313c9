"""Rights: what each account may say on the bus and what it may hear, as a table and as a broker reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

from aquiver.model import (
    Answer,
    Chunk,
    Entry,
    Fault,
    Glimpse,
    Heard,
    Heartbeat,
    Message,
    Note,
    Notice,
    Position,
    Span,
    Status,
    Tally,
    Trial,
    Twitch,
)
from aquiver.wire import KINDS, ROOT, filter_by, filter_of


@dataclass(frozen=True, slots=True)
class Rights:
    """Kinds of message. Of positions, heartbeats and faults everyone says only their own, but the owner."""

    says: tuple[type[Message], ...]
    hears: tuple[type[Message], ...]


_ALL = tuple(KINDS.values())
_WATCH = (Status, Heartbeat, Position, Fault, Tally)  # what it takes to see which link broke
_ALIVE = (Heartbeat, Fault)
RIGHTS: Mapping[str, Rights] = {
    "owner": Rights(_ALL, _ALL),  # the person: erases what the broker retains; no service uses it
    "collector": Rights((Chunk, Status, *_ALIVE), _WATCH),
    "detector": Rights((Twitch, Span, Tally, Glimpse, Position, *_ALIVE), (Chunk, *_WATCH)),
    "judge": Rights((Notice, *_ALIVE), _WATCH),
    "recorder": Rights((Position, *_ALIVE), _ALL),
    "view": Rights(_ALIVE, _ALL),
    "page": Rights(_ALIVE, _ALL),
    "notify": Rights((Position, Heard, *_ALIVE), tuple(kind for kind in _ALL if kind is not Chunk)),
    "diary": Rights((Note, Answer, Trial, Entry), (Heard,)),  # the wearer's own programs
    "home": Rights((Entry,), (Heard,)),  # Home Assistant
    "reader": Rights((), _ALL),
}


# Topics that are not ours: Home Assistant's, and what it is told.
_TOLD = ("homeassistant/#", "aquiver/home/#")
_COMES_UP = ("homeassistant/status",)
_PLAIN_SAID: Mapping[str, tuple[str, ...]] = {"owner": _TOLD, "notify": _TOLD, "home": _COMES_UP}
_PLAIN_HEARD: Mapping[str, tuple[str, ...]] = {"owner": _TOLD, "notify": _COMES_UP, "home": _TOLD}


def topics_said(account: str) -> list[str]:
    """Give the topic filters an account may publish under."""
    return sorted({filter_by(kind, account) for kind in RIGHTS[account].says} | {*_PLAIN_SAID.get(account, ())})


def topics_heard(account: str) -> list[str]:
    """Give the topic filters an account may subscribe to."""
    hears = RIGHTS[account].hears
    ours = [f"{ROOT}/#"] if set(hears) == set(_ALL) else sorted(filter_of(kind) for kind in hears)
    return [*ours, *_PLAIN_HEARD.get(account, ())]


def mosquitto_acl() -> str:
    """Give mosquitto's acl_file. Without a user line before them no topics are named, so strangers have none.

    >>> "user reader" in mosquitto_acl()
    True
    """
    blocks = (
        [
            f"user {account}",
            *(f"topic write {topic}" for topic in topics_said(account)),
            *(f"topic read {topic}" for topic in topics_heard(account)),
        ]
        for account in RIGHTS
    )
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"
