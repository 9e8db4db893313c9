"""The trend: honest about correlated nights, missing nights and many looks."""

from math import exp, log

import numpy as np
import pytest
from scipy import stats

from aquiver.body import Site
from aquiver.model import NoticeKind, NoticeState, Rules, TrendWord
from detector.judgement import judge
from detector.judgement.trend import picture_of, regress, slope_of
from tests.judgement.drawn import SITES, counted, growing, nights_of, steady

RULES = Rules()


def line(days, per_4_weeks, random, log_sd=0.3):
    return [3.0 + log(per_4_weeks) * day / 28.0 + random.normal(0.0, log_sd) for day in days]


def test_without_correlation_it_is_the_ordinary_straight_line():
    random = np.random.default_rng(3)
    days = list(range(84))
    values = np.array(line(days, 1.5, random))
    slope, ordinary = slope_of(days, values), stats.linregress(np.array(days) / 28.0, values)
    assert slope.values[1] == pytest.approx(ordinary.slope, abs=0.01)
    assert slope.errors[1] >= 0.95 * ordinary.stderr


def test_missing_nights_lie_where_they_lie_on_the_calendar():
    """The same nights, pushed together, would have another slope."""
    random = np.random.default_rng(4)
    days = [day for day in range(120) if not 30 <= day < 80]
    values = np.array(line(days, 2.0, random, log_sd=0.01))
    assert exp(slope_of(days, values).values[1]) == pytest.approx(2.0, rel=0.01)
    assert exp(picture_of(days, values)) == pytest.approx(2.0, rel=0.01)


def test_correlated_nights_are_worth_fewer():
    random = np.random.default_rng(5)
    state, values = 0.0, []
    for _ in range(200):
        state = 0.7 * state + random.normal()
        values.append(state)
    slope = slope_of(list(range(200)), np.array(values))
    assert 0.5 < slope.lag_1 < 0.85
    assert slope.freedom < 70


def test_the_correlation_fades_with_the_days_between():
    """Every second night of an AR(1) series with 0.8 looks like 0.64 by number, and like 0.8 by date."""
    random = np.random.default_rng(6)
    state, values = 0.0, []
    for _ in range(600):
        state = 0.8 * state + random.normal()
        values.append(state)
    every_second = np.arange(0.0, 600.0, 2.0)
    slope = regress(every_second, np.array(values[::2]), np.ones((300, 1)))
    assert slope.lag_1 == pytest.approx(0.8, abs=0.07)


def test_nights_without_any_scatter_still_have_an_answer():
    slope = slope_of(list(range(28)), np.full(28, 2.0))
    assert slope.values[1] == pytest.approx(0.0, abs=1e-9)
    assert slope.p_value(1) > 0.5


def test_it_is_too_early_below_28_valid_nights():
    judgement = judge("me", counted([50] * 27), [], RULES)
    assert {one.trend.word for one in judgement.nights} == {TrendWord.TOO_EARLY}
    assert {one.is_changed for one in judgement.nights} == {None}


def test_the_first_look_is_at_the_28th_valid_night_and_then_weekly():
    random = np.random.default_rng(1)
    looks = [one.trend.night for one in judge("me", nights_of({SITES[0]: steady(40.0)}, 50, random), [], RULES).nights]
    nights = sorted({one.night for one in judge("me", counted([9] * 50), [], RULES).nights})
    assert sorted({*looks[27:]}) == [nights[27], nights[34], nights[41], nights[48]]


def test_too_few_twitches_are_said_to_be_too_few():
    judgement = judge("me", counted([1] * 40), [], RULES)
    assert judgement.nights[-1].trend.word is TrendWord.TOO_FEW


@pytest.mark.parametrize("per_4_weeks", [2.5, 0.4])
def test_a_steady_change_is_told_once_whichever_way_it_goes(per_4_weeks):
    random = np.random.default_rng(8)
    tallies = nights_of({Site.LEFT_CALF: growing(120.0, per_4_weeks)}, 84, random, log_sd=0.3)
    judgement = judge("me", tallies, [], RULES)
    (notice,) = [one for one in judgement.notices if one.kind is NoticeKind.CHANGED]
    assert notice.state is NoticeState.BEGAN
    assert (notice.receipt.figures["ratio"] > 1.0) == (per_4_weeks > 1.0)
    looks = [one.trend for one in judgement.nights if one.trend.p_value is not None and one.night <= notice.night]
    assert len({look.night for look in looks}) >= 2


def test_one_look_alone_tells_nothing():
    """Two looks on the same story, the first of them clear: only the second can say so."""
    random = np.random.default_rng(8)
    tallies = nights_of({Site.LEFT_CALF: growing(120.0, 4.0)}, 34, random, log_sd=0.2, lag_1=0.0)
    judgement = judge("me", tallies, [], RULES)
    last = judgement.nights[-1].trend
    assert last.p_value < 0.005
    assert last.word is TrendWord.STEADY


def test_a_change_that_levels_off_is_over():
    random = np.random.default_rng(9)

    def rate(number):
        return 40.0 * 4.0 ** (min(number, 56) / 56.0)

    tallies = nights_of({Site.LEFT_CALF: rate}, 220, random, log_sd=0.3, lag_1=0.0)
    states = [one.state.value for one in judge("me", tallies, [], RULES).notices if one.kind is NoticeKind.CHANGED]
    assert states == ["began", "ended"]


def test_stable_stories_hardly_ever_have_a_change_or_a_new_region():
    """A small one of what docs/judgement.md tells of 1000: two in a hundred may be expected at the very most."""
    n_stories, n_told = 60, 0
    for number in range(n_stories):
        random = np.random.default_rng([41, number])
        tallies = nights_of({Site.LEFT_CALF: steady(20.0)}, 84, random, lag_1=0.4 * (number % 2))
        kinds = {one.kind for one in judge("me", tallies, [], RULES).notices}
        n_told += bool(kinds & {NoticeKind.CHANGED, NoticeKind.NEW_REGION})
    assert n_told <= 4  # at a true share of 2 %, more than four of sixty come once in a hundred and fifty
