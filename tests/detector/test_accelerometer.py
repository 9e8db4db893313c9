import numpy as np
import pytest

from aquiver.errors import RefusedStream
from aquiver.model import SpanReason, Stream, Unit
from detector.methods import open_method
from detector.score import ACCELEROMETER_TOLERANCE_S, score
from tests.detector.planted import (
    Floats,
    a_chunk,
    a_stream,
    an_accelerometer,
    decided,
    excluded_s,
    night,
    noise,
    peaks_s,
    twitches,
)

REST_G = 0.0007


def shaken(duration_s: float, times_s: list[float], sizes_g: list[float], rate_hz: float = 100.0) -> Floats:
    """Rest under gravity, with damped twitches of 12 Hz in one direction."""
    samples: Floats = noise(rate_hz, duration_s, REST_G, 3) + np.array([0.0, 0.6, 0.8])
    at_s = np.arange(round(0.25 * rate_hz)) / rate_hz
    swing = np.exp(-at_s / 0.05) * np.sin(2 * np.pi * 12.0 * at_s)
    for time_s, size_g in zip(times_s, sizes_g, strict=True):
        first = round(time_s * rate_hz)
        samples[first : first + len(swing), 2] += size_g * swing / np.ptp(swing)
    return samples


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 208.0])
def test_visible_twitches_are_found(rate_hz: float) -> None:
    times_s = [13.0 + 2.3 * number + 0.3 * (number % 5) for number in range(40)]
    records = decided(a_chunk(an_accelerometer(rate_hz), shaken(110.0, times_s, [0.02] * 40, rate_hz)))
    found = score([time_s + 0.03 for time_s in times_s], peaks_s(records), ACCELEROMETER_TOLERANCE_S)
    assert found.sensitivity >= 0.95
    assert found.n_false == 0


def test_rest_has_no_visible_twitch() -> None:
    records = decided(a_chunk(an_accelerometer(), shaken(600.0, [], [])))
    assert not twitches(records)
    assert night(records).floor == pytest.approx(REST_G * np.sqrt(3 * 0.8), rel=0.05)


def test_a_heartbeat_is_learned_and_left_out() -> None:
    beats_s = np.arange(1.0, 99.0, 0.9).tolist()
    records = decided(a_chunk(an_accelerometer(), shaken(100.0, [*beats_s, 60.4], [*[0.02] * len(beats_s), 0.1])))
    late_s = [peak_s for peak_s in peaks_s(records) if peak_s > 12.0]
    assert late_s == [pytest.approx(60.43, abs=0.05)]


def test_beats_that_stand_out_now_and_then_are_known_by_those_between() -> None:
    sizes_g = 0.0062 * np.exp(np.random.default_rng(5).normal(0.0, 0.12, 330))
    beats_s = 1.0 + np.cumsum(0.9 + 0.03 * np.random.default_rng(6).standard_normal(330))
    samples = shaken(300.0, [*beats_s[:325].tolist(), 200.4], [*sizes_g[:325].tolist(), 0.03])
    assert peaks_s(decided(a_chunk(an_accelerometer(), samples))) == [pytest.approx(200.43, abs=0.05)]


def test_turning_over_is_a_movement() -> None:
    samples = shaken(30.0, [], [])
    samples[1500:1700] += noise(100.0, 2.0, 0.1, 3, seed=4)
    records = decided(a_chunk(an_accelerometer(), samples))
    assert not twitches(records)
    assert 2.0 <= excluded_s(records, SpanReason.MOVEMENT) <= 4.5


def test_a_sensor_on_the_table_is_no_contact() -> None:
    records = decided(a_chunk(an_accelerometer(), np.ones((2000, 3))))
    assert night(records).excluded_s == {SpanReason.CONTACT: 20.0}


def test_a_twitch_rests_for_a_while() -> None:
    records = decided(a_chunk(an_accelerometer(), shaken(22.0, [14.0, 14.27, 18.0], [0.05] * 3)))
    assert [round(peak_s) for peak_s in peaks_s(records)] == [14, 18]


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (an_accelerometer(rate_hz=26.0), "too slow"),
        (an_accelerometer(scale=0.0039), "3.9 mg"),
        (an_accelerometer(scale=0.0), "scale 0"),
        (a_stream(unit=Unit.COUNT, modality=an_accelerometer().modality), "no known size"),
    ],
)
def test_a_blind_sensor_is_refused_with_the_reason(stream: Stream, reason: str) -> None:
    with pytest.raises(RefusedStream, match=reason):
        open_method(stream.signal, None, 0)
