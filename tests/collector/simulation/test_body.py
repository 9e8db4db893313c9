"""Laws of the simulated body."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aquiver.body import Site
from aquiver.model import Channel, Modality, Signal, Unit
from collector.simulation.body import Body
from collector.simulation.disturbances import Disturbance, Kind
from collector.simulation.habits import DEMO, NIGHT, QUIET, STILL, Habits

CALF = Site.LEFT_CALF
START_S = 1_795_400_000.25
EMG = Signal(Modality.EMG, 1000.0, Unit.MICROVOLT, 32767, (Channel("1", 0.1),))
MYO = Signal(Modality.EMG, 200.0, Unit.COUNT, 127, tuple(Channel(str(n)) for n in range(1, 9)))
ACC = Signal(Modality.ACCELEROMETER, 52.0, Unit.G, 7995, tuple(Channel(axis, 0.001) for axis in "xyz"))
ECG = Signal(Modality.ECG, 130.0, Unit.MICROVOLT, 32767, (Channel("1"),))
HOUR_S = 3600.0


class Ask(NamedTuple):
    site: Site
    signal: Signal


@settings(max_examples=25, deadline=None)
@given(
    first=st.integers(0, 3000),
    cuts=st.lists(st.integers(1, 900), max_size=6),
    signal=st.sampled_from([EMG, MYO, ACC, ECG]),
)
def test_pieces_do_not_matter(first: int, cuts: list[int], signal: Signal) -> None:
    body = Body(3, DEMO)
    whole = Body(3, DEMO).sense(CALF, signal, START_S, first, sum(cuts))
    at, pieces = first, [np.empty((0, len(signal.channels)), np.int32)]
    for n in cuts:
        pieces.append(body.sense(CALF, signal, START_S, at, n))
        at += n
    assert np.array_equal(np.concatenate(pieces), whole)


def test_the_order_of_questions_does_not_matter() -> None:
    asks = [Ask(site, signal) for site in (CALF, Site.TRUNK) for signal in (EMG, ACC)]
    forth, back = Body(3), Body(3)
    there = {ask: forth.sense(*ask, START_S, 100, 500) for ask in asks}
    assert all(np.array_equal(back.sense(*ask, START_S, 100, 500), there[ask]) for ask in reversed(asks))


def test_other_seeds_are_other_bodies() -> None:
    assert Body(1).truth(CALF, Modality.EMG, START_S, START_S + HOUR_S) != Body(2).truth(
        CALF, Modality.EMG, START_S, START_S + HOUR_S
    )


def test_an_ecg_beats_once_a_second_with_1_mv_on_the_chest() -> None:
    still = replace(STILL, beats_per_min=60.0)
    seen_uv = Body(1, still).sense(Site.TRUNK, ECG, START_S, 0, 130 * 60)[:, 0]
    is_r = seen_uv > 600
    assert np.count_nonzero(is_r[1:] & ~is_r[:-1]) == pytest.approx(60, abs=1)
    assert seen_uv.max() == pytest.approx(1000, rel=0.1)
    assert seen_uv.min() < -100
    assert Body(1, still).sense(CALF, ECG, START_S, 0, 1300).max() < 120


def test_an_ecg_shows_movement_and_a_strap_that_came_off() -> None:
    body = Body(1, replace(STILL, movements_per_hour=60.0, off_skin_per_hour=20.0, beats_per_min=60.0))
    spans = body.disturbances(Site.TRUNK, START_S, START_S + HOUR_S)
    seen_uv = body.sense(Site.TRUNK, ECG, START_S, 0, round(130 * HOUR_S))[:, 0]

    def rms_uv(span: Disturbance) -> float:
        first, end = (round((time_s - START_S) * 130) for time_s in (span.start_s + 0.5, span.stop_s - 0.5))
        return float(np.std(seen_uv[max(first, 0) : end]))

    assert min(rms_uv(span) for span in spans if span.kind is Kind.OFF_SKIN) < 10
    assert any(rms_uv(span) > 80 for span in spans if span.kind is Kind.MOVEMENT and span.stop_s - span.start_s > 2)


def test_nothing_asked_nothing_given() -> None:
    assert Body(1).sense(CALF, MYO, START_S, 7, 0).shape == (0, 8)


def test_a_sensor_saturates_at_its_limit() -> None:
    narrow = replace(MYO, limit=3)
    assert np.abs(Body(1, STILL).sense(CALF, narrow, START_S, 0, 4000)).max() == 3


@pytest.mark.parametrize(("signal", "low", "high"), [(EMG, 1.6, 3.0), (MYO, 1.0, 2.0), (ACC, 0.0005, 0.0015)])
def test_rest_noise_is_as_measured_on_real_sensors(signal: Signal, low: float, high: float) -> None:
    body = Body(5, replace(STILL, twitches_per_min=QUIET.twitches_per_min))
    values = body.sense(CALF, signal, START_S, 0, 4000) * signal.channels[0].scale
    rms = values.std(axis=0)
    assert low < rms.min() <= rms.max() < high


def test_a_still_body_feels_one_g() -> None:
    values = Body(5, STILL).sense(CALF, ACC, START_S, 0, 1000) * 0.001
    assert np.median(np.linalg.norm(values, axis=1)) == pytest.approx(1.0, abs=0.002)


def test_a_twitch_is_where_the_truth_says_in_emg() -> None:
    body = Body(5, STILL)
    for twitch in body.truth(CALF, Modality.EMG, START_S + 1, START_S + 60):
        first = round((twitch.onset_s - START_S) * 1000)
        seen_uv = body.sense(CALF, EMG, START_S, first, 25)[:, 0] * 0.1
        assert np.ptp(seen_uv) == pytest.approx(twitch.amplitude, abs=25)
        assert twitch.onset_s < twitch.peak_s < twitch.onset_s + 0.02


def test_a_visible_twitch_shakes_the_skin() -> None:
    body = Body(5, STILL)
    sharp = replace(ACC, rate_hz=1000.0)
    visible = [t for t in body.truth(CALF, Modality.ACCELEROMETER, START_S + 1, START_S + 120) if t.is_visible]
    assert visible
    for twitch in visible:
        around = body.sense(CALF, sharp, START_S, round((twitch.onset_s - START_S) * 1000), 100) * 0.001
        moved = around - around[0]
        axis = np.linalg.svd(moved, full_matrices=False)[2][0]
        assert np.ptp(moved @ axis) > 0.7 * twitch.amplitude


def test_both_sensors_see_the_same_twitches() -> None:
    body = Body(5)
    electric = body.truth(CALF, Modality.EMG, START_S, START_S + HOUR_S)
    shaken = body.truth(CALF, Modality.ACCELEROMETER, START_S + 0.006, START_S + HOUR_S)
    assert len(electric) == len(shaken)
    assert all(0 < s.onset_s - e.onset_s < 0.01 for e, s in zip(electric, shaken, strict=True))
    assert 0 < sum(t.is_visible for t in shaken) < sum(t.is_visible for t in electric)


def test_a_band_sees_a_twitch_less_on_the_far_side() -> None:
    body = Body(5, STILL)
    largest = max(body.truth(CALF, Modality.EMG, START_S + 1, START_S + 300), key=lambda twitch: twitch.amplitude)
    seen = np.ptp(body.sense(CALF, MYO, START_S, round((largest.onset_s - START_S) * 200) - 1, 7), axis=0)
    assert seen[(int(seen.argmax()) + 4) % 8] < 0.3 * seen.max()


@pytest.mark.parametrize(("habits", "low", "high"), [(DEMO, 20, 30), (NIGHT, 3, 6), (QUIET, 0, 0)])
def test_a_body_twitches_as_often_as_its_habits_say(habits: Habits, low: float, high: float) -> None:
    found = Body(11, habits).truth(CALF, Modality.EMG, START_S, START_S + 2 * HOUR_S)
    assert low <= len(found) / 120 <= high


def test_a_turn_moves_every_site_at_once() -> None:
    body = Body(4)
    turns = [
        [d for d in body.disturbances(site, START_S, START_S + HOUR_S) if d.kind is Kind.TURNING]
        for site in (CALF, Site.TRUNK)
    ]
    assert turns[0] == turns[1]
    assert len(turns[0]) in {3, 4, 5}
    assert all(600 <= later.start_s - turn.start_s <= 1200 for turn, later in zip(turns[0], turns[0][1:], strict=False))


def test_a_turn_changes_which_way_is_down() -> None:
    body = Body(4)
    turn = _first(body, Kind.TURNING)
    before, after = (
        np.median(body.sense(CALF, ACC, at_s, 0, 200), axis=0) for at_s in (turn.start_s - 6, turn.stop_s + 2)
    )
    assert np.linalg.norm(after - before) > 100


@pytest.mark.parametrize("kind", [Kind.TURNING, Kind.MOVEMENT])
def test_a_movement_drowns_the_emg_and_shakes_the_band(kind: Kind) -> None:
    body = Body(4)
    span = _first(body, kind)
    n_s = span.stop_s - span.start_s
    emg = body.sense(CALF, MYO, span.start_s, 0, int(n_s * 200))
    shaken = body.sense(CALF, ACC, span.start_s, 0, int(n_s * 52))
    assert emg.std() > 15
    assert shaken.std(axis=0).max() > 50


def test_a_band_off_the_skin_is_flat_or_hums() -> None:
    body = Body(4, replace(QUIET, off_skin_per_hour=6.0, turns_per_hour=0.0, movements_per_hour=0.0))
    spans = body.disturbances(CALF, START_S, START_S + HOUR_S)
    rms = [(body.sense(CALF, EMG, span.start_s, 0, 5000) * 0.1).std() for span in spans]
    assert all(one < 0.2 or one > 100 for one in rms)
    assert np.ptp(body.sense(CALF, MYO, spans[0].start_s, 0, 1000)) <= 2


def test_a_band_off_the_skin_feels_gravity_alone() -> None:
    body = Body(4, replace(QUIET, off_skin_per_hour=6.0, turns_per_hour=0.0))
    spans = body.disturbances(Site.TRUNK, START_S, START_S + HOUR_S)
    span = next(one for one in spans if one.kind is Kind.OFF_SKIN)
    felt = body.sense(Site.TRUNK, ACC, span.start_s, 0, int((span.stop_s - span.start_s) * 52)) * 0.001
    assert felt.std(axis=0).max() < 0.0015


def test_the_heart_shakes_the_trunk_more_than_a_leg() -> None:
    body = Body(4, replace(QUIET, turns_per_hour=0.0, movements_per_hour=0.0, breaths_per_min=0.0))
    trunk, leg = (np.ptp(body.sense(site, ACC, START_S, 0, 520), axis=0).max() for site in (Site.TRUNK, CALF))
    assert trunk > leg


def test_only_trunk_and_neck_see_a_qrs() -> None:
    body = Body(4, replace(QUIET, turns_per_hour=0.0, movements_per_hour=0.0, mains_uv=0.0))
    peaks = {site: body.sense(site, EMG, START_S, 0, 5000).max() * 0.1 for site in (Site.TRUNK, Site.NECK, CALF)}
    assert peaks[Site.TRUNK] > peaks[Site.NECK] > 40 > peaks[CALF]


def _first(body: Body, kind: Kind) -> Disturbance:
    spans = body.disturbances(CALF, START_S, START_S + 4 * HOUR_S)
    return next(span for span in spans if span.kind is kind and span.start_s > START_S)
