"""What a notice says, how it stands, and what an answer did."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from aquiver.body import Region, Site
from aquiver.model import NoticeKind, Verb

PUSH_TITLE = "Aquiver: a notice about your nights"  # no region: some push services are read by others
MORNING_TITLE = "Aquiver: your night"
FAULT_TITLE = "Aquiver: the machine needs you"
FAULTS_HEADING = "Faults of the machine, which say nothing about the body"
TRIAL_TITLE = "Aquiver: a trial message"
TRIAL = "This is a trial. Nothing was measured, nothing is meant. You can be reached here."
KINDS: Mapping[NoticeKind, str] = {
    NoticeKind.PERSISTENT: "twitches on most nights of the last weeks",
    NoticeKind.NEW_REGION: "twitches at a place that had few or none before",
    NoticeKind.CHANGED: "a rate that changed over weeks",
}
REGIONS: Mapping[Region, str] = {
    Region.BULBAR: "face",
    Region.CERVICAL: "neck and arms",
    Region.THORACIC: "trunk",
    Region.LUMBOSACRAL: "legs",
}
COMMON = "Twitches that last, or appear in more places, are common."
CARD = (
    "What matters is what you notice yourself: weakness, a muscle that shrinks, trouble speaking, swallowing or "
    "breathing, weight loss. With any of these see a doctor; with trouble breathing or swallowing now "
    "(aquiver card)."
)
SHOW = "If it worries you, it is worth mentioning to a doctor: aquiver report has what to show."
NONE = "There are no notices."
ACCEPTED: Mapping[Verb, str] = {
    Verb.MUTE: "muted until you say unmute",
    Verb.UNMUTE: "heard again",
    Verb.ACKNOWLEDGE: "acknowledged; it will not come again",
    Verb.FALSE: "kept as false; it will not come again",
    Verb.KNOWN_CAUSE: "kept as having a known cause; it will not come again",
}
STANDINGS: Mapping[str, str] = {
    "due": "to be sent now",
    "told": "told",
    "quiet": "ended, not sent",
    "over": "ended before it was sent",
    "snoozed": "snoozed",
    "muted": "muted",
    "acknowledged": "acknowledged",
    "false": "you called it false",
    "known_cause": "has a known cause",
    "night": "waits for the day",
    "within_budget": "the same was told not long ago; held",
}
LETTERS: Mapping[str, str] = {
    "waiting": "on its way",
    "sent": "sent",
    "gave_up": "could not be sent",
    "withdrawn": "withdrawn by your answer",
}
_DATE = "%Y-%m-%d %H:%M"


def title(kind: NoticeKind, site: Site, *, is_over: bool) -> str:
    """Name a notice in a list.

    >>> title(NoticeKind.PERSISTENT, Site.LEFT_CALF, is_over=False)
    'left calf: twitches on most nights of the last weeks'
    """
    return f"{site.words}: {KINDS[kind]}{' (ended)' if is_over else ''}"


def persistent(site: Site, n_positive: int, n_valid: int) -> str:
    """Say that twitches last.

    >>> persistent(Site.LEFT_CALF, 11, 14)
    'Left calf: twitches on 11 of the last 14 measured nights.'
    """
    return f"{site.words.capitalize()}: twitches on {n_positive} of the last {n_valid} measured nights."


def new_region(site: Site, region: Region, n_positive: int, n_valid: int, *, is_first: bool) -> str:
    """Say that twitches appeared where it had been measured before; ``is_first`` site of its region or another.

    >>> new_region(Site.RIGHT_FOREARM, Region.CERVICAL, 4, 7, is_first=True)
    'Right forearm: twitches on 4 of the last 7 measured nights, unlike before. The region (neck and arms) is new.'
    >>> new_region(Site.RIGHT_FOREARM, Region.CERVICAL, 4, 7, is_first=False)
    'Right forearm: twitches on 4 of the last 7 measured nights, unlike before. The region (neck and arms) is not new.'
    """
    nights = f"twitches on {n_positive} of the last {n_valid} measured nights, unlike before"
    new = "new" if is_first else "not new"
    return f"{site.words.capitalize()}: {nights}. The region ({REGIONS[region]}) is {new}."


def changed(site: Site, n_nights: int, ratio: float | None, low: float | None, high: float | None) -> str:
    """Say that a rate changed; up or down has no meaning of its own.

    >>> changed(Site.LEFT_CALF, 30, 1.6, 1.2, 2.1)
    'Left calf: the rate changed. Over 30 measured nights it became 1.6 times as large in four weeks (1.2 to 2.1).'
    """
    start = f"{site.words.capitalize()}: the rate changed"
    if ratio is None:
        return f"{start} over {n_nights} measured nights."
    span = "" if low is None or high is None else f" ({low:.1f} to {high:.1f})"
    return f"{start}. Over {n_nights} measured nights it became {ratio:.1f} times as large in four weeks{span}."


def ended(kind: NoticeKind, site: Site, night: str) -> str:
    """Say quietly that something is no longer so.

    >>> ended(NoticeKind.PERSISTENT, Site.LEFT_CALF, "2026-11-22")
    'Left calf: no longer so since the night of 2026-11-22: twitches on most nights of the last weeks.'
    """
    return f"{site.words.capitalize()}: no longer so since the night of {night}: {KINDS[kind]}."


def receipt(rule: str, n_nights: int, analysable_h: float, n_twitches: int, first: str, last: str) -> str:
    """Say why a notice came.

    >>> receipt("persistent", 14, 92.4, 310, "2026-11-01", "2026-11-15")
    'Why: rule "persistent", from 14 measured nights (2026-11-01 to 2026-11-15), 310 twitches in 92 analysable hours.'
    """
    counted = f"{n_twitches} twitches in {analysable_h:.0f} analysable hours"
    return f'Why: rule "{rule}", from {n_nights} measured nights ({first} to {last}), {counted}.'


def numbers(intro: str, values: Mapping[str, float]) -> str:
    """Say the numbers of a rule.

    >>> numbers("Set to", {"of_nights": 14.0, "least_positive": 10.0})
    'Set to: of nights 14, least positive 10.'
    """
    said = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in values.items())
    return f"{intro}: {said}."


SET_TO = "The rule is set to"
FOUND = "Found"
ENDS = "It ends with"


def how_to_answer(kind: str) -> str:
    """Say what can be answered.

    >>> how_to_answer("changed")
    'To answer: aquiver notices snooze changed 7d, mute changed, ack changed, false changed, known-cause changed.'
    """
    verbs = ("ack", "false", "known-cause")
    answers = ", ".join((f"snooze {kind} 7d", f"mute {kind}", *(f"{verb} {kind}" for verb in verbs)))
    return f"To answer: aquiver notices {answers}."


def reference(name: str) -> str:
    """Name a message, so that one that comes twice is known as one.

    >>> reference("3f2a91bc")
    'Reference 3f2a91bc.'
    """
    return f"Reference {name}."


def snoozed(about: str, until: datetime, others: Sequence[str]) -> str:
    """Say until when, and what still comes.

    >>> snoozed("changed", datetime(2026, 11, 30, 9, 0), ["persistent", "new_region", "faults"])
    'changed: snoozed until 2026-11-30 09:00. Still coming: persistent, new region, faults.'
    """
    still = f" Still coming: {', '.join(one.replace('_', ' ') for one in others)}." if others else ""
    return f"{about}: snoozed until {until:{_DATE}}.{still}"


def accepted(verb: Verb, about: str, others: Sequence[str]) -> str:
    """Say what an answer did.

    >>> accepted(Verb.MUTE, "changed", ["persistent", "faults"])
    'changed: muted until you say unmute. Still coming: persistent, faults.'
    """
    still = f" Still coming: {', '.join(one.replace('_', ' ') for one in others)}." if others else ""
    return f"{about}: {ACCEPTED[verb]}.{still}"


def standing(fate: str, until: datetime | None, words: str) -> str:
    """Say how a notice stands.

    >>> standing("snoozed", datetime(2026, 11, 30, 9, 0), "")
    'snoozed until 2026-11-30 09:00'
    >>> standing("known_cause", None, "new shoes")
    'has a known cause: new shoes'
    """
    end = "" if until is None else f" until {until:{_DATE}}"
    return f"{STANDINGS[fate]}{end}{f': {words}' if words else ''}"


def held(about: str, until: datetime | None) -> str:
    """Say what is held back by an answer of the wearer's.

    >>> held("changed", datetime(2026, 11, 30, 9, 0)), held("new_region", None)
    ('changed: snoozed until 2026-11-30 09:00', 'new region: muted until you say unmute')
    """
    how = ACCEPTED[Verb.MUTE] if until is None else f"snoozed until {until:{_DATE}}"
    return f"{about.replace('_', ' ')}: {how}"


def letter(channel: str, state: str, n_attempts: int, error: str) -> str:
    """Say how a message to one channel stands.

    >>> letter("phone", "waiting", 2, "no answer within 20 s")
    'phone: on its way, tried 2 times (no answer within 20 s)'
    """
    tried = "" if n_attempts <= 1 else f", tried {n_attempts} times"
    return f"{channel}: {LETTERS[state]}{tried}{f' ({error})' if error else ''}"


def unknown_about(given: str, known: Sequence[str]) -> str:
    """Say that there is nothing of this name to answer.

    >>> unknown_about("chagned", ["changed", "persistent"])
    'no notice or kind is called "chagned"; known are changed, persistent'
    """
    return f'no notice or kind is called "{given}"; known are {", ".join(known)}'


HOW_LONG = 'for how long? say for example "snooze changed 7d" (m, h, d or w)'
VERBS = "say snooze, mute, unmute, ack, false or known-cause"
TOO_LONG = "a snooze lasts at most 13 weeks; mute lasts until you say unmute"
