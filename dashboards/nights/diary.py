"""The diary's page: the day's checklist, quick words, and what was noted lately. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aquiver.body import Site
from aquiver.model import MEASURES, SYMPTOMS, Note, Subject
from dashboards.diary.habits import habits
from dashboards.diary.notes import standing
from dashboards.nights.night import NoteLine, note_lines
from dashboards.phrases import diary as phrases
from dashboards.phrases import nights as say

_SHOWN_DAYS = 28


@dataclass(frozen=True, slots=True)
class HabitLine:
    """One line of the checklist. ``is_done`` is none where nothing was noted, or nothing can be ticked."""

    name: str
    said: str
    is_done: bool | None


@dataclass(frozen=True, slots=True)
class Quick:
    """A note that is one tap away: ``words`` are what is said to the diary, ``label`` what stands on it."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Choosable:
    """A subject or a site that can be chosen, with the unit it is counted in, if any."""

    value: str
    name: str
    unit: str = ""
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True, slots=True)
class DayOfNotes:
    """What is noted with one night."""

    night: str
    title: str
    notes: tuple[NoteLine, ...]


@dataclass(frozen=True, slots=True)
class DiaryView:
    """All of the diary's page, newest day first."""

    day: str
    now_s: float
    title: str
    habits: tuple[HabitLine, ...]
    quick: tuple[Quick, ...]
    symptoms: tuple[Choosable, ...]
    sites: tuple[Choosable, ...]
    help: str
    days: tuple[DayOfNotes, ...]
    empty: str


QUICK = tuple(Quick(*pair) for pair in say.QUICK)


def diary_view(notes: Sequence[Note], slept_h: float | None, day: str, now_s: float, zone: ZoneInfo) -> DiaryView:
    """Lay out the diary on a day; ``slept_h`` is read from the bands, for where no sleep was noted."""
    kept = standing(notes)
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    todays = [one for one in kept if one.night == (before if one.subject is Subject.SLEEP else day)]
    rows = habits(todays, slept_h, zone)
    return DiaryView(
        day=day,
        now_s=now_s,
        title=say.date_in_words(day),
        habits=tuple(HabitLine(one.name, one.said, one.is_done) for one in rows),
        quick=QUICK,
        symptoms=tuple(_subject(one) for one in SYMPTOMS),
        sites=tuple(Choosable(site.value, site.words) for site in Site),
        help=phrases.HELP,
        days=tuple(_days(kept, day)),
        empty=say.EMPTY_DIARY,
    )


def _subject(one: Subject) -> Choosable:
    measure = MEASURES[one]
    return Choosable(one.value, phrases.NAMES[one], measure.unit, measure.least, measure.most)


def _days(notes: Sequence[Note], day: str) -> list[DayOfNotes]:
    first = (date.fromisoformat(day) - timedelta(days=_SHOWN_DAYS)).isoformat()
    nights = sorted({one.night for one in notes if one.night >= first}, reverse=True)
    return [
        DayOfNotes(night, say.with_night(night), note_lines([one for one in notes if one.night == night]))
        for night in nights
    ]
