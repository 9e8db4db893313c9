"""The rules: three that read the judge, four about the machine."""

from collections.abc import Sequence
from dataclasses import dataclass

from aquiver.model import NoticeKind
from dashboards.alerts.rule import Asked, Rule, Sort
from dashboards.phrases.boards import alerts as say
from dashboards.queries import alerts as ask

_MINUTE_S = 60
_HOUR_S = 3600
_FOUR_WEEKS_S = 28 * 24 * _HOUR_S  # who takes off the bands for a while has not got rid of what was found
_SILENT_S = 40  # twice as long as aquiver's own sentry waits: it speaks first
_LATE_S = 180
_EMPTY_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are looked at together, every ``every_s``."""

    name: str
    every_s: int
    rules: Sequence[Rule]


def _notice(kind: NoticeKind) -> Rule:
    """Tell what the judge found: it alone decides, from nights that are over."""
    asked = Asked(ask.held(kind), _FOUR_WEEKS_S)
    return Rule(f"aquiver-{kind.replace('_', '-')}", Sort.NOTICE, say.HELD[kind], (asked,), "$B > 0", "0s")


NOTICES = Group(say.NOTICES, 10 * _MINUTE_S, tuple(_notice(kind) for kind in NoticeKind))
FAULTS = Group(
    say.FAULTS,
    30,
    (
        Rule(
            "aquiver-no-samples",
            Sort.FAULT,
            say.SILENT,
            (Asked(ask.SILENT, 2 * _MINUTE_S),),
            f"$B > {_SILENT_S}",
            "30s",
        ),
        Rule(
            "aquiver-broken-off",
            Sort.FAULT,
            say.BROKEN_OFF,
            (Asked(ask.RUNNING, 12 * _HOUR_S), Asked(ask.HEARD, 12 * _HOUR_S)),
            "$B > 0 && $D < 1",  # it ran when last heard, and was not heard in these five minutes
            "2m",
        ),
        Rule(
            "aquiver-battery",
            Sort.FAULT,
            say.BATTERY,
            (Asked(ask.BATTERY, 15 * _MINUTE_S),),
            f"$B < {_EMPTY_PERCENT}",
            "2m",
        ),
        Rule("aquiver-late", Sort.FAULT, say.LATE, (Asked(ask.DELAY, 5 * _MINUTE_S),), f"$B > {_LATE_S}", "5m"),
    ),
)
GROUPS = (NOTICES, FAULTS)
