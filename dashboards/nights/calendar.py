"""The calendar: every night of every site that was measured, and by leaving it out what was not. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from aquiver.body import Site
from aquiver.export.measured import Measured
from aquiver.model import Modality
from dashboards.phrases import nights as phrases
from dashboards.site_night import ORDER

MOST_NIGHTS = 366
SHADES_FROM = (0.0, 5.0, 20.0, 60.0, 150.0)  # twitches per analysable hour, as on the page for the doctor
_HOUR_S = 3600.0


class CellState(StrEnum):
    """What is known of one site in one night of which something was measured."""

    TOO_LITTLE = "too_little"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class Cell:
    """One site in one night. Rate, interval and shade are none where too little was analysable to say.

    ``shade`` is the place of the rate in ``SHADES_FROM``; ``said`` all of it in words, coverage first.
    """

    night: str
    state: CellState
    n_twitches: int
    analysable_s: float
    measured_s: float
    rate_per_hour: float | None
    low_per_hour: float | None
    high_per_hour: float | None
    shade: int | None
    is_final: bool
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    """One site by one kind of sensor. A night that is not among ``cells`` was not measured there."""

    site: Site
    modality: Modality
    name: str
    n_measured: int
    analysable_s: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The nights from ``first`` to ``last``, both included; of no wearer's nights are all empty."""

    wearer: str
    first: str
    last: str
    valid_hours: float
    n_nights: int
    n_measured: int
    said: str
    rows: tuple[Row, ...]


def calendar_of(wearer: str, measured: Iterable[Measured], today: str, n_nights: int, valid_hours: float) -> Calendar:
    """Lay out the last ``n_nights`` nights up to ``today``, or up to the newest that was measured.

    Of two bands on one site and kind the one with more analysable time speaks, as in the judgement (docs/judgement.md).
    """
    mine = [one for one in measured if one.wearer == wearer]
    last = max((one.night for one in mine), default=today)
    last = max(last, today)
    first = (date.fromisoformat(last) - timedelta(days=n_nights - 1)).isoformat()
    shown = [one for one in mine if first <= one.night]
    rows = tuple(_row(key, nights, valid_hours) for key, nights in _tracks(shown).items())
    n_measured = len({one.night for one in shown})
    hours = sum(row.analysable_s for row in rows) / _HOUR_S
    said = phrases.calendar(n_measured, n_nights, hours, len(rows))
    return Calendar(wearer, first, last, valid_hours, n_nights, n_measured, said, rows)


def shade_of(rate_per_hour: float) -> int:
    """Give the place of a rate in the scale.

    >>> [shade_of(rate) for rate in (0.0, 4.9, 5.0, 200.0)]
    [0, 0, 1, 4]
    """
    return max(place for place, least in enumerate(SHADES_FROM) if rate_per_hour >= least)


def _tracks(measured: Sequence[Measured]) -> dict[tuple[Site, Modality], list[Measured]]:
    """Give the nights of each site and kind, oldest first, one band each."""
    longest: dict[tuple[Site, Modality], dict[str, Measured]] = {}
    for one in measured:
        nights = longest.setdefault((one.site, one.modality), {})
        if one.night not in nights or one.analysable_s > nights[one.night].analysable_s:
            nights[one.night] = one
    ordered = sorted(longest, key=lambda key: (ORDER[key[0]], key[1] is not Modality.EMG))
    return {key: [longest[key][night] for night in sorted(longest[key])] for key in ordered}


def _row(key: tuple[Site, Modality], nights: Sequence[Measured], valid_hours: float) -> Row:
    site, modality = key
    cells = tuple(_cell(one, valid_hours) for one in nights)
    analysable_s = sum(one.analysable_s for one in nights)
    return Row(site, modality, phrases.track(site, modality), len(cells), round(analysable_s, 1), cells)


def _cell(one: Measured, valid_hours: float) -> Cell:
    measured_s = one.analysable_s + sum(one.excluded_s.values())
    is_enough = one.analysable_s >= valid_hours * _HOUR_S
    rate = one.rate_per_hour if is_enough else None
    low, high = one.interval_per_hour if is_enough and one.interval_per_hour else (None, None)
    return Cell(
        night=one.night,
        state=CellState.MEASURED if is_enough else CellState.TOO_LITTLE,
        n_twitches=one.n_twitches,
        analysable_s=round(one.analysable_s, 1),
        measured_s=round(measured_s, 1),
        rate_per_hour=_short(rate),
        low_per_hour=_short(low),
        high_per_hour=_short(high),
        shade=None if rate is None else shade_of(rate),
        is_final=one.is_final,
        said=phrases.cell(one.modality, one.n_twitches, one.analysable_s, measured_s, rate),
    )


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
