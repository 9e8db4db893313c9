"""Sleep hours from a band's own movement: an estimate. Pure.

Method, after the stillness rules of actigraphy (Webster 1982, Sleep 5:389; Cole 1992, Sleep 15:461), in minutes:
a minute is *moving* when any band set aside at least ``MOVING_S`` of it as movement, *still* when none did and at
least half of it was judged, else *unknown*. Sleep begins with the first and ends with the last ten minutes in a row
of which at most one is moving. Slept are the still minutes between. It cannot tell lying still awake from sleep, so it
gives too much rather than too little; a wrist or leg alone does not see the whole body either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aquiver.model import Period, SpanReason, Tally

MOVING_S = 3.0  # one turn of a limb sets aside this much and more
_MINUTE_S = 60
_RUN = 10  # minutes; Webster's and Cole's rule for sleep onset
_N_MOVING_IN_RUN = 1
_LEAST_KNOWN_MIN = 180
_MOST_UNKNOWN = 0.2  # of the time between falling asleep and waking; beyond that, too little is known


@dataclass(frozen=True, slots=True)
class Sleep:
    """A night's sleep as the band could see it."""

    start_s: float
    stop_s: float
    slept_s: float
    unknown_s: float


def estimate_sleep(tallies: Iterable[Tally]) -> Sleep | None:
    """Give the sleep of one wearer's night from its minute tallies; none where too little is known to say."""
    moving = _minutes(tallies)
    if sum(is_moving is not None for is_moving in moving.values()) < _LEAST_KNOWN_MIN:
        return None
    first = min(moving)
    row = [moving.get(minute) for minute in range(first, max(moving) + 1)]
    runs = [start for start in range(len(row) - _RUN + 1) if _is_still(row[start : start + _RUN])]
    if not runs:
        return None
    start, stop = runs[0], runs[-1] + _RUN
    within = row[start:stop]
    n_unknown = within.count(None)
    if n_unknown > _MOST_UNKNOWN * len(within):
        return None
    n_still = within.count(False)
    to_s = float(_MINUTE_S)
    return Sleep((first + start) * to_s, (first + stop) * to_s, n_still * to_s, n_unknown * to_s)


def _is_still(run: Sequence[bool | None]) -> bool:
    return None not in run and run.count(True) <= _N_MOVING_IN_RUN


def _minutes(tallies: Iterable[Tally]) -> dict[int, bool | None]:
    """Say of each minute whether anything moved; none where it is not known."""
    found: dict[int, bool | None] = {}
    for tally in tallies:
        if tally.period is Period.MINUTE:
            minute = int(tally.start_s // _MINUTE_S)
            found[minute] = _either(found.get(minute), _is_moving(tally))
    return found


def _is_moving(tally: Tally) -> bool | None:
    moved_s = tally.excluded_s.get(SpanReason.MOVEMENT, 0.0)
    if moved_s >= MOVING_S:
        return True
    return False if tally.analysable_s + moved_s >= _MINUTE_S / 2 else None


def _either(first: bool | None, second: bool | None) -> bool | None:  # noqa: FBT001  # three values, not an option
    if first is None or second is None:
        return second if first is None else first
    return first or second
