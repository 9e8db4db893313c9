"""The morning report: coverage first."""

from aquiver.model import Period
from dashboards.morning import lines
from dashboards.site_night import site_nights
from tests.samples import NIGHT, NOW_S, a_tally


def test_coverage_comes_before_the_count():
    text = lines(NIGHT, site_nights([a_tally(analysable_s=1800.0, n_twitches=4)]))
    assert text[2:] == [
        "left calf (band-1, emg)",
        "  analysable 30 min of 30 min; set aside: movement 10 s",
        "  4 twitches, 8.0 per analysable hour",
    ]


def test_nothing_analysed_is_too_little_to_say():
    text = lines(NIGHT, site_nights([a_tally(analysable_s=0.0, n_twitches=0)]))
    assert text[-1] == "  too little data to say"


def test_a_night_without_records_is_not_measured():
    assert lines(NIGHT, []) == [f"Night of {NIGHT}: not measured."]


def test_hours_and_nights_are_not_counted_twice():
    tallies = [a_tally(), a_tally(NOW_S, period=Period.HOUR), a_tally(NOW_S, period=Period.NIGHT)]
    assert site_nights(tallies)[0].n_twitches == 3
