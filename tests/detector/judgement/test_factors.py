"""What goes with it: told where it is so, silent where it is not."""

from math import exp

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.model import Factor, Rules
from detector.judgement import effects_of, judge
from tests.judgement.drawn import a_tally, night_name


def a_story(seed, ratio, n_nights=90, previous_ratio=1.0, share=0.4):
    random = np.random.default_rng(seed)
    coffee = random.random(n_nights) < share
    tallies = []
    for number in range(n_nights):
        rate = 60.0 * (ratio if coffee[number] else 1.0)
        rate *= previous_ratio if number and coffee[number - 1] else 1.0
        tallies.append(a_tally(number, int(random.poisson(rate * 6.0 * exp(random.normal(0.0, 0.35)))), 6.0))
    nights = judge("me", tallies, [], Rules()).nights
    return Factor("caffeine", {night_name(n): float(coffee[n]) for n in range(n_nights)}), nights


def test_an_effect_is_found_with_its_interval():
    factor, nights = a_story(1, 1.8)
    (effect,) = effects_of([factor], nights)
    assert effect.is_told
    assert effect.ratio_low < 1.8 < effect.ratio_high
    assert effect.previous_low < 1.0 < effect.previous_high
    assert effect.n_with + effect.n_without == effect.n_nights == 89  # the first night has no day before


def test_the_day_before_has_its_own_term():
    factor, nights = a_story(2, 1.0, previous_ratio=1.8)
    (effect,) = effects_of([factor], nights)
    assert effect.is_told
    assert effect.previous_low < 1.8 < effect.previous_high


def test_no_effect_is_not_told():
    told = [effect.is_told for seed in range(40) for effect in effects_of(*_as_list(a_story(seed, 1.0)))]
    assert sum(told) <= 6  # 5 % of 40, and what may be by chance


def _as_list(story):
    return [story[0]], story[1]


@pytest.mark.parametrize(("n_nights", "share"), [(30, 0.5), (90, 0.05), (90, 0.95)])
def test_too_few_nights_or_too_one_sided_is_not_looked_at(n_nights, share):
    factor, nights = a_story(3, 3.0, n_nights=n_nights, share=share)
    assert effects_of([factor], nights) == []


def test_a_day_without_an_entry_is_not_known():
    factor, nights = a_story(4, 1.8)
    known = dict(list(factor.by_night.items())[:50])
    (effect,) = effects_of([Factor("caffeine", known)], nights)
    assert effect.n_nights == 49


def test_an_amount_that_is_hardly_ever_none_is_split_at_its_median():
    _, nights = a_story(5, 1.0)
    hours = {one.night: 6.0 + number % 4 for number, one in enumerate(nights)}
    (effect,) = effects_of([Factor("sleep", hours)], nights)
    assert min(effect.n_with, effect.n_without) >= 8


def test_many_factors_share_one_false_discovery_rate():
    factor, nights = a_story(6, 1.45)
    random = np.random.default_rng(6)
    noise = [Factor(f"f{k}", {one.night: float(random.random() < 0.5) for one in nights}) for k in range(30)]
    alone, together = effects_of([factor], nights)[0], effects_of([factor, *noise], nights)[0]
    assert alone.p_value == together.p_value
    assert alone.q_value < together.q_value


def test_sites_are_looked_at_apart():
    factor, nights = a_story(7, 1.8)
    assert {effect.site for effect in effects_of([factor], nights)} == {Site.LEFT_CALF}
