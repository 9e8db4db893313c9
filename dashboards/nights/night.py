"""A night's page: coverage first, then counts, marks, strips and what is noted with it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model import Fault, Modality, Note, SpanReason, Twitch, Verb
from dashboards import phrases
from dashboards.diary.notes import standing
from dashboards.nights.marks import Mark, key_in
from dashboards.nights.strip import Strip, strips_of
from dashboards.phrases import diary, morning
from dashboards.phrases import faults as phrases_of_faults
from dashboards.phrases import nights as say
from dashboards.site_night import SiteNight, coarse_nights
from dashboards.summary import Morning, missed_sites, notable_lines, site_lines


@dataclass(frozen=True, slots=True)
class Aside:
    """Time that was set aside, and why, in words."""

    reason: SpanReason
    name: str
    length_s: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """One stream of the night: first how long it could be analysed, then what was counted in that time.

    ``n_false`` and ``n_known`` are what the wearer marked; ``n_twitches`` is as measured, whatever was marked.
    """

    site: Site
    modality: Modality
    device: str
    name: str
    analysable_s: float
    measured_s: float
    aside: tuple[Aside, ...]
    n_twitches: int
    rate_per_hour: float | None
    n_false: int
    n_known: int
    lines: tuple[str, ...]
    marked: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One entry of the diary."""

    id: str
    time_s: float
    said: str
    words: str


@dataclass(frozen=True, slots=True)
class NightView:
    """All of a night's page but its twitches. ``missed`` are sites measured lately and not in this night."""

    night: str
    title: str
    before: str | None
    after: str | None
    zone: str
    is_over: bool
    lead: str
    coverage: tuple[Coverage, ...]
    missed: tuple[str, ...]
    notable: tuple[str, ...]
    strips: tuple[Strip, ...]
    no_strips: str
    notes: tuple[NoteLine, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What a night's page knows of beside its records: the nights kept, marks, faults, and the wearer's zone."""

    kept: Sequence[str]
    marks: Mapping[str, Mark]
    faults: Sequence[Fault]
    zone: str
    is_over: bool


def night_view(known: Morning, around: Around) -> NightView:
    """Lay out a night. ``known.notes`` are all of the night, taken back or not."""
    measured = coarse_nights(known.tallies)
    before, after = _neighbours(known.night, around.kept)
    strips = strips_of(known.tallies)
    lead = "" if around.is_over else say.TOO_SOON
    return NightView(
        night=known.night,
        title=say.date_in_words(known.night),
        before=before,
        after=after,
        zone=around.zone,
        is_over=around.is_over,
        lead=lead if measured else say.NOT_MEASURED,
        coverage=tuple(_coverage(one, known, around.marks) for one in measured),
        missed=tuple(morning.not_measured(site) for site in missed_sites(measured, known)) if measured else (),
        notable=tuple(notable_lines(known)),
        strips=strips,
        no_strips="" if strips or not measured else say.NO_MINUTES,
        notes=note_lines(known.notes),
        faults=tuple(phrases_of_faults.summary(around.faults)),
    )


def note_lines(notes: Sequence[Note]) -> tuple[NoteLine, ...]:
    """Give the entries of a diary that stand, in order of time."""
    ordered = sorted(standing(notes), key=lambda one: one.time_s)
    return tuple(
        NoteLine(one.id, one.time_s, diary.note(one.subject, one.amount, one.site), one.words) for one in ordered
    )


def _coverage(one: SiteNight, known: Morning, marks: Mapping[str, Mark]) -> Coverage:
    head, *lines = site_lines(one, known)
    mine = _marks_on(one, known.twitches, marks)
    n_false, n_known = mine.count(Verb.FALSE), mine.count(Verb.KNOWN_CAUSE)
    has_twitches = any((each.device, each.modality) == (one.device, one.modality) for each in known.twitches)
    longest_first = sorted(one.excluded_s.items(), key=lambda item: -item[1])
    return Coverage(
        site=one.site,
        modality=one.modality,
        device=one.device,
        name=say.track(one.site, one.modality),
        analysable_s=round(one.analysable_s, 1),
        measured_s=round(one.measured_s, 1),
        aside=tuple(Aside(reason, phrases.REASONS[reason], round(s, 1)) for reason, s in longest_first if s > 0),
        n_twitches=one.n_twitches,
        rate_per_hour=one.rate_per_hour,
        n_false=n_false,
        n_known=n_known,
        lines=(head, *(line.strip() for line in lines)),
        marked=say.marked(one.n_twitches, n_false, n_known, one.modality) if has_twitches else say.NO_TWITCHES,
    )


def _marks_on(one: SiteNight, twitches: Sequence[Twitch], marks: Mapping[str, Mark]) -> list[Verb]:
    """List what was said of a stream's twitches: only of those that are there, so that no mark counts twice."""
    keys = {key_in(each) for each in twitches if (each.device, each.modality) == (one.device, one.modality)}
    return [mark.verb for key, mark in marks.items() if key in keys]


def _neighbours(night: str, kept: Sequence[str]) -> tuple[str | None, str | None]:
    """Give the nights before and after of which something is kept."""
    before = max((one for one in kept if one < night), default=None)
    return before, min((one for one in kept if one > night), default=None)
