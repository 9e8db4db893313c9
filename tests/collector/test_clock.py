"""The clock model finds the line under late arrivals."""

import numpy as np
import pytest

from collector.clock import ClockModel
from tests.samples import NOW_S


def follow(
    true_hz: float, nominal_hz: float, length_s: float, jitter_s: float, seed: int = 1
) -> tuple[ClockModel, int]:
    model, random = ClockModel(nominal_hz), np.random.default_rng(seed)
    n = 20
    for end in range(n, int(length_s * true_hz), n):
        model.observe(end, NOW_S + end / true_hz + random.exponential(jitter_s), is_after_gap=False)
    return model, end


@pytest.mark.parametrize("error", [-50e-6, 0.0, 50e-6, 3e-3])
def test_times_stay_true_over_half_an_hour(error):
    true_hz = 200.0 * (1 + error)
    model, end = follow(true_hz, 200.0, 1800.0, 0.02)
    assert model.current.time_of(end) == pytest.approx(NOW_S + end / true_hz, abs=0.01)
    assert model.residual_s < 0.01


def test_a_rate_beyond_belief_is_held_back():
    model, _ = follow(220.0, 200.0, 300.0, 0.005)
    assert model.current.rate_hz == pytest.approx(204.0)


def test_a_gap_begins_a_new_window():
    model = ClockModel(200.0)
    model.observe(20, NOW_S + 0.1, is_after_gap=False)
    model.observe(2020, NOW_S + 10.1, is_after_gap=True)
    assert model.current.time_of(20) == pytest.approx(NOW_S + 0.1)


def found_missing_s(late_s: float, for_s: float) -> float:
    """Give what a blind stream of 50 Hz finds missing when all is late for a while, a minute after its start."""
    model, random = ClockModel(50.0), np.random.default_rng(1)
    missing_s = 0.0
    for end in range(1, 50 * 180):
        is_late = 60.0 <= end / 50 < 60.0 + for_s
        arrival_s = NOW_S + end / 50 + (late_s if is_late else 0.0) + missing_s + random.uniform(0.005, 0.03)
        missing_s += model.observe(end, arrival_s, is_after_gap=False, blind_s=0.02)
    return missing_s


def test_a_machine_that_is_busy_for_a_while_has_lost_nothing():
    assert found_missing_s(late_s=4.0, for_s=18.0) == 0.0


def test_what_stays_late_is_missing():
    for late_s in (0.1, 4.0):
        model = ClockModel(50.0)
        found_s = 0.0
        for end in range(1, 50 * 120):
            step_s = late_s if end > 3000 else 0.0
            found_s += model.observe(end, NOW_S + end / 50 + step_s - found_s, is_after_gap=False, blind_s=0.02)
        assert found_s == pytest.approx(late_s, abs=0.021)


def test_a_machine_that_stays_busy_has_lost_nothing_either_while_its_delay_comes_and_goes():
    model, found_s = ClockModel(50.0), 0.0
    for end in range(1, 50 * 300):
        time_s = end / 50
        delay_s = 2.0 + 1.5 * np.sin(time_s / 9) if 60.0 <= time_s < 240.0 else 0.01
        found_s += model.observe(end, NOW_S + time_s + delay_s, is_after_gap=False, blind_s=0.02)
    assert found_s == 0.0
    assert model.current.time_of(end) == pytest.approx(NOW_S + end / 50, abs=0.02)


def test_an_arrival_that_closes_a_window_and_is_the_earliest_of_the_next_counts_once():
    """Twice, it would make the rate 0 / 0, and a chunk with such a clock can be read by nobody."""
    model = ClockModel(200.0)
    for end in range(20, 20_000, 20):
        late_s = 0.0 if end == 2020 else 0.01
        model.observe(end, NOW_S + end / 200.0 + late_s, is_after_gap=False)
    assert model.current.rate_hz == pytest.approx(200.0, rel=1e-3)
