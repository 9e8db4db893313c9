from detector import merge
from detector.finding import Candidate

NEAR = 10


def a_candidate(lane: int, start: int, peak: int, amplitude: float = 50.0) -> Candidate:
    return Candidate(lane, lane, start, peak + 8, peak, 10.0, amplitude, 10.0)


def grouped(*candidates: Candidate) -> list[list[tuple[int, int]]]:
    return [[(one.lane, one.peak) for one in event] for event in merge.group(candidates, NEAR)]


def test_two_lanes_see_one_potential() -> None:
    assert grouped(a_candidate(0, 100, 105), a_candidate(1, 103, 107)) == [[(0, 105), (1, 107)]]


def test_what_a_lane_has_divided_stays_divided() -> None:
    assert grouped(a_candidate(0, 100, 104), a_candidate(0, 109, 118)) == [[(0, 104)], [(0, 118)]]


def test_each_joins_the_event_with_the_nearest_peak() -> None:
    pairs = [a_candidate(lane, start, peak) for lane in (0, 1) for start, peak in ((100, 104), (109, 118))]
    assert grouped(*pairs) == [[(0, 104), (1, 104)], [(0, 118), (1, 118)]]
    late = a_candidate(2, 110, 117)
    assert grouped(*pairs, late) == [[(0, 104), (1, 104)], [(0, 118), (1, 118), (2, 117)]]


def test_an_event_has_its_largest_size_and_its_first_onset() -> None:
    merged = merge.merge((a_candidate(0, 100, 105), a_candidate(1, 103, 107, 80.0)))
    assert (merged.start, merged.lane, merged.amplitude) == (100, 1, 80.0)
