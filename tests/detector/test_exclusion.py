from aquiver.model import SpanReason
from detector.exclusion import Exclusions, Portion
from detector.finding import Mark

BOTH, FIRST, SECOND = frozenset({0, 1}), frozenset({0}), frozenset({1})


def partition(*marks: Mark, n_lanes: int = 2) -> list[Portion]:
    exclusions = Exclusions(n_lanes)
    for mark in marks:
        exclusions.add(mark)
    return exclusions.partition(0, 100)


def test_one_marked_lane_excludes_nothing() -> None:
    assert partition(Mark(10, 20, SpanReason.CONTACT, FIRST)) == [Portion(0, 100, None)]


def test_all_lanes_marked_exclude_the_stream() -> None:
    marks = (Mark(10, 30, SpanReason.CONTACT, FIRST), Mark(20, 50, SpanReason.CONTACT, SECOND))
    assert partition(*marks) == [Portion(0, 20, None), Portion(20, 30, SpanReason.CONTACT), Portion(30, 100, None)]


def test_the_lane_nearest_to_being_searched_gives_the_reason() -> None:
    marks = (Mark(0, 100, SpanReason.CONTACT, FIRST), Mark(0, 50, SpanReason.WARM_UP, BOTH))
    assert partition(*marks) == [Portion(0, 50, SpanReason.WARM_UP), Portion(50, 100, None)]


def test_a_fault_of_the_sensor_explains_a_movement() -> None:
    marks = (Mark(0, 100, SpanReason.MOVEMENT), Mark(0, 100, SpanReason.SATURATED, BOTH))
    assert partition(*marks) == [Portion(0, 100, SpanReason.SATURATED)]


def test_marks_that_touch_become_one() -> None:
    exclusions = Exclusions(1)
    for start in (0, 10, 15):
        exclusions.add(Mark(start, start + 10, SpanReason.MOVEMENT))
    assert exclusions.marks == [Mark(0, 25, SpanReason.MOVEMENT)]


def test_neighbouring_portions_of_one_reason_are_one() -> None:
    marks = (Mark(0, 50, SpanReason.NOISE), Mark(50, 100, SpanReason.NOISE, BOTH))
    assert partition(*marks) == [Portion(0, 100, SpanReason.NOISE)]


def test_old_marks_are_forgotten() -> None:
    exclusions = Exclusions(1)
    exclusions.add(Mark(0, 10, SpanReason.MOVEMENT))
    exclusions.forget(10)
    assert exclusions.marks == []
