"""Findings: what a sentry sees to be broken at one moment."""

from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model import FaultKind, Link


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is broken now, for ``for_s`` already."""

    link: Link
    kind: FaultKind
    subject: str
    site: Site | None = None
    reason: str = ""
    for_s: float = 0.0

    @property
    def key(self) -> tuple[str, str]:
        """Give what tells findings apart."""
        return self.kind, self.subject


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is broken, and which links cannot be judged now because one before them is."""

    broken: tuple[Finding, ...] = ()
    hidden: frozenset[Link] = frozenset()


# A service's link. What has no place in the chain (notify, page, another listener) stands at its end.
LINK_OF = {"collector": Link.COLLECTOR, "detector": Link.DETECTOR, "recorder": Link.STORE}


def link_of(service: str) -> Link:
    """Give the link that a service is."""
    return LINK_OF.get(service, Link.VIEW)
