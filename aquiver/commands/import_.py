"""aquiver import: records from other programs."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import click

from aquiver.commands.keeping import settings_of, store_of
from aquiver.commands.options import config_option, data_option
from aquiver.errors import RecordingError, WireError
from aquiver.lines import read_line
from aquiver.model import Note, Notice, Record, Span, Tally, Twitch
from aquiver.store import key_of

_MOST_SHOWN = 20


@dataclass(slots=True)
class _Found:
    """What a file holds: records by their key, and what was wrong or passed over."""

    records: dict[tuple[str, str, str], Record | Note] = field(default_factory=dict)
    n_repeated: int = 0
    n_replaced: int = 0
    complaints: list[str] = field(default_factory=list)
    passed_over: dict[str, int] = field(default_factory=dict)

    def add(self, number: int, text: str) -> None:
        """Take one line."""
        try:
            line = read_line(text)
        except WireError as error:
            self.complaints.append(f"line {number}: {error}")
            return
        for key in line.passed_over:
            self.passed_over[key] = self.passed_over.get(key, 0) + 1
        key_of_record = key_of(line.record)
        before = self.records.get(key_of_record)
        self.n_repeated += before == line.record
        self.n_replaced += before is not None and before != line.record
        self.records[key_of_record] = line.record


@click.command("import")
@click.argument("file", type=click.File("rb"))
@config_option
@data_option
def import_(file: IO[bytes], config: Path | None, data: Path | None) -> None:
    """Take records into the store: one JSON object a line, as docs/records.md says. - reads from the pipe.

    The least a line needs is wearer, site, night, analysable_s and n_twitches. All lines are taken, or none: a wrong
    one is named with its number. Importing a file again changes nothing.

    \b
    aquiver import records.jsonl
    aquiver replay NIGHT | aquiver import -
    """
    settings = settings_of(config, data)
    found = _read(file)
    if found.complaints:
        raise RecordingError(_refusal(_name_of(file), found.complaints))
    with store_of(settings) as store:
        store.write(list(found.records.values()))
    for line in _summary(found):
        click.echo(line)


def _read(file: IO[bytes]) -> _Found:
    found = _Found()
    for number, raw in enumerate(_watched(file), start=1):
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError:
            found.complaints.append(f"line {number}: not UTF-8")
            continue
        if text:
            found.add(number, text)
    return found


def _watched(file: IO[bytes]) -> Iterator[bytes]:
    """Give the lines, and move a bar along on a terminal."""
    path = Path(_name_of(file))
    n_bytes = path.stat().st_size if path.is_file() else None
    is_hidden = not sys.stderr.isatty() or n_bytes is None
    with click.progressbar(length=n_bytes or 0, label=f"Reading {path.name}", file=sys.stderr, hidden=is_hidden) as bar:
        for raw in file:
            yield raw
            bar.update(len(raw))


def _name_of(file: IO[bytes]) -> str:
    """Name a file; a pipe may have no name."""
    return str(getattr(file, "name", "-"))


def _refusal(name: str, complaints: list[str]) -> str:
    shown = "; ".join(complaints[:_MOST_SHOWN])
    n_more = len(complaints) - _MOST_SHOWN
    rest = f"; and {n_more} more" if n_more > 0 else ""
    return f"{name}: nothing was imported, for {_lines(len(complaints))} cannot be read: {shown}{rest}"


def _summary(found: _Found) -> Iterator[str]:
    records = found.records.values()
    parts = [f"{_n_of(records, kind)} {name}" for kind, name in _NAMES.items() if _n_of(records, kind)]
    yield f"imported: {', '.join(parts) or 'nothing, the file is empty'}"
    if found.n_repeated:
        yield f"{_lines(found.n_repeated)} said again what an earlier one said"
    if found.n_replaced:
        yield f"{_lines(found.n_replaced)} replaced an earlier one of the same key"
    for key, n_lines in sorted(found.passed_over.items()):
        yield f'passed over: "{key}", on {_lines(n_lines)}'


_NAMES = {Tally: "tallies", Twitch: "twitches", Span: "spans", Note: "notes", Notice: "notices"}


def _n_of(records: Iterable[Record | Note], kind: type) -> int:
    return sum(isinstance(record, kind) for record in records)


def _lines(n: int) -> str:
    return f"{n} line{'' if n == 1 else 's'}"
