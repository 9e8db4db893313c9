"""Laws of the simulated source."""

import asyncio

import numpy as np

from aquiver.body import Site
from aquiver.model import Modality
from collector.simulation.body import Body
from collector.simulation.habits import DEMO
from collector.sources import Arrived, Event, Opened
from collector.sources.simulated import LATENCY_S, SIGNALS, SimulatedSource

START_S = 1_795_400_000.0
BOTH = (SIGNALS["emg-myo"], SIGNALS["acc-polar"])


def _source(duration_s: float, pace: float = 0.0) -> SimulatedSource:
    return SimulatedSource(Body(1, DEMO), Site.LEFT_CALF, BOTH, START_S, duration_s, pace)


async def _events(source: SimulatedSource) -> list[Event]:
    return [event async for event in source.events()]


def _frames(events: list[Event], modality: Modality) -> list[Arrived]:
    return [event for event in events if isinstance(event, Arrived) and event.frame.modality is modality]


async def test_it_opens_before_the_first_frame() -> None:
    kinds = [type(event) for event in await _events(_source(1.0))]
    assert kinds.index(Opened) < kinds.index(Arrived)


async def test_its_frames_are_the_body_without_a_hole() -> None:
    events = await _events(_source(3.0))
    for signal in BOTH:
        frames = [arrived.frame for arrived in _frames(events, signal.modality)]
        seen = np.concatenate([frame.samples for frame in frames])
        assert len(seen) == 3 * signal.rate_hz
        assert np.array_equal(seen, Body(1, DEMO).sense(Site.LEFT_CALF, signal, START_S, 0, len(seen)))
        assert [frame.count for frame in frames] == list(np.cumsum([0] + [len(f.samples) for f in frames[:-1]]))


async def test_a_frame_arrives_shortly_after_its_last_sample() -> None:
    first = _frames(await _events(_source(1.0)), Modality.EMG)[0]
    assert first.arrival_s == START_S + 19 / 200 + LATENCY_S


async def test_twice_the_same_night() -> None:
    one, two = [await _events(_source(1.0)) for _ in range(2)]
    assert [e.arrival_s for e in one if isinstance(e, Arrived)] == [e.arrival_s for e in two if isinstance(e, Arrived)]


async def test_the_pace_is_kept() -> None:
    began_s = asyncio.get_running_loop().time()
    await _events(_source(1.0, pace=0.05))
    assert asyncio.get_running_loop().time() - began_s >= 0.05


async def test_without_a_duration_it_does_not_end() -> None:
    source = SimulatedSource(Body(1), Site.LEFT_CALF, BOTH[:1], START_S, None, 0.0)
    n_frames = 0
    async for event in source.events():
        n_frames += isinstance(event, Arrived)
        if n_frames == 100:
            break
    assert n_frames == 100
