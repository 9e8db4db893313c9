"""The diary's grammar: words -> notes, forgiving about order and spelling, never guessing an amount. Pure."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from aquiver.body import Site
from aquiver.errors import SettingsError
from aquiver.model import MEASURES, Subject
from dashboards.diary.words import NEEDS_A_NUMBER, NUMBERS, OPEN, PLACES, SIDES, UNITS, UNITS_OF_OTHERS, WORDS, Word
from dashboards.phrases import diary as phrases

_NUMBER = re.compile(r"(?P<number>\d+(?:[.,]\d+)?)(?P<unit>[a-z]*)")
_CLOCK = re.compile(r"(?P<hours>\d{1,2})[:h](?P<minutes>[0-5]\d)(?:min|m)?")
_BETWEEN_NOTES = re.compile(r"\s*[;\n]\s*|\s*,(?!\d)\s*|\s+and\s+")
_OF_TEN = re.compile(r"\s*/\s*10\b")


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of one note: ``amount`` in the subject's unit, none where none was given."""

    subject: Subject
    amount: float | None
    site: Site | None
    words: str


def understand(text: str) -> list[Understood]:
    """Give the notes in a text.

    >>> [(one.subject.value, one.amount) for one in understand("two coffees and slept 6h30")]
    [('caffeine', 2.0), ('sleep', 6.5)]
    >>> understand("felt left calf")[0].site.words
    'left calf'

    Raises:
        SettingsError: a note is not understood; the text says what to write instead.
    """
    parts = [part for part in _BETWEEN_NOTES.split(text.strip()) if part]
    if not parts:
        raise SettingsError(phrases.HELP)
    return [_note(part) for part in parts]


def _note(text: str) -> Understood:
    tokens = [token.strip(".!?\"'()") for token in _OF_TEN.sub("", text.lower()).split()]
    word = _the_word(tokens)
    amount = _amount(tokens, word)
    site = _site(tokens)
    if word.subject is Subject.FELT and site is None:
        raise SettingsError(phrases.where())
    return Understood(word.subject, amount, site, text)


def _the_word(tokens: list[str]) -> Word:
    """Find the one subject that is meant. ``felt`` goes with a symptom's name: "felt weak" is weakness."""
    found = list(dict.fromkeys(word for token in tokens if (word := _known(token)) is not None))
    meant = [word for word in found if word.subject is not Subject.FELT] or found
    if not meant:
        raise SettingsError(_unknown(tokens))
    if meant[0].subject in (Subject.MAGNESIUM, Subject.MEDICATION):  # "magnesium pill", "medication dose"
        return meant[0]
    subjects = list(dict.fromkeys(word.subject for word in meant))
    if len(subjects) > 1:
        raise SettingsError(phrases.two_things(*subjects[:2]))
    return meant[0]


def _known(token: str) -> Word | None:
    return WORDS.get(token) or WORDS.get(token.removesuffix("s"))


def _unknown(tokens: list[str]) -> str:
    """Name the word that looks most like one of ours, else the first that is no number, side or place."""
    open_words = [token for token in tokens if _number_in(token) is None and token not in {*SIDES, *PLACES, *NUMBERS}]
    for token in open_words:
        close = difflib.get_close_matches(token, WORDS, n=1, cutoff=0.7)
        if close:
            return phrases.unknown_word(token, close)
    return phrases.unknown_word(open_words[0], []) if open_words else phrases.HELP


def _amount(tokens: list[str], word: Word) -> float | None:
    subject = word.subject
    numbers = list(_numbers(tokens, subject))
    if len(numbers) > 1:
        raise SettingsError(phrases.two_numbers(numbers[0][1], numbers[1][1]))
    if not numbers:
        if subject in NEEDS_A_NUMBER:
            raise SettingsError(phrases.how_much(subject))
        return None if subject in OPEN else word.each
    value, _, is_in_unit = numbers[0]
    amount = value if is_in_unit else value * word.each
    if not MEASURES[subject].least <= amount <= MEASURES[subject].most:
        raise SettingsError(phrases.out_of_bounds(subject, amount))
    return round(amount, 3)


def _numbers(tokens: list[str], subject: Subject) -> Iterator[tuple[float, str, bool]]:
    """Give each number in the subject's unit, as it was written, and whether a weight such as mg fixes it."""
    for place, token in enumerate(tokens):
        clock = _CLOCK.fullmatch(token)
        if clock:
            hours = int(clock["hours"]) + int(clock["minutes"]) / 60
            yield hours * _scale(subject, "h"), token, True
            continue
        found = _number_in(token)
        if found is None or (place and tokens[place - 1] == "of"):  # "4 of 10"
            continue
        value, unit = found
        follows = tokens[place + 1] if place + 1 < len(tokens) else ""
        unit = unit or (follows if _is_unit(follows, subject) else "")
        yield value * (_scale(subject, unit) if unit else 1.0), token, unit == "mg"


def _number_in(token: str) -> tuple[float, str] | None:
    if token in NUMBERS:
        return NUMBERS[token], ""
    match = _NUMBER.fullmatch(token)
    return (float(match["number"].replace(",", ".")), match["unit"]) if match else None


def _is_unit(token: str, subject: Subject) -> bool:
    """Tell whether a word is a unit, of this subject or of another (which is then refused, not passed over)."""
    if _known(token) is not None and token.removesuffix("s") not in UNITS.get(subject, {}):
        return False
    return any(token in units or token.removesuffix("s") in units for units in (*UNITS.values(), {"km": 1.0}))


def _scale(subject: Subject, unit: str) -> float:
    units = UNITS.get(subject, UNITS_OF_OTHERS)
    for spelling in (unit, unit.removesuffix("s"), unit.removesuffix("es")):
        if spelling in units:
            return units[spelling]
    raise SettingsError(phrases.wrong_unit(unit, subject))


def _site(tokens: list[str]) -> Site | None:
    text = " ".join(tokens).replace("upper arm", "upper_arm").replace("left_", "left ").replace("right_", "right ")
    words = text.split()
    place = next((PLACES[one] for word in words for one in (word, word.removesuffix("s")) if one in PLACES), None)
    if place is None:
        return None
    if place in tuple(Site):
        return Site(place)
    side = next((SIDES[word] for word in words if word in SIDES), None)
    if side is None:
        raise SettingsError(phrases.which_side(place.replace("_", " ")))
    return Site(f"{side}_{place}")
