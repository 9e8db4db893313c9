"""The log: annotations written one after the other into the records' room for them, from the first record on.

EDF+ asks no order of annotations, so they need not stand in the record of their time. Packed like this they are on
disk the moment they are written, never wait for room, and are the last to suffer when the end of a file is lost.
"""

from collections.abc import Iterator

from aquiver.recording.sheet import Sheet
from aquiver.recording.tal import Annotation, read_page, write_annotation


class Log:
    """Append annotations to a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._turn_to(0)

    @classmethod
    def resumed(cls, sheet: Sheet) -> "Log":
        """Go on behind the last annotation that is whole; what a crash has torn is wiped."""
        log = cls(sheet)
        for record, page in _written(sheet):
            log._record, log._offset = record, read_page(page).n_bytes
        sheet.put_notes(log._record, log._offset, bytes(sheet.plan.note_bytes - log._offset))
        return log

    def write(self, annotation: Annotation) -> None:
        """Put an annotation on disk; records of fill are added where no room is left."""
        data = write_annotation(annotation)
        if self._offset + len(data) > self._sheet.plan.note_bytes:
            self._turn_to(self._record + 1)
        if self._offset + len(data) > self._sheet.plan.note_bytes:
            raise ValueError(f"an annotation of {len(data)} bytes is too long for any record")
        self._sheet.put_notes(self._record, self._offset, data)
        self._offset += len(data)

    def _turn_to(self, record: int) -> None:
        self._record = record
        self._offset = len(self._sheet.plan.page_start(record))


def _written(sheet: Sheet) -> Iterator[tuple[int, bytes]]:
    """Give the records that hold more annotations than their own start."""
    for record, page in enumerate(sheet.pages()):
        if any(page[len(sheet.plan.page_start(record)) :]):
            yield record, page
