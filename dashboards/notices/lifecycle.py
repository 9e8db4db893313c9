"""The life of a notice: from what is so, what was answered and what was told, to what is due. Pure.

Answers go by kind or by key. The newest mute or unmute of a kind counts, and the newest snooze; what was acknowledged,
called false or has a known cause stays settled. A fault obeys answers to faults; it has no window, and
a budget of half an hour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from aquiver.model import Answer, Verb
from dashboards.notices.matter import Matter, Sort
from dashboards.notices.window import Window

BUDGET_S = 28 * 86_400.0  # at most one of a kind in four weeks, unless the state really changes
FAULT_BUDGET_S = 1800.0  # a band that comes and goes is one story, not twenty
_BUDGETS_S = {Sort.NOTICES: BUDGET_S, Sort.FAULTS: FAULT_BUDGET_S}
_SETTLES = frozenset({Verb.ACKNOWLEDGE, Verb.FALSE, Verb.KNOWN_CAUSE})


class Fate(StrEnum):
    """What happens with a matter now."""

    DUE = "due"
    TOLD = "told"
    QUIET = "quiet"
    OVER = "over"
    SNOOZED = "snoozed"
    MUTED = "muted"
    ACKNOWLEDGED = "acknowledged"
    FALSE = "false"
    KNOWN_CAUSE = "known_cause"
    NIGHT = "night"
    WITHIN_BUDGET = "within_budget"


@dataclass(frozen=True, slots=True)
class Told:
    """A matter was handed over for sending at ``time_s``."""

    key: str
    kind: str
    about: str
    time_s: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How a matter stands: ``until_s`` where that ends by itself, ``words`` where an answer had some."""

    matter: Matter
    fate: Fate
    until_s: float | None = None
    words: str = ""


_FATES = {Verb.ACKNOWLEDGE: Fate.ACKNOWLEDGED, Verb.FALSE: Fate.FALSE, Verb.KNOWN_CAUSE: Fate.KNOWN_CAUSE}


def stand(
    matters: Iterable[Matter],
    answers: Sequence[Answer],
    told: Sequence[Told],
    now_s: float,
    window: Window,
    zone: ZoneInfo,
) -> list[Standing]:
    """Say how each matter stands at ``now_s``, oldest first. Of two of a kind and state only the first is due."""
    so_far = list(told)
    found: list[Standing] = []
    for matter in sorted(matters, key=lambda matter: (matter.since_s, matter.key)):
        standing = _stand(matter, answers, so_far, now_s, window, zone)
        if standing.fate is Fate.DUE:
            so_far.append(Told(matter.key, matter.kind, matter.about, now_s))
        found.append(standing)
    return found


def held(matter: Matter, answers: Sequence[Answer], now_s: float, window: Window, zone: ZoneInfo) -> Standing | None:
    """Say what keeps a matter from being sent at this moment, answers first; none if nothing does."""
    mine = sorted(
        (one for one in answers if _is_about(one, matter) and one.time_s <= now_s), key=lambda one: one.time_s
    )
    settled = [one for one in mine if one.verb in _SETTLES and _reaches(one, matter)]
    if settled:
        return Standing(matter, _FATES[settled[-1].verb], None, settled[-1].words)
    mutes = [one for one in mine if one.verb in (Verb.MUTE, Verb.UNMUTE)]
    if mutes and mutes[-1].verb is Verb.MUTE:
        return Standing(matter, Fate.MUTED)
    snoozes = [one for one in mine if one.verb in (Verb.SNOOZE, Verb.UNMUTE)]
    if snoozes and snoozes[-1].until_s is not None and snoozes[-1].until_s > now_s:
        return Standing(matter, Fate.SNOOZED, snoozes[-1].until_s)
    if matter.sort is not Sort.FAULTS and not window.is_open(now_s, zone):
        return Standing(matter, Fate.NIGHT, window.next_open(now_s, zone))
    return None


def held_kinds(answers: Sequence[Answer], now_s: float) -> list[tuple[str, float | None]]:
    """List what is muted or snoozed at ``now_s``, with the end of the snooze."""
    newest: dict[str, list[Answer]] = {}
    for one in sorted(answers, key=lambda one: one.time_s):
        if one.time_s <= now_s and one.verb not in _SETTLES:
            newest.setdefault(one.about, []).append(one)
    found: list[tuple[str, float | None]] = []
    for about, mine in sorted(newest.items()):
        is_muted = [one.verb for one in mine if one.verb is not Verb.SNOOZE][-1:] == [Verb.MUTE]
        snooze_s = [one.until_s for one in mine if one.verb is not Verb.MUTE][-1:]
        if is_muted:
            found.append((about, None))
        elif snooze_s and snooze_s[0] is not None and snooze_s[0] > now_s:
            found.append((about, snooze_s[0]))
    return found


def _stand(
    matter: Matter, answers: Sequence[Answer], told: Sequence[Told], now_s: float, window: Window, zone: ZoneInfo
) -> Standing:
    keeps = held(matter, answers, now_s, window, zone)
    if matter.is_quiet:
        return Standing(matter, Fate.QUIET)
    if keeps is not None and keeps.fate in _FATES.values():
        return keeps
    if any(one.key == matter.key for one in told):
        return Standing(matter, Fate.TOLD)
    if matter.over_s is not None and matter.over_s <= now_s:
        return Standing(matter, Fate.OVER)
    if keeps is not None and keeps.fate is not Fate.NIGHT:
        return keeps
    return _within_budget(matter, told, now_s) or keeps or Standing(matter, Fate.DUE)


def _within_budget(matter: Matter, told: Sequence[Told], now_s: float) -> Standing | None:
    """Hold what would tell the same state again too soon. Another region, or another band, is another state."""
    budget_s = _BUDGETS_S.get(matter.sort, 0.0)
    same = [one.time_s for one in told if (one.kind, one.about) == (matter.kind, matter.about)]
    until_s = max(same, default=-budget_s) + budget_s
    return Standing(matter, Fate.WITHIN_BUDGET, until_s) if until_s > now_s else None


def _is_about(answer: Answer, matter: Matter) -> bool:
    return answer.about in (matter.key, matter.kind, matter.sort)


def _reaches(answer: Answer, matter: Matter) -> bool:
    """Tell whether an answer settles a matter: by key always, by kind only what was there to be answered."""
    return answer.about == matter.key or matter.since_s <= answer.time_s
