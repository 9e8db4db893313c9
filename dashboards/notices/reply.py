"""A reply: words -> an answer to a notice. Pure."""

import hashlib
import re
from collections.abc import Sequence

from aquiver.errors import SettingsError
from aquiver.model import Answer, NoticeKind, Verb
from dashboards.notices.matter import Matter, Sort
from dashboards.phrases import notices as phrases

VERBS = {
    "snooze": Verb.SNOOZE,
    "mute": Verb.MUTE,
    "unmute": Verb.UNMUTE,
    "ack": Verb.ACKNOWLEDGE,
    "acknowledge": Verb.ACKNOWLEDGE,
    "false": Verb.FALSE,
    "known-cause": Verb.KNOWN_CAUSE,
}
KINDS = (*(kind.value for kind in NoticeKind), Sort.NOTICES.value, Sort.FAULTS.value, Sort.MORNING.value)
_LENGTH = re.compile(r"(?P<number>\d+)(?P<unit>[mhdw])")
_UNIT_S = {"m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_LONGEST_S = 13 * 604_800.0


def is_reply(words: str) -> bool:
    """Tell whether words answer a notice; all others are for the diary."""
    first = words.split(maxsplit=1)[:1]
    return bool(first) and first[0].lower() in VERBS


def answer_in(words: str, wearer: str, time_s: float, matters: Sequence[Matter]) -> Answer:
    """Give the answer in words such as ``snooze changed 7d``: a verb, a kind or the start of a key, and more.

    Raises:
        SettingsError: it is not understood; the text says what to write instead.
    """
    verb_word, *rest = words.split()
    verb = VERBS.get(verb_word.lower())
    if verb is None:
        raise SettingsError(phrases.VERBS)
    about = _about(rest[0] if rest else "", matters)
    more = rest[1:]
    until_s = _until(more, time_s) if verb is Verb.SNOOZE else None
    said = "" if verb is Verb.SNOOZE else " ".join(more)
    name = hashlib.sha256(f"{wearer}|{time_s:.3f}|{words}".encode()).hexdigest()[:8]
    return Answer(wearer, name, time_s, verb, about, until_s, said)


def still_coming(answer: Answer, matters: Sequence[Matter]) -> list[str]:
    """List the kinds that an answer does not touch."""
    whole_sort = {Sort.NOTICES.value: [kind.value for kind in NoticeKind]}
    if answer.about not in KINDS:
        return []
    touched = {answer.about, *whole_sort.get(answer.about, [])}
    touched |= {matter.kind for matter in matters if matter.sort.value == answer.about}
    kinds = [*(kind.value for kind in NoticeKind), Sort.FAULTS.value]
    return [kind for kind in kinds if kind not in touched]


def _about(given: str, matters: Sequence[Matter]) -> str:
    wanted = given.lower().replace("-", "_")
    others = tuple(dict.fromkeys(matter.kind for matter in matters if matter.kind not in KINDS))
    if wanted in (*KINDS, *others):
        return wanted
    keys = sorted({matter.key for matter in matters if given and matter.key.startswith(given)})
    if len(keys) == 1:
        return keys[0]
    raise SettingsError(phrases.unknown_about(given, keys or (*KINDS, *others)))


def _until(more: Sequence[str], time_s: float) -> float:
    match = _LENGTH.fullmatch(more[0]) if more else None
    if match is None:
        raise SettingsError(phrases.HOW_LONG)
    length_s = int(match["number"]) * _UNIT_S[match["unit"]]
    if not 0 < length_s <= _LONGEST_S:
        raise SettingsError(phrases.TOO_LONG)
    return time_s + length_s
