"""A capture: notifications as people write them into text files, one a line."""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aquiver.driver import Driver
from aquiver.errors import DecodeError

_LONG = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHORT = re.compile(r"(0x)?([0-9a-f]{4}|[0-9a-f]{8})")
_BASE = "-0000-1000-8000-00805f9b34fb"  # Bluetooth's own, which short UUIDs stand for
_UUID_DIGITS = 32
_BETWEEN = str.maketrans(dict.fromkeys(",:;-_|\t", " "))


@dataclass(frozen=True, slots=True)
class Heard:
    """A notification, and where it stands. Its characteristic is empty where nothing tells it."""

    where: str
    characteristic: str
    data: bytes


def capture_in(path: Path, driver: Driver) -> list[Heard]:
    """Read a capture of a wearable, or standard input for ``-``.

    Raises:
        DecodeError: a line holds something else than hexadecimal bytes; the text names it.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DecodeError(f"{path}: not a text file") from error
    found: list[Heard] = []
    for number, line in enumerate(text.splitlines(), start=1):
        spelt = line.partition("#")[0].strip().strip("\"'")
        if spelt:
            found.append(_heard(spelt, f"line {number}", driver.hears))
    return found


def bytes_in(spelt: str, where: str) -> bytes:
    """Give the bytes in a text such as ``02 64 6C``, ``0x02,0x64`` or ``02:64:6c``.

    >>> bytes_in("0x02, 0x64", "here")
    b'\\x02d'

    Raises:
        DecodeError: the text is none.
    """
    try:
        return bytes.fromhex(spelt.lower().replace("0x", " ").translate(_BETWEEN).strip("[]{}() "))
    except ValueError as error:
        raise DecodeError(f"{where}: not hexadecimal bytes") from error


def characteristic_in(word: str, hears: Iterable[str]) -> str:
    """Give the UUID that a word spells, long or short; of a short one, a characteristic of the wearable's if it has such.

    >>> characteristic_in("2A19", ())
    '00002a19-0000-1000-8000-00805f9b34fb'
    """
    return _characteristic(word.lower(), ["-"], hears) or word.lower()


def _heard(line: str, where: str, hears: Iterable[str]) -> Heard:
    first, *rest = re.split(r"[\s,;|=]+", line, maxsplit=1)
    characteristic = _characteristic(first.strip("\"'{}").rstrip(":").lower(), rest, hears)
    return Heard(where, characteristic, bytes_in(rest[0] if characteristic and rest else line, where))


def _characteristic(word: str, rest: list[str], hears: Iterable[str]) -> str:
    """Give the UUID a word spells; nothing if it is not one, but the first bytes."""
    if _LONG.fullmatch(word):
        return word
    if not rest:
        return ""
    if len(word) == _UUID_DIGITS:
        return next((one for one in hears if one.replace("-", "") == word), "")
    short = _SHORT.fullmatch(word)
    if short is None:
        return ""
    digits = short[2].rjust(8, "0")
    ours = next((one for one in hears if one[:8] == digits or one[4:8] == short[2]), "")
    return ours or ("" if _is_grouped_like(short[2], rest[0]) else digits + _BASE)


def _is_grouped_like(word: str, rest: str) -> bool:
    """Tell whether the bytes after a word come in groups of its length: then it is the first of them."""
    return all(len(group) == len(word) for group in rest.split()[:-1] or [rest])
