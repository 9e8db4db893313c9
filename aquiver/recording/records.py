"""The data records of a file on disk: read, patched in place, and added at the end."""

import os
from collections.abc import Iterable
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from aquiver.errors import RecordingError
from aquiver.recording.edf import COUNT_AT, Header
from aquiver.recording.tal import Page, read_page


class RecordFile:
    """The records of one open file. Positions are those of the layout: nothing depends on where the file ends."""

    def __init__(self, path: Path, header: Header, n_records: int, *, is_writable: bool = False) -> None:
        self.header = header
        self.n_records = n_records
        self.offsets = header.offsets  # computed once: they are needed for every write
        self._first = header.header_bytes
        self._path = path
        # Unbuffered: what is written is with the operating system, and survives this process.
        self._file = FileIO(path, "r+" if is_writable else "r")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def block(self, record: int, n_records: int) -> NDArray[np.uint8]:
        """Give whole records as bytes, shape (n_records, record_bytes)."""
        raw = self._read(record, 0, n_records * self.header.record_bytes)
        return np.frombuffer(raw, np.uint8).reshape(n_records, -1)

    def field(self, record: int, column: int) -> bytes:
        """Give what a record holds of one column."""
        start, stop = self.offsets[column : column + 2]
        return self._read(record, start, stop - start)

    def page(self, record: int, column: int) -> Page:
        """Give a record's annotations."""
        return read_page(self.field(record, column))

    def last_nonzero(self, column: int) -> tuple[int, int]:
        """Give the last record in which a column of one unsigned integer is not 0, and its value; else (0, 0)."""
        for record in range(self.n_records - 1, -1, -1):
            value = int.from_bytes(self.field(record, column), "little")
            if value:
                return record, value
        return 0, 0

    def write(self, record: int, column: int, at: int, data: bytes) -> None:
        """Write into a column of a record that is there, ``at`` bytes behind its beginning."""
        self._write(self._position(record, self.offsets[column] + at), data)

    def add(self, records: Iterable[bytes]) -> None:
        """Add records at the end; only then the header counts them."""
        data = b"".join(records)
        self._write(self._position(self.n_records, 0), data)
        self.n_records += len(data) // self.header.record_bytes
        self._write_count()

    def trim(self) -> None:
        """Drop what stands behind the last whole record, and count the whole ones."""
        self._file.truncate(self._position(self.n_records, 0))
        self._write_count()

    def sync(self) -> None:
        """Wait until everything is on the disk itself."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write_count(self) -> None:
        self._write(COUNT_AT.start, str(self.n_records).ljust(COUNT_AT.stop - COUNT_AT.start).encode())

    def _position(self, record: int, offset: int) -> int:
        return self._first + record * self.offsets[-1] + offset

    def _read(self, record: int, offset: int, n_bytes: int) -> bytes:
        self._file.seek(self._position(record, offset))
        raw = self._file.read(n_bytes)
        if len(raw) < n_bytes:
            raise RecordingError(f"{self._path} became shorter while it was read")
        return raw

    def _write(self, position: int, data: bytes) -> None:
        self._file.seek(position)
        while data:
            data = data[self._file.write(data) :]
