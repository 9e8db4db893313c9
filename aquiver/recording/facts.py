"""Facts: what an exact replay needs and EDF has no field for, as annotations of our own recordings.

A *slot* is a place for one sample of a stream; slots count from 0 at the file's start, at the nominal rate.
Texts of ours start with ``aquiver``, then a word, then one JSON object::

    aquiver description 1/3 <piece>    the pieces joined are a Description
    aquiver run {...}                  a RunFact: sample first_sample of a run is in this slot, with this clock
    aquiver clock {...}                a ClockFact: from this slot on, this clock is in force
    aquiver gap {...}                  a GapFact: n_slots from this slot on hold no samples, only fill
    aquiver end {...}                  an EndFact: the run that began in run_slot ended before this slot

Runs lie one after the other. A fact of the same slot replaces an earlier one; gaps may overlap. So telling a
fact twice, as after a crash, does no harm.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from aquiver.errors import RecordingError
from aquiver.model import Clock, Stream

_Known = TypeVar("_Known")

_MARK = "aquiver "
_DESCRIPTION = "aquiver description "
_VERSION = 1
_PIECE_CHARS = 80  # at most 320 bytes of UTF-8: every record has room for that


@dataclass(frozen=True, slots=True)
class Description:
    """What a recording of ours holds. ``zone`` is the IANA name of the place whose time the header shows."""

    start_s: float
    zone: str
    streams: tuple[Stream, ...]
    version: int = _VERSION


@dataclass(frozen=True, slots=True)
class RunFact:
    """A run begins: its ``first_sample`` is in ``slot``."""

    stream: int
    slot: int
    run: str
    first_sample: int
    follows: int
    clock: Clock


@dataclass(frozen=True, slots=True)
class ClockFact:
    """Another clock is in force from ``slot`` on."""

    stream: int
    slot: int
    clock: Clock


@dataclass(frozen=True, slots=True)
class GapFact:
    """Nothing was received for ``n_slots``."""

    stream: int
    slot: int
    n_slots: int


@dataclass(frozen=True, slots=True)
class EndFact:
    """The run that began in ``run_slot`` has ended: its next sample would be in ``slot``."""

    stream: int
    run_slot: int
    slot: int


Fact = RunFact | ClockFact | GapFact | EndFact

_WORDS: dict[str, type[Fact]] = {"run": RunFact, "clock": ClockFact, "gap": GapFact, "end": EndFact}
_WORD_OF = {kind: word for word, kind in _WORDS.items()}


def is_fact(text: str) -> bool:
    """Tell whether an annotation is for us rather than for people."""
    return text.startswith(_MARK)


def write_fact(fact: Fact) -> str:
    """Give the text of a fact.

    >>> write_fact(GapFact(0, 1200, 10))
    'aquiver gap {"stream":0,"slot":1200,"n_slots":10}'
    """
    return f"{_MARK}{_WORD_OF[type(fact)]} {msgspec.json.encode(fact).decode()}"


def read_facts(texts: Iterable[str]) -> Iterator[Fact]:
    """Give the facts among texts, in their order.

    Raises:
        RecordingError: one of them is not as we write them.
    """
    for text in texts:
        word, _, body = text.removeprefix(_MARK).partition(" ")
        if is_fact(text) and word in _WORDS:
            yield _decode(body, _WORDS[word])


def write_description(description: Description) -> list[str]:
    """Give the texts of a description, each short enough for any record."""
    text = msgspec.json.encode(description).decode()
    pieces = [text[at : at + _PIECE_CHARS] for at in range(0, len(text), _PIECE_CHARS)]
    return [f"{_DESCRIPTION}{number}/{len(pieces)} {piece}" for number, piece in enumerate(pieces, 1)]


def read_description(texts: Iterable[str]) -> Description | None:
    """Give the description that a recording's first texts are, reading no further; none if it is not ours.

    Raises:
        RecordingError: it is ours, but the description is torn or of a version we do not know.
    """
    body = ""
    for text in texts:
        if not text.startswith(_DESCRIPTION):
            break
        count, _, piece = text.removeprefix(_DESCRIPTION).partition(" ")
        number, _, total = count.partition("/")
        body += piece
        if number == total:
            return _checked(_decode(body, Description))
    if body:
        raise RecordingError("its description of the streams is cut short")
    return None


def _checked(description: Description) -> Description:
    if description.version != _VERSION:
        raise RecordingError(f"it was written by a newer aquiver (version {description.version} of recordings)")
    return description


def _decode(body: str, kind: type[_Known]) -> _Known:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise RecordingError(f"an annotation of aquiver is damaged: {error}") from error
