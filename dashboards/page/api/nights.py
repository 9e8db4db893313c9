"""Nights: the calendar, one night, its twitches with their waveforms, and what the wearer says of them."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from aquiver.errors import RequestRefused
from aquiver.export.choice import Choice, records_of
from aquiver.model import Answer, Fault, Modality, Note, Tally, Twitch, Verb
from aquiver.nights import end_of, night_of
from aquiver.store import R
from dashboards.nights.calendar import MOST_NIGHTS, Calendar, calendar_of
from dashboards.nights.marks import MOST_WORDS, Mark, key_in, mark_answer, marks_of
from dashboards.nights.night import Around, NightView, night_view
from dashboards.nights.twitches import MOST_AT_ONCE, TwitchPage, TwitchRow, row_of, twitch_page
from dashboards.nights.wave import Moment
from dashboards.page.api.route import Route
from dashboards.page.given import Given
from dashboards.phrases import nights as phrases
from dashboards.summary import Morning

EVER_S = 1e11
_Night = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$", description="The date of its evening.")]
_Time = Annotated[float, Meta(ge=0, le=EVER_S)]


@dataclass(frozen=True, slots=True)
class Days:
    """How many nights the calendar shows."""

    days: Annotated[int, Meta(ge=7, le=MOST_NIGHTS)] = 365


@dataclass(frozen=True, slots=True)
class OneNight:
    """Which night."""

    night: _Night


@dataclass(frozen=True, slots=True)
class TwitchesOf:
    """Which twitches: of one band and kind of sensor, with their onsets from ``since_s`` to before ``until_s``."""

    night: _Night
    device: Annotated[str, Meta(min_length=1, max_length=48)]
    modality: Modality
    since_s: _Time = 0.0
    until_s: _Time = EVER_S
    limit: Annotated[int, Meta(ge=1, le=MOST_AT_ONCE)] = 50


@dataclass(frozen=True, slots=True)
class OneTwitch:
    """Which twitch, by the ``key`` that it is listed under."""

    night: _Night
    key: Annotated[str, Meta(min_length=1, max_length=300)]


@dataclass(frozen=True, slots=True)
class Waveform:
    """A twitch and the samples around it; ``said`` is why there are none, where there are none."""

    twitch: TwitchRow
    moment: Moment | None
    said: str


@dataclass(frozen=True, slots=True)
class Marking:
    """What is said of a twitch. ``acknowledge`` takes an earlier mark back; ``words`` go with a known cause."""

    key: Annotated[str, Meta(min_length=1, max_length=300)]
    verb: Literal["false", "known_cause", "acknowledge"]
    words: Annotated[str, Meta(max_length=MOST_WORDS)] = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """What was kept of it, in words."""

    said: str
    twitch: TwitchRow


def calendar(given: Given, asked: Days) -> Calendar:
    """Give the calendar of nights and sites, coverage first.

    A night that is not among a site's cells was not measured there, which is not zero.
    """
    today = night_of(given.now(), given.zone)
    return calendar_of(given.wearer, given.works.measured(), today, asked.days, given.works.rules.valid_hours)


def one_night(given: Given, asked: OneNight) -> NightView:
    """Give a night: coverage, counts beside what was marked, strips, what is noted with it, faults of the machine."""
    night = _date(asked.night)
    tallies = _of_night(given, Tally, night)
    judgement = given.works.judgement(given.now())
    zone = next((one.zone for one in tallies if one.zone), given.zone.key)
    known = Morning(
        night=night,
        tallies=tallies,
        judged=judgement.nights,
        notices=judgement.notices,
        notes=[one for one in _of_night(given, Note, night) if not one.is_removed],
        twitches=_of_night(given, Twitch, night),
    )
    around = Around(
        kept=given.store.nights(given.wearer),
        marks=_marks(given, night),
        faults=_of_night(given, Fault, night),
        zone=zone,
        is_over=end_of(night, given.zone) <= given.now(),
    )
    return night_view(known, around)


def twitches(given: Given, asked: TwitchesOf) -> TwitchPage:
    """Give twitches of one band, oldest first, a page at a time."""
    night = _date(asked.night)
    mine = [
        one for one in _of_night(given, Twitch, night) if (one.device, one.modality) == (asked.device, asked.modality)
    ]
    return twitch_page(mine, _marks(given, night), asked.since_s, asked.until_s, asked.limit)


def waveform(given: Given, asked: OneTwitch) -> Waveform:
    """Give the samples around a twitch, as they were recorded."""
    night = _date(asked.night)
    twitch = _twitch(given, night, asked.key)
    moment = given.works.moment(twitch)
    row = row_of(twitch, _marks(given, night).get(asked.key))
    return Waveform(row, moment, "" if moment is not None else phrases.NO_WAVE)


def mark(given: Given, asked: OneNight, body: Marking) -> Marked:
    """Say that a twitch is false or has a known cause. The count stays as measured; both numbers are shown.

    Said again it is one mark; a later one replaces it.
    """
    night = _date(asked.night)
    twitch = _twitch(given, night, body.key)
    answer = mark_answer(twitch, Verb(body.verb), body.words.strip(), given.now())
    given.store.write([answer])
    now = Mark(answer.verb, answer.words, answer.time_s) if answer.verb is not Verb.ACKNOWLEDGE else None
    return Marked(phrases.kept_mark(answer.verb, answer.words), row_of(twitch, now))


def _date(night: str) -> str:
    try:
        return date.fromisoformat(night).isoformat()
    except ValueError as error:
        raise RequestRefused(400, phrases.unknown_night(night)) from error


def _of_night(given: Given, kind: type[R], night: str) -> list[R]:
    choice = Choice(given.wearer, (night,), given.zone, night, night)
    return next(records_of(given.store, choice, kind))


def _marks(given: Given, night: str) -> dict[str, Mark]:
    return dict(marks_of(given.store.read(Answer, given.wearer, 0.0, EVER_S), night))


def _twitch(given: Given, night: str, key: str) -> Twitch:
    for one in _of_night(given, Twitch, night):
        if key_in(one) == key:
            return one
    raise RequestRefused(404, phrases.unknown_twitch(key))


ROUTES = (
    Route("GET", "/nights", calendar, tag="nights"),
    Route("GET", "/nights/{night}", one_night, tag="nights"),
    Route("GET", "/nights/{night}/twitches", twitches, tag="nights"),
    Route("GET", "/nights/{night}/wave", waveform, tag="nights"),
    Route("POST", "/nights/{night}/marks", mark, tag="nights"),
)
