"""What the pages of nights say: the calendar, a night, its twitches and the wearer's marks."""

from datetime import date

from aquiver.body import Site
from aquiver.model import Label, Modality, Verb
from dashboards import phrases

SENSORS = {Modality.EMG: "EMG", Modality.ACCELEROMETER: "accelerometer", Modality.ECG: "ECG"}
MARKS = {
    Verb.FALSE: "marked as false",
    Verb.KNOWN_CAUSE: "has a known cause",
    Verb.ACKNOWLEDGE: "stands as counted",
}
LABELS = {
    Label.ISOLATED: "alone",
    Label.DOUBLET: "one of two close together",
    Label.GROUPED: "one of several close together",
}
NO_WAVE = "No raw samples of this moment are kept, so there is no waveform to show. The count is not touched by that."
NO_MINUTES = "Only the sum of this night is kept, no single minutes, so there is no strip to draw."
NO_TWITCHES = "No single twitches of this night are kept, only their number."
NOTHING_MARKED = "You marked none of them."
NO_FAULTS = "The machine reported no fault in this night."
NO_NOTES = "Nothing is noted with this night. That does not mean that there was nothing."
NOT_MEASURED = "Nothing was measured in this night. That is not the same as no twitches."
TOO_SOON = "This night is not over; what stands here may still grow."


def track(site: Site, modality: Modality) -> str:
    """Name a site and the sensor.

    >>> track(Site.LEFT_CALF, Modality.EMG)
    'left calf (EMG)'
    """
    return f"{site.words} ({SENSORS[modality]})"


def date_in_words(night: str) -> str:
    """Say the date of a night.

    >>> date_in_words("2026-11-05")
    'Thursday 5 November 2026'
    """
    found = date.fromisoformat(night)
    return f"{found:%A} {found.day} {found:%B} {found.year}"


def calendar(n_measured: int, n_nights: int, hours: float, n_tracks: int) -> str:
    """Say how much was measured, before anything else.

    >>> calendar(300, 365, 2100.4, 2)
    'Something was measured on 300 of 365 nights: 2100 analysable hours over 2 sensors.'
    >>> calendar(1, 7, 0.04, 1)
    'Something was measured on 1 of 7 nights: 0.0 analysable hours over 1 sensor.'
    >>> calendar(0, 365, 0.0, 0)
    'Nothing was measured in the last 365 nights.'
    """
    if not n_measured:
        return f"Nothing was measured in the last {n_nights} nights."
    sensors = "1 sensor" if n_tracks == 1 else f"{n_tracks} sensors"
    few = 10.0
    counted = f"{hours:.1f}" if hours < few else f"{hours:.0f}"
    return f"Something was measured on {n_measured} of {n_nights} nights: {counted} analysable hours over {sensors}."


def cell(modality: Modality, n_twitches: int, analysable_s: float, measured_s: float, rate: float | None) -> str:
    """Say one night of one site.

    >>> cell(Modality.EMG, 130, 21600.0, 25200.0, 21.666)
    'analysable 6 h 00 min of 7 h 00 min: 130 twitches, 21.7 per analysable hour'
    >>> cell(Modality.EMG, 3, 600.0, 25200.0, None)
    'analysable 10 min of 7 h 00 min: too little data to say'
    """
    span = f"analysable {phrases.duration(analysable_s)} of {phrases.duration(measured_s)}"
    if rate is None:
        return f"{span}: {phrases.TOO_LITTLE}"
    return f"{span}: {phrases.count(n_twitches, modality)}, {rate:.1f} {phrases.UNIT_OF_RATE}"


def marked(n_twitches: int, n_false: int, n_known: int, modality: Modality) -> str:
    """Say what the wearer marked, beside the count that was measured: it never replaces it.

    >>> marked(41, 2, 1, Modality.EMG)
    'Counted: 41 twitches. You marked 2 as false and 1 as having a known cause; without them 38. Rates and judgements use the count.'
    >>> marked(41, 0, 0, Modality.EMG)
    'You marked none of them.'
    """
    if not n_false and not n_known:
        return NOTHING_MARKED
    parts = [f"{n_false} as false"] if n_false else []
    parts += [f"{n_known} as having a known cause"] if n_known else []
    without = n_twitches - n_false - n_known
    return (
        f"Counted: {phrases.count(n_twitches, modality)}. You marked {' and '.join(parts)}; without them {without}. "
        "Rates and judgements use the count."
    )


def kept_mark(verb: Verb, words: str) -> str:
    """Say what a mark did.

    >>> kept_mark(Verb.KNOWN_CAUSE, "the cat")
    'Kept: has a known cause (the cat). The count of the night stays as it was measured; both numbers are shown.'
    """
    why = f" ({words})" if words else ""
    return f"Kept: {MARKS[verb]}{why}. The count of the night stays as it was measured; both numbers are shown."


def unknown_twitch(key: str) -> str:
    """Say that there is no such twitch.

    >>> unknown_twitch("a/emg/r/1/1")
    'no twitch "a/emg/r/1/1" is kept of this night; open the night again to see those that are'
    """
    return f'no twitch "{key}" is kept of this night; open the night again to see those that are'


def unknown_night(night: str) -> str:
    """Say that a date is none.

    >>> unknown_night("2026-13-01")
    '"2026-13-01" is no date of a night; write it as 2026-11-22'
    """
    return f'"{night}" is no date of a night; write it as 2026-11-22'


def twitch(size: str, duration_s: float, snr: float, label: Label) -> str:
    """Say one twitch: size first.

    >>> twitch("62 µV", 0.018, 11.24, Label.ISOLATED)
    '62 µV peak to peak, 18 ms, 11.2 times the noise, alone'
    """
    return f"{size} peak to peak, {duration_s * 1000:.0f} ms, {snr:.1f} times the noise, {LABELS[label]}"


WEEKS_LEAD = (
    "Each dot is a night with its 95 % interval; each site has its own scale. Grey: not measured, which is not zero."
)
STEPS_LEAD = "Since which night a site counts. New can only be what was measured before, and quiet."
NO_STEPS = "No site counts as twitching so far. A site that was not measured can say nothing."
EFFECTS_LEAD = (
    "Only what leaves no doubt is said here. That two things go together does not mean that one makes the other."
)
EFFECTS_NO_DIARY = "The diary is empty, so there is nothing to set against your nights."
EFFECTS_TOO_EARLY = (
    "Too early to say: a habit is set against your nights once enough nights with and without it are noted."
)


def nothing_sure(names: list[str]) -> str:
    """Say what was looked at without anything to tell.

    >>> nothing_sure(["caffeine", "sleep"])
    'Set against your nights: caffeine, sleep. Nothing in it is sure, so nothing is told.'
    """
    return f"Set against your nights: {', '.join(names)}. Nothing in it is sure, so nothing is told."


def point(modality: Modality, n_twitches: int, analysable_s: float, rate: float | None) -> str:
    """Say one night of one site in a chart.

    >>> point(Modality.EMG, 130, 21600.0, 21.666)
    '130 twitches in 6 h 00 min analysable, 21.7 per analysable hour'
    >>> point(Modality.EMG, 3, 600.0, None)
    '10 min analysable: too little data to say'
    """
    if rate is None:
        return f"{phrases.duration(analysable_s)} analysable: {phrases.TOO_LITTLE}"
    counted = f"{phrases.count(n_twitches, modality)} in {phrases.duration(analysable_s)} analysable"
    return f"{counted}, {rate:.1f} {phrases.UNIT_OF_RATE}"


EMPTY_DIARY = "Nothing is noted in the last four weeks. What is not noted is not known."
NO_FAULTS_LATELY = "No fault of the machine since yesterday."
QUICK = (
    ("a coffee", "coffee 1"),
    ("a tea", "tea 1"),
    ("no caffeine", "no caffeine"),
    ("a glass of water", "water 1"),
    ("a drink", "alcohol 1"),
    ("no alcohol", "no alcohol"),
    ("10 minutes of stretching", "stretching 10"),
    ("30 minutes of exercise", "exercise 30"),
    ("10 minutes against stress", "practice 10"),
)


def with_night(night: str) -> str:
    """Say which night notes go with.

    >>> with_night("2026-11-05")
    'With the night of Thursday 5 November 2026'
    """
    return f"With the night of {date_in_words(night)}"


def window(hours: str) -> str:
    """Say when something about the body may be sent.

    >>> window("09:00-20:00")
    'Notices are only sent between 09:00 and 20:00, at most one of a kind in four weeks.'
    """
    opens, _, closes = hours.partition("-")
    return f"Notices are only sent between {opens} and {closes}, at most one of a kind in four weeks."


TO_COME = "that is still to come; note it when it was"
EXPERIMENT_OVER = "this experiment is over; what it found stands on its page"


def unknown_note(name: str) -> str:
    """Say that there is no such note.

    >>> unknown_note("ab12")
    'no note is called "ab12"; open the diary again to see those that are kept'
    """
    return f'no note is called "{name}"; open the diary again to see those that are kept'


def unknown_experiment(name: str) -> str:
    """Say that there is no such experiment.

    >>> unknown_experiment("caffeine-2026-11-23")
    'no experiment is called "caffeine-2026-11-23"; open the page again to see those that are kept'
    """
    return f'no experiment is called "{name}"; open the page again to see those that are kept'


def sentence(said: str) -> str:
    """Begin with a capital letter.

    >>> sentence("changed: muted until you say unmute.")
    'Changed: muted until you say unmute.'
    """
    return said[:1].upper() + said[1:]
