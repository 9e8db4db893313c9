"""CSV: one file for each kind of record, as RFC 4180 has it: UTF-8, a header, commas, lines that end in CR LF.

Numbers are written so that reading them gives the very same value; an empty cell is "not said".
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from aquiver.export.table import Table
from aquiver.model import Kept


def write_sheet(path: Path, table: Table, nights: Iterable[list[Kept]]) -> int:
    """Write the records of a kind, and give their number. Without records no file is left."""
    n_records = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, table.header)
        writer.writeheader()
        for records in nights:
            writer.writerows(_text(table, record) for record in records)
            n_records += len(records)
    if not n_records:
        path.unlink()
    return n_records


def read_sheet(path: Path, table: Table) -> Iterator[Kept]:
    """Read back what was written."""
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield table.record(row)


def _text(table: Table, record: Kept) -> dict[str, str]:
    return {name: _spelt(cell) for name, cell in table.row(record).items()}


def _spelt(cell: str | float | None) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell)
