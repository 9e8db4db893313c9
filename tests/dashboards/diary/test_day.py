"""A note goes with the night the wearer means."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from aquiver.model import Subject
from dashboards.diary.day import day_of, night_with

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("subject", "said", "night"),
    [
        (Subject.CAFFEINE, "2026-11-23 08:00", "2026-11-23"),
        (Subject.ALCOHOL, "2026-11-24 01:30", "2026-11-23"),
        (Subject.STRETCHING, "2026-11-23 22:00", "2026-11-23"),
        (Subject.SLEEP, "2026-11-24 07:00", "2026-11-23"),
        (Subject.SLEEP, "2026-11-24 21:00", "2026-11-23"),
        (Subject.FELT, "2026-11-24 03:00", "2026-11-23"),
        (Subject.FELT, "2026-11-24 13:00", "2026-11-24"),
        (Subject.CAFFEINE, "2026-03-29 03:30", "2026-03-28"),  # the clocks went forward at two
        (Subject.CAFFEINE, "2026-10-25 04:10", "2026-10-25"),  # the clocks went back at three
    ],
)
def test_a_note_goes_with_its_night(subject, said, night):
    time_s = datetime.fromisoformat(said).replace(tzinfo=BERLIN).timestamp()
    assert night_with(subject, time_s, BERLIN) == night


def test_a_waking_day_lasts_until_four():
    late, early = (datetime(2026, 11, 24, hour, tzinfo=BERLIN).timestamp() for hour in (3, 5))
    assert (day_of(late, BERLIN), day_of(early, BERLIN)) == ("2026-11-23", "2026-11-24")
