"""Frames are the samples, the last seconds are kept and no more, and a slow viewer loses the oldest frames."""

import struct

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aquiver.body import Site
from aquiver.model import Channel, Chunk, Clock, Glimpse, Modality, Signal, Stream, Unit
from dashboards.page.live.events import TwitchSeen, event_of
from dashboards.page.live.frame import encode_frame, runs_of
from dashboards.page.live.lately import KEPT_S, Lately
from dashboards.page.live.viewer import CAPACITY, Viewer
from tests.samples import NOW_S


def stream_of(limit: int = 2047, n_channels: int = 2, rate_hz: float = 100.0) -> Stream:
    channels = tuple(Channel(f"{n}", 0.5 * (n + 1), float(n)) for n in range(n_channels))
    return Stream("me", "band", Site.LEFT_CALF, Signal(Modality.EMG, rate_hz, Unit.MICROVOLT, limit, channels))


def chunk_of(stream: Stream, first: int, samples: np.ndarray, run: str = "r") -> Chunk:
    return Chunk(stream, run, first, first, Clock(0, NOW_S, stream.rate_hz), samples.astype(np.int32))


def read(frame: bytes) -> tuple[float, float, int, np.ndarray]:
    start_s, rate_hz, number, n_channels = struct.unpack("<dfHH", frame[:16])
    laid = np.frombuffer(frame, "<f4", 2 * n_channels, 16).reshape(-1, 2)
    integers = np.frombuffer(frame, "<i2", offset=16 + 8 * n_channels).reshape(-1, n_channels)
    return start_s, rate_hz, number, laid[:, 0] + laid[:, 1] * integers


@given(cuts=st.lists(st.integers(1, 30), min_size=1, max_size=8))
def test_a_frame_holds_the_samples_however_they_were_cut(cuts):
    stream, n = stream_of(), sum(cuts)
    samples = np.arange(2 * n).reshape(n, 2) - n
    ends = np.cumsum(cuts)
    chunks = [chunk_of(stream, end - cut, samples[end - cut : end]) for end, cut in zip(ends, cuts, strict=True)]
    (run,) = runs_of(chunks)
    start_s, rate_hz, number, values = read(encode_frame(3, run))
    assert (start_s, rate_hz, number) == (NOW_S, 100.0, 3)
    assert np.array_equal(values, samples * [0.5, 1.0] + [0.0, 1.0])


@settings(max_examples=30)
@given(low=st.integers(-(1 << 23), 0), high=st.integers(1, (1 << 23) - 1))
def test_a_wide_sensor_loses_less_than_a_screen_shows(low, high):
    stream = stream_of(limit=(1 << 23) - 1)
    samples = np.column_stack((np.linspace(low, high, 50), np.linspace(high, low, 50))).round()
    *_, values = read(encode_frame(0, [chunk_of(stream, 0, samples)]))
    true = samples * [0.5, 1.0] + [0.0, 1.0]
    assert np.abs(values - true).max() <= max(1.0, (high - low) / 30_000) * 1.5


def test_a_gap_begins_another_frame():
    stream = stream_of()
    some = np.zeros((10, 2))
    chunks = [
        chunk_of(stream, 0, some),
        chunk_of(stream, 10, some),
        chunk_of(stream, 30, some),
        chunk_of(stream, 0, some, "s"),
    ]
    assert [len(run) for run in runs_of(chunks)] == [2, 1, 1]


def test_twelve_hours_leave_twelve_seconds():
    lately, stream = Lately(), stream_of()
    for second in range(12 * 3600):
        lately.feed(chunk_of(stream, 100 * second, np.zeros((100, 2))))
    (frame,) = lately.all_of("band")
    assert len(frame) <= 16 + 16 + (KEPT_S + 2) * 100 * 4
    (fresh,) = lately.fresh({"band"})["band"]
    assert len(fresh) <= len(frame)


def test_what_is_said_twice_is_shown_once():
    lately, chunk = Lately(), chunk_of(stream_of(), 0, np.ones((10, 2)))
    lately.feed(chunk)
    lately.feed(chunk)
    assert len(lately.fresh({"band"})["band"]) == 1
    assert lately.fresh({"band"}) == {}


def test_what_nobody_watches_is_not_laid_out():
    lately = Lately()
    lately.feed(chunk_of(stream_of(), 0, np.ones((10, 2))))
    assert lately.fresh({"other"}) == {}


def test_a_clock_that_was_set_back_shows_at_once():
    lately, stream = Lately(), stream_of()
    lately.feed(chunk_of(stream, 500_000, np.zeros((10, 2))))
    lately.feed(chunk_of(stream, 0, np.ones((10, 2)), "after"))
    (frame,) = lately.all_of("band")
    assert read(frame)[0] == NOW_S


async def test_a_slow_viewer_loses_the_oldest_frames_and_no_event():
    viewer = Viewer()
    viewer.offer("first")
    viewer.offer(*(bytes([n]) for n in range(2 * CAPACITY // 2)), "last")
    assert viewer.n_lost == 2
    items = [await viewer.next() for _ in range(CAPACITY)]
    assert (items[0], items[1], items[-1]) == ("first", bytes([2]), "last")


async def test_a_hidden_viewer_keeps_nothing_waiting():
    viewer = Viewer()
    viewer.offer("x")
    viewer.hide(True)
    viewer.offer("y")
    assert await viewer.next() == "y"


def test_a_glimpse_is_told_as_not_final():
    glimpse = Glimpse("me", "band", Site.LEFT_CALF, Modality.EMG, NOW_S, "0", 20.0, Unit.MICROVOLT)
    told = event_of(glimpse)
    assert isinstance(told, TwitchSeen)
    assert not told.is_final
