"""A mark as one line of InfluxDB's line protocol. Pure.

Writing a mark again writes the same point again. ``digest`` tells whether one that is there is still the same.
"""

from zlib import crc32

from aquiver.model import Mark
from aquiver.store.spelling import head_of, nanoseconds, numbers_of, text_of


def mark_line(mark: Mark) -> bytes:
    """Give a mark as a line.

    >>> from aquiver.model import MarkKind
    >>> mark_line(Mark(MarkKind.WEEK, "me", "2026-01-05", 2.0, numbers={"n_regions_positive": 1}))
    b'week,wearer=me night="2026-01-05",n_regions_positive=1.0,digest="f73be092" 2000000000'
    """
    return f'{_head(mark)} {_fields(mark)}digest="{digest_of(mark)}" {nanoseconds(mark.time_s)}'.encode()


def digest_of(mark: Mark) -> str:
    """Give what differs as soon as anything drawn differs."""
    return f"{crc32(_fields(mark).encode()):08x}"


def _head(mark: Mark) -> str:
    tags = (
        ("device", mark.device),
        ("modality", mark.modality or ""),
        ("region", mark.region or ""),
        ("site", mark.site or ""),
        ("wearer", mark.wearer),
    )
    return head_of(mark.kind, tags)


def _fields(mark: Mark) -> str:
    words = {"night": mark.night, **mark.words}
    return "".join(f'{name}="{text_of(value)}",' for name, value in words.items()) + numbers_of(mark.numbers)
