"""The content of the page: blocks of text, tables and drawings, the same for the PDF and the HTML. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from aquiver.model import SYMPTOMS, Note, NoticeKind, NoticeState, Rules, Subject
from dashboards import phrases
from dashboards.phrases import diary, method, pictures
from dashboards.phrases import page as say
from dashboards.report.body_map import body_map
from dashboards.report.facts import Facts, NightState, SiteFacts
from dashboards.report.night_chart import night_chart
from dashboards.report.spread_chart import spread_chart
from dashboards.report.wave_chart import wave_chart

_TALLEST_NIGHTS, _TALLEST_WAVES = 150.0, 90.0
_MOST_LINES = 8  # of either list; the diary itself has the rest


@dataclass(frozen=True, slots=True)
class Room:
    """How much height the charts may take, in points: the nights on the first sheet, the waveforms on the second."""

    nights: float = 420.0
    waves: float = 300.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing, and what it shows in words."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first cell of each row names it. ``empty`` is said where there are no rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All of the page, in the order it is read."""

    title: str
    subtitle: str
    lead: str
    made_by: str
    summary: tuple[str, ...]
    body: Drawing
    worn: Grid
    nights: Drawing
    order: Drawing
    order_lines: tuple[str, ...]
    symptoms: Grid
    diary: Grid
    waves: Drawing
    method: tuple[str, ...]
    limits: tuple[str, ...]
    card: tuple[str, ...]


def content_of(facts: Facts, rules: Rules, room: Room) -> Content:
    """Lay out the facts."""
    n_sites = max(1, len(facts.sites))
    row = min(_TALLEST_NIGHTS, room.nights / n_sites - 7.0)
    wave_row = min(_TALLEST_WAVES, room.waves / n_sites)
    charts = (
        body_map(facts.sites),
        night_chart(facts.nights, facts.sites, row),
        spread_chart(facts.nights, facts.sites),
        wave_chart(facts.sites, wave_row),
    )
    alts = (
        pictures.body_map_alt(facts.sites),
        pictures.night_chart_alt(facts.sites),
        pictures.spread_chart_alt(facts.sites),
        pictures.wave_chart_alt(facts.sites),
    )
    body, nights, order, waves = map(Drawing, charts, alts)
    return Content(
        title=say.TITLE,
        subtitle=say.subtitle(facts.wearer, facts.nights[0], facts.nights[-1]),
        lead=say.LEAD,
        made_by=method.made_by(facts.version, facts.method),
        summary=tuple(_summary(facts)),
        body=body,
        worn=Grid(say.COLUMNS, tuple(_worn(site, rules) for site in facts.sites)),
        nights=nights,
        order=order,
        order_lines=tuple(_order(facts.sites)),
        symptoms=_symptoms(facts.notes),
        diary=_diary(facts.notes),
        waves=waves,
        method=method.method_lines(rules, facts.version, facts.method),
        limits=say.LIMIT_LINES,
        card=say.card_lines(),
    )


def _summary(facts: Facts) -> Iterable[str]:
    hours = sum(site.analysable_s for site in facts.sites) / 3600
    yield say.coverage(facts.n_measured, len(facts.nights), hours)
    yield say.positive(facts.sites)
    last = {(notice.kind, notice.site): notice for notice in facts.notices}
    for state, words in ((NoticeState.BEGAN, say.held), (NoticeState.ENDED, say.ended)):
        for kind in NoticeKind:
            where = [(one.site.words, one.night) for one in last.values() if (one.kind, one.state) == (kind, state)]
            if where:
                yield words(kind, where)
    noted = {note.subject for note in facts.notes if note.amount != 0}
    yield say.noted([diary.NAMES[subject] for subject in SYMPTOMS if subject in noted])
    if facts.others:
        yield say.others([site.words for site in facts.others])


def _worn(site: SiteFacts, rules: Rules) -> tuple[str, ...]:
    n = len(site.nights)
    return (
        f"{site.site.words} ({say.SENSORS[site.modality]})",
        f"{site.n_worn} of {n}",
        str(site.n_valid),
        say.analysable(site.analysable_s, site.worn_s),
        say.middle(site.middle),
        f"{site.count(NightState.POSITIVE)} of {site.n_valid}",
        say.factor(site.trend, rules),
        say.trend(site.trend),
    )


def _order(sites: Sequence[SiteFacts]) -> Iterable[str]:
    steps = [site.step for site in sites if site.step is not None]
    for step in sorted(steps, key=lambda one: one.night):
        yield say.spread(step.site.words, step.night, step.measured_since, is_spread=step.is_spread)


def _symptoms(notes: Sequence[Note]) -> Grid:
    rows = []
    for subject in SYMPTOMS:
        mine = [note for note in notes if note.subject is subject and note.amount != 0]
        if mine:
            places = sorted({note.site.words for note in mine if note.site is not None})
            nights = [note.night for note in mine]
            rows.append(
                (
                    diary.NAMES[subject],
                    ", ".join(places) or "–",
                    str(len(mine)),
                    say.day(min(nights)),
                    say.day(max(nights)),
                )
            )
    return Grid(say.SYMPTOM_COLUMNS, tuple(rows[:_MOST_LINES]), say.NO_SYMPTOM)


def _diary(notes: Sequence[Note]) -> Grid:
    rows = []
    for subject in Subject:
        mine = [note for note in notes if note.subject is subject]
        if mine and subject not in SYMPTOMS:
            amounts = [note.amount for note in mine if note.amount is not None]
            typical = diary.amount(subject, median(amounts)) if amounts else "–"
            nights = {note.night for note in mine}
            rows.append((diary.NAMES[subject], str(len(nights)), typical, say.day(min(nights)), say.day(max(nights))))
    most_noted = sorted(rows, key=lambda row: -int(row[1]))[:_MOST_LINES]
    return Grid(say.DIARY_COLUMNS, tuple(most_noted), say.NO_DIARY)


HEADINGS = {
    "in_short": say.IN_SHORT,
    "where": say.WHERE,
    "worn": say.WORN,
    "nights": say.NIGHTS,
    "nights_note": say.NIGHTS_NOTE,
    "order": say.ORDER,
    "order_note": say.ORDER_NOTE,
    "symptoms": say.SYMPTOMS,
    "diary": say.DIARY,
    "waves": say.WAVES,
    "waves_note": say.WAVES_NOTE,
    "method": say.METHOD,
    "limits": say.LIMITS,
    "card": say.CARD,
    "not_measured": phrases.NOT_MEASURED,
}
