"""A sheet: the data records of a recording of ours while it is written; it grows by records of fill."""

from collections.abc import Iterator
from pathlib import Path

from aquiver.model import Samples
from aquiver.recording.integers import write_integers
from aquiver.recording.plan import Lane, Plan
from aquiver.recording.records import RecordFile

_SYNC_S = 5.0  # of recording that a power cut may cost
_BATCH_RECORDS = 64  # added in one write: a long gap must not fill the memory


class Sheet:
    """Put samples and annotations in their places. What is put is safe from this process's end at once."""

    def __init__(self, path: Path, plan: Plan, n_records: int) -> None:
        self.path = path
        self.plan = plan
        self._records = RecordFile(path, plan.header, n_records, is_writable=True)
        self._records.trim()
        self._n_synced = n_records

    def put_samples(self, lane: Lane, slot: int, samples: Samples) -> None:
        """Put samples, shape (n, channels), from a slot on; then, record by record, that the stream reaches there."""
        while len(samples):
            record, start = divmod(slot, lane.n_slots)
            part, samples = samples[: lane.n_slots - start], samples[lane.n_slots - start :]
            self._put_part(lane, record, start, part)
            slot += len(part)

    def put_notes(self, record: int, offset: int, data: bytes) -> None:
        """Put bytes into a record's room for annotations."""
        self.grow(record + 1)
        self._records.write(record, self.plan.notes, offset, data)

    def pages(self) -> Iterator[bytes]:
        """Give every record's room for annotations as it is."""
        for record in range(self._records.n_records):
            yield self._records.field(record, self.plan.notes)

    def grow(self, n_records: int) -> None:
        """Add records of fill until there are so many."""
        while self._records.n_records < n_records:
            first = self._records.n_records
            numbers = range(first, min(first + _BATCH_RECORDS, n_records))
            self._records.add(self.plan.record(number) for number in numbers)

    def sync_if_due(self) -> None:
        """Wait until all is on the disk itself, if that was some seconds of recording ago."""
        if (self._records.n_records - self._n_synced) * self.plan.header.record_s >= _SYNC_S:
            self.sync()

    def sync(self) -> None:
        """Wait until all is on the disk itself."""
        self._records.sync()
        self._n_synced = self._records.n_records

    def close(self) -> None:
        """Put all on the disk itself and close the file."""
        self.sync()
        self._records.close()

    def _put_part(self, lane: Lane, record: int, start: int, part: Samples) -> None:
        self.grow(record + 1)
        width = self.plan.header.sample_bytes
        for column, values in zip(lane.columns, part.T, strict=True):
            self._records.write(record, column, start * width, write_integers(values, width))
        self._records.write(record, lane.reach, 0, (start + len(part)).to_bytes(width, "little"))
