"""Samples are never invented and never dropped; what is missing is a jump in the numbering."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from aquiver.driver import Frame
from aquiver.model import Modality
from collector.timeline import Timeline
from tests.samples import NOW_S, a_signal, a_stream

RATE_HZ = 200.0


def a_timeline() -> Timeline:
    return Timeline(a_stream(a_signal(n_channels=1, rate_hz=RATE_HZ)), "run")


def a_frame(first: int, n: int, **says) -> Frame:
    return Frame(Modality.EMG, np.arange(first, first + n, dtype=np.int32).reshape(-1, 1), **says)


def arrival_s(end: int) -> float:
    return NOW_S + end / RATE_HZ


def play(timeline: Timeline, frames: list[tuple[Frame, float]]) -> list:
    chunks = [chunk for frame, time_s in frames for chunk in timeline.place(frame, time_s)]
    return chunks + timeline.flush(is_last=True)


def numbered(chunks) -> dict[int, int]:
    """Map sample number -> value."""
    return {chunk.first_sample + i: int(value) for chunk in chunks for i, value in enumerate(chunk.samples[:, 0])}


@given(some.lists(some.integers(1, 30), min_size=1, max_size=60))
def test_without_loss_every_sample_has_its_own_number(sizes):
    ends = np.cumsum(sizes)
    frames = [(a_frame(int(end - n), n), arrival_s(int(end))) for n, end in zip(sizes, ends, strict=True)]
    chunks = play(a_timeline(), frames)
    assert numbered(chunks) == {number: number for number in range(int(ends[-1]))}
    assert [chunk.n_lost for chunk in chunks] == [0] * len(chunks)
    assert chunks[-1].is_last


@given(some.lists(some.booleans(), min_size=2, max_size=200), some.sampled_from(["count", "device_ns"]))
def test_what_the_wire_shows_to_be_lost_is_a_jump_where_it_happened(arrived, clue):
    n = 20
    arrived[0] = True
    frames = []
    for index, has_arrived in enumerate(arrived):
        end = (index + 1) * n
        says = {"count": end - n} if clue == "count" else {"device_ns": round(end / RATE_HZ * 1e9)}
        if has_arrived:
            frames.append((a_frame(end - n, n, **says), arrival_s(end)))
    chunks = play(a_timeline(), frames)
    assert all(number == value for number, value in numbered(chunks).items())


def test_turn_order_places_a_loss():
    frames = [(a_frame(0, 20), arrival_s(20)), (a_frame(24, 20, n_lost=4), arrival_s(44))]
    timeline = a_timeline()
    chunks = play(timeline, frames)
    assert numbered(chunks)[24] == 24
    assert timeline.n_lost == 4


def test_a_link_that_was_gone_for_a_minute_leaves_a_gap_of_a_minute():
    timeline = a_timeline()
    before = timeline.place(a_frame(0, 40), arrival_s(40))
    timeline.link_ended()
    after = timeline.place(a_frame(0, 40), arrival_s(40) + 60.0)
    assert before[0].end_sample == 40
    assert after[0].n_lost == pytest.approx(60 * RATE_HZ - 40, abs=2)
    assert after[0].clock.time_of(after[0].end_sample) == pytest.approx(arrival_s(40) + 60.0, abs=0.01)


def test_a_late_burst_within_a_link_is_not_a_gap():
    timeline = a_timeline()
    chunks = timeline.place(a_frame(0, 40, device_ns=200_000_000), arrival_s(40))
    chunks += timeline.place(a_frame(40, 40, device_ns=400_000_000), arrival_s(80) + 5.0)
    assert [chunk.n_lost for chunk in chunks] == [0, 0]


@pytest.mark.parametrize("later_ns", [10, 10**18])
def test_a_device_clock_that_jumps_is_not_believed(later_ns):
    timeline = a_timeline()
    timeline.place(a_frame(0, 40, device_ns=5 * 10**17), arrival_s(40))
    timeline.link_ended()
    after = timeline.place(a_frame(0, 40, device_ns=later_ns), arrival_s(80) + 10.0)
    assert after[0].n_lost == pytest.approx(10 * RATE_HZ, abs=2)


def test_a_counter_that_goes_on_over_a_new_link_is_exact():
    timeline = a_timeline()
    timeline.place(a_frame(0, 40, count=1000), arrival_s(40))
    timeline.link_ended()
    after = timeline.place(a_frame(0, 40, count=1500), arrival_s(540) + 0.3)
    assert after[0].n_lost == 460


def test_a_frame_without_samples_changes_nothing():
    timeline = a_timeline()
    assert timeline.place(a_frame(0, 0), NOW_S) == []
    assert timeline.next_sample == 0


def test_a_run_can_end_without_a_waiting_frame():
    timeline = a_timeline()
    timeline.place(a_frame(0, 40), arrival_s(40))
    (last,) = timeline.flush(is_last=True)
    assert (last.n_samples, last.first_sample, last.n_lost, last.is_last) == (0, 40, 0, True)
    assert timeline.flush() == []


def test_a_device_clock_that_jumps_to_2019_moves_no_sample():
    """An H10 that was without power begins again at 2019-01-01; its frames go on."""
    ns_2026, ns_2019 = 846_000_000 * 10**9, 599_616_000 * 10**9  # since 2000
    ends = [20 * (number + 1) for number in range(10)]
    said_ns = [
        ns_2026 + round(end / RATE_HZ * 1e9) if end <= 100 else ns_2019 + round(end / RATE_HZ * 1e9) for end in ends
    ]
    frames = [(a_frame(end - 20, 20, device_ns=ns), arrival_s(end)) for end, ns in zip(ends, said_ns, strict=True)]
    assert numbered(play(a_timeline(), frames)) == {number: number for number in range(200)}


def test_a_counter_that_soon_comes_round_tells_nothing_over_a_new_link():
    """A counter of one byte, as an NPG Lite's, restarted or not: only the clock knows how long the band was gone."""
    timeline = a_timeline()
    timeline.place(a_frame(0, 20, count=180, n_blind=256), arrival_s(20))
    timeline.link_ended()
    chunks = timeline.place(a_frame(320, 20, count=210, n_blind=256), arrival_s(340))
    chunks += timeline.flush()
    assert [chunk.first_sample for chunk in chunks] == [pytest.approx(320, abs=1)]
