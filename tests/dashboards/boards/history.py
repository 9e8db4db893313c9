"""Sixty nights of two wearers, with all that a board can ask about: told from stories, and kept beside as plain lists.

``anna`` sleeps over the end of summer time, ``bela`` over its beginning; both have nights without a band, sites that were
never worn, gaps, a nap; anna has a pillow too, which is no wearer.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from aquiver.body import Site
from aquiver.model import (
    BandState,
    Fault,
    FaultKind,
    Judgement,
    Label,
    Link,
    Mark,
    Modality,
    Note,
    Period,
    Rules,
    Span,
    SpanReason,
    Status,
    StreamStatus,
    Subject,
    Tally,
    Twitch,
    Unit,
)
from aquiver.nights import start_of
from aquiver.store import key_of
from aquiver.vitals import EVERY_S, Vitals
from collector.stories.scatter import Scatter
from collector.stories.story import Place, Story
from dashboards.marks import marks_of
from detector.judgement import judge

ZONE = ZoneInfo("Europe/Berlin")
N_NIGHTS = 60
WEARERS = ("anna", "bela")
_FIRST = {"anna": date(2026, 9, 8), "bela": date(2026, 2, 12)}
_MINUTE_S = 60.0


@dataclass(repr=False)
class History:
    """All that is written, as lists; ``beats`` are statuses with how late decisions came by then."""

    tallies: list[Tally] = field(default_factory=list)
    twitches: list[Twitch] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    beats: list[tuple[Status, float | None]] = field(default_factory=list)
    judgements: dict[str, Judgement] = field(default_factory=dict)
    marks: dict[str, list[Mark]] = field(default_factory=dict)

    def write(self, store) -> None:
        """Put all of it into a store, as recorder and judge do."""
        notices = [one for judgement in self.judgements.values() for one in judgement.notices]
        store.write([*self.tallies, *self.twitches, *self.spans, *self.notes, *self.faults, *notices])
        for wearer, marks in self.marks.items():
            store.redraw(wearer, marks)
        store.draw(self.band_marks())

    def band_marks(self) -> list[Mark]:
        """Give what the recorder makes of the statuses."""
        vitals, marks = Vitals(ZONE), []
        for status, delay_s in self.beats:
            for modality in status.streams if delay_s is not None else ():
                newest = _decision(status, modality)
                vitals.feed(newest, newest.start_s + _MINUTE_S + delay_s)
            marks += vitals.feed(status, status.time_s)
        return marks

    def night_start_s(self, wearer: str, number: int, n_nights: int = N_NIGHTS) -> float:
        """Give when a night began, counted from the first; negative from the last."""
        return start_of(story_of(wearer, n_nights).night(number % n_nights), ZONE)


def story_of(wearer: str, n_nights: int = N_NIGHTS) -> Story:
    """Tell four sites: steady, beginning after a third, quiet, and one that comes late and is seen by acceleration."""
    third = n_nights // 3
    places = (
        Place(wearer, Site.LEFT_CALF, lambda _: 90.0, is_worn=lambda night: night % 11 != 5),
        Place(wearer, Site.RIGHT_FOREARM, lambda night: 80.0 if night >= third else 3.0),
        Place(wearer, Site.FACE, lambda _: 3.0, is_worn=lambda night: night not in (7, 8, 9)),
        Place(wearer, Site.LEFT_THIGH, lambda _: 15.0, lambda night: night >= 2 * third, Modality.ACCELEROMETER),
    )
    zones = {n_nights - 3: "Europe/Berlin"}
    return Story(f"boards-{wearer}", places, n_nights, _FIRST[wearer], sessions=zones, scatter=Scatter(0.4, 0.2))


def history(
    n_nights: int = N_NIGHTS, n_detailed: int = 8, n_beating: int = 2, wearers: Sequence[str] = WEARERS
) -> History:
    """Tell both wearers; minutes and twitches of the last nights, statuses of the very last."""
    told = History()
    for number, wearer in enumerate(wearers):
        chance = random.Random(number)
        story = story_of(wearer, n_nights)
        tallies = list(
            {key_of(one): _with_losses(one) for one in story.tell(number)}.values()
        )  # a nap's hours are the night's
        told.tallies += tallies
        nights = [story.night(night) for night in range(n_nights)]
        for hour in (one for one in tallies if one.period is Period.HOUR and one.night in nights[-n_detailed:]):
            _detail(told, hour, chance)
        for hour in (one for one in tallies if one.period is Period.HOUR and one.night in nights[-n_beating:]):
            told.beats += _beats(hour)
        _say(told, wearer, nights)
        told.judgements[wearer] = judge(wearer, _nights(tallies), [], Rules())
        told.marks[wearer] = marks_of(told.judgements[wearer])
    told.tallies.append(replace(told.tallies[0], wearer="anna-pillow"))
    told.beats.sort(key=lambda beat: beat[0].time_s)
    return told


def _nights(tallies: list[Tally]) -> list[Tally]:
    return [one for one in tallies if one.period is Period.NIGHT]


def _with_losses(tally: Tally) -> Tally:
    """Lose an hour now and then: too short a night, and hours in which nothing could be analysed."""
    lost = {SpanReason.MOVEMENT: tally.analysable_s / 20.0, SpanReason.GAP: 31.5, SpanReason.CONTACT: 4.25}
    number = int(tally.night[-2:])
    if tally.site is Site.FACE and number == 13:  # a night of too little
        lost = {SpanReason.CONTACT: tally.analysable_s}
        return replace(tally, analysable_s=1000.0, n_twitches=1, excluded_s=lost)
    return replace(tally, excluded_s=lost, floor=2.0 + number / 16.0)


def _detail(told: History, hour: Tally, chance: random.Random) -> None:
    for number in range(60):
        start_s = hour.start_s + number * _MINUTE_S
        is_gap = number in (17, 18)
        n_twitches = 0 if is_gap else chance.randrange(0, 2 * hour.n_twitches // 60 + 2)
        movement_s = 0.0 if is_gap else chance.choice([0.0, 0.0, 7.5, 60.0])
        analysable_s = 0.0 if is_gap else _MINUTE_S - movement_s
        n_twitches = n_twitches if analysable_s else 0
        excluded = {SpanReason.GAP: _MINUTE_S} if is_gap else {SpanReason.MOVEMENT: movement_s}
        minute = replace(hour, period=Period.MINUTE, start_s=start_s, n_twitches=n_twitches, excluded_s=excluded)
        told.tallies.append(replace(minute, analysable_s=analysable_s, floor=hour.floor + number / 64.0))
        told.twitches += [_twitch(hour, start_s + chance.uniform(0, 60), number) for number in range(n_twitches)]
    told.spans.append(_span(hour, hour.start_s + 17 * _MINUTE_S, 2 * _MINUTE_S, SpanReason.GAP))
    told.spans.append(_span(hour, hour.start_s + 30 * _MINUTE_S, 7.5, SpanReason.MOVEMENT))


def _twitch(hour: Tally, onset_s: float, number: int) -> Twitch:
    sample = round((onset_s - hour.start_s) * 1000)
    place = (hour.wearer, hour.device, hour.site, hour.modality, hour.night)
    snr = 4.0 + sample % 97 / 8.0
    when = (onset_s, 0.01, onset_s + 0.005)
    return Twitch(*place, f"run-{hour.start_s:.0f}-{number}", sample, *when, "1", 60.0, hour.unit, snr, Label.ISOLATED)


def _span(hour: Tally, start_s: float, length_s: float, reason: SpanReason) -> Span:
    place = (hour.wearer, hour.device, hour.site, hour.modality, hour.night)
    return Span(*place, f"run-{hour.start_s:.0f}", 0, start_s, start_s + length_s, reason)


def _beats(hour: Tally) -> Iterator[tuple[Status, float | None]]:
    """Give an hour of statuses, as far apart as they are marked, at odd moments; counters begin anew with each hour."""
    for number in range(120):
        time_s = hour.start_s + EVERY_S * number + 3.25
        is_silent = 33 <= number < 36
        newest_s = time_s - (EVERY_S * (number - 32) if is_silent else 0.125)
        stream = StreamStatus(newest_s, 6000 * number, number // 3, 0.001 + number % 5 / 1000.0)
        status = Status(
            wearer=hour.wearer,
            device=hour.device,
            site=hour.site,
            time_s=time_s,
            state=BandState.LOST if is_silent else BandState.STREAMING,
            reason="",
            battery_percent=90.0 - number // 20 if hour.modality is Modality.EMG else None,
            n_malformed=0,
            streams={hour.modality: stream},
            rssi_dbm=-61.0,
            n_waiting=number % 40,
        )
        yield status, (2.0 + number % 9 if number % 4 == 1 else None)


def _decision(status: Status, modality: Modality) -> Tally:
    start_s = status.time_s - 2 * _MINUTE_S
    return Tally(
        *(status.wearer, status.device, status.site, modality, "", Period.MINUTE, start_s),
        *(60.0, {}, 0, 1.0, Unit.COUNT, True),
    )


def _say(told: History, wearer: str, nights: list[str]) -> None:
    for number in range(len(nights) - 1, -1, -6):
        time_s = start_of(nights[number], ZONE) + 7200.0
        note = Note(wearer, f"n{number}", time_s, nights[number], Subject.CAFFEINE, 2.0, "coffee 2")
        told.notes += [note, replace(note, id=f"r{number}", time_s=time_s + 60, is_removed=True)]
        since_s = start_of(nights[number], ZONE) + 50_000.0
        fault = Fault(
            *(wearer, nights[number], "recorder", Link.SENSOR, FaultKind.SILENT, "story-left-calf", Site.LEFT_CALF),
            *(since_s, since_s + 41.5 if number < len(nights) - 1 else None, "it was charged"),
        )
        told.faults += [fault, replace(fault, kind=FaultKind.NO_RECORDS, site=None, since_s=since_s + 1.0)]
