"""The book: which faults are open, from one judgement to the next. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from aquiver.model import Fault
from aquiver.nights import night_of
from aquiver.sentry.finding import Finding, Judgement


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the book: whose nights, and who writes."""

    wearer: str
    zone: ZoneInfo
    reporter: str


class Book:
    """Raise a fault when something is found broken, and close it when it no longer is."""

    def __init__(self, cover: Cover) -> None:
        self._cover = cover
        self._open: dict[tuple[str, str], Fault] = {}

    @property
    def open(self) -> list[Fault]:
        """Give what is open."""
        return list(self._open.values())

    def adopt(self, fault: Fault) -> None:
        """Take over what this service had raised before it was restarted, so that it can be closed."""
        if fault.is_open and (fault.reporter, fault.wearer) == (self._cover.reporter, self._cover.wearer):
            self._open.setdefault(fault.key, fault)

    def update(self, judgement: Judgement, wall_s: float) -> list[Fault]:
        """Give the faults raised and closed by a judgement. What cannot be judged now stays as it is."""
        found = {finding.key: finding for finding in judgement.broken}
        over = [fault for key, fault in self._open.items() if key not in found and fault.link not in judgement.hidden]
        return [*self._raise(found.values(), wall_s), *self._close(over, wall_s)]

    def close(self, wall_s: float) -> list[Fault]:
        """Close everything: we no longer look."""
        return self._close(self.open, wall_s)

    def _raise(self, found: Iterable[Finding], wall_s: float) -> list[Fault]:
        raised = [self._fault(finding, wall_s) for finding in found if finding.key not in self._open]
        self._open.update({fault.key: fault for fault in raised})
        return raised

    def _close(self, over: list[Fault], wall_s: float) -> list[Fault]:
        for fault in over:
            del self._open[fault.key]
        return [replace(fault, until_s=max(wall_s, fault.since_s)) for fault in over]

    def _fault(self, finding: Finding, wall_s: float) -> Fault:
        since_s = wall_s - finding.for_s
        return Fault(
            wearer=self._cover.wearer,
            night=night_of(since_s, self._cover.zone),
            reporter=self._cover.reporter,
            link=finding.link,
            kind=finding.kind,
            subject=finding.subject,
            site=finding.site,
            since_s=since_s,
            until_s=None,
            reason=finding.reason,
        )
