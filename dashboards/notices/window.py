"""The window: when something about the body may be sent, in the wearer's local time. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Window:
    """From ``opens`` to ``closes``, every day, as the clocks on the wall say."""

    opens: time
    closes: time

    @classmethod
    def parse(cls, text: str) -> "Window":
        """Read ``"09:00-20:00"``, as the settings have it."""
        opens, closes = text.split("-")
        return cls(time.fromisoformat(opens), time.fromisoformat(closes))

    def is_open(self, now_s: float, zone: ZoneInfo) -> bool:
        """Tell whether something may be sent now.

        >>> Window.parse("09:00-20:00").is_open(datetime(2026, 11, 23, 3, tzinfo=UTC).timestamp(), ZoneInfo("UTC"))
        False
        """
        return self.opens <= _local(now_s, zone).time() < self.closes

    def next_open(self, now_s: float, zone: ZoneInfo) -> float:
        """Give the next moment at which something may be sent: now, if it is open."""
        if self.is_open(now_s, zone):
            return now_s
        return next_at(self.opens, now_s, zone)


def next_at(hour: time, now_s: float, zone: ZoneInfo) -> float:
    """Give the next moment after ``now_s`` at which the clocks on the wall say ``hour``.

    On the day the clocks go forward an hour that does not exist is the moment they jump; on the day they go back it is
    the first of the two.
    """
    today = _local(now_s, zone).date()
    return next(at_s for day in range(3) if (at_s := moment_of(today + timedelta(day), hour, zone)) > now_s)


def moment_of(day: date, hour: time, zone: ZoneInfo) -> float:
    """Give the UNIX time of an hour on the wall of a date."""
    return datetime.combine(day, hour, zone).timestamp()


def _local(now_s: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(now_s, UTC).astimezone(zone).replace(tzinfo=None)
