"""The morning summary: coverage first, counts with intervals, usual range, notable sentences, nothing else. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model import Modality, Note, Notice, SiteJudgement, Tally, Twitch
from dashboards import phrases
from dashboards.diary.felt import WITHIN_S, Meeting, meetings
from dashboards.notices.telling import sentence
from dashboards.phrases import diary, morning
from dashboards.site_night import ORDER, SiteNight, coarse_nights

LEAST_NIGHTS = 7  # a range of fewer nights would move with each new one
MOST_NIGHTS = 28  # four weeks: what is usual now, not what once was
_TAIL = 0.1  # the usual range leaves out a tenth of the nights on each side
_LATELY = 14  # a site measured within so many of the wearer's nights is missed when it is absent
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Morning:
    """What is known of one wearer on a morning.

    ``judged`` are all judged nights, oldest first; ``notes``, ``twitches`` and ``tallies`` those of the night.
    ``more`` are sentences of others, such as an experiment's.
    """

    night: str
    tallies: Sequence[Tally]
    judged: Sequence[SiteJudgement]
    notices: Sequence[Notice]
    notes: Sequence[Note]
    twitches: Sequence[Twitch]
    more: Sequence[str] = ()


def lines(known: Morning) -> list[str]:
    """Say a night in lines of text."""
    measured = coarse_nights(known.tallies)
    if not measured:
        return [f"{morning.heading(known.night)}: {phrases.NOT_MEASURED}."]
    sites = [line for one in measured for line in site_lines(one, known)]
    missed = [morning.not_measured(site) for site in missed_sites(measured, known)]
    notable = notable_lines(known)
    return [morning.heading(known.night), "", *sites, *missed, *([""] if notable else []), *notable]


def usual_range(rates: Sequence[float]) -> tuple[float, float] | None:
    """Give the range that four fifths of the last nights' rates lie in; none of too few nights.

    >>> usual_range([4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 30.0])
    (4.6, 17.4)
    """
    last = sorted(rates[-MOST_NIGHTS:])
    if len(last) < LEAST_NIGHTS:
        return None
    return round(_at(last, _TAIL), 6), round(_at(last, 1.0 - _TAIL), 6)


def _at(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def site_lines(one: SiteNight, known: Morning) -> list[str]:
    """Say one site: coverage first, then its count, then what is usual there."""
    analysable, all_of_it = phrases.duration(one.analysable_s), phrases.duration(one.measured_s)
    head = morning.coverage(one.site, one.modality, analysable, all_of_it)
    judged = _judged(known, one.site, one.modality)
    tonight = next((each for each in judged if each.night == known.night), None)
    if one.rate_per_hour is None or tonight is None:
        return [head, f"  {phrases.TOO_LITTLE}"]
    return [head, f"  {_count(one, tonight)}", f"  {_usual(judged, known.night)}"]


def _count(one: SiteNight, tonight: SiteJudgement) -> str:
    count = phrases.count(tonight.n_twitches, one.modality)
    if tonight.rate_per_hour is None or tonight.low_per_hour is None or tonight.high_per_hour is None:
        return f"{count}, {phrases.RATE_TOO_EARLY}"
    return morning.rate(count, tonight.rate_per_hour, tonight.low_per_hour, tonight.high_per_hour)


def _usual(judged: Sequence[SiteJudgement], night: str) -> str:
    before = [each for each in judged if each.night < night and each.is_valid and each.rate_per_hour is not None]
    rates = [each.rate_per_hour for each in before if each.rate_per_hour is not None]
    found = usual_range(rates)
    if found is None:
        return morning.usual_too_early(len(rates), LEAST_NIGHTS)
    return morning.usual(*found, min(len(rates), MOST_NIGHTS))


def _judged(known: Morning, site: Site, modality: Modality) -> list[SiteJudgement]:
    return [each for each in known.judged if (each.site, each.modality) == (site, modality)]


def missed_sites(measured: Sequence[SiteNight], known: Morning) -> list[Site]:
    """Give the sites that were measured lately and not in this night."""
    nights = sorted({each.night for each in known.judged if each.night < known.night})[-_LATELY:]
    lately = {each.site for each in known.judged if each.night in nights and each.is_valid}
    return sorted(lately - {one.site for one in measured}, key=lambda site: ORDER[site])


def notable_lines(known: Morning) -> list[str]:
    """Say what is notable, a sentence each."""
    met = meetings(known.notes, known.twitches, known.tallies)
    told = [sentence(notice) for notice in known.notices if notice.night == known.night]
    return [*_recurrent(known), *told, *(line for one in met for line in _felt(one)), *known.more]


def _recurrent(known: Morning) -> list[str]:
    """Say which sites twitch on most nights of a week; a line here, never a message of its own."""
    said = []
    for tonight in known.judged:
        if tonight.night == known.night and tonight.is_leading and tonight.is_recurrent:
            valid = [one for one in _judged(known, tonight.site, tonight.modality) if one.is_valid]
            week = [one for one in valid if one.night <= known.night][-_WEEK:]
            said.append(morning.recurrent(tonight.site, sum(one.is_positive is True for one in week), len(week)))
    return said


def _felt(met: Meeting) -> list[str]:
    said = []
    if met.n_felt:
        said.append(diary.felt_and_measured(met.site, met.n_felt, met.n_matched, met.n_measured, WITHIN_S))
    if met.n_felt_unmeasured:
        said.append(diary.felt_unmeasured(met.site, met.n_felt_unmeasured))
    return said
