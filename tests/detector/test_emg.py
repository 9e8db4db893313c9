import numpy as np
import pytest

from aquiver.model import Label, Modality, SpanReason, Unit
from detector.dsp.filters import Cascade, band_pass
from detector.score import EMG_TOLERANCE_S, score
from tests.detector.planted import (
    a_chunk,
    a_stream,
    decided,
    excluded_s,
    night,
    noise,
    peaks_s,
    plant,
    twitches,
)


def times(n: int, every_s: float = 1.5) -> list[float]:
    return [7.0 + every_s * number + 0.1 * (number % 7) for number in range(n)]


@pytest.mark.parametrize(("rate_hz", "smallest"), [(200.0, 16.0), (250.0, 14.0), (500.0, 12.0), (1000.0, 10.0)])
def test_potentials_above_the_detection_limit_are_found(rate_hz: float, smallest: float) -> None:
    sizes = np.geomspace(4.0 * smallest, 160.0, 150).tolist()
    planted = plant(noise(rate_hz, 240.0, 4.0), rate_hz, times(150), sizes)
    records = decided(a_chunk(a_stream(rate_hz), planted.samples))
    found = score(planted.truth_s, peaks_s(records), EMG_TOLERANCE_S)
    assert found.sensitivity >= 0.95
    assert found.precision >= 0.99


@pytest.mark.parametrize("rate_hz", [200.0, 500.0, 1000.0])
def test_noise_alone_twitches_less_than_six_times_an_hour(rate_hz: float) -> None:
    records = decided(a_chunk(a_stream(rate_hz, 2), noise(rate_hz, 600.0, 4.0, 2)))
    assert night(records).n_twitches <= 1


@pytest.mark.parametrize("rate_hz", [200.0, 500.0, 1000.0])
def test_the_floor_is_the_rms_of_the_noise_in_the_band(rate_hz: float) -> None:
    rest = noise(rate_hz, 60.0, 4.0)
    in_band = Cascade.begin(band_pass(rate_hz, 20.0, min(450.0, 0.475 * rate_hz))).update(rest.T).std()
    assert night(decided(a_chunk(a_stream(rate_hz), rest))).floor == pytest.approx(in_band, rel=0.04)


@pytest.mark.parametrize(("rate_hz", "size"), [(200.0, 100.0), (500.0, 200.0), (1000.0, 200.0)])
def test_a_large_potential_is_one_twitch_in_spite_of_its_ringing(rate_hz: float, size: float) -> None:
    planted = plant(noise(rate_hz, 60.0, 4.0), rate_hz, times(16, 3.0), [4.0 * size] * 16)
    records = decided(a_chunk(a_stream(rate_hz), planted.samples))
    found = score(planted.truth_s, peaks_s(records), EMG_TOLERANCE_S)
    assert (found.n_hits, found.n_false) == (16, 0)


def test_many_potentials_do_not_raise_the_floor() -> None:
    rest = noise(500.0, 90.0, 4.0)
    busy = plant(rest, 500.0, times(300, 0.25), [80.0] * 300).samples
    quiet, loud = (night(decided(a_chunk(a_stream(), samples))).floor for samples in (rest, busy))
    assert loud == pytest.approx(quiet, rel=0.15)


def test_a_contraction_is_excluded_with_its_time() -> None:
    samples = noise(500.0, 40.0, 4.0)
    samples[20 * 500 : 23 * 500] *= 20
    records = decided(a_chunk(a_stream(), samples))
    assert not twitches(records)
    assert 3.0 <= excluded_s(records, SpanReason.MOVEMENT) <= 5.5


def test_a_train_of_potentials_is_a_movement() -> None:
    train = [15.0 + 0.1 * number for number in range(30)]
    records = decided(a_chunk(a_stream(), plant(noise(500.0, 25.0, 4.0), 500.0, train, [80.0] * 30).samples))
    assert not twitches(records)
    assert excluded_s(records, SpanReason.MOVEMENT) >= 3.0


def test_a_movement_on_one_channel_gates_the_others() -> None:
    samples = plant(noise(500.0, 30.0, 4.0, 2), 500.0, [16.0, 25.0], [80.0, 80.0]).samples
    samples[15 * 500 : 17 * 500, 1] *= 20
    records = decided(a_chunk(a_stream(n_channels=2), samples))
    assert [round(peak_s) for peak_s in peaks_s(records)] == [25]


def test_a_count_quantised_armband_works_at_200_hz() -> None:
    planted = plant(noise(200.0, 200.0, 1.4, 8), 200.0, times(100), [30.0] * 100)
    stream = a_stream(200.0, 8, unit=Unit.COUNT, scale=1.0, limit=128)
    records = decided(a_chunk(stream, planted.samples))
    found = score(planted.truth_s, peaks_s(records), EMG_TOLERANCE_S)
    assert (found.sensitivity, found.n_false) >= (0.95, 0)
    assert found.n_false <= 1
    assert night(records).unit is Unit.COUNT


def test_the_floor_is_never_below_half_a_step() -> None:
    samples = np.zeros((20 * 200, 1))
    samples[::37] = 1.0
    stream = a_stream(200.0, unit=Unit.COUNT, scale=1.0, limit=128)
    records = decided(a_chunk(stream, samples))
    assert excluded_s(records, SpanReason.CONTACT) > 10.0


def test_a_loud_electrode_is_off() -> None:
    records = decided(a_chunk(a_stream(), noise(500.0, 20.0, 50.0)))
    assert excluded_s(records, SpanReason.NOISE) == pytest.approx(15.0)


def test_a_loud_electrode_without_volts_is_judged() -> None:
    stream = a_stream(unit=Unit.COUNT, scale=1.0)
    assert night(decided(a_chunk(stream, noise(500.0, 20.0, 50.0)))).analysable_s > 14.0


def test_one_lost_electrode_leaves_the_others() -> None:
    samples = plant(noise(500.0, 30.0, 4.0, 2), 500.0, [20.0], [80.0]).samples
    samples[:, 1] = 7.0
    records = decided(a_chunk(a_stream(n_channels=2), samples))
    assert [twitch.channel for twitch in twitches(records)] == ["1"]
    assert night(records).excluded_s == {SpanReason.WARM_UP: 5.0}


@pytest.mark.parametrize("level", [0.0, 100.0])
def test_a_constant_signal_is_no_contact(level: float) -> None:
    records = decided(a_chunk(a_stream(), np.full((20 * 500, 1), level)))
    assert not twitches(records)
    assert night(records).excluded_s == {SpanReason.CONTACT: 20.0}


def test_a_saturated_moment_is_excluded() -> None:
    samples = noise(500.0, 20.0, 4.0)
    samples[15 * 500] = 3276.7
    records = decided(a_chunk(a_stream(), samples))
    assert not twitches(records)
    assert 1.0 <= excluded_s(records, SpanReason.SATURATED) <= 1.25


def test_an_offset_and_mains_are_no_twitches() -> None:
    at_s = np.arange(30 * 500)[:, np.newaxis] / 500.0
    mains = 200.0 * np.sin(2 * np.pi * 50.0 * at_s)
    records = decided(a_chunk(a_stream(scale=1.0), noise(500.0, 30.0, 4.0) + mains + 20000.0))
    assert not twitches(records)
    assert night(records).analysable_s > 20.0
    assert night(records).floor < 8.0


def test_a_potential_on_two_channels_is_one_twitch_at_its_largest() -> None:
    rest = noise(500.0, 20.0, 4.0, 2)
    one = plant(rest, 500.0, [15.0], [60.0]).samples
    both = plant(one, 500.0, [15.005], [120.0], channel=1).samples
    (twitch,) = twitches(decided(a_chunk(a_stream(n_channels=2), both)))
    assert twitch.channel == "2"
    assert twitch.amplitude == pytest.approx(120.0, rel=0.25)
    assert twitch.snr == pytest.approx(twitch.amplitude / 3.7, rel=0.1)


def test_labels_tell_the_neighbours() -> None:
    at_s = [10.0, 12.0, 12.06, 15.0, 15.2, 15.4]
    planted = plant(noise(1000.0, 20.0, 4.0), 1000.0, at_s, [100.0] * 6)
    labels = [twitch.label for twitch in twitches(decided(a_chunk(a_stream(1000.0), planted.samples)))]
    assert labels == [Label.ISOLATED, *[Label.DOUBLET] * 2, *[Label.GROUPED] * 3]


@pytest.mark.parametrize(
    "stream",
    [
        a_stream(100.0),
        a_stream(unit=Unit.G),
        a_stream(scale=0.0001, modality=Modality.ECG),
    ],
)
def test_a_stream_without_a_method_has_no_analysable_time(stream: object) -> None:
    assert isinstance(stream, type(a_stream()))
    records = decided(a_chunk(stream, noise(stream.rate_hz, 10.0, 0.1)))
    assert not twitches(records)
    assert night(records).excluded_s == {SpanReason.UNSUITABLE: pytest.approx(10.0)}
