"""The header of an EDF, EDF+, BDF or BDF+ file: what the data records hold, and where.

Layout: https://www.edfplus.info/specs/edf.html and edfplus.html; BDF is the same with integers of three bytes and a
first field of its own (https://www.biosemi.com/faq/file_format.htm).
"""

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise

from aquiver.errors import RecordingError

MAIN_BYTES = 256  # the part about the file; each signal adds as many
STILL_GROWING = -1  # the record count of a file whose writer has not finished
COUNT_AT = slice(236, 244)  # where the number of data records stands

_EDF_MARK = b"0       "
_BDF_MARK = b"\xffBIOSEMI"
_MAIN_WIDTHS = (8, 80, 80, 8, 8, 8, 44, 8, 8, 4)
_COLUMN_WIDTHS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
_MOST_COLUMNS = 9999  # what the four characters for their number can say
_ANNOTATIONS = ("EDF Annotations", "BDF Annotations")
_FASTEST_HZ = 1e6  # no sensor on a body is faster: such a header is broken
_FIELD_CHARS = 8  # of every number in the header


@dataclass(frozen=True, slots=True)
class Column:
    """One signal of the file as its header gives it; ``n_samples`` are in each data record."""

    label: str
    unit: str
    physical_min: float
    physical_max: float
    digital_min: int
    digital_max: int
    n_samples: int

    @property
    def is_annotations(self) -> bool:
        """Tell whether it holds text instead of samples."""
        return self.label in _ANNOTATIONS


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says about itself. ``variant`` is ``EDF+C`` and the like, or empty; ``date`` is dd.mm.yy."""

    is_bdf: bool
    patient: str
    recording: str
    date: str
    time: str
    variant: str
    n_records: int
    record_s: float
    columns: tuple[Column, ...]

    @property
    def sample_bytes(self) -> int:
        """Give the width of an integer."""
        return 3 if self.is_bdf else 2

    @property
    def header_bytes(self) -> int:
        """Give the position of the first data record."""
        return MAIN_BYTES * (1 + len(self.columns))

    @property
    def offsets(self) -> tuple[int, ...]:
        """Give each column's position within a data record, in bytes, and last the record's length."""
        widths = (column.n_samples * self.sample_bytes for column in self.columns)
        return tuple(accumulate(widths, initial=0))

    @property
    def record_bytes(self) -> int:
        """Give the length of a data record."""
        return self.offsets[-1]

    @property
    def annotation_columns(self) -> tuple[int, ...]:
        """Give the positions of the columns that hold text."""
        return tuple(i for i, column in enumerate(self.columns) if column.is_annotations)

    def rate_hz(self, column: int) -> float:
        """Give the sample rate of a column."""
        return self.columns[column].n_samples / self.record_s


def columns_in(main: bytes) -> int:
    """Give the number of signals from the first 256 bytes of a file.

    Raises:
        RecordingError: they are no EDF or BDF header, or only a piece of one.
    """
    if not main.startswith((_EDF_MARK, _BDF_MARK)):
        raise RecordingError("this is not an EDF or BDF file")
    if len(main) < MAIN_BYTES:
        raise RecordingError("the header is cut short")
    n_columns = _integer(_cut(main, _MAIN_WIDTHS)[-1], "number of signals")
    if not 0 < n_columns <= _MOST_COLUMNS:
        raise RecordingError(f"the header gives {n_columns} as its number of signals")
    return n_columns


def read_header(raw: bytes) -> Header:
    """Understand a whole header, main part and signals.

    Raises:
        RecordingError: it is cut short, a number is none, or a rate is impossible; without the file's name.
    """
    n_columns = columns_in(raw[:MAIN_BYTES])
    if len(raw) < MAIN_BYTES * (1 + n_columns):
        raise RecordingError("the header is cut short")
    _, patient, recording, date, time, _, variant, n_records, record_s, _ = _cut(raw, _MAIN_WIDTHS)
    header = Header(
        is_bdf=raw.startswith(_BDF_MARK),
        patient=patient,
        recording=recording,
        date=date,
        time=time,
        variant=variant,
        n_records=_integer(n_records, "number of data records"),
        record_s=_number(record_s, "length of a data record"),
        columns=_columns(raw[MAIN_BYTES:], n_columns),
    )
    _judge(header)
    return header


def write_header(header: Header) -> bytes:
    """Give the header as bytes; the inverse of ``read_header`` but for the rounding of numbers to 8 characters."""
    main = [
        (_BDF_MARK if header.is_bdf else _EDF_MARK).decode("latin-1"),
        header.patient,
        header.recording,
        header.date,
        header.time,
        str(header.header_bytes),
        header.variant,
        str(header.n_records),
        number_text(header.record_s),
        str(len(header.columns)),
    ]
    fields = [_column_fields(column) for column in header.columns]
    text = "".join(value.ljust(width) for value, width in zip(main, _MAIN_WIDTHS, strict=True))
    for width, values in zip(_COLUMN_WIDTHS, zip(*fields, strict=True), strict=True):
        text += "".join(value.ljust(width) for value in values)
    return text.encode("latin-1")


def number_text(value: float) -> str:
    """Write a number without exponent in the 8 characters of a header field, as exactly as they allow.

    >>> number_text(-2.0), number_text(1 / 3), number_text(-1234.56789)
    ('-2', '0.333333', '-1234.57')
    """
    for n_decimals in range(_FIELD_CHARS, -1, -1):
        text = f"{value:.{n_decimals}f}"
        if len(text) <= _FIELD_CHARS:
            short = text.rstrip("0").rstrip(".") if n_decimals else text
            return "0" if short == "-0" else short
    raise ValueError(f"{value} does not fit the 8 characters of an EDF header field")


def _cut(raw: bytes, widths: tuple[int, ...], times: int = 1) -> list[str]:
    """Split fixed-width fields, each ``times`` over; the spaces and zeros that pad them are dropped."""
    edges = accumulate((width for width in widths for _ in range(times)), initial=0)
    # Latin-1 knows every byte: a foreign writer's micro sign must not stop us.
    return [raw[start:stop].decode("latin-1").strip(" \0") for start, stop in pairwise(edges)]


def _columns(raw: bytes, n_columns: int) -> tuple[Column, ...]:
    fields = _cut(raw, _COLUMN_WIDTHS, n_columns)
    return tuple(_column(fields[i::n_columns]) for i in range(n_columns))


def _column(fields: list[str]) -> Column:
    label, _, unit, physical_min, physical_max, digital_min, digital_max, _, n_samples, _ = fields
    if label in _ANNOTATIONS:  # text has no range, and some writers leave it out
        return Column(label, unit, -1, 1, -1, 1, _integer(n_samples, f"number of bytes of {label!r}"))
    return Column(
        label=label,
        unit=unit,
        physical_min=_number(physical_min, f"physical minimum of {label!r}"),
        physical_max=_number(physical_max, f"physical maximum of {label!r}"),
        digital_min=_integer(digital_min, f"digital minimum of {label!r}"),
        digital_max=_integer(digital_max, f"digital maximum of {label!r}"),
        n_samples=_integer(n_samples, f"number of samples of {label!r}"),
    )


def _column_fields(column: Column) -> list[str]:
    physical = [number_text(column.physical_min), number_text(column.physical_max)]
    digital = [str(column.digital_min), str(column.digital_max)]
    return [column.label, "", column.unit, *physical, *digital, "", str(column.n_samples), ""]


def _judge(header: Header) -> None:
    if header.n_records < STILL_GROWING:
        raise RecordingError(f"the header gives {header.n_records} as its number of data records")
    for i, column in enumerate(header.columns):
        if column.n_samples <= 0:
            raise RecordingError(f"the header gives {column.n_samples} samples of {column.label!r} a data record")
        if not column.is_annotations and not (header.record_s > 0 and header.rate_hz(i) <= _FASTEST_HZ):
            raise RecordingError(f"the header gives {column.label!r} an impossible sample rate")


def _number(text: str, what: str) -> float:
    try:
        value = float(text.replace(",", "."))  # some writers follow their country's comma
    except ValueError:
        raise RecordingError(f"the header's {what} is {text!r}, which is no number") from None
    if not math.isfinite(value):
        raise RecordingError(f"the header's {what} is {text!r}, which is no number")
    return value


def _integer(text: str, what: str) -> int:
    value = _number(text, what)
    if value != int(value):
        raise RecordingError(f"the header's {what} is {text!r}, which is no whole number")
    return int(value)
