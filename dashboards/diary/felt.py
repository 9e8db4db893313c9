"""Felt against measured: how the wearer's taps and the counted twitches of a site met. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model import Note, Period, Subject, Tally, Twitch

WITHIN_S = 5.0  # feeling, deciding and tapping take a second or two; a tap is also given later than the twitch
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Meeting:
    """Taps of one site: while it was measured, of these with a twitch near, and while it was not measured."""

    site: Site
    n_felt: int
    n_matched: int
    n_felt_unmeasured: int
    n_measured: int


def meetings(notes: Iterable[Note], twitches: Sequence[Twitch], tallies: Iterable[Tally]) -> list[Meeting]:
    """Hold a night's taps against its twitches, site by site; sites without a tap are left out.

    A tap that says "3 times" is three taps of one moment. A tap counts as measured when its minute holds analysable
    time: before that, nothing can be said about it.
    """
    taps: dict[Site, list[Note]] = {}
    for note in notes:
        if note.subject is Subject.FELT and note.site is not None and not note.is_removed:
            taps.setdefault(note.site, []).append(note)
    measured = _measured_minutes(tallies)
    return [_meeting(site, taps[site], twitches, measured.get(site, set())) for site in Site if site in taps]


def _measured_minutes(tallies: Iterable[Tally]) -> dict[Site, set[int]]:
    minutes: dict[Site, set[int]] = {}
    for tally in tallies:
        if tally.period is Period.MINUTE and tally.analysable_s > 0:
            minutes.setdefault(tally.site, set()).add(int(tally.start_s // _MINUTE_S))
    return minutes


def _meeting(site: Site, taps: Sequence[Note], twitches: Sequence[Twitch], minutes: set[int]) -> Meeting:
    peaks_s = sorted(twitch.peak_s for twitch in twitches if twitch.site is site)
    felt = [tap for tap in taps if int(tap.time_s // _MINUTE_S) in minutes]
    return Meeting(
        site=site,
        n_felt=sum(_times(tap) for tap in felt),
        n_matched=sum(_times(tap) for tap in felt if _has_near(peaks_s, tap.time_s)),
        n_felt_unmeasured=sum(_times(tap) for tap in taps) - sum(_times(tap) for tap in felt),
        n_measured=len(peaks_s),
    )


def _times(tap: Note) -> int:
    return max(1, round(tap.amount or 1))


def _has_near(peaks_s: Sequence[float], time_s: float) -> bool:
    place = bisect_left(peaks_s, time_s - WITHIN_S)
    return place < len(peaks_s) and peaks_s[place] <= time_s + WITHIN_S
