"""A fair copy: a recording of ours for other programs, with every annotation that is known by now.

A recording in use holds what a replay needs: how far each stream was delivered, runs and clocks, and the twitches that
were found while it was written. Its fair copy holds the samples, unchanged to the last integer, and the annotations
that are given: no less, whenever they were found.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from aquiver.errors import RecordingError
from aquiver.model import Modality
from aquiver.recording.edf import Column, Header, write_header
from aquiver.recording.ours import stretches_of
from aquiver.recording.plan import Plan
from aquiver.recording.reader import Recording
from aquiver.recording.records import RecordFile
from aquiver.recording.stretch import Stretch
from aquiver.recording.tal import Annotation, write_annotation, write_start


@dataclass(frozen=True, slots=True)
class Axis:
    """Where the samples of a recording's streams are on its time axis."""

    stretches: dict[Modality, tuple[Stretch, ...]]
    axis_hz: dict[Modality, float]

    def seconds(self, modality: Modality, run: str, sample: int) -> float | None:
        """Give the time of a sample of a run, from the file's start; None if the run is not in this file there."""
        mine = [one for one in self.stretches.get(modality, ()) if one.run == run]
        if not mine or not mine[0].follows <= sample <= mine[-1].end_sample:
            return None
        return (mine[0].slot + sample - mine[0].first_sample) / self.axis_hz[modality]


def axis_of(recording: Recording) -> Axis:
    """Read where everything is.

    Raises:
        RecordingError: this is not a recording of ours.
    """
    plan = _plan_of(recording)
    with RecordFile(recording.path, recording.header, recording.n_records) as records:
        laid = stretches_of(records, plan)
    return Axis(
        {lane.stream.modality: held for lane, held in laid}, {lane.stream.modality: lane.axis_hz for lane, _ in laid}
    )


def write_fair_copy(recording: Recording, path: Path, notes: Iterable[Annotation]) -> None:
    """Write the samples of a recording of ours, and these annotations, as plain EDF+ or BDF+.

    Raises:
        RecordingError: this is not a recording of ours.
    """
    plan = _plan_of(recording)
    pages = _pages(sorted(notes, key=lambda note: note.onset_s), recording)
    columns = [column for lane in plan.lanes for column in lane.columns]
    width = -(-max(map(len, pages), default=1) // recording.header.sample_bytes)
    header = _header(recording, plan, columns, width)
    with path.open("wb") as file, RecordFile(recording.path, recording.header, recording.n_records) as records:
        file.write(write_header(header))
        for number, page in enumerate(pages):
            record = records.block(number, 1).tobytes()
            samples = b"".join(record[records.offsets[column] : records.offsets[column + 1]] for column in columns)
            file.write(samples + page.ljust(width * header.sample_bytes, b"\0"))


def _plan_of(recording: Recording) -> Plan:
    if recording.plan is None:
        raise RecordingError(f"{recording.path}: this is not a recording of aquiver")
    return recording.plan


def _header(recording: Recording, plan: Plan, columns: list[int], width: int) -> Header:
    kept = tuple(plan.header.columns[column] for column in columns)
    notes: Column = replace(plan.header.columns[plan.notes], n_samples=width)
    return replace(plan.header, n_records=recording.n_records, columns=(*kept, notes))


def _pages(notes: list[Annotation], recording: Recording) -> list[bytes]:
    """Lay the annotations into the records they begin in; what begins after the last one goes there."""
    record_s, n_records = recording.header.record_s, recording.n_records
    pages = [write_start(number * record_s) for number in range(n_records)]
    for note in notes if n_records else ():
        number = min(max(int(note.onset_s // record_s), 0), n_records - 1)
        pages[number] += write_annotation(note)
    return pages


def gaps_of(axis: Axis) -> Iterator[Annotation]:
    """Give every stretch of a recording in which a stream has no samples between its first and its last."""
    for modality, held in axis.stretches.items():
        for before, after in pairwise(one for one in held if one.n_slots):
            if after.slot > before.end_slot:
                hz = axis.axis_hz[modality]
                yield Annotation(before.end_slot / hz, (after.slot - before.end_slot) / hz, f"gap {modality}")
