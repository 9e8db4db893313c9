"""Event files: what aquiver detect and aquiver simulate write, read again."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from aquiver.body import Site
from aquiver.errors import RecordingError
from aquiver.model import Modality

_EVENT_COLUMNS = ("peak_s", "site", "modality")
_SPAN_COLUMNS = ("start_s", "stop_s", "site", "modality")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where and by what something was measured."""

    site: Site
    modality: Modality


@dataclass(frozen=True, slots=True)
class Event:
    """A twitch, true or found. ``is_visible`` is false for a true one that drowns in rest noise."""

    place: Place
    peak_s: float
    is_visible: bool = True


@dataclass(frozen=True, slots=True)
class SetAside:
    """A stretch of time that was not analysed."""

    place: Place
    start_s: float
    stop_s: float


def read_events(path: Path) -> list[Event]:
    """Read true or found events.

    Raises:
        RecordingError: the file is absent, has other columns, or a value that is none; the text says where.
    """
    return [
        Event(row.place, row.number("peak_s"), row.values.get("is_visible", "1") != "0")
        for row in _rows(path, _EVENT_COLUMNS, "aquiver detect --events and aquiver simulate --truth")
    ]


def read_spans(path: Path) -> list[SetAside]:
    """Read the time that was set aside.

    Raises:
        RecordingError: as ``read_events``.
    """
    rows = _rows(path, _SPAN_COLUMNS, "aquiver detect --spans")
    return [SetAside(row.place, row.number("start_s"), row.number("stop_s")) for row in rows]


def read_hours(path: Path) -> dict[Place, float]:
    """Read the analysable hours of each place from a summary in JSON.

    Raises:
        RecordingError: this is not what aquiver detect --json prints.
    """
    try:
        parts = json.loads(_text(path))["sites"]
        return {
            Place(Site(part["site"]), Modality(part["modality"])): float(part["analysable_s"]) / 3600.0
            for part in parts
        }
    except (ValueError, KeyError, TypeError) as error:
        raise RecordingError(f"{path}: this is not a summary of aquiver detect --json ({error})") from error


@dataclass(frozen=True, slots=True)
class _Row:
    path: Path
    line: int
    values: dict[str, str]

    @property
    def place(self) -> Place:
        try:
            return Place(Site(self.values["site"]), Modality(self.values["modality"]))
        except ValueError as error:
            raise self._wrong(str(error)) from None

    def number(self, name: str) -> float:
        try:
            value = float(self.values[name])
        except (TypeError, ValueError):
            raise self._wrong(f"{name} is {self.values[name]!r}, which is no number") from None
        if not isfinite(value):
            raise self._wrong(f"{name} is {value}")
        return value

    def _wrong(self, reason: str) -> RecordingError:
        return RecordingError(f"{self.path}: line {self.line}: {reason}")


def _rows(path: Path, columns: Sequence[str], source: str) -> Iterator[_Row]:
    reader = csv.DictReader(_text(path).splitlines())
    present = reader.fieldnames or ()
    missing = [name for name in columns if name not in present]
    if missing:
        raise RecordingError(
            f"{path}: no column {', '.join(missing)}; there is {', '.join(present) or 'nothing'}. "
            f"Columns as {source} writes them are needed."
        )
    for values in reader:
        yield _Row(path, reader.line_num, values)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise RecordingError(f"{path}: there is no such file") from None
    except UnicodeDecodeError:
        raise RecordingError(f"{path}: this is not a text file") from None
