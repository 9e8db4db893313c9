"""Spelling: names and values as InfluxDB's line protocol has them. Pure."""

import math
import re
from collections.abc import Mapping
from functools import lru_cache

_LIMIT_S = 9_200_000_000
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\%]")


def nanoseconds(time_s: float) -> int:
    """Give a UNIX time in ns, within what InfluxDB can tell apart.

    >>> nanoseconds(1.5), nanoseconds(-math.inf)
    (1500000000, -9200000000000000000)
    """
    return round(max(-_LIMIT_S, min(time_s, _LIMIT_S)) * 1_000_000) * 1_000


def tag_of(text: str) -> str:
    r"""Give a tag's value as it is kept: what a line cannot hold stands as a number.

    >>> tag_of("a\nb"), tag_of("left calf")
    ('a%0Ab', 'left calf')
    """
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", text)


@lru_cache(maxsize=1024)
def head_of(name: str, tags: tuple[tuple[str, str], ...]) -> str:
    """Spell measurement and tags; an empty tag is left out, as InfluxDB takes none."""
    return ",".join((name, *(f"{key}={_escaped(value)}" for key, value in tags if value)))


def numbers_of(numbers: Mapping[str, float | None]) -> str:
    """Spell fields of numbers, each with a comma behind it."""
    return "".join(number_of(name, value) for name, value in numbers.items())


def number_of(name: str, value: float | None) -> str:
    """Spell a float's field; one that is missing, infinite or no number has none, as InfluxDB knows no such value.

    >>> number_of("snr", 12), number_of("snr", math.nan), number_of("amount", None)
    ('snr=12.0,', '', '')
    """
    return f"{name}={float(value)!r}," if value is not None and math.isfinite(value) else ""


def flag_of(value: bool) -> str:  # noqa: FBT001  # one value, spelled
    """Spell a truth."""
    return "t" if value else "f"


def text_of(value: str) -> str:
    """Spell what stands between a text's quotation marks."""
    return tag_of(value).replace('"', r"\"")


def quoted(text: str) -> str:
    r"""Quote a string of InfluxQL.

    >>> print(quoted("o'neill"))
    'o\'neill'
    """
    escaped = text.replace("\\", "\\\\").replace("'", r"\'")
    return f"'{escaped}'"


def _escaped(value: str) -> str:
    return tag_of(value).replace(",", r"\,").replace("=", r"\=").replace(" ", r"\ ")
