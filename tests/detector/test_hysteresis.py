import numpy as np

from detector.dsp.hysteresis import Burst, Hysteresis


def gate(n_merge: int = 3, tail: float = 0.1) -> Hysteresis:
    return Hysteresis.begin(1, on=3.0, off=1.0, tail=tail, n_decay=1e9, n_merge=n_merge, position=0)


def bursts(gate: Hysteresis, *blocks: list[float]) -> list[list[Burst]]:
    return [list(found.over) for block in blocks for found in gate.update(np.array([[block]], float), np.ones((1, 1)))]


def test_a_burst_lasts_while_scores_are_above_the_lower_threshold() -> None:
    assert bursts(gate(), [0, 2, 4, 2, 0, 0, 0, 0]) == [[Burst(0, 1, 4, 2, 4.0)]]


def test_scores_below_the_upper_threshold_are_no_burst() -> None:
    assert bursts(gate(), [0, 2, 2, 2], [2, 0, 0, 0], [0, 0, 0, 0]) == [[], [], []]


def test_a_burst_that_crosses_a_block_is_one() -> None:
    assert bursts(gate(), [0, 0, 2, 2], [4, 0, 0, 0]) == [[], [Burst(0, 2, 5, 4, 4.0)]]


def test_a_burst_that_ends_with_its_block_is_over_in_the_next() -> None:
    assert bursts(gate(), [0, 0, 4, 4], [0, 0, 0, 0]) == [[], [Burst(0, 2, 4, 2, 4.0)]]


def test_close_bursts_are_one() -> None:
    assert bursts(gate(), [4, 0, 0, 5, 0, 0, 0, 0]) == [[Burst(0, 0, 4, 3, 5.0)]]
    assert bursts(gate(), [0, 0, 5, 0], [0, 4, 0, 0], [0, 0, 0, 0]) == [[], [], [Burst(0, 2, 6, 2, 5.0)]]


def test_distant_bursts_are_two() -> None:
    assert bursts(gate(), [4, 0, 0, 0, 5, 0, 0, 0]) == [[Burst(0, 0, 1, 0, 4.0), Burst(0, 4, 5, 4, 5.0)]]


def test_an_open_burst_is_told_before_it_is_over() -> None:
    (found,) = gate().update(np.array([[[4.0, 0.0, 4.0, 4.0]]]), np.ones((1, 1)))
    assert (found.over, found.open) == ((), (Burst(0, 0, 4, 0, 4.0),))


def test_an_open_burst_far_from_the_one_before_stands_alone() -> None:
    (found,) = gate().update(np.array([[[4.0, 0.0, 0.0, 0.0, 0.0, 4.0]]]), np.ones((1, 1)))
    assert (found.over, found.open) == ((Burst(0, 0, 1, 0, 4.0),), (Burst(0, 5, 6, 5, 4.0),))


def test_the_tail_of_a_large_burst_is_no_burst() -> None:
    scores = [90, 8, 8, 0, 0, 8, 0, 0]
    assert bursts(gate(), [*scores], [4, 0, 0, 0, 0, 0, 0, 0]) == [[Burst(0, 0, 1, 0, 90.0)], []]


def test_what_is_open_at_the_end_is_ended() -> None:
    open_gate = gate()
    bursts(open_gate, [4, 0, 0, 0, 0, 5])
    assert open_gate.finish().over == (Burst(0, 5, 6, 5, 5.0),)
    assert open_gate.finish().over == ()
