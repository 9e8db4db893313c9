"""Nothing about the body is sent at night, whatever the clocks do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboards.notices.window import Window

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("now", "window", "opens"),
    [
        ("2026-11-23 07:59", "09:00-20:00", "2026-11-23 08:00"),  # 08:59 in Berlin
        ("2026-11-23 08:00", "09:00-20:00", "2026-11-23 08:00"),
        ("2026-11-23 18:59", "09:00-20:00", "2026-11-23 18:59"),
        ("2026-11-23 19:00", "09:00-20:00", "2026-11-24 08:00"),
        ("2026-11-23 23:30", "09:00-20:00", "2026-11-24 08:00"),  # already the 24th in Berlin
        ("2026-03-28 22:00", "09:00-20:00", "2026-03-29 07:00"),  # the clocks go forward in this night
        ("2026-10-24 22:00", "09:00-20:00", "2026-10-25 08:00"),  # and back in this one
        ("2026-03-29 00:30", "02:30-20:00", "2026-03-29 01:30"),  # 02:30 does not exist: it is 03:30 at once
        ("2026-10-25 00:10", "02:30-20:00", "2026-10-25 00:30"),  # 02:30 comes twice: the first
    ],
)
def test_the_window_opens_by_the_clock_on_the_wall(now, window, opens):
    assert Window.parse(window).next_open(utc(now), BERLIN) == utc(opens)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [("2026-10-25 00:45", True), ("2026-10-25 01:15", False), ("2026-10-25 01:45", True), ("2026-03-29 01:05", True)],
)
def test_an_hour_that_comes_twice_is_judged_by_the_wall_both_times(now, is_open):
    assert Window.parse("02:30-20:00").is_open(utc(now), BERLIN) is is_open


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "UTC"])
@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24", "2026-12-31"])
def test_the_next_opening_is_open_and_within_a_day(zone, day):
    window, zone = Window.parse("09:00-20:00"), ZoneInfo(zone)
    for minute in range(0, 2 * 24 * 60, 7):
        now_s = utc(f"{day} 00:00") + minute * 60
        opens_s = window.next_open(now_s, zone)
        assert now_s <= opens_s < now_s + 14.1 * 3600
        assert window.is_open(opens_s, zone)
