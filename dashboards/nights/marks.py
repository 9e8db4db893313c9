"""Marks: what a wearer says of one twitch. Each is an answer in the store; the count is never changed by it. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aquiver.model import Answer, Twitch, Verb

VERBS = (Verb.FALSE, Verb.KNOWN_CAUSE, Verb.ACKNOWLEDGE)
MOST_WORDS = 200  # letters


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said of a twitch last. ``acknowledge`` takes an earlier mark back: it stands as counted."""

    verb: Verb
    words: str
    time_s: float


def key_in(twitch: Twitch) -> str:
    """Name a twitch within its night: what makes it one record."""
    return f"{twitch.device}/{twitch.modality}/{twitch.run}/{twitch.sample}/{twitch.channel}"


def about(night: str, key: str) -> str:
    """Name a twitch in an answer. The night stands in it, so that erasing the night erases what was said of it."""
    return f"twitch/{night}/{key}"


def mark_answer(twitch: Twitch, verb: Verb, words: str, time_s: float) -> Answer:
    """Give the answer that marks a twitch: one for each twitch, so that a later one replaces it."""
    name = about(twitch.night, key_in(twitch))
    digest = hashlib.sha256(f"{twitch.wearer}|{name}".encode()).hexdigest()[:16]
    return Answer(twitch.wearer, f"mark-{digest}", time_s, verb, name, None, words if verb is Verb.KNOWN_CAUSE else "")


def marks_of(answers: Iterable[Answer], night: str) -> Mapping[str, Mark]:
    """Give the marks of a night by the key of the twitch; what was taken back is not among them."""
    start = about(night, "")
    newest: dict[str, Answer] = {}
    for one in sorted(answers, key=lambda each: each.time_s):
        if one.about.startswith(start) and one.verb in VERBS:
            newest[one.about.removeprefix(start)] = one
    return {
        key: Mark(one.verb, one.words, one.time_s) for key, one in newest.items() if one.verb is not Verb.ACKNOWLEDGE
    }
