"""The check before sleep: go, or what to do first."""

from dataclasses import dataclass
from typing import Annotated

import msgspec

from dashboards.page.api.route import Route
from dashboards.page.given import Given
from dashboards.phrases import readiness as phrases
from dashboards.readiness import Finding, Verdict, is_ready


@dataclass(frozen=True, slots=True)
class CheckAsked:
    """Until when the night goes, ``HH:MM``; without it, until the morning in the settings."""

    until: Annotated[str, msgspec.Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")] = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the night may begin, in one sentence, and all that was looked at."""

    is_ready: bool
    says: str
    until: str
    findings: list[Finding]


async def check(given: Given, asked: CheckAsked) -> Readiness:
    """Say whether all is ready for the night, judged from what the bands and this machine do now."""
    until = asked.until or given.morning.at
    findings = tuple(await given.acts.check(until))
    n_not_yet = sum(finding.verdict is Verdict.NOT_YET for finding in findings)
    return Readiness(is_ready(findings), phrases.short_verdict(n_not_yet), until, list(findings))


ROUTES = (Route("GET", "/check", check, tag="before sleep"),)
