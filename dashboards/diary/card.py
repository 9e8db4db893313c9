"""The symptom card. It reads the diary and nothing else: no count, no notice, no judgement of a night. Pure."""

from collections.abc import Sequence

from aquiver.model import Factor, Note
from dashboards.phrases import card as phrases
from dashboards.phrases import diary as words

RECENT_S = 28 * 86_400.0  # what was ticked in the last four weeks leads the card
_NOW = frozenset({Factor.BREATHING, Factor.SWALLOWING})
_SOON = frozenset({Factor.WEAKNESS, Factor.SHRINKING, Factor.SPEECH, Factor.WEIGHT_LOSS})
_MENTION = frozenset({Factor.CRAMPS, Factor.NUMBNESS})


def card(notes: Sequence[Note], now_s: float) -> list[str]:
    """Give the card's lines: what the wearer ticked first, then the list that is the same for everyone."""
    ticked = [note for note in notes if _is_ticked(note, now_s)]
    return [phrases.TITLE, "", *_led(ticked), *_list()]


def _is_ticked(note: Note, now_s: float) -> bool:
    is_symptom = note.factor in _NOW | _SOON | _MENTION
    return is_symptom and not note.is_removed and note.amount != 0 and note.time_s > now_s - RECENT_S


def _led(ticked: Sequence[Note]) -> list[str]:
    if not ticked:
        return []
    newest_first = sorted(ticked, key=lambda note: -note.time_s)
    names = [f"{words.note(note.factor, note.amount, note.site)} ({note.night})" for note in newest_first]
    factors = {note.factor for note in ticked}
    said = [phrases.ticked(list(dict.fromkeys(names)))]
    if factors & _NOW:
        said.append(phrases.SEE_NOW)
    if factors & _SOON:
        said += [phrases.SEE_SOON, phrases.SEE_SOON_SPREAD]
    if not factors & (_NOW | _SOON):
        said.append(phrases.SEE_MENTION)
    return [*said, ""]


def _list() -> list[str]:
    signs = [f"  - {sign}" for sign in phrases.SIGNS]
    end = ["", phrases.MENTION, phrases.COMMON, phrases.HOW, phrases.TAKE]
    return [phrases.NOW, phrases.SOON, *signs, *end]
