"""The symptom card. It reads the diary and nothing else: no count, no notice, no judgement of a night. Pure."""

from collections.abc import Sequence

from aquiver.model import Note, Subject
from dashboards.phrases import card as phrases
from dashboards.phrases import diary as words

RECENT_S = 28 * 86_400.0  # what was ticked in the last four weeks leads the card
_NOW = frozenset({Subject.BREATHING, Subject.SWALLOWING})
_SOON = frozenset({Subject.WEAKNESS, Subject.SHRINKING, Subject.SPEECH, Subject.WEIGHT_LOSS})
_MENTION = frozenset({Subject.CRAMPS, Subject.NUMBNESS})


def card(notes: Sequence[Note], now_s: float) -> list[str]:
    """Give the card's lines: what the wearer ticked first, then the list that is the same for everyone."""
    led = led_lines(notes, now_s)
    return [phrases.TITLE, "", *led, *([""] if led else []), *_list()]


def led_lines(notes: Sequence[Note], now_s: float) -> list[str]:
    """Say what the wearer ticked lately, and what to do with that; nothing where nothing was ticked."""
    return _led([note for note in notes if _is_ticked(note, now_s)])


def _is_ticked(note: Note, now_s: float) -> bool:
    is_symptom = note.subject in _NOW | _SOON | _MENTION
    return is_symptom and not note.is_removed and note.amount != 0 and note.time_s > now_s - RECENT_S


def _led(ticked: Sequence[Note]) -> list[str]:
    if not ticked:
        return []
    newest_first = sorted(ticked, key=lambda note: -note.time_s)
    names = [f"{words.note(note.subject, note.amount, note.site)} ({note.night})" for note in newest_first]
    subjects = {note.subject for note in ticked}
    said = [phrases.ticked(list(dict.fromkeys(names)))]
    if subjects & _NOW:
        said.append(phrases.SEE_NOW)
    if subjects & _SOON:
        said += [phrases.SEE_SOON, phrases.SEE_SOON_SPREAD]
    if not subjects & (_NOW | _SOON):
        said.append(phrases.SEE_MENTION)
    return said


def _list() -> list[str]:
    signs = [f"  - {sign}" for sign in phrases.SIGNS]
    end = ["", phrases.MENTION, phrases.COMMON, phrases.HOW, phrases.TAKE]
    return [phrases.NOW, phrases.SOON, *signs, *end]
