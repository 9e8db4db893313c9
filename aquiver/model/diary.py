"""The diary: what a wearer says about a day, or answers to a notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from aquiver.body import Site
from aquiver.model.factor import Experiment


class Subject(StrEnum):
    """What a note is about. A closed list: only what has a name can be set against nights.

    Habits first, then ``felt`` (a twitch the wearer felt, at a site), then symptoms.
    """

    CAFFEINE = "caffeine"
    ALCOHOL = "alcohol"
    SLEEP = "sleep"
    STRESS = "stress"
    STRESS_PRACTICE = "stress_practice"
    EXERCISE = "exercise"
    WATER = "water"
    MAGNESIUM = "magnesium"
    MEDICATION = "medication"
    STRETCHING = "stretching"
    FELT = "felt"
    WEAKNESS = "weakness"
    CRAMPS = "cramps"
    NUMBNESS = "numbness"
    SHRINKING = "shrinking"
    SPEECH = "speech"
    SWALLOWING = "swallowing"
    BREATHING = "breathing"
    WEIGHT_LOSS = "weight_loss"


@dataclass(frozen=True, slots=True)
class Measure:
    """How a subject is counted: the unit, and the amounts that a day can hold."""

    unit: str
    least: float = 0.0
    most: float = 1.0


MEASURES: Mapping[Subject, Measure] = {
    Subject.CAFFEINE: Measure("cups", most=20),
    Subject.ALCOHOL: Measure("drinks", most=30),
    Subject.SLEEP: Measure("h", most=24),
    Subject.STRESS: Measure("of 10", most=10),
    Subject.STRESS_PRACTICE: Measure("min", most=600),
    Subject.EXERCISE: Measure("min", most=1440),
    Subject.WATER: Measure("glasses", most=40),
    Subject.MAGNESIUM: Measure("portions", most=10),
    Subject.MEDICATION: Measure("changes", most=10),
    Subject.STRETCHING: Measure("min", most=600),
    Subject.FELT: Measure("times", most=1000),
    Subject.WEAKNESS: Measure("times", most=100),
    Subject.CRAMPS: Measure("times", most=100),
    Subject.NUMBNESS: Measure("times", most=100),
    Subject.SHRINKING: Measure("times", most=100),
    Subject.SPEECH: Measure("times", most=100),
    Subject.SWALLOWING: Measure("times", most=100),
    Subject.BREATHING: Measure("times", most=100),
    Subject.WEIGHT_LOSS: Measure("kg", most=100),
}
SYMPTOMS = (
    Subject.WEAKNESS,
    Subject.CRAMPS,
    Subject.NUMBNESS,
    Subject.SHRINKING,
    Subject.SPEECH,
    Subject.SWALLOWING,
    Subject.BREATHING,
    Subject.WEIGHT_LOSS,
)


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of the diary. ``night`` is the evening's date of the night it goes with.

    What is done by day goes with the night that follows; ``sleep`` with the night that was slept. ``amount`` is in
    the subject's unit (``MEASURES``); none where the wearer gave none. A later note with the same ``id`` replaces the
    earlier one; ``is_removed`` takes it back.
    """

    wearer: str
    id: str
    time_s: float
    night: str
    subject: Subject
    amount: float | None
    words: str
    site: Site | None = None
    is_removed: bool = False


class Verb(StrEnum):
    """What a wearer can answer to a notice."""

    SNOOZE = "snooze"
    MUTE = "mute"
    UNMUTE = "unmute"
    ACKNOWLEDGE = "acknowledge"
    FALSE = "false"
    KNOWN_CAUSE = "known_cause"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a wearer answered. ``about`` is a notice's key, or a kind of notice.

    ``until_s`` ends a snooze; ``words`` may say more, as the cause that is known.
    """

    wearer: str
    id: str
    time_s: float
    verb: Verb
    about: str
    until_s: float | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment that a wearer laid out at ``begun_s``. ``is_stopped``: given up, so nothing is compared."""

    wearer: str
    id: str
    begun_s: float
    experiment: Experiment
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """Words for the diary or about a notice, sent by a program of the wearer's: ``coffee 2``, ``mute changed``.

    ``time_s`` is when it was meant for; left out, when it arrived. Sent again with the same time it counts once.
    """

    wearer: str
    sender: str
    words: str
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was made of an entry, in words; ``is_kept`` says whether it was understood."""

    wearer: str
    sender: str
    words: str
    is_kept: bool
    said: str
