"""A band over all its connections."""

import numpy as np
import pytest

from aquiver.body import Site
from aquiver.driver import Frame
from aquiver.model import BandState, Modality
from aquiver.settings import BandSettings
from collector.band import Band
from collector.sources import Arrived, Battery, Malformed, Opened, Progress
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
