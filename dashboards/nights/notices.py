"""The page of notices: each with how it stands, its receipt and its messages; faults of the machine apart. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aquiver.model import NoticeKind, Verb
from dashboards.notices.lifecycle import Fate, Standing
from dashboards.notices.matter import Sort
from dashboards.notices.outbox import Letter
from dashboards.phrases import nights as say
from dashboards.phrases import notices as phrases

_SETTLED = frozenset({Fate.ACKNOWLEDGED, Fate.FALSE, Fate.KNOWN_CAUSE})
Local = Callable[[float | None], datetime | None]


@dataclass(frozen=True, slots=True)
class Told:
    """One notice or fault. ``receipt`` is its whole text, ``letters`` how each message of it stands."""

    key: str
    kind: str
    sort: Sort
    fate: Fate
    is_settled: bool
    since_s: float
    title: str
    stands: str
    receipt: tuple[str, ...]
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """A kind, or one notice, that is snoozed until a time, or muted."""

    about: str
    until_s: float | None
    said: str


@dataclass(frozen=True, slots=True)
class Answerable:
    """A kind that can be snoozed or muted as a whole."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class NoticesView:
    """All of the page, newest first. ``window`` says when something about the body may be sent."""

    notices: tuple[Told, ...]
    faults: tuple[Told, ...]
    holds: tuple[Hold, ...]
    kinds: tuple[Answerable, ...]
    window: str
    empty: str
    no_faults: str


def notices_view(
    standings: Sequence[Standing],
    letters: Sequence[Letter],
    holds: Sequence[tuple[str, float | None]],
    window: str,
    local: Local,
) -> NoticesView:
    """Lay out what was told, and why. ``local`` gives a time as the clocks on the wall say it."""
    newest_first = sorted(standings, key=lambda one: -one.matter.since_s)
    told = [_told(one, letters, local) for one in newest_first]
    return NoticesView(
        notices=tuple(one for one in told if one.sort is Sort.NOTICES),
        faults=tuple(one for one in told if one.sort is Sort.FAULTS),
        holds=tuple(Hold(about, until_s, phrases.held(about, local(until_s))) for about, until_s in holds),
        kinds=KINDS,
        window=say.window(window),
        empty=phrases.NONE,
        no_faults=say.NO_FAULTS_LATELY,
    )


def _told(one: Standing, letters: Sequence[Letter], local: Local) -> Told:
    matter = one.matter
    on_command_line = {phrases.how_to_answer(matter.kind), phrases.CARD, phrases.SHOW}
    lines = [line for line in matter.text.splitlines() if line not in on_command_line]
    mine = (each for each in letters if each.key == matter.key)
    return Told(
        key=matter.key,
        kind=matter.kind,
        sort=matter.sort,
        fate=one.fate,
        is_settled=one.fate in _SETTLED,
        since_s=matter.since_s,
        title=matter.title,
        stands=phrases.standing(one.fate, local(one.until_s), one.words),
        receipt=tuple(lines),
        letters=tuple(phrases.letter(each.channel, each.state, each.n_attempts, each.error) for each in mine),
    )


def words_of(verb: Verb, about: str, length: str, why: str) -> str:
    """Give an answer as it would be typed after ``aquiver notices``: one road for both.

    >>> words_of(Verb.SNOOZE, "changed", "7d", "")
    'snooze changed 7d'
    """
    more = length if verb is Verb.SNOOZE else why
    return f"{_VERBS[verb]} {about} {more}".strip()


_VERBS = {
    Verb.SNOOZE: "snooze",
    Verb.MUTE: "mute",
    Verb.UNMUTE: "unmute",
    Verb.ACKNOWLEDGE: "ack",
    Verb.FALSE: "false",
    Verb.KNOWN_CAUSE: "known-cause",
}
KINDS = (
    *(Answerable(kind.value, phrases.KINDS[kind]) for kind in NoticeKind),
    Answerable(Sort.FAULTS.value, phrases.FAULTS_HEADING),
)
