"""Tonight as it stands, and what happened when in it."""

from dataclasses import dataclass, replace

from aquiver.body import Site
from aquiver.model import Modality, SpanReason
from dashboards.page.api.route import Route
from dashboards.page.given import Given
from dashboards.page.state import Tonight, tonight_of
from dashboards.page.vigil import Vigil
from dashboards.site_night import ORDER


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time that was not judged, and why."""

    start_s: float
    stop_s: float
    reason: SpanReason


@dataclass(frozen=True, slots=True)
class Line:
    """What happened on one stream: since when it is measured, stretches set aside, and the twitches' times."""

    device: str
    site: Site
    site_words: str
    modality: Modality
    since_s: float
    until_s: float
    set_aside: list[Stretch]
    twitches_s: list[float]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The night so far, one line a stream, in the order of the body."""

    night: str
    now_s: float
    lines: list[Line]


async def tonight(given: Given) -> Tonight:
    """Say how tonight stands."""
    return tonight_of(given.vigil.evening, given.morning, given.now())


async def timeline(given: Given) -> Timeline:
    """Say what happened when in the night so far."""
    return Timeline(given.vigil.evening.night, given.now(), _lines(given.vigil))


def _lines(vigil: Vigil) -> list[Line]:
    found: dict[tuple[str, Modality], Line] = {}
    for minute in vigil.minutes():
        measured_s = minute.analysable_s + sum(minute.excluded_s.values())
        line = found.get((minute.device, minute.modality))
        if line is None:
            since_s = minute.start_s + max(0.0, 60.0 - measured_s) if not minute.is_final else minute.start_s
            line = Line(minute.device, minute.site, minute.site.words, minute.modality, since_s, since_s, [], [])
            found[minute.device, minute.modality] = line
        found[minute.device, minute.modality] = replace(line, until_s=minute.start_s + min(60.0, measured_s))
    for span in vigil.spans.values():
        if (span.device, span.modality) in found:
            found[span.device, span.modality].set_aside.append(Stretch(span.start_s, span.stop_s, span.reason))
    for twitch in vigil.twitches.values():
        if (twitch.device, twitch.modality) in found:
            found[twitch.device, twitch.modality].twitches_s.append(twitch.peak_s)
    return sorted(found.values(), key=lambda line: (ORDER[line.site], line.device, line.modality))


ROUTES = (
    Route("GET", "/tonight", tonight, tag="tonight"),
    Route("GET", "/tonight/timeline", timeline, tag="tonight"),
)
