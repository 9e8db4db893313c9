"""A band over all its connections."""

from zoneinfo import ZoneInfo

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.driver import Frame
from aquiver.model import BandState, Channel, Modality, Signal, SpanReason, Unit
from aquiver.settings import BandSettings
from collector.band import Band
from collector.sources import Arrived, Battery, Malformed, Opened, Progress
from detector.offline import decide, summarise
from tests.samples import NOW_S, a_signal


@pytest.fixture
def band() -> Band:
    opened = Band(BandSettings("band-1", Site.LEFT_CALF, "ble:x"), "me", "run")
    opened.feed(Opened((a_signal(),)))
    return opened


def arrived(end_s: float, n: int = 40) -> Arrived:
    return Arrived(Frame(Modality.EMG, np.zeros((n, 2), np.int32)), NOW_S + end_s)


def test_samples_of_one_run_outlive_the_link(band):
    first = band.feed(arrived(0.2))
    band.lose("gone")
    band.feed(Opened((a_signal(),)))
    second = band.feed(arrived(10.2))
    assert first[0].run == second[0].run
    assert second[0].n_lost == pytest.approx(9.8 * 200, abs=2)


def test_a_band_that_comes_back_with_another_format_begins_a_new_run(band):
    first = band.feed(arrived(0.2))
    (ended,) = band.feed(Opened((a_signal(rate_hz=100.0),)))
    second = band.feed(arrived(0.4))
    assert ended.is_last
    assert second[0].run != first[0].run


def test_status_tells_the_newest_sample_not_the_connection(band):
    band.feed(Progress(BandState.STREAMING))
    assert band.status(NOW_S).streams[Modality.EMG].newest_sample_s is None
    band.feed(arrived(0.2))
    status = band.status(NOW_S + 60)
    assert status.state is BandState.STREAMING
    assert status.streams[Modality.EMG].newest_sample_s == NOW_S + 0.2


def test_malformed_notifications_are_counted_and_the_band_kept(band):
    band.feed(Malformed("byte 3"))
    band.feed(Battery(71.0))
    status = band.status(NOW_S)
    assert (status.n_malformed, status.reason, status.battery_percent) == (1, "byte 3", 71.0)


def test_losing_the_link_gives_what_was_waiting(band):
    assert band.feed(arrived(0.1, n=4)) == []
    (chunk,) = band.lose("out of range")
    assert chunk.n_samples == 4
    assert band.status(NOW_S).reason == "out of range"


def test_the_end_comes_once(band):
    band.feed(arrived(0.2))
    assert [chunk.is_last for chunk in band.end()] == [True]
    assert band.end() == []
    assert band.has_ended


def test_a_band_that_had_samples_may_be_tried_again_soon(band):
    assert not band.was_streaming()
    band.feed(arrived(0.2))
    assert band.was_streaming()
    assert not band.was_streaming()


def stuck(end_s: float, value: int) -> Arrived:
    samples = np.column_stack([np.arange(100) % 7, np.full(100, value)]).astype(np.int32)
    return Arrived(Frame(Modality.EMG, samples), NOW_S + end_s)


@pytest.mark.parametrize("value", [128, -128, -129])
def test_constant_full_scale_is_a_fault_of_the_sensor_that_is_counted_and_named(band, value):
    """devices.md: one H10 said z = -2000 at 2 g for hours. 2 s are 400 samples here."""
    band.feed(Progress(BandState.STREAMING))
    for number in range(1, 4):
        band.feed(stuck(number / 2, value))
    assert band.status(NOW_S).streams[Modality.EMG].stuck == ()
    for number in range(4, 6):
        band.feed(stuck(number / 2, value))
    status = band.status(NOW_S)
    assert (status.streams[Modality.EMG].stuck, status.streams[Modality.EMG].n_stuck) == (("2",), 500)
    assert status.reason == "sensor fault: 2 of emg stands at the end of its range"
    band.feed(arrived(3.0))
    assert (band.status(NOW_S).reason, band.status(NOW_S).streams[Modality.EMG].n_stuck) == ("", 500)


def test_constant_full_scale_is_excluded_as_saturated_and_never_as_calm():
    signal = Signal(Modality.ACCELEROMETER, 50.0, Unit.G, 2000, tuple(Channel(axis, 0.001) for axis in "xyz"))
    band = Band(BandSettings("band-1", Site.LEFT_CALF, "ble:x"), "me", "run")
    chunks = band.feed(Opened((signal,)))
    noise = np.random.default_rng(1).integers(-3, 4, (3000, 3)).astype(np.int32)
    noise[:, 2] = -2000
    for number in range(60):
        frame = Frame(Modality.ACCELEROMETER, noise[50 * number : 50 * (number + 1)])
        chunks += band.feed(Arrived(frame, NOW_S + number + 1))
    (summary,) = summarise(decide(chunks + band.end(), ZoneInfo("UTC")))
    assert summary.total.analysable_s == 0.0
    assert summary.total.excluded_s[SpanReason.SATURATED] > 50.0


@pytest.mark.parametrize(("value", "held"), [(500, 128), (-500, -129), (-129, -129), (128, 128)])
def test_what_a_sensor_sends_beyond_its_limit_is_held_there(band, value, held):
    chunks = band.feed(Arrived(Frame(Modality.EMG, np.full((40, 2), value, np.int32)), NOW_S))
    assert set(chunks[0].samples.ravel().tolist()) == {held}
