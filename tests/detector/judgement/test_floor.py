"""The floor: learned from quiet nights and pillows, never from a twitch that lasts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from aquiver.model import Rules
from detector.judgement.floor import floors_of
from detector.judgement.measured import measure
from detector.judgement.night import tracks_of
from tests.judgement.drawn import counted

RULES = Rules()


def nights(per_night, hours=6.0):
    tracks = tracks_of(counted(per_night, hours))
    return tracks[0].nights if tracks else ()


def test_it_starts_at_the_start_and_is_learned_after_ten_valid_nights():
    floors = floors_of(nights([12] * 14), (), RULES)
    assert floors[:10] == [30.0] * 10
    assert floors[10:] == [pytest.approx(6.4)] * 4


def test_it_never_falls_below_the_least():
    assert floors_of(nights([0] * 12), (), RULES)[-1] == 6.0


@given(some.lists(some.integers(0, 5000), min_size=11, max_size=60))
def test_nights_alone_never_raise_it(per_night):
    floors = floors_of(nights(per_night), (), RULES)
    assert all(later <= earlier for earlier, later in pairwise(floors))
    assert RULES.least_floor_per_hour <= floors[-1] <= RULES.start_floor_per_hour


def test_a_twitch_that_lasts_for_a_year_is_not_eaten():
    """Ten quiet nights teach a floor of 6; after a year at 20 an hour the lower quartile is 20 too."""
    measured = measure(nights([6] * 12 + [120] * 350), (), RULES)
    assert all(one.is_positive for one in measured[12:])


def test_a_pillow_raises_it_from_its_night_on():
    pillow = (nights([-1] * 5 + [540])[0],)
    floors = floors_of(nights([300] * 10), pillow, RULES)
    assert floors[:5] == [30.0] * 5
    assert floors[5] == pytest.approx(97.8, abs=0.5)


def test_a_short_pillow_night_teaches_nothing():
    pillow = nights([540], hours=1.9)
    assert floors_of(nights([300]), pillow, RULES) == [30.0]


def test_pillows_are_pooled():
    one, two = nights([540]), nights([540, 540])
    assert floors_of(nights([-1, 9]), two, RULES)[0] < floors_of(nights([-1, 9]), one, RULES)[0]


@pytest.mark.parametrize(
    ("count", "hours", "valid", "positive"),
    [(400, 1.99, False, False), (400, 2.0, True, True), (180, 6.0, True, False), (212, 6.0, True, True)],
)
def test_valid_and_positive_by_time_and_by_the_lower_end(count, hours, valid, positive):
    (one,) = measure(nights([count], hours), (), RULES)
    assert (one.is_valid, one.is_positive) == (valid, positive)


def test_a_night_of_minutes_has_no_rate():
    (one,) = measure(nights([3], hours=0.1), (), RULES)
    assert (one.rate_per_hour, one.low_per_hour, one.is_positive) == (None, None, False)
