"""Which night a note goes with: what is done by day goes with the night that follows. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aquiver.model import Subject
from aquiver.nights import night_of

_DAY_BEGINS = timedelta(hours=4)  # a drink after midnight still goes with the evening before


def night_with(subject: Subject, time_s: float, zone: ZoneInfo) -> str:
    """Give the evening's date of the night a note goes with.

    A coffee at eight goes with the coming night; "slept 7" said at any time of a day with the night that was slept;
    a felt twitch, which is a moment, with the night it lies in.

    >>> berlin, eight = ZoneInfo("Europe/Berlin"), datetime(2026, 11, 23, 7, tzinfo=UTC).timestamp()
    >>> [night_with(subject, eight, berlin) for subject in (Subject.CAFFEINE, Subject.SLEEP, Subject.FELT)]
    ['2026-11-23', '2026-11-22', '2026-11-22']
    """
    if subject is Subject.FELT:
        return night_of(time_s, zone)
    today = day_of(time_s, zone)
    return _before(today) if subject is Subject.SLEEP else today


def day_of(time_s: float, zone: ZoneInfo) -> str:
    """Give the local date of a waking day, which lasts until four in the morning."""
    local = datetime.fromtimestamp(time_s, UTC).astimezone(zone).replace(tzinfo=None)
    return (local - _DAY_BEGINS).date().isoformat()


def _before(day: str) -> str:
    return (datetime.fromisoformat(day).date() - timedelta(days=1)).isoformat()
