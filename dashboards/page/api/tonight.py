"""Tonight as it stands, and what happened when in it."""

from dataclasses import dataclass, replace
from math import inf

from aquiver.body import Site
from aquiver.model import Modality, SpanReason
from dashboards.page.api.route import Route
from dashboards.page.given import Given
from dashboards.page.state import Tonight, tonight_of
from dashboards.page.vigil import Vigil
from dashboards.site_night import ORDER

_MINUTE_S = 60.0


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
    return Timeline(given.vigil.evening.night, given.now(), lines_of(given.vigil))


def lines_of(vigil: Vigil) -> list[Line]:
    """Give the night so far, one line a stream."""
    found: dict[tuple[str, Modality], Line] = {}
    for minute in vigil.minutes():
        key = (minute.device, minute.modality)
        measured_s = minute.analysable_s + sum(minute.excluded_s.values())
        if key not in found:
            found[key] = Line(
                minute.device, minute.site, minute.site.words, minute.modality, inf, minute.start_s, [], []
            )
        found[key] = replace(
            found[key],
            since_s=min(found[key].since_s, minute.start_s),
            until_s=minute.start_s + min(_MINUTE_S, measured_s),
        )
    for span in vigil.spans.values():
        if (line := found.get((span.device, span.modality))) is not None:
            line.set_aside.append(Stretch(span.start_s, span.stop_s, span.reason))
    for twitch in vigil.twitches.values():
        if (line := found.get((twitch.device, twitch.modality))) is not None:
            line.twitches_s.append(twitch.peak_s)
    return sorted(map(_fitted, found.values()), key=lambda line: (ORDER[line.site], line.device, line.modality))


def _fitted(line: Line) -> Line:
    """Begin where the stream appeared: where it settled in within its first minute, if it did not go on from before."""
    first = (one.start_s for one in line.set_aside if one.reason is SpanReason.WARM_UP)
    since_s = min((start_s for start_s in first if 0 <= start_s - line.since_s < _MINUTE_S), default=line.since_s)
    last_s = max([stretch.stop_s for stretch in line.set_aside] + line.twitches_s, default=line.until_s)
    return replace(line, since_s=since_s, until_s=max(line.until_s, last_s))


ROUTES = (
    Route("GET", "/tonight", tonight, tag="tonight"),
    Route("GET", "/tonight/timeline", timeline, tag="tonight"),
)
