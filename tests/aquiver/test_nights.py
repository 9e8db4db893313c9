"""A night goes from noon to noon, also when the clocks change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from aquiver.nights import end_of, night_of, start_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(("night", "hours"), [("2026-03-28", 23), ("2026-10-24", 25), ("2026-06-01", 24)])
def test_a_night_of_a_clock_change_has_another_length(night, hours):
    assert end_of(night, BERLIN) - start_of(night, BERLIN) == hours * 3600


@given(
    some.floats(1.5e9, 2.5e9),
    some.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York", "Pacific/Apia"]),
)
def test_a_moment_lies_in_its_night(time_s, name):
    zone = ZoneInfo(name)
    night = night_of(time_s, zone)
    assert start_of(night, zone) <= time_s < end_of(night, zone)


def test_noon_begins_the_night():
    noon_s = datetime(2026, 11, 22, 12, tzinfo=BERLIN).timestamp()
    assert (night_of(noon_s, BERLIN), night_of(noon_s - 1, BERLIN)) == ("2026-11-22", "2026-11-21")
