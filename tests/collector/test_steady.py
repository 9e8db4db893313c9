"""A clock that is set begins new runs; it bends none, and no second is counted twice or lost."""

import time
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.driver import Frame
from aquiver.model import Modality, Period, SpanReason, Tally
from aquiver.settings import BandSettings
from collector.band import Band
from collector.sources import Arrived, Opened
from collector.steady import STEP_S, SteadyClock
from detector.engine import Engine
from tests.samples import NOW_S, a_signal

UTC = ZoneInfo("UTC")
SETTINGS = BandSettings("band-1", Site.LEFT_CALF, "ble:myo")
FRAME_S, RATE_HZ = 0.1, 200.0


def stream(band: Band, first: int, n_frames: int, jump_s: float = 0.0):
    """Frames that arrive at the sensor's pace, stamped by steady time; chunks as they come."""
    chunks = []
    for index in range(first, first + n_frames):
        samples = np.random.default_rng(index).integers(-9, 9, (20, 2)).astype(np.int32)
        frame = Frame(Modality.EMG, samples, count=index * 20)
        chunks += band.feed(Arrived(frame, NOW_S + jump_s + (index + 1) * FRAME_S))
    return chunks


def a_stepped_night(shift_s: float, before_s: float = 120.0, after_s: float = 120.0):
    band = Band(SETTINGS, "me", "run")
    band.feed(Opened((a_signal(),)))
    n_before, n_after = round(before_s / FRAME_S), round(after_s / FRAME_S)
    chunks = stream(band, 0, n_before)
    chunks += band.restart(shift_s)
    chunks += stream(band, n_before, n_after)
    return chunks + band.end()


def test_steady_time_ignores_the_wall_clock_until_asked():
    wall_s = [NOW_S]
    clock = SteadyClock(lambda: wall_s[0], lambda: 10.0)
    wall_s[0] -= 5000.0
    assert clock() == pytest.approx(NOW_S)
    assert clock.has_stepped()
    assert clock.shift_s == pytest.approx(-5000.0)
    assert not clock.has_stepped()


def test_small_drift_is_no_step_until_it_adds_up():
    wall_s = [NOW_S]
    clock = SteadyClock(lambda: wall_s[0], lambda: 10.0)
    wall_s[0] += 0.6 * STEP_S
    assert not clock.has_stepped()
    wall_s[0] += 0.6 * STEP_S
    assert clock.has_stepped()


def test_the_real_clock_is_plausible_and_close_to_the_wall():
    clock = SteadyClock()
    assert clock.is_plausible
    assert clock() == pytest.approx(time.time(), abs=1.0)
    assert not SteadyClock(lambda: 3600.0, lambda: 0.0).is_plausible


@pytest.mark.parametrize("shift_s", [3600.0, -3600.0, 7.0, -7.0, 56 * 365 * 86400.0])
def test_a_step_loses_no_sample_and_ends_the_run(shift_s):
    chunks = a_stepped_night(shift_s)
    assert sum(chunk.n_samples for chunk in chunks) == 2 * 120 * 200
    assert sum(chunk.n_lost for chunk in chunks) == 0
    runs = list(dict.fromkeys(chunk.run for chunk in chunks))
    assert len(runs) == 2
    last = {run: [chunk for chunk in chunks if chunk.run == run] for run in runs}
    gap_s = last[runs[1]][0].clock.time_of(0) - last[runs[0]][-1].end_s
    assert gap_s == pytest.approx(shift_s, abs=0.05)


def minutes_of(chunks) -> dict[float, Tally]:
    engine = Engine(UTC)
    records = [record for chunk in chunks for record in engine.feed(chunk)] + engine.finish()
    tallies = [record for record in records if isinstance(record, Tally)]
    return {one.start_s: one for one in tallies if one.period is Period.MINUTE}, tallies


@pytest.mark.parametrize("shift_s", [-90.0, -3600.0, -7000.0, -7.0])
def test_a_clock_set_back_adds_to_the_minutes_it_goes_through_again(shift_s):
    """Later tallies replace earlier ones of their minute: they must hold both."""
    minutes, tallies = minutes_of(a_stepped_night(shift_s, before_s=600.0, after_s=600.0))
    counted_s = sum(one.analysable_s + sum(one.excluded_s.values()) for one in minutes.values())
    assert counted_s == pytest.approx(1200.0, abs=0.1)
    night = [one for one in tallies if one.period is Period.NIGHT][-1]
    assert night.analysable_s == pytest.approx(sum(one.analysable_s for one in minutes.values()))
    assert SpanReason.GAP not in night.excluded_s


def test_a_run_without_a_sample_leaves_nothing_behind():
    """It has no clock yet: its end would lie in 1970."""
    band = Band(SETTINGS, "me", "run")
    band.feed(Opened((a_signal(),)))
    assert band.restart(3600.0) == []
    assert band.end() == []


def test_a_clock_set_forward_within_a_night_leaves_a_gap_of_that_length():
    minutes, _ = minutes_of(a_stepped_night(1800.0))
    gap_s = sum(one.excluded_s.get(SpanReason.GAP, 0.0) for one in minutes.values())
    assert gap_s == pytest.approx(1800.0, abs=0.1)


def test_a_start_in_1970_leaves_the_night_alone():
    """A computer without a battery wakes up in the past; then it gets the time."""
    chunks = a_stepped_night(0.0)
    band = Band(SETTINGS, "me", "boot")
    band.feed(Opened((a_signal(),)))
    early = stream(band, 0, 300, jump_s=-NOW_S + 60.0) + band.restart(NOW_S - 60.0)
    alone, _ = minutes_of(chunks)
    both, _ = minutes_of(early + chunks)
    assert {start_s: one for start_s, one in both.items() if start_s in alone} == alone
    assert {one.night for start_s, one in both.items() if start_s not in alone} == {"1969-12-31"}
