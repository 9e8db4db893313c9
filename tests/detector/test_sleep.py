"""Sleep read from movement is an estimate, and silent where too little is known."""

from dataclasses import replace

from aquiver.model import Period, SpanReason, Tally
from detector.sleep import estimate_sleep
from tests.samples import NOW_S, a_tally

MINUTE_S = 60.0


def minutes(*stretches: tuple[int, float | None], device: str = "band-1") -> list[Tally]:
    """Give minute tallies: so many minutes with so many moving seconds each (none: no samples)."""
    row = [moved_s for n, moved_s in stretches for _ in range(n)]
    return [
        replace(
            a_tally(NOW_S + place * MINUTE_S, analysable_s=0.0 if moved_s is None else 60.0 - moved_s),
            device=device,
            excluded_s={SpanReason.GAP: 60.0} if moved_s is None else {SpanReason.MOVEMENT: moved_s},
        )
        for place, moved_s in enumerate(row)
    ]


def test_sleep_lies_between_the_first_and_the_last_still_ten_minutes():
    sleep = estimate_sleep(minutes((30, 10.0), (420, 0.0), (20, 10.0)))
    assert sleep is not None
    assert (sleep.start_s, sleep.stop_s) == (NOW_S + 29 * MINUTE_S, NOW_S + 451 * MINUTE_S)
    assert sleep.slept_s == 420 * MINUTE_S


def test_lying_awake_and_moving_in_the_middle_of_the_night_is_not_slept():
    sleep = estimate_sleep(minutes((200, 0.0), (40, 12.0), (200, 0.0)))
    assert sleep is not None
    assert sleep.slept_s == 400 * MINUTE_S


def test_any_band_that_moves_makes_the_minute_a_moving_one():
    sleep = estimate_sleep(minutes((240, 0.0)) + minutes((100, 0.0), (60, 9.0), (80, None), device="band-2"))
    assert sleep is not None
    assert sleep.slept_s == 180 * MINUTE_S


def test_a_band_that_was_not_worn_says_nothing():
    assert estimate_sleep(minutes((480, None))) is None
    assert estimate_sleep([]) is None


def test_a_night_with_long_gaps_is_too_little_to_say():
    assert estimate_sleep(minutes((150, 0.0), (100, None), (150, 0.0))) is None


def test_a_night_of_restlessness_has_no_sleep_to_read():
    assert estimate_sleep(minutes((300, 5.0))) is None


def test_hours_are_not_minutes():
    assert estimate_sleep([replace(one, period=Period.HOUR) for one in minutes((400, 0.0))]) is None
