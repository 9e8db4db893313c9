"""What the diary says: names of subjects, amounts, habits, and what could not be understood."""

from collections.abc import Mapping, Sequence

from aquiver.body import Site
from aquiver.model import MEASURES, SYMPTOMS, Subject

NAMES: Mapping[Subject, str] = {
    Subject.CAFFEINE: "caffeine",
    Subject.ALCOHOL: "alcohol",
    Subject.SLEEP: "sleep",
    Subject.STRESS: "stress",
    Subject.STRESS_PRACTICE: "stress practice",
    Subject.EXERCISE: "exercise",
    Subject.WATER: "water",
    Subject.MAGNESIUM: "magnesium-rich food or supplement",
    Subject.MEDICATION: "medication change",
    Subject.STRETCHING: "stretching",
    Subject.FELT: "felt twitches",
    Subject.WEAKNESS: "weakness",
    Subject.CRAMPS: "cramps",
    Subject.NUMBNESS: "numbness",
    Subject.SHRINKING: "a muscle that looks smaller",
    Subject.SPEECH: "trouble speaking",
    Subject.SWALLOWING: "trouble swallowing",
    Subject.BREATHING: "trouble breathing",
    Subject.WEIGHT_LOSS: "weight loss",
}
_ONE: Mapping[str, str] = {
    "cups": "cup",
    "drinks": "drink",
    "glasses": "glass",
    "portions": "portion",
    "changes": "change",
    "times": "time",
}
HELP = 'Say for example: coffee 2, wine 1, slept 6.5, stress 4, run 30 min, felt left calf, cramps right foot. "no coffee" counts too.'
EMPTY = "Nothing is noted yet. Begin with: aquiver note coffee 2"
NOT_NOTED = "not noted"
HABITS_TITLE = "Habits of the day, as you noted them"
HABIT_WATER = "water"
HABIT_CAFFEINE = "caffeine only in the morning"
HABIT_SLEEP = "7 hours of sleep or more"
HABIT_STRETCHING = "5 to 10 minutes of stretching"
HABIT_PRACTICE = "a practice against stress"
HABIT_ALCOHOL = "alcohol"
NO_CAFFEINE = "none"
MORNING_ONLY = "in the morning only"
FELT_NONE = "You noted no felt twitches."


def amount(subject: Subject, value: float | None) -> str:
    """Say an amount in its unit.

    >>> amount(Subject.CAFFEINE, 1), amount(Subject.WATER, 2.5), amount(Subject.STRESS, 4), amount(Subject.EXERCISE, None)
    ('1 cup', '2.5 glasses', '4 of 10', 'noted')
    >>> amount(Subject.ALCOHOL, 0)
    'none'
    """
    if value is None:
        return "noted"
    unit = MEASURES[subject].unit
    if value == 0 and unit in _ONE:
        return "none"
    return f"{value:g} {_ONE.get(unit, unit) if value == 1 else unit}"


def note(subject: Subject, value: float | None, site: Site | None) -> str:
    """Say what a note holds.

    >>> note(Subject.FELT, 2, Site.LEFT_CALF)
    'felt twitches, 2 times, left calf'
    >>> note(Subject.WEAKNESS, 1, Site.RIGHT_HAND)
    'weakness, right hand'
    """
    said = "" if value == 1 and subject in SYMPTOMS else amount(subject, value)
    parts = (NAMES[subject], said, site.words if site else "")
    return ", ".join(part for part in parts if part)


def kept(notes: Sequence[str], night: str) -> str:
    """Say what was understood, and with which night it goes.

    >>> kept(["caffeine, 2 cups"], "2026-11-22")
    'Kept with the night of 2026-11-22: caffeine, 2 cups.'
    """
    return f"Kept with the night of {night}: {'; '.join(notes)}."


def removed(words: str) -> str:
    """Say what was taken back.

    >>> removed("coffee 2")
    'Taken back: coffee 2.'
    """
    return f"Taken back: {words}."


def unknown_note(given: str) -> str:
    """Say that there is no such note.

    >>> unknown_note("ab12")
    'no note is called "ab12"; aquiver note --list shows them'
    """
    return f'no note is called "{given}"; aquiver note --list shows them'


def unknown_word(word: str, close: Sequence[str]) -> str:
    """Say which word the diary does not know, and what may have been meant.

    >>> unknown_word("cofee", ["coffee"])
    '"cofee" is not a word of the diary; did you mean "coffee"?'
    """
    if close:
        return f'"{word}" is not a word of the diary; did you mean "{close[0]}"?'
    return f'"{word}" is not a word of the diary. {HELP}'


def two_things(first: Subject, second: Subject) -> str:
    """Ask for one thing at a time.

    >>> two_things(Subject.CAFFEINE, Subject.ALCOHOL)
    'that names caffeine and alcohol; put a comma between them'
    """
    return f"that names {NAMES[first]} and {NAMES[second]}; put a comma between them"


def how_much(subject: Subject) -> str:
    """Ask for the amount.

    >>> how_much(Subject.SLEEP)
    'how much? sleep needs a number, 0 to 24 h'
    """
    measure = MEASURES[subject]
    return f"how much? {NAMES[subject]} needs a number, {measure.least:g} to {measure.most:g} {measure.unit}"


def which_side(place: str) -> str:
    """Ask for the side.

    >>> which_side("calf")
    'left or right? say "left calf" or "right calf"'
    """
    return f'left or right? say "left {place}" or "right {place}"'


def where() -> str:
    """Ask where it was felt.

    >>> where()[:30]
    'where was it felt? say for exa'
    """
    return 'where was it felt? say for example "felt left calf"'


def two_numbers(first: str, second: str) -> str:
    """Ask for one number.

    >>> two_numbers("2", "3")
    'that holds two numbers, 2 and 3; put a comma between two notes'
    """
    return f"that holds two numbers, {first} and {second}; put a comma between two notes"


def wrong_unit(unit: str, subject: Subject) -> str:
    """Say that a subject is not counted so.

    >>> wrong_unit("km", Subject.EXERCISE)
    'exercise is not noted in km; use min'
    """
    return f"{NAMES[subject]} is not noted in {unit}; use {MEASURES[subject].unit}"


def out_of_bounds(subject: Subject, value: float) -> str:
    """Say what a day can hold.

    >>> out_of_bounds(Subject.CAFFEINE, 200)
    '200 cups? caffeine can be 0 to 20 cups a note'
    """
    measure = MEASURES[subject]
    span = f"{measure.least:g} to {measure.most:g} {measure.unit}"
    return f"{value:g} {measure.unit}? {NAMES[subject]} can be {span} a note"


def after_noon(times: Sequence[str]) -> str:
    """Say when there was caffeine after noon.

    >>> after_noon(["15:10"])
    'also at 15:10'
    """
    return f"also at {', '.join(times)}"


def sleep_said(hours: float) -> str:
    """Say the sleep the wearer noted.

    >>> sleep_said(6.5)
    '6.5 h, as you noted'
    """
    return f"{hours:g} h, as you noted"


def sleep_estimated(hours: float) -> str:
    """Say the sleep read from the band; lying still awake looks the same to it.

    >>> sleep_estimated(7.25)
    'about 7.2 h still, read from the band (an estimate: lying awake still counts as sleep)'
    """
    return f"about {hours:.1f} h still, read from the band (an estimate: lying awake still counts as sleep)"


def felt_and_measured(site: Site, n_felt: int, n_matched: int, n_measured: int, within_s: float) -> str:
    """Say how taps and counted twitches of a site met, without a judgement.

    >>> felt_and_measured(Site.LEFT_CALF, 5, 3, 41, 5.0)
    'left calf: you felt 5 twitches while it was measured; the band counted one within 5 s of 3 of them. It counted 41 in all.'
    """
    felt = "1 twitch" if n_felt == 1 else f"{n_felt} twitches"
    met = f"within {within_s:g} s of {n_matched} of them" if n_felt > 1 else f"within {within_s:g} s of it"
    said = "the band counted none near it" if n_matched == 0 and n_felt == 1 else f"the band counted one {met}"
    said = "the band counted none near them" if n_matched == 0 and n_felt > 1 else said
    return f"{site.words}: you felt {felt} while it was measured; {said}. It counted {n_measured} in all."


def felt_unmeasured(site: Site, n_felt: int) -> str:
    """Say that there is nothing to hold taps against.

    >>> felt_unmeasured(Site.LEFT_CALF, 1)
    'left calf: 1 felt twitch at a time that was not measured.'
    """
    return f"{site.words}: {n_felt} felt {'twitch' if n_felt == 1 else 'twitches'} at a time that was not measured."
