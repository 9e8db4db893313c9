from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from detector.score import Score, pairs, score

times = st.lists(st.integers(0, 20).map(float), max_size=6)


@given(times, times)
def test_no_other_pairing_has_more_hits(truth_s: list[float], found_s: list[float]) -> None:
    def best(truth: list[float], found: list[float]) -> int:
        if not truth:
            return 0
        near = [number for number, time_s in enumerate(found) if abs(time_s - truth[0]) <= 1.0]
        hits = [1 + best(truth[1:], found[:number] + found[number + 1 :]) for number in near]
        return max([*hits, best(truth[1:], found)])

    assert score(truth_s, found_s, 1.0).n_hits == best(truth_s, found_s)


moments = st.lists(st.floats(0.0, 3.0), max_size=40)


@given(moments, moments, st.sampled_from([0.0, 0.05, 0.15, 1.0]))
def test_as_many_events_are_paired_as_the_best_assignment_pairs(
    truth_s: list[float], found_s: list[float], tolerance_s: float
) -> None:
    is_near = np.abs(np.subtract.outer(np.array(truth_s), np.array(found_s))) <= tolerance_s
    best = is_near[linear_sum_assignment(is_near, maximize=True)].sum() if is_near.size else 0
    assert score(truth_s, found_s, tolerance_s).n_hits == best


@given(moments, moments)
def test_no_event_is_in_two_pairs_and_every_pair_is_near(truth_s: list[float], found_s: list[float]) -> None:
    matched = pairs(truth_s, found_s, 0.15)
    assert all(abs(truth_s[true] - found_s[found]) <= 0.15 for true, found in matched)
    assert len({true for true, _ in matched}) == len({found for _, found in matched}) == len(matched)


def test_every_event_is_a_hit_a_miss_or_false() -> None:
    for n_truth, n_found in combinations(range(4), 2):
        found = score([10.0 * n for n in range(n_truth)], [10.0 * n for n in range(n_found)], 0.05)
        assert (found.n_hits + found.n_misses, found.n_hits + found.n_false) == (n_truth, n_found)


def test_the_figures_follow_from_the_counts() -> None:
    found = Score(n_hits=8, n_misses=2, n_false=8)
    assert (found.sensitivity, found.precision, found.f1) == pytest.approx((0.8, 0.5, 16 / 26))
    assert found.accuracy == pytest.approx(8 / 18)
    assert found.false_per_hour(1800.0) == 16.0


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    assert score([], [], 0.05).f1 == 1.0
