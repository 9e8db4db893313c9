"""Annotations in a data record: time-stamped annotation lists (TALs).

Layout: EDF+ specification, section 2.2: ``onset [0x15 duration] 0x14 text 0x14 ... 0x00``. The first list of a
record has an empty text: its onset is the record's own start.
"""

import re
from dataclasses import dataclass

_STAMP = re.compile(rb"([+-]\d+(?:\.\d*)?)(?:\x15(\d+(?:\.\d*)?)?)?")
_DURATION = b"\x15"
_TEXT = b"\x14"
_END = b"\x14\x00"
_N_DECIMALS = 6  # readers resolve 0.1 us; a sample of ours lasts 100 us or more


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark in a recording. ``onset_s`` counts from the file's start; ``duration_s`` is 0 for a moment."""

    onset_s: float
    duration_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One record's annotations. ``start_s`` is the record's start, if it says so; ``n_bytes`` are well-formed."""

    start_s: float | None
    annotations: tuple[Annotation, ...]
    n_bytes: int


def write_start(start_s: float) -> bytes:
    r"""Give the list that opens a record.

    >>> write_start(12)
    b'+12\x14\x14\x00'
    """
    return _seconds(start_s, sign="+") + _TEXT + _END


def write_annotation(annotation: Annotation) -> bytes:
    r"""Give an annotation as a list of its own.

    Characters that would end the text are written as spaces.

    >>> write_annotation(Annotation(1.25, 0.05, "twitch"))
    b'+1.25\x150.05\x14twitch\x14\x00'
    """
    duration = _DURATION + _seconds(annotation.duration_s) if annotation.duration_s else b""
    text = "".join(" " if character in "\x00\x14\x15" else character for character in annotation.text)
    return _seconds(annotation.onset_s, sign="+") + duration + _TEXT + text.encode() + _END


def as_read(annotation: Annotation) -> Annotation:
    """Give an annotation as it comes back from a file."""
    return read_page(write_annotation(annotation)).annotations[0]


def read_page(raw: bytes) -> Page:
    r"""Read one record's lists. A torn or foreign list ends the page: what stands before it is good.

    >>> page = read_page(b"+7\x14\x14\x00+7.5\x14on\x14off\x14\x00+8\x14to")
    >>> page.start_s, [note.text for note in page.annotations], page.n_bytes
    (7.0, ['on', 'off'], 18)
    """
    start_s: float | None = None
    annotations: list[Annotation] = []
    at = 0
    while (end := raw.find(_END, at)) >= 0:
        stamp, *texts = raw[at:end].split(_TEXT)
        times = _times(stamp)
        if times is None:
            break
        if at == 0 and not any(texts):
            start_s = times[0]
        annotations += [Annotation(*times, text.decode("utf-8", "replace")) for text in texts if text]
        at = end + len(_END)
    return Page(start_s, tuple(annotations), at)


def _seconds(value_s: float, sign: str = "") -> bytes:
    text = f"{value_s:{sign}.{_N_DECIMALS}f}"
    return text.rstrip("0").rstrip(".").encode("ascii")


def _times(stamp: bytes) -> tuple[float, float] | None:
    found = _STAMP.fullmatch(stamp.lstrip(b"\0"))  # some writers leave room between lists
    return None if found is None else (float(found[1]), float(found[2] or 0))
