"""Notes: from words to what is kept, and from what is kept to those that stand. Pure."""

import hashlib
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from aquiver.model import Note
from dashboards.diary.day import night_with
from dashboards.diary.grammar import understand


def notes_in(words: str, wearer: str, time_s: float, zone: ZoneInfo, night: str | None = None) -> list[Note]:
    """Give the notes in a text. The same words for the same moment give the same notes, so saying it twice counts once.

    Raises:
        SettingsError: the text is not understood; it says what to write instead.
    """
    return [
        Note(
            wearer=wearer,
            id=_id(wearer, time_s, place, one.words),
            time_s=time_s,
            night=night or night_with(one.subject, time_s, zone),
            subject=one.subject,
            amount=one.amount,
            words=one.words,
            site=one.site,
        )
        for place, one in enumerate(understand(words))
    ]


def standing(notes: Iterable[Note]) -> list[Note]:
    """Leave out what was taken back."""
    return [note for note in notes if not note.is_removed]


def _id(wearer: str, time_s: float, place: int, words: str) -> str:
    return hashlib.sha256(f"{wearer}|{time_s:.3f}|{place}|{words}".encode()).hexdigest()[:8]
