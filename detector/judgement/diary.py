"""From the diary to factors: what was said of a day. A day of which nothing was said is not known, never "no"."""

from collections.abc import Sequence

from aquiver.model import SYMPTOMS, Factor, Note, Subject

_LATEST = (Subject.SLEEP, Subject.STRESS)  # a day has one of these: what was said last counts; of others the sum
_NO_FACTORS = (*SYMPTOMS, Subject.FELT)


def factors_of(notes: Sequence[Note]) -> list[Factor]:
    """Give the habits in a diary as factors, in the order of their names. Notes are of one wearer.

    A note without an amount says that there was some.
    """
    by_subject: dict[Subject, dict[str, float]] = {}
    for note in sorted(notes, key=lambda one: one.time_s):
        if note.is_removed or note.subject in _NO_FACTORS:
            continue
        by_night = by_subject.setdefault(note.subject, {})
        before = 0.0 if note.subject in _LATEST else by_night.get(note.night, 0.0)
        by_night[note.night] = before + (1.0 if note.amount is None else note.amount)
    return [Factor(subject.value, by_subject[subject]) for subject in sorted(by_subject)]
