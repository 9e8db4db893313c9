"""The diary's words: each word is a row."""

from collections.abc import Mapping
from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model import Subject


@dataclass(frozen=True, slots=True)
class Word:
    """A word for a subject; one of it counts ``each`` in the subject's unit."""

    subject: Subject
    each: float = 1.0


_C, _A, _E = Subject.CAFFEINE, Subject.ALCOHOL, Subject.EXERCISE

# A cup is a filter coffee, some 90 mg of caffeine; tea has about half, cola a third, an energy drink 80 mg
# (EFSA Journal 2015;13(5):4102, table 1).
WORDS: Mapping[str, Word] = {
    **{word: Word(_C) for word in ("caffeine", "coffee", "espresso", "cappuccino", "latte", "energy")},
    **{word: Word(_C, 0.5) for word in ("tea", "mate")},
    "cola": Word(_C, 0.35),
    **{word: Word(_A) for word in ("alcohol", "beer", "wine", "whisky", "cocktail", "spirit")},
    **{word: Word(Subject.SLEEP) for word in ("sleep", "slept")},
    **{word: Word(Subject.STRESS) for word in ("stress", "stressed")},
    **{
        word: Word(Subject.STRESS_PRACTICE)
        for word in ("practice", "meditation", "relaxation", "breathwork", "mindfulness")
    },
    **{
        word: Word(_E)
        for word in ("exercise", "run", "ran", "walk", "sport", "training", "gym", "swim", "cycling", "bike")
    },
    "water": Word(Subject.WATER),
    **{word: Word(Subject.MAGNESIUM) for word in ("magnesium", "nuts", "almonds", "spinach", "seeds", "banana")},
    **{word: Word(Subject.MEDICATION) for word in ("medication", "medicine", "meds", "pill", "tablet", "dose")},
    **{word: Word(Subject.STRETCHING) for word in ("stretching", "stretch", "stretched", "yoga")},
    **{word: Word(Subject.FELT) for word in ("felt", "twitch", "twitches", "twitching")},
    **{word: Word(Subject.WEAKNESS) for word in ("weakness", "weak")},
    **{word: Word(Subject.CRAMPS) for word in ("cramp", "cramps", "cramping")},
    **{word: Word(Subject.NUMBNESS) for word in ("numbness", "numb", "tingling")},
    **{word: Word(Subject.SHRINKING) for word in ("shrinking", "shrunk", "smaller", "thinner", "wasting")},
    **{word: Word(Subject.SPEECH) for word in ("speech", "speaking", "slurring", "slurred")},
    **{word: Word(Subject.SWALLOWING) for word in ("swallowing", "swallow", "choking")},
    **{word: Word(Subject.BREATHING) for word in ("breathing", "breathless", "breath", "breathlessness")},
    **{word: Word(Subject.WEIGHT_LOSS) for word in ("weight", "weight_loss", "weightloss")},
}

_CUPS = {"cup": 1.0, "mg": 1 / 90}
_MINUTES = {"min": 1.0, "minute": 1.0, "m": 1.0, "h": 60.0, "hour": 60.0, "hr": 60.0}
_TIMES = {"time": 1.0, "x": 1.0}
UNITS: Mapping[Subject, Mapping[str, float]] = {
    Subject.CAFFEINE: _CUPS | {"glass": 1.0, "can": 1.0},
    Subject.ALCOHOL: {"glass": 1.0, "drink": 1.0, "unit": 1.0, "bottle": 1.0, "can": 1.0},
    Subject.SLEEP: {"h": 1.0, "hour": 1.0, "hr": 1.0, "min": 1 / 60, "minute": 1 / 60},
    Subject.STRESS: {"of": 1.0},
    Subject.STRESS_PRACTICE: _MINUTES,
    Subject.EXERCISE: _MINUTES,
    Subject.STRETCHING: _MINUTES,
    Subject.WATER: {"glass": 1.0, "cup": 1.0, "l": 4.0, "liter": 4.0, "litre": 4.0, "ml": 1 / 250},
    Subject.MAGNESIUM: {"portion": 1.0, "pill": 1.0, "tablet": 1.0, "mg": 1 / 350},  # EFSA 2015: 350 mg a day is enough
    Subject.MEDICATION: {"change": 1.0},
    Subject.WEIGHT_LOSS: {"kg": 1.0, "kilo": 1.0, "lb": 0.4536, "pound": 0.4536},
}
UNITS_OF_OTHERS: Mapping[str, float] = _TIMES
NUMBERS: Mapping[str, float] = {
    "no": 0.0,
    "none": 0.0,
    "zero": 0.0,
    "without": 0.0,
    "half": 0.5,
    "a": 1.0,
    "an": 1.0,
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "seven": 7.0,
    "eight": 8.0,
    "nine": 9.0,
    "ten": 10.0,
}
NEEDS_A_NUMBER = frozenset({Subject.SLEEP, Subject.STRESS})
OPEN = frozenset(
    {Subject.EXERCISE, Subject.STRESS_PRACTICE, Subject.STRETCHING, Subject.WEIGHT_LOSS}
)  # without one: noted
SIDES: Mapping[str, str] = {"left": "left", "l": "left", "right": "right", "r": "right"}
PLACES: Mapping[str, str] = {
    **{name: name for name in dict.fromkeys(site.removeprefix("left_").removeprefix("right_") for site in Site)},
    "leg": "calf",
    "shin": "calf",
    "arm": "upper_arm",
    "biceps": "upper_arm",
    "triceps": "upper_arm",
    "upperarm": "upper_arm",
    "eye": "face",
    "eyelid": "face",
    "jaw": "face",
    "tongue": "face",
    "cheek": "face",
    "thumb": "hand",
    "finger": "hand",
    "toe": "foot",
    "back": "trunk",
    "belly": "trunk",
    "chest": "trunk",
}
