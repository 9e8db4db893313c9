"""What looks like a twitch and is none, or hides one: each gate against the signal it was built for."""

from dataclasses import replace

import numpy as np
import pytest

from aquiver.model import Record, Span, SpanReason, Twitch, Unit
from detector.score import EMG_TOLERANCE_S, Score, score
from tests.detector.planted import (
    START_S,
    Floats,
    a_chunk,
    a_stream,
    an_accelerometer,
    decided,
    excluded_s,
    night,
    noise,
    peaks_s,
    plant,
    potential,
    twitches,
)

RATE_HZ = 500.0
FLOOR_UV = 4.0


def rest(duration_s: float, seed: int = 1) -> Floats:
    return noise(RATE_HZ, duration_s, FLOOR_UV, seed=seed)


def times_s(until_s: float, seed: int = 3) -> list[float]:
    """Irregular times, some ten a minute, none too near another."""
    gaps_s = np.random.default_rng(seed).uniform(1.5, 9.0, int(until_s))
    return [time_s for time_s in 8.0 + np.cumsum(gaps_s) if time_s < until_s - 3.0]


def counted(samples: Floats, truth_s: list[float]) -> Score:
    return score(truth_s, peaks_s(decided(a_chunk(a_stream(), samples))), EMG_TOLERANCE_S)


def is_set_aside(records: list[Record], time_s: float) -> bool:
    """A twitch that meets a beat is lost with its time."""
    spans = [record for record in records if isinstance(record, Span)]
    return any(-0.05 <= time_s + START_S - span.start_s <= span.stop_s - span.start_s + 0.05 for span in spans)


def ecg(duration_s: float, size_uv: float) -> Floats:
    """A beat every 0.85 s or so: P wave, QRS of 80 ms, T wave."""
    at_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    beats_s = 0.5 + np.cumsum(0.85 + 0.04 * np.random.default_rng(5).standard_normal(int(duration_s / 0.8)))
    waves = ((-0.16, 0.025, 0.12), (-0.025, 0.009, -0.15), (0.0, 0.010, 1.0), (0.025, 0.010, -0.25), (0.25, 0.05, 0.3))
    seen = np.zeros(len(at_s))
    for beat_s in beats_s:
        for delay_s, width_s, height in waves:
            seen += size_uv * height * np.exp(-(((at_s - beat_s - delay_s) / width_s) ** 2) / 2)
    return seen[:, np.newaxis]


@pytest.mark.parametrize("size_uv", [40.0, 120.0, 400.0])
def test_a_heart_in_the_channel_costs_time_but_counts_nothing(size_uv: float) -> None:
    truth = times_s(120.0)
    planted = plant(rest(120.0), RATE_HZ, truth, [90.0] * len(truth))
    records = decided(a_chunk(a_stream(), planted.samples + ecg(120.0, size_uv)))
    clear_s = [time_s for time_s in planted.truth_s if not is_set_aside(records, time_s)]
    assert score(planted.truth_s, peaks_s(records), EMG_TOLERANCE_S).n_false <= 1
    assert score(clear_s, peaks_s(records), EMG_TOLERANCE_S).sensitivity >= 0.9
    assert 0.7 <= night(records).analysable_s / 120.0 < 0.95
    assert excluded_s(records, SpanReason.HEART) > 5.0


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_mains_are_found_whatever_the_settings_say(mains_hz: float) -> None:
    at_s = np.arange(round(60.0 * RATE_HZ))[:, np.newaxis] / RATE_HZ
    hum = 60.0 * np.sin(2 * np.pi * mains_hz * at_s) + 15.0 * np.sin(2 * np.pi * 3 * mains_hz * at_s)
    truth = times_s(60.0)
    planted = plant(rest(60.0), RATE_HZ, truth, [90.0] * len(truth))
    records = decided(a_chunk(a_stream(), planted.samples + hum))
    assert score(planted.truth_s, peaks_s(records), EMG_TOLERANCE_S) == Score(len(truth), 0, 0)
    assert night(records).floor < 1.2 * FLOOR_UV


def test_mains_that_begin_in_the_night_are_noticed() -> None:
    at_s = np.arange(round(60.0 * RATE_HZ))[:, np.newaxis] / RATE_HZ
    hum = np.where(at_s > 30.0, 60.0 * np.sin(2 * np.pi * 50.0 * at_s), 0.0)
    records = decided(a_chunk(a_stream(), plant(rest(60.0), RATE_HZ, [55.0], [90.0]).samples + hum))
    assert [round(peak_s) for peak_s in peaks_s(records) if peak_s > 45.0] == [55]


def test_a_step_of_the_electrode_is_no_twitch() -> None:
    samples = rest(40.0)
    for start_s, size_uv in ((18.0, 60.0), (28.0, -300.0)):
        first = round(start_s * RATE_HZ)
        samples[first : first + 1000, 0] += size_uv * np.exp(-np.arange(1000) / (0.2 * RATE_HZ))
    records = decided(a_chunk(a_stream(), samples))
    assert not twitches(records)
    assert 2.0 <= excluded_s(records, SpanReason.CONTACT) <= 2.5


def test_a_step_while_a_heart_is_still_expected_is_no_twitch_either() -> None:
    samples = rest(25.0)
    for start_s, size_uv in ((8.0, 60.0), (12.0, -300.0)):
        first = round(start_s * RATE_HZ)
        samples[first : first + 1000, 0] += size_uv * np.exp(-np.arange(1000) / (0.2 * RATE_HZ))
    assert not twitches(decided(a_chunk(a_stream(), samples)))


def test_noise_that_rises_at_once_is_no_series_of_twitches() -> None:
    samples = rest(300.0)
    for start_s in range(20, 300, 20):
        samples[round(start_s * RATE_HZ) : round((start_s + 10) * RATE_HZ)] *= 1.9
    assert len(twitches(decided(a_chunk(a_stream(), samples)))) <= 1


def test_a_motor_unit_near_the_noise_is_a_movement() -> None:
    generator = np.random.default_rng(9)
    train = (15.0 + np.cumsum(generator.normal(0.12, 0.018, 160))).tolist()
    records = decided(a_chunk(a_stream(), plant(rest(45.0), RATE_HZ, train, [26.0] * len(train)).samples))
    assert len(twitches(records)) <= 1
    assert excluded_s(records, SpanReason.MOVEMENT) >= 15.0


def test_a_motor_unit_that_seldom_stands_out_is_a_movement_from_its_first_discharge_on() -> None:
    generator = np.random.default_rng(9)
    shape = potential(RATE_HZ, np.random.default_rng(4))
    samples = rest(80.0)
    for time_s in 15.0 + np.cumsum(generator.normal(0.12, 0.018, 400)):
        first = round(time_s * RATE_HZ)
        samples[first : first + len(shape), 0] += 36.0 * np.exp(generator.normal(0.0, 0.15)) * shape
    records = decided(a_chunk(a_stream(), samples))
    assert not twitches(records)
    assert excluded_s(records, SpanReason.MOVEMENT) >= 20.0


@pytest.mark.parametrize(("per_minute", "least"), [(10, 0.99), (40, 0.97), (80, 0.82)])
def test_one_unit_that_twitches_often_is_not_taken_for_one_that_is_used(per_minute: int, least: float) -> None:
    at_s = np.sort(np.random.default_rng(2).uniform(6.0, 298.0, per_minute * 5))
    at_s = at_s[np.diff(at_s, prepend=-1.0) > 0.03]
    shape = 80.0 * potential(RATE_HZ, np.random.default_rng(7))
    samples = rest(300.0)
    for first in np.rint(at_s * RATE_HZ).astype(int):
        samples[first : first + len(shape), 0] += shape
    records = decided(a_chunk(a_stream(), samples))
    tally = night(records)
    assert score((at_s + len(shape) / 2 / RATE_HZ).tolist(), peaks_s(records), EMG_TOLERANCE_S).sensitivity >= least
    assert 0.9 <= tally.n_twitches / tally.analysable_s * 292.0 / len(at_s) <= 1.05


def test_a_heart_is_expected_from_the_start() -> None:
    assert not twitches(decided(a_chunk(a_stream(), rest(30.0) + ecg(30.0, 60.0))))


def test_many_irregular_twitches_are_not_taken_for_a_movement() -> None:
    at_s = (8.0 + np.cumsum(np.random.default_rng(4).exponential(0.75, 300))).tolist()
    planted = plant(rest(at_s[-1] + 5.0), RATE_HZ, at_s, [90.0] * len(at_s))
    records = decided(a_chunk(a_stream(), planted.samples))
    assert night(records).n_twitches >= 0.93 * len(at_s)


@pytest.mark.parametrize("apart_s", [0.03, 0.04, 0.06, 0.1])
def test_two_discharges_of_a_doublet_are_two(apart_s: float) -> None:
    planted = plant(rest(20.0), RATE_HZ, [15.0, 15.0 + apart_s], [90.0, 80.0])
    assert len(twitches(decided(a_chunk(a_stream(), planted.samples)))) == 2


def test_a_twitch_whose_top_is_cut_off_is_counted() -> None:
    stream = a_stream(200.0, unit=Unit.COUNT, scale=1.0, limit=127)
    samples = noise(200.0, 30.0, 2.0)
    samples[4000:4004, 0] += (90.0, 200.0, 190.0, -80.0)
    assert [round(peak_s) for peak_s in peaks_s(decided(a_chunk(stream, samples)))] == [20]


def test_those_of_50_microvolts_are_counted_apart() -> None:
    planted = plant(rest(40.0), RATE_HZ, [10.0, 15.0, 20.0, 25.0], [35.0, 45.0, 120.0, 150.0])
    tally = night(decided(a_chunk(a_stream(), planted.samples)))
    assert (tally.n_twitches, tally.n_large) == (4, 2)
    counts = night(decided(a_chunk(a_stream(unit=Unit.COUNT), planted.samples)))
    assert (counts.n_twitches, counts.n_large) == (4, None)


def heart_on_skin(duration_s: float, size_g: float) -> Floats:
    """Two shakes a beat, each of its own direction and shape."""
    generator = np.random.default_rng(6)
    at_s = np.arange(round(duration_s * 100.0)) / 100.0
    felt = noise(100.0, duration_s, 0.0008, 3) + np.array([0.0, 0.6, 0.8])
    for beat_s in 0.5 + np.cumsum(0.9 + 0.03 * generator.standard_normal(int(duration_s / 0.95))):
        for delay_s, share, direction, shake_hz in ((0.0, 1.0, (1, 0, 0), 9.0), (0.32, 0.5, (0, 0.8, 0.6), 14.0)):
            since_s = at_s - beat_s - delay_s
            packet = np.exp(-((since_s / 0.04) ** 2) / 2) * np.sin(2 * np.pi * shake_hz * since_s)
            felt += size_g / 2 * share * packet[:, np.newaxis] * np.array(direction)
    return felt


def shaken(samples: Floats, at_s: list[float], size_g: float) -> Floats:
    since_s = np.arange(25) / 100.0
    swing = np.exp(-since_s / 0.05) * np.sin(2 * np.pi * 12.0 * since_s)
    for time_s in at_s:
        first = round(time_s * 100.0)
        samples[first : first + 25] += size_g * (swing / np.ptp(swing))[:, np.newaxis] * np.array([0.6, 0.8, 0.0])
    return samples


def test_a_heart_that_shakes_as_much_as_a_twitch_is_told_from_it() -> None:
    truth = times_s(120.0)
    records = decided(a_chunk(an_accelerometer(), shaken(heart_on_skin(120.0, 0.025), truth, 0.06)))
    found: list[Twitch] = twitches(records)
    hits = [t for t in truth if t > 12.5 and any(abs(one.onset_s - START_S - t) < 0.15 for one in found)]
    assert len(hits) >= 0.85 * len([t for t in truth if t > 12.5])
    assert len(found) - len(hits) <= 1


def test_after_a_movement_a_visible_heart_is_learned_anew() -> None:
    samples = heart_on_skin(80.0, 0.025)
    samples[4000:4200] += noise(100.0, 2.0, 0.2, 3, seed=8)
    turned = samples.copy()
    turned[4200:] = samples[4200:][:, [1, 2, 0]]
    records = decided(a_chunk(an_accelerometer(), turned))
    assert len(twitches(records)) <= 1
    assert 4.0 <= excluded_s(records, SpanReason.HEART) <= 10.0


def test_twitches_every_three_seconds_are_no_heart() -> None:
    truth = [14.0 + 3.0 * number for number in range(30)]
    still = noise(100.0, 110.0, 0.0008, 3) + np.array([0.0, 0.6, 0.8])
    assert len(twitches(decided(a_chunk(an_accelerometer(), shaken(still, truth, 0.06))))) == 30


def test_a_run_in_pieces_keeps_what_it_knows_of_the_heart() -> None:
    samples = rest(60.0) + ecg(60.0, 120.0)
    head, tail = a_chunk(a_stream(), samples).cut(20_000)
    records = decided(head, replace(tail, first_sample=tail.first_sample + 50))
    assert len(twitches(records)) <= 1
