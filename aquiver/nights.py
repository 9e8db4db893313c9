"""Nights: a night belongs to the local date of its evening, from noon to noon."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_HALF_DAY = timedelta(hours=12)
_QUARTER_S = 900.0


def night_of(time_s: float, zone: ZoneInfo) -> str:
    """Give the night a moment belongs to, as the ISO date of its evening.

    >>> night_of(datetime(2026, 11, 23, 3, 0, tzinfo=UTC).timestamp(), ZoneInfo("UTC"))
    '2026-11-22'
    """
    quarter = time_s // _QUARTER_S
    night, end_s = _night_from(quarter * _QUARTER_S, zone)
    return night if (quarter + 1) * _QUARTER_S <= end_s else _night_at(time_s, zone)


def _night_at(time_s: float, zone: ZoneInfo) -> str:
    local = datetime.fromtimestamp(time_s, UTC).astimezone(zone).replace(tzinfo=None)
    return (local - _HALF_DAY).date().isoformat()


@lru_cache(maxsize=256)
def _night_from(time_s: float, zone: ZoneInfo) -> tuple[str, float]:
    """Give the night of a moment, and when it ends: asked for every few samples."""
    night = _night_at(time_s, zone)
    return night, end_of(night, zone)


def start_of(night: str, zone: ZoneInfo) -> float:
    """Give the moment a night begins: noon of its date, local time.

    >>> start_of("2026-11-22", ZoneInfo("Europe/Berlin"))
    1795345200.0
    """
    return datetime.combine(datetime.fromisoformat(night).date(), time(12), zone).timestamp()


@lru_cache(maxsize=64)
def end_of(night: str, zone: ZoneInfo) -> float:
    """Give the moment a night ends: noon of the next date. A night of a clock change has 23 or 25 hours."""
    next_date = datetime.fromisoformat(night).date() + timedelta(days=1)
    return datetime.combine(next_date, time(12), zone).timestamp()
