"""A table: one kind of record as rows of plain values, and back.

A field is a column of the same name. Excluded seconds have a column for each reason; where a record says nothing of a
reason the cell is empty. Any other value that is a list or a map stands in its cell as JSON. A tally's rates are written
for those who read it, and worked out anew from what is read back.
"""

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from aquiver.model import Kept, SpanReason, Tally
from aquiver.model.rate import rates

Cell = str | float | int | bool | None
_EXCLUDED = "excluded_s"
_RATES = tuple(rates(0, 0.0))


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``plain`` is the type of its cells, None where they are JSON."""

    name: str
    plain: type[str] | type[float] | type[int] | type[bool] | None
    may_be_empty: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one kind of record."""

    name: str
    kind: type[Kept]
    columns: tuple[Column, ...]

    @property
    def header(self) -> list[str]:
        """Give the names of the columns."""
        return [column.name for column in self.columns]

    def row(self, record: Kept) -> dict[str, Cell]:
        """Give a record as cells."""
        values: dict[str, Any] = msgspec.to_builtins(record)
        if isinstance(record, Tally):
            values |= record.rates
        for reason, length_s in values.pop(_EXCLUDED, {}).items():
            values[_excluded(reason)] = length_s
        return {column.name: _cell(values.get(column.name), column) for column in self.columns}

    def record(self, row: Mapping[str, Cell]) -> Kept:
        """Give a row's record again.

        Raises:
            msgspec.ValidationError: the row is not of this kind.
        """
        values: dict[str, Any] = {}
        for column in self.columns:
            if column.name in _RATES:
                continue
            value = _value(row[column.name], column)
            if column.name.startswith("excluded_"):
                values.setdefault(_EXCLUDED, {}).update({column.name[9:-2]: value} if value is not None else {})
            else:
                values[column.name] = value
        return msgspec.convert(values, self.kind, strict=False)


def table_of(name: str, kind: type[Kept]) -> Table:
    """Lay out the table of a kind of record."""
    hints = get_type_hints(kind)
    columns = [column for one in fields(kind) for column in _columns(one.name, hints[one.name])]
    if kind is Tally:
        columns += [Column(rate, float, may_be_empty=True) for rate in _RATES]
    return Table(name, kind, tuple(columns))


def _columns(name: str, hint: Any) -> Iterable[Column]:  # noqa: ANN401  # what a type hint is
    if name == _EXCLUDED:
        return [Column(_excluded(reason), float, may_be_empty=True) for reason in SpanReason]
    parts = get_args(hint) if get_origin(hint) is types.UnionType else (hint,)
    said = [part for part in parts if part is not type(None)]
    return [Column(name, _plain(said[0]) if len(said) == 1 else None, may_be_empty=type(None) in parts)]


def _plain(hint: Any) -> type[str] | type[float] | type[int] | type[bool] | None:  # noqa: ANN401
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return str
    return hint if hint in (str, float, int, bool) else None


def _excluded(reason: str) -> str:
    return f"excluded_{reason}_s"


def _cell(value: Any, column: Column) -> Cell:  # noqa: ANN401  # what JSON holds
    if value is None:
        return None
    return msgspec.json.encode(value).decode() if column.plain is None else value


def _value(cell: Cell, column: Column) -> Any:  # noqa: ANN401
    if cell is None or (cell == "" and (column.may_be_empty or column.plain is not str)):
        return None
    return msgspec.json.decode(str(cell)) if column.plain is None else cell
