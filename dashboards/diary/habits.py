"""The day's habits, as they were noted. What was not noted is not known, and said so. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aquiver.model import Note, Subject
from dashboards.phrases import diary as phrases

_NOON = 12
_ENOUGH_SLEEP_H = 7.0  # AASM and SRS consensus (Watson 2015): seven or more hours for adults
_ENOUGH_STRETCHING_MIN = 5.0


@dataclass(frozen=True, slots=True)
class Habit:
    """One line of the checklist; ``is_done`` is none where nothing was noted, or nothing can be ticked."""

    name: str
    said: str
    is_done: bool | None


def habits(notes: Sequence[Note], slept_h: float | None, zone: ZoneInfo) -> list[Habit]:
    """Give the checklist of a day from its notes; ``slept_h`` is read from the band, for where no sleep was noted."""
    rows = (
        (phrases.HABIT_WATER, Subject.WATER, _some),
        (phrases.HABIT_CAFFEINE, Subject.CAFFEINE, _morning_only(zone)),
        (phrases.HABIT_STRETCHING, Subject.STRETCHING, _stretched),
        (phrases.HABIT_PRACTICE, Subject.STRESS_PRACTICE, _some),
        (phrases.HABIT_ALCOHOL, Subject.ALCOHOL, _plain),
    )
    found = [_habit(name, [note for note in notes if note.subject is subject], say) for name, subject, say in rows]
    return [*found[:2], _sleep(notes, slept_h), *found[2:]]


_Say = Callable[[Sequence[Note]], tuple[str, bool | None]]


def _habit(name: str, notes: Sequence[Note], say: _Say) -> Habit:
    return Habit(name, *say(notes)) if notes else Habit(name, phrases.NOT_NOTED, None)


def _total(notes: Sequence[Note]) -> float | None:
    amounts = [note.amount for note in notes if note.amount is not None]
    return sum(amounts) if amounts else None


def _some(notes: Sequence[Note]) -> tuple[str, bool | None]:
    total = _total(notes)
    return phrases.amount(notes[0].subject, total), total is None or total > 0


def _plain(notes: Sequence[Note]) -> tuple[str, bool | None]:
    return phrases.amount(notes[0].subject, _total(notes)), None


def _stretched(notes: Sequence[Note]) -> tuple[str, bool | None]:
    total = _total(notes)
    return phrases.amount(Subject.STRETCHING, total), total is None or total >= _ENOUGH_STRETCHING_MIN


def _morning_only(zone: ZoneInfo) -> _Say:
    def say(notes: Sequence[Note]) -> tuple[str, bool | None]:
        had = [note for note in notes if note.amount is None or note.amount > 0]
        times = [datetime.fromtimestamp(note.time_s, UTC).astimezone(zone) for note in had]
        late = [f"{time:%H:%M}" for time in times if time.hour >= _NOON]
        if not had:
            return phrases.NO_CAFFEINE, True
        return (phrases.after_noon(late), False) if late else (phrases.MORNING_ONLY, True)

    return say


def _sleep(notes: Sequence[Note], slept_h: float | None) -> Habit:
    said = [note.amount for note in notes if note.subject is Subject.SLEEP and note.amount is not None]
    if said:
        return Habit(phrases.HABIT_SLEEP, phrases.sleep_said(said[-1]), said[-1] >= _ENOUGH_SLEEP_H)
    if slept_h is not None:
        return Habit(phrases.HABIT_SLEEP, phrases.sleep_estimated(slept_h), slept_h >= _ENOUGH_SLEEP_H)
    return Habit(phrases.HABIT_SLEEP, phrases.NOT_NOTED, None)
