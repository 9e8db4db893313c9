"""Rows: streams as they lie across the data records of a file, read a minute at a time."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from aquiver.model import Chunk, Samples, Stream
from aquiver.recording.edf import Header
from aquiver.recording.integers import read_integers
from aquiver.recording.records import RecordFile
from aquiver.recording.stretch import Stretch

_TILE_S = 60.0  # read at once: 4 MB for 16 channels at 2 kHz


@dataclass(frozen=True, slots=True)
class Row:
    """One stream in a file: its columns, its slots in each record, and which slots hold what."""

    stream: Stream
    columns: tuple[int, ...]
    n_slots: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Tile:
    """Some whole records: ``block`` has shape (records, record_bytes). ``is_last`` ends the file."""

    header: Header
    first_record: int
    block: NDArray[np.uint8]
    is_last: bool

    def samples(self, row: Row) -> Samples:
        """Give a row's integers, shape (slots, channels)."""
        # Filled in place, channel by channel: stacking whole columns would make every array twice.
        found = np.empty((len(self.block), row.n_slots, len(row.columns)), np.int32)
        for channel, column in enumerate(row.columns):
            found[..., channel] = self._column(column)
        return found.reshape(-1, len(row.columns))

    def end_slot(self, row: Row) -> float:
        """Give the slot at which the next tile begins."""
        return inf if self.is_last else (self.first_record + len(self.block)) * row.n_slots

    def _column(self, column: int) -> Samples:
        """Give a column's integers, shape (records, slots)."""
        start, stop = self.header.offsets[column : column + 2]
        return read_integers(self.block[:, start:stop], self.header.sample_bytes)


def read_rows(records: RecordFile, rows: Sequence[Row]) -> Iterator[Chunk]:
    """Read rows side by side; memory holds one minute of the file."""
    waiting = [deque(row.stretches) for row in rows]
    for tile in _tiles(records) if rows else ():
        for row, stretches in zip(rows, waiting, strict=True):
            yield from _chunks(tile, row, _take(stretches, tile.end_slot(row)))


def _tiles(records: RecordFile) -> Iterator[_Tile]:
    step = max(1, int(_TILE_S / records.header.record_s))
    for first in range(0, records.n_records, step):
        count = min(step, records.n_records - first)
        yield _Tile(records.header, first, records.block(first, count), first + count == records.n_records)


def _take(waiting: deque[Stretch], end_slot: float) -> Iterator[Stretch]:
    """Take the stretches before a slot; what reaches beyond it is cut, and goes on waiting."""
    while waiting and waiting[0].slot < end_slot:
        stretch = waiting.popleft()
        if stretch.end_slot > end_slot:
            stretch, rest = stretch.cut(int(end_slot) - stretch.slot)
            waiting.appendleft(rest)
        yield stretch


def _chunks(tile: _Tile, row: Row, stretches: Iterable[Stretch]) -> Iterator[Chunk]:
    base = tile.first_record * row.n_slots
    samples: Samples | None = None
    for stretch in stretches:
        samples = tile.samples(row) if samples is None else samples
        yield Chunk(
            stream=row.stream,
            run=stretch.run,
            first_sample=stretch.first_sample,
            follows=stretch.follows,
            clock=stretch.clock,
            samples=samples[stretch.slot - base : stretch.end_slot - base],
            is_last=stretch.is_last,
        )
