"""Recordings: EDF, EDF+, BDF and BDF+ files that can be read, down to the last integer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from os import SEEK_END
from pathlib import Path

from aquiver.body import Site
from aquiver.errors import RecordingError
from aquiver.model import Chunk, Modality, Signal, Stream
from aquiver.recording.edf import MAIN_BYTES, STILL_GROWING, Header, columns_in, read_header
from aquiver.recording.facts import is_fact
from aquiver.recording.labels import sort_columns
from aquiver.recording.ours import annotations_in, plan_of, stretches_of
from aquiver.recording.plan import Plan
from aquiver.recording.records import RecordFile
from aquiver.recording.rows import Row, read_rows
from aquiver.recording.stretch import interrupted, on_axis
from aquiver.recording.tal import Annotation

_INTERRUPTED = {"EDF+D", "BDF+D"}


@dataclass(frozen=True, slots=True)
class Recording:
    """A file that can be read. Whatever reads from it opens the file anew, and closes it.

    ``missing_records`` is how many data records fewer are there than the header promises; ``plan`` the layout of a
    recording of ours.
    """

    path: Path
    header: Header
    n_records: int
    missing_records: int
    plan: Plan | None

    @property
    def is_cut(self) -> bool:
        """Tell whether the file is shorter than it says."""
        return self.missing_records > 0

    @property
    def duration_s(self) -> float:
        """Give the time that the data records cover, interruptions not counted."""
        return self.n_records * self.header.record_s

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Give the streams of a recording of ours; a foreign file has only signals."""
        return () if self.plan is None else tuple(lane.stream for lane in self.plan.lanes)

    @property
    def signals(self) -> tuple[Signal, ...]:
        """Give what was measured, grouped by sensor."""
        if self.plan is None:
            return tuple(group.signal for group in sort_columns(self.header).groups)
        return tuple(stream.signal for stream in self.streams)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Give the labels of signals that are neither muscle, heart nor movement, and are not read."""
        return sort_columns(self.header).ignored if self.plan is None else ()

    @property
    def annotations(self) -> Iterator[Annotation]:
        """Read the annotations made for people, in the file's order. Onsets count from the first data record."""
        with self._open() as records:
            start_s = _first_start_s(records)
            for note in annotations_in(records):
                if not is_fact(note.text):
                    yield replace(note, onset_s=note.onset_s - start_s)

    def chunks(self) -> Iterator[Chunk]:
        """Replay a recording of ours: the same streams, runs, numbers, clocks and integers as were appended.

        Only the cuts between chunks may differ. Streams come side by side, a minute at a time.

        Raises:
            RecordingError: this is not a recording of ours.
        """
        if self.plan is None:
            raise RecordingError(f"{self.path}: this is not a recording of aquiver, so it cannot be replayed")
        with self._open() as records:
            laid = stretches_of(records, self.plan)
            yield from _read(records, [Row(lane.stream, lane.columns, lane.n_slots, held) for lane, held in laid])

    def chunks_as(self, wearer: str, device: str, site: Site) -> Iterator[Chunk]:
        """Read every signal as one run, numbered and clocked by the file's own axis: seconds from its start."""
        with self._open() as records:
            worn = partial(Stream, wearer, device, site)
            rows = _foreign_rows(records, worn) if self.plan is None else _rows_on_axis(records, self.plan, worn)
            yield from _read(records, rows)

    def _open(self) -> RecordFile:
        return RecordFile(self.path, self.header, self.n_records)


def open_recording(path: Path) -> Recording:
    """Open a file and understand its header.

    Raises:
        RecordingError: it is absent, empty, not EDF or BDF, cut short before its first data record ends, or absurd.
    """
    try:
        return _opened(path)
    except FileNotFoundError:
        raise RecordingError(f"{path}: there is no such file") from None
    except OSError as error:
        raise RecordingError(f"{path}: this cannot be read: {error.strerror}") from error
    except RecordingError as error:
        raise RecordingError(f"{path}: {error}") from error


def _opened(path: Path) -> Recording:
    header, n_bytes = _header_of(path)
    n_present = (n_bytes - header.header_bytes) // header.record_bytes
    n_promised = n_present if header.n_records == STILL_GROWING else header.n_records
    n_records = min(n_present, n_promised)
    if n_records == 0:
        raise RecordingError("this holds not one whole data record")
    with RecordFile(path, header, n_records) as records:
        plan = plan_of(records)
    if plan is None:
        sort_columns(header)  # an impossible calibration is better said now than in the middle of a night
    return Recording(path, header, n_records, n_promised - n_records, plan)


def _read(records: RecordFile, rows: list[Row]) -> Iterator[Chunk]:
    """Read rows, of each minute movement first: whoever judges what electrodes saw then knows whether the limb moved."""
    return read_rows(records, sorted(rows, key=lambda row: row.stream.modality is not Modality.ACCELEROMETER))


def _header_of(path: Path) -> tuple[Header, int]:
    """Give the header and the length of the file in bytes."""
    with path.open("rb") as file:
        main = file.read(MAIN_BYTES)
        if not main:
            raise RecordingError("this file is empty")
        raw = main + file.read(MAIN_BYTES * columns_in(main))
        return read_header(raw), file.seek(0, SEEK_END)


def _rows_on_axis(records: RecordFile, plan: Plan, worn: Callable[[Signal], Stream]) -> list[Row]:
    """Give the streams of a recording of ours, numbered by the file's axis."""
    return [
        Row(worn(lane.stream.signal), lane.columns, lane.n_slots, on_axis(held, lane.axis_hz))
        for lane, held in stretches_of(records, plan)
    ]


def _foreign_rows(records: RecordFile, worn: Callable[[Signal], Stream]) -> list[Row]:
    header = records.header
    starts_s = _starts_s(records) if header.variant in _INTERRUPTED else [None] * records.n_records
    rows: list[Row] = []
    for group in sort_columns(header).groups:
        n_slots = header.columns[group.columns[0]].n_samples
        held = interrupted(starts_s, n_slots, group.signal.rate_hz)
        rows.append(Row(worn(group.signal), group.columns, n_slots, held))
    return rows


def _starts_s(records: RecordFile) -> list[float | None]:
    """Give what each record says about its start."""
    if not records.header.annotation_columns:
        return [None] * records.n_records
    first = records.header.annotation_columns[0]
    return [records.page(record, first).start_s for record in range(records.n_records)]


def _first_start_s(records: RecordFile) -> float:
    """Give the start of the first record: the part of a second that the header cannot say."""
    pages = (records.page(0, column) for column in records.header.annotation_columns)
    return next((page.start_s for page in pages if page.start_s is not None), 0.0)
