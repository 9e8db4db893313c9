"""A glimpse comes with the chunk in which a burst begins, once, and never from a time that is over."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aquiver.bus import open_bus
from aquiver.model import Chunk, Glimpse, Parcel, Unit
from detector.glimpse import Lookout
from detector.glimpsing import Glimpsing
from tests.detector.planted import START_S, Floats, a_chunk, a_stream, an_accelerometer, noise, plant

RATES_HZ = (200.0, 500.0, 1000.0)
TIMES_S = [7.03, 8.41, 9.9, 11.55, 13.2, 14.01]


def twitching(rate_hz: float, n_channels: int = 1, rms: float = 4.0) -> Chunk:
    rest = noise(rate_hz, 16.0, rms, n_channels)
    return a_chunk(a_stream(rate_hz, n_channels), plant(rest, rate_hz, TIMES_S, [120.0] * len(TIMES_S)).samples)


def parts(chunk: Chunk, length_s: float = 0.1) -> list[Chunk]:
    cut, n = [chunk], round(length_s * chunk.stream.rate_hz)
    while cut[-1].n_samples > n:
        cut[-1:] = cut[-1].cut(n)
    return cut


def seen(chunks: list[Chunk]) -> list[tuple[Glimpse, Chunk]]:
    lookout = Lookout.over(chunks[0])
    assert lookout is not None
    return [(glimpse, chunk) for chunk in chunks for glimpse in lookout.feed(chunk)]


def onsets_s(found: list[tuple[Glimpse, Chunk]]) -> list[float]:
    return [glimpse.onset_s - START_S for glimpse, _ in found]


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_every_twitch_is_seen_once_in_the_chunk_it_rises_in(rate_hz):
    found = seen(parts(twitching(rate_hz)))
    assert onsets_s(found) == pytest.approx(TIMES_S, abs=0.02)
    assert all(chunk.clock.time_of(chunk.first_sample) <= one.onset_s <= chunk.end_s for one, chunk in found)
    assert all(20.0 < glimpse.amplitude < 180.0 and glimpse.unit is Unit.MICROVOLT for glimpse, _ in found)


def test_several_channels_that_see_one_twitch_tell_of_it_once():
    chunk = twitching(500.0, 4)
    spread = replace(chunk, samples=chunk.samples + chunk.samples[:, [0]] // 2)
    found = seen(parts(spread))
    assert onsets_s(found) == pytest.approx(TIMES_S, abs=0.02)
    assert {glimpse.channel for glimpse, _ in found} == {"1"}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(20, 900), min_size=1, max_size=40))
def test_chunks_of_any_length_show_each_twitch_no_more_than_once(lengths):
    rest, cut = twitching(500.0), []
    for n in [*lengths, *[50] * 200]:
        head, rest = rest.cut(min(n, rest.n_samples))
        cut.append(head)
    found = onsets_s(seen([chunk for chunk in cut if chunk.n_samples]))
    for time_s in TIMES_S:
        assert sum(abs(onset_s - time_s) < 0.03 for onset_s in found) <= 1
    assert len(found) <= len(TIMES_S) + 1


def test_a_contraction_is_not_a_hail_of_glimpses():
    samples = noise(500.0, 20.0, 4.0)
    samples[4000:8000] *= 15.0
    assert len(seen(parts(a_chunk(a_stream(), samples)))) <= 3


def test_rest_shows_nothing():
    assert seen(parts(a_chunk(a_stream(500.0, 2), noise(500.0, 60.0, 4.0, 2)))) == []


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_mains_do_not_hide_a_twitch(mains_hz):
    chunk = twitching(1000.0)
    hum = 400.0 * np.sin(2 * np.pi * mains_hz * np.arange(chunk.n_samples) / 1000.0)
    found = onsets_s(seen(parts(replace(chunk, samples=chunk.samples + hum.astype(np.int32)[:, np.newaxis]))))
    late_s = [time_s for time_s in TIMES_S if time_s > 9.0]  # five seconds to hear it, three to know the noise again
    assert all(any(abs(onset_s - time_s) < 0.03 for onset_s in found) for time_s in late_s)


def test_what_the_skin_shows_is_seen_too():
    felt: Floats = noise(100.0, 16.0, 0.001, 3, seed=3) + np.array([0.0, 0.6, 0.8])
    since_s = np.arange(20) / 100.0
    for time_s in TIMES_S:
        first = round(time_s * 100.0)
        felt[first : first + 20, 2] += 0.1 * np.exp(-since_s / 0.075) * np.sin(2 * np.pi * 10.0 * since_s)
    found = seen(parts(a_chunk(an_accelerometer(), felt)))
    assert onsets_s(found) == pytest.approx(TIMES_S, abs=0.06)
    assert {(glimpse.channel, glimpse.unit) for glimpse, _ in found} == {("3", Unit.G)}


def test_samples_seen_before_and_samples_lost_show_nothing():
    chunks = parts(twitching(500.0))
    assert onsets_s(seen([chunk for chunk in chunks for _ in range(2)])) == pytest.approx(TIMES_S, abs=0.02)
    without = [chunk for chunk in chunks if not START_S + 9.5 < chunk.end_s < START_S + 11.0]
    assert onsets_s(seen(without)) == pytest.approx([t for t in TIMES_S if t != 9.9], abs=0.02)


@pytest.mark.parametrize("stream", [a_stream(100.0), a_stream(unit=Unit.G), a_stream(scale=0.0)])
def test_what_no_method_can_judge_shows_nothing(stream):
    chunk = a_chunk(a_stream(), np.zeros((10, 1)))
    assert Lookout.over(chunk) is not None
    assert Lookout.over(replace(chunk, stream=stream)) is None


async def test_a_backlog_shows_nothing():
    """Both bands twitch alike, and one of them tells of an hour ago."""
    now = {"s": 0.0}
    live = parts(twitching(500.0))
    old = [
        replace(one, stream=replace(one.stream, device="old"), clock=replace(one.clock, time_s=START_S - 3600.0))
        for one in live
    ]
    async with open_bus("local:glimpses", "x") as bus, bus.subscribe(Glimpse) as heard:
        async with Glimpsing(bus, lambda: now["s"]).at_work():
            for mine, other in zip(live, old, strict=True):
                now["s"] = mine.end_s + 0.1
                await bus.publish(Parcel(other), Parcel(mine))
                await asyncio.sleep(0)
            found = []
            async with asyncio.timeout(10):
                while len(found) < len(TIMES_S):
                    found += [parcel.message for parcel in await anext(heard)]
    assert [one.device for one in found] == ["band"] * len(TIMES_S)
