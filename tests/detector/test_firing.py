"""A motor unit that is being used, told from one that twitches: the same shape, at other times."""

import numpy as np
import pytest

from detector.dsp.recurrence import recurrences
from detector.firing import firing
from tests.detector.planted import Floats, noise, potential

RATE_HZ = 500.0


def fired(times_s: list[float], size: float, seed: int, duration_s: float = 6.0) -> tuple[Floats, list[int]]:
    """One unit's shape at these times, in noise of 1; and where its highest values are."""
    wave = noise(RATE_HZ, duration_s, 1.0, seed=seed)[:, 0]
    shape = size * potential(RATE_HZ, np.random.default_rng(seed))
    peaks = []
    for time_s in times_s:
        first = round(time_s * RATE_HZ)
        wave[first : first + len(shape)] += shape
        peaks.append(first + int(np.abs(shape).argmax()))
    return wave, peaks


def train(seed: int, per_s: float, spread: float) -> list[float]:
    intervals_s = np.random.default_rng(seed).normal(1 / per_s, spread / per_s, 60)
    return [time_s for time_s in 2.0 + np.cumsum(intervals_s) if time_s < 5.5]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("per_s", [5.0, 8.0, 12.0])
def test_a_train_is_known_from_its_first_discharge_on(per_s: float, seed: int) -> None:
    wave, peaks = fired(train(seed, per_s, 0.12), 12.0, seed)
    assert firing(wave, peaks[0], 1.0, RATE_HZ) is not None


def test_discharges_that_hardly_stand_out_are_of_the_train() -> None:
    found = []
    for seed in range(40):
        wave, peaks = fired(train(seed, 9.0, 0.12), 8.5, seed)
        found.append(firing(wave, peaks[3], 1.0, RATE_HZ) is not None)
    assert np.mean(found) > 0.8


def test_twitches_of_one_unit_are_no_train() -> None:
    taken = []
    for seed in range(200):
        times_s = np.random.default_rng(seed).uniform(0.5, 5.5, 7)  # 84 a minute
        wave, peaks = fired([*times_s.tolist(), 3.0], 15.0, seed)
        taken.append(firing(wave, peaks[-1], 1.0, RATE_HZ) is not None)
    assert np.mean(taken) < 0.12


@pytest.mark.parametrize("at_s", [0.0, 0.01, 5.985])
def test_at_the_edge_of_what_is_known_nothing_is_told(at_s: float) -> None:
    wave = noise(RATE_HZ, 6.0, 1.0)[:, 0]
    assert firing(wave, round(at_s * RATE_HZ), 1.0, RATE_HZ) is None
    assert firing(wave, 1500, np.inf, RATE_HZ) is None


def test_a_larger_potential_is_not_taken_for_a_smaller_one_that_came_again() -> None:
    wave, peaks = fired([1.0, 2.0, 3.0], 12.0, 3)
    wave[peaks[1] - 10 : peaks[1] + 12] *= 4.0
    assert recurrences(wave[np.newaxis], peaks[0], 5, 1.0, 15) == pytest.approx([peaks[0], peaks[2]], abs=1)


def test_a_shape_is_one_over_all_axes() -> None:
    swing = np.sin(np.arange(20.0) / 2)
    felt = noise(100.0, 10.0, 0.1, 3).T
    for first, direction in ((100, (1, 0, 0)), (300, (0, 1, 0)), (500, (1, 0, 0))):
        felt[:, first : first + 20] += np.outer(direction, swing)
    assert recurrences(felt, 110, 10, 0.17, 30) == pytest.approx([110, 510], abs=1)
