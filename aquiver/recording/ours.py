"""A recording of ours as it is found on disk: its plan, its facts, and how far each stream reaches."""

from collections.abc import Iterator
from dataclasses import replace

from aquiver.errors import RecordingError
from aquiver.recording.edf import read_header, write_header
from aquiver.recording.facts import Description, Fact, read_description, read_facts
from aquiver.recording.plan import Lane, Plan, draw
from aquiver.recording.records import RecordFile
from aquiver.recording.stretch import Stretch, recorded
from aquiver.recording.tal import Annotation


def annotations_in(records: RecordFile) -> Iterator[Annotation]:
    """Give all annotations of a file, in its order."""
    for record in range(records.n_records):
        for column in records.header.annotation_columns:
            yield from records.page(record, column).annotations


def plan_of(records: RecordFile) -> Plan | None:
    """Give the plan that a file was written by; none if it is not ours, or was rearranged by another program.

    Raises:
        RecordingError: it is ours, but its description is damaged.
    """
    description = read_description(note.text for note in annotations_in(records))
    if description is None:
        return None
    plan = _drawn(description)
    planned = read_header(write_header(plan.header))
    return plan if planned == replace(records.header, n_records=planned.n_records) else None


def facts_in(records: RecordFile) -> list[Fact]:
    """Give the facts of a recording of ours, in the order in which they were written."""
    return list(read_facts(note.text for note in annotations_in(records)))


def through_of(records: RecordFile, lane: Lane) -> int:
    """Give the slot up to which a stream was delivered."""
    record, reach = records.last_nonzero(lane.reach)
    return record * lane.n_slots + reach


def stretches_of(records: RecordFile, plan: Plan) -> list[tuple[Lane, tuple[Stretch, ...]]]:
    """Give each lane of a recording of ours with what it holds."""
    facts = facts_in(records)
    mine = [[fact for fact in facts if fact.stream == number] for number in range(len(plan.lanes))]
    return [(lane, recorded(facts, through_of(records, lane))) for lane, facts in zip(plan.lanes, mine, strict=True)]


def _drawn(description: Description) -> Plan:
    try:
        return draw(description)
    except (ValueError, KeyError) as error:  # a zone this machine does not know is a KeyError
        raise RecordingError(f"its description cannot be used: {error}") from error
