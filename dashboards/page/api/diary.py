"""Diary: what the wearer notes, the day's habits, and the symptom card, which reads nothing else."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated

from msgspec import Meta

from aquiver.errors import RequestRefused, SettingsError
from aquiver.model import Note, Tally
from aquiver.nights import end_of, start_of
from dashboards.diary.card import RECENT_S
from dashboards.diary.day import day_of
from dashboards.diary.notes import notes_in, standing
from dashboards.nights.card import CardView, card_view
from dashboards.nights.diary import DiaryView, diary_view
from dashboards.page.api.nights import EVER_S
from dashboards.page.api.route import Route
from dashboards.page.given import Given
from dashboards.phrases import diary as phrases
from dashboards.phrases import nights as say

_AHEAD_S = 60.0  # a tablet's clock may be so far ahead of ours


@dataclass(frozen=True, slots=True)
class Words:
    """Words for the diary, as after ``aquiver note``.

    ``time_s`` is when it was, now without it; the same words for the same moment are one note. ``night`` is the night
    it goes with, where that does not follow from the time.
    """

    words: Annotated[str, Meta(min_length=1, max_length=500)]
    time_s: Annotated[float, Meta(ge=0, le=EVER_S)] | None = None
    night: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What was made of it, in words. ``ids`` name what was kept."""

    said: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OneNote:
    """Which note."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]


def diary(given: Given) -> DiaryView:
    """Give the diary: the day's checklist and the notes of four weeks."""
    now_s = given.now()
    day = day_of(now_s, given.zone)
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    slept_h = given.works.slept_h(
        given.store.read(Tally, given.wearer, start_of(before, given.zone), end_of(before, given.zone))
    )
    return diary_view(_notes(given), slept_h, day, now_s, given.zone)


def add_note(given: Given, body: Words) -> Said:
    """Keep a note."""
    now_s = given.now()
    time_s = now_s if body.time_s is None else body.time_s
    if time_s > now_s + _AHEAD_S:
        raise RequestRefused(400, say.TO_COME)
    try:
        night = None if body.night is None else date.fromisoformat(body.night).isoformat()
        notes = notes_in(body.words, given.wearer, time_s, given.zone, night)
    except SettingsError as error:
        raise RequestRefused(400, str(error)) from error
    except (ValueError, OverflowError) as error:
        raise RequestRefused(400, say.unknown_night(body.night or "")) from error
    given.store.write(notes)
    nights = sorted({one.night for one in notes})
    said = (
        phrases.kept([phrases.note(one.subject, one.amount, one.site) for one in notes if one.night == each], each)
        for each in nights
    )
    return Said(" ".join(said), tuple(one.id for one in notes))


def remove_note(given: Given, asked: OneNote) -> Said:
    """Take a note back. Taken back again nothing changes."""
    found = [one for one in given.store.read(Note, given.wearer, -EVER_S, EVER_S) if one.id == asked.id]
    if not found:
        raise RequestRefused(404, say.unknown_note(asked.id))
    given.store.write([replace(found[0], is_removed=True)])
    return Said(phrases.removed(found[0].words), (asked.id,))


def card(given: Given) -> CardView:
    """Say when to see a doctor: led by the diary; what a band counted plays no part."""
    now_s = given.now()
    return card_view(given.store.read(Note, given.wearer, now_s - RECENT_S, now_s + 1), now_s)


def _notes(given: Given) -> list[Note]:
    return standing(given.store.read(Note, given.wearer, -EVER_S, EVER_S))


ROUTES = (
    Route("GET", "/diary", diary, tag="diary"),
    Route("POST", "/diary", add_note, tag="diary"),
    Route("DELETE", "/diary/{id}", remove_note, tag="diary"),
    Route("GET", "/card", card, tag="diary"),
)
