"""The judge: what it calls a hit, a miss, a false alarm and a reason."""

from dataclasses import replace

import numpy as np
import pytest

from aquiver.model import Modality, Period, Span, SpanReason, Tally, Twitch
from tests.accuracy import real
from tests.accuracy.cases import CASES
from tests.accuracy.curve import Point, area
from tests.accuracy.device import EMG
from tests.accuracy.emg import EmgCase
from tests.accuracy.judge import compare, judge
from tests.accuracy.outcome import Outcome, total
from tests.accuracy.page import page
from tests.accuracy.report import as_json, lines
from tests.accuracy.results import Results
from tests.accuracy.scene import Disturbance, Scene, Twitches
from tests.accuracy.tables import figure
from tests.accuracy.targets import TARGETS, rows
from tests.accuracy.threshold import scaled_threshold
from tests.samples import Site, a_tally, a_twitch

STREAM = EMG["16 bit 500 Hz"].stream(Site.LEFT_CALF)


def a_scene(truth_s: list[float], sigmas: list[float], *disturbances: Disturbance) -> Scene:
    times, sizes = np.array(truth_s, float), np.array(sigmas, float)
    twitches = Twitches(times - 0.005, times, 4 * sizes, sizes, np.ones(len(times)))
    return Scene(STREAM, np.zeros((100 * 500, 1), np.int32), twitches, list(disturbances))


def at(peak_s: float) -> Twitch:
    return replace(a_twitch(onset_s=peak_s - 0.01), peak_s=peak_s)


def aside(start_s: float, stop_s: float) -> Span:
    night = "2026-11-22"
    return Span("me", "b", Site.LEFT_CALF, Modality.EMG, night, "r", 0, start_s, stop_s, SpanReason.MOVEMENT)


def a_night(analysable_s: float = 90.0) -> Tally:
    return replace(a_tally(), period=Period.NIGHT, analysable_s=analysable_s, excluded_s={SpanReason.MOVEMENT: 10.0})


def test_sensitivity_is_over_analysable_time_and_over_all_time():
    scene = a_scene([10, 20, 30], [12, 12, 12])
    outcome = compare(scene, [at(10.02), aside(19, 21), a_night()])
    assert outcome.sensitivity() == 0.5
    assert outcome.sensitivity(over_all_time=True) == pytest.approx(1 / 3)
    assert (outcome.analysable_share, outcome.n_false) == (0.9, 0)


def test_a_found_twitch_below_the_limit_is_neither_a_miss_nor_false_for_larger_ones():
    outcome = compare(a_scene([10, 20, 30], [5, 12, 5]), [at(10), at(20), a_night()])
    assert outcome.f1(10.0) == 1.0
    assert outcome.f1() == pytest.approx(4 / 5)
    assert (outcome.sensitivity(10.0), outcome.sensitivity(0.0, 8.0)) == (1.0, 0.5)


def test_a_false_alarm_is_laid_to_what_was_planted_nearest():
    pop, train = Disturbance("pop", 40.0, 41.0), Disturbance("low train", 39.0, 60.0)
    scene = a_scene([10], [12], train, pop)
    outcome = compare(scene, [at(10), at(10.2), at(40.5), at(55), at(80), a_night()])
    assert outcome.false_near == {"a twitch": 1, "pop": 1, "low train": 1, "nothing": 1}
    assert outcome.disturbed_s == {"pop": 1.0, "low train": 21.0}
    assert outcome.false_per_hour == pytest.approx(4 / 90 * 3600)
    assert outcome.precision == 0.2


def test_a_scene_without_twitches_has_no_sensitivity_and_no_ratio():
    outcome = compare(a_scene([], []), [a_night()])
    assert np.isnan(outcome.sensitivity())
    assert np.isnan(outcome.rate_ratio)
    assert outcome.precision == 1.0


def test_outcomes_add_up():
    one = compare(a_scene([10, 20], [12, 12]), [at(10), at(50), a_night()])
    both = total([one, one])
    assert (both.n_found, both.n_false, both.length_s, len(both.sigmas)) == (4, 2, 200.0, 4)
    assert both.rate_ratio == one.rate_ratio == 1.0
    assert both.excluded_s["movement"] == 20.0


def test_large_twitches_on_quiet_skin_are_found_by_the_real_detector():
    (scene,) = EmgCase("easy", "-", 3.0, 6.0, sigmas=80.0).scenes("alder")
    outcome = judge(scene)
    assert outcome.sensitivity() > 0.8
    assert outcome.n_false <= 1


def test_the_accelerometer_of_a_band_is_fed_beside_its_electrodes_and_not_counted():
    (scene,) = EmgCase("both", "-", 1.0, 6.0, has_accelerometer=True).scenes("alder")
    chunks = scene.chunks()
    assert [chunk.stream.modality for chunk in chunks[:2]] == [Modality.ACCELEROMETER, Modality.EMG]
    assert len({chunk.stream.device for chunk in chunks}) == 1
    assert judge(scene).length_s == 60.0


def test_a_higher_threshold_finds_fewer_and_the_usual_one_comes_back():
    (scene,) = EmgCase("hook", "-", 5.0, 12.0, sigmas=14.0).scenes("alder")
    usual = judge(scene).n_found
    with scaled_threshold(2.0):
        assert judge(scene).n_found < usual
    assert judge(scene).n_found == usual


def some_results() -> Results:
    def outcome(n_false: int, hit: bool) -> Outcome:
        twitches = np.array([12.0, 20.0])
        hits = np.array([hit, True])
        return Outcome(twitches, np.ones(2), hits, np.ones(2, bool), int(hits.sum()) + n_false, n_false, 3600.0, 4000.0)

    names = ("full night at 10/min, 16 bit 500 Hz", "full night at 10/min", "full night, 16 bit 500 Hz")
    return Results({(name, seed): outcome(k, k > 0) for name in names for k, seed in enumerate(("alder", "birch"))})


def test_targets_are_measured_where_their_recordings_were_run():
    found = {row.target.quantity: row for row in rows(some_results())}
    assert len(found) == len(TARGETS)
    assert found["EMG sensitivity from 10 sigma"].value == 0.75
    assert found["EMG sensitivity from 10 sigma"].by_seed == (0.5, 1.0)
    assert found["EMG sensitivity from 10 sigma"].verdict == "misses"
    assert found["False alarms per hour"].verdict == "holds"
    assert found["Precision with an ECG"].verdict == "not measured"


def test_the_page_begins_with_what_goes_wrong_and_names_its_seeds():
    said = page(some_results(), ("alder", "birch"), [Point(1.0, 3.0, 0.9, 0.95)])
    assert said.index("## What goes wrong") < said.index("## Targets")
    assert "**EMG sensitivity from 10 sigma**" in said
    assert "Seeds of this page: alder, birch" in said
    assert "make accuracy" in said
    assert "the figures are too good" in said
    assert "frozen before these were run" in page(some_results(), ("amber",), [])


def test_the_terminal_and_json_say_the_same_figures():
    printed, parts = "\n".join(lines(some_results(), [])), as_json(some_results(), [])
    assert "full night at 10/min, 16 bit 500 Hz" in printed
    assert parts["cases"]["full night at 10/min"]["n_false"] == 1


def test_the_area_under_a_perfect_curve_is_one():
    assert area([Point(1.0, 0.1, 1.0, 1.0)]) == 1.0
    assert area([Point(1.0, 10.0, 1.0, 1.0)]) == pytest.approx(1 / 3, abs=0.01)
    assert area([]) == 0.0


@pytest.mark.parametrize(("value", "says"), [(float("nan"), "-"), (0.12345, "0.123"), (2.345, "2.35"), (250.4, "250")])
def test_a_figure_has_three_digits_that_matter(value, says):
    assert figure(value) == says


def test_cases_on_recordings_that_are_absent_have_no_scenes(monkeypatch, tmp_path):
    monkeypatch.setattr(real, "DATA", tmp_path / "absent")
    assert [case.scenes("alder") for case in CASES if isinstance(case, real.RealCase)] == [[]] * 14


@pytest.mark.skipif(not real.DATA.exists(), reason=f"the recordings are not at {real.DATA}")
def test_real_bases_carry_what_was_planted_into_them():
    (scene,) = real.real_ecg(120.0)("alder")
    assert scene.length_s == 300.0
    assert len(scene.twitches) > 20
    assert len(real.gestures("alder")) == len(real.gestures("amber")) == 2 * 8
    assert not set(real.people("alder")) & set(real.people("amber"))
    assert all(len(one.twitches) > 10 for one in real.real_rest("alder"))
    (still,) = real.real_posture("lying_phone", 0.0)("alder")
    assert (len(still.twitches), still.length_s) == (0, 60.0)
