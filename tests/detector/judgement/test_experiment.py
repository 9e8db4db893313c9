"""Experiments: drawn, blinded, paired."""

from dataclasses import replace

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.errors import SettingsError
from aquiver.model import Finding, Modality, Rules
from detector.judgement import block_of, judge, last_night_of, plan, result_of
from tests.judgement.drawn import FIRST, a_tally, night_name


def an_experiment(seed=1, n_pairs=4, n_nights=5):
    first = FIRST.isoformat()
    return plan("me", "caffeine", Site.LEFT_CALF, Modality.EMG, first, n_pairs=n_pairs, n_nights=n_nights, seed=seed)


def nights_under(experiment, ratio, seed=1, washout_ratio=1.0, skip=()):
    random = np.random.default_rng(seed)
    tallies = []
    for number in range(len(experiment.blocks) * experiment.blocks[0].n_nights):
        block = block_of(experiment, night_name(number))
        rate = 60.0 * (ratio if block.is_on else 1.0)
        rate *= washout_ratio if night_name(number) == block.first_night else 1.0
        if number not in skip:
            tallies.append(a_tally(number, int(random.poisson(rate * 6.0 * np.exp(random.normal(0.0, 0.2)))), 6.0))
    return judge("me", tallies, [], Rules()).nights


def test_every_pair_has_one_block_on_and_one_off_in_an_order_that_is_drawn():
    orders = {tuple(block.is_on for block in an_experiment(seed).blocks) for seed in range(40)}
    assert all(sum(order[place : place + 2]) == 1 for order in orders for place in range(0, 8, 2))
    assert len(orders) > 8
    assert an_experiment(3) == an_experiment(3)


def test_blocks_follow_one_another_and_end():
    experiment = an_experiment()
    assert [block.first_night for block in experiment.blocks[:3]] == [night_name(0), night_name(5), night_name(10)]
    assert last_night_of(experiment) == night_name(39)
    assert block_of(experiment, night_name(40)) is None


def test_nothing_is_said_before_the_end():
    experiment = an_experiment()
    result = result_of(experiment, nights_under(experiment, 3.0), night_name(38))
    assert (result.finding, result.ratio, result.p_value) == (Finding.RUNNING, None, None)


def test_a_difference_is_found_with_its_interval():
    experiment = an_experiment()
    result = result_of(experiment, nights_under(experiment, 1.8), night_name(39))
    assert result.finding is Finding.DIFFERENCE
    assert result.ratio_low < 1.8 < result.ratio_high


def test_no_difference_seen_is_a_result():
    experiment = an_experiment()
    findings = [
        result_of(experiment, nights_under(experiment, 1.0, seed), night_name(39)).finding for seed in range(30)
    ]
    assert set(findings) <= {Finding.DIFFERENCE, Finding.NO_DIFFERENCE}
    assert findings.count(Finding.DIFFERENCE) <= 5


def test_the_washout_night_does_not_count():
    experiment = an_experiment()
    plain = result_of(experiment, nights_under(experiment, 1.5), night_name(39))
    washed = result_of(experiment, nights_under(experiment, 1.5, washout_ratio=1.0), night_name(39))
    spoilt = [
        replace(one, n_twitches=10 * one.n_twitches) if one.night == night_name(5) else one
        for one in nights_under(experiment, 1.5)
    ]
    assert plain == washed == result_of(experiment, spoilt, night_name(39))


def test_a_block_that_was_hardly_measured_takes_its_pair_with_it():
    experiment = an_experiment()
    one_gone = result_of(experiment, nights_under(experiment, 1.8, skip=range(1, 5)), night_name(39))
    two_gone = result_of(experiment, nights_under(experiment, 1.8, skip=range(1, 15)), night_name(39))
    assert one_gone.n_pairs == 3
    assert (two_gone.finding, two_gone.n_pairs, two_gone.ratio) == (Finding.TOO_LITTLE, 2, None)


@pytest.mark.parametrize(("n_pairs", "n_nights", "says"), [(2, 5, "3 to 12 pairs"), (4, 2, "3 to 14 nights a block")])
def test_what_is_no_experiment_is_refused(n_pairs, n_nights, says):
    with pytest.raises(SettingsError, match=says):
        an_experiment(n_pairs=n_pairs, n_nights=n_nights)
