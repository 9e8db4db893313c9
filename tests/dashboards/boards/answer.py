"""An answer, and whom a question is about: what all that work out answers share."""

from aquiver.model import Span, Status, Tally, Twitch
from tests.dashboards.boards.grafana import Scope

Answer = dict[tuple[str, ...], list[tuple]]  # {tags of the series: [(time in ns or None, values ...)]}


def is_asked(one: Tally | Twitch | Span | Status, scope: Scope) -> bool:
    return one.wearer == scope.wearer and (not scope.sites or one.site in scope.sites)


def stream_of(one: Tally | Twitch | Span) -> tuple[str, ...]:
    return one.site, one.modality, one.device
