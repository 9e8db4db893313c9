"""Electrodes with an accelerometer beside them: what is told never depends on which of the two was heard first.

Runs end orderly or by a kill, samples are lost, the limb moves at any time, chunks come up to 8 s late, the engine is
restarted anywhere. The same two streams give the same records of each, in the same order.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aquiver.model import Chunk, Clock, Modality, Record, SpanReason, Tally, Twitch
from detector.account import EXCLUDED, TAKEN, USED
from detector.engine import Engine
from detector.joining import join
from tests.detector.planted import START_S, UTC, Floats, a_chunk, a_stream, an_accelerometer, noise, plant

LENGTH_S = 45.0
ELECTRODES, ACCELEROMETER = a_stream(200.0), an_accelerometer(50.0, 0.0005)
MOST_LATE_S = 7.9


@pytest.fixture(scope="module", autouse=True)
def way() -> None:
    """One way is enough here: what waits, and for whom, is not in the inner loops."""


def seen() -> Floats:
    times_s = [float(time_s) for time_s in np.arange(6.0, LENGTH_S - 1.0, 0.7)]
    return plant(noise(200.0, LENGTH_S, 4.0), 200.0, times_s, [110.0] * len(times_s)).samples


def felt(moving_s: list[tuple[float, float]]) -> Floats:
    values: Floats = noise(50.0, LENGTH_S, 0.001, 3, 3) + np.array([0.0, 0.6, 0.8])
    for start_s, length_s in moving_s:
        first, last = round(start_s * 50.0), min(len(values), round((start_s + length_s) * 50.0))
        swing = 0.1 * np.sin(2 * np.pi * 2.0 * np.arange(last - first) / 50.0)
        values[first:last] += swing[:, np.newaxis]
    return values


SEEN = a_chunk(ELECTRODES, seen())


@dataclass(frozen=True)
class Cuts:
    """How a stream was heard: ``silent_s`` are pauses, and what each leaves: a gap, a killed run, or one that ended."""

    silent_s: tuple[tuple[float, float, str], ...]
    chunk_s: float


def heard(whole: Chunk, cuts: Cuts) -> list[Chunk]:
    """Give the chunks of a stream, in order, as a collector would have numbered and clocked them."""
    stream, rate_hz = whole.stream, whole.stream.rate_hz
    chunks: list[Chunk] = []
    run, first_of_run, follows, at = 0, 0, 0, 0
    edges = [
        (round(start_s * rate_hz), round((start_s + length_s) * rate_hz), how)
        for start_s, length_s, how in cuts.silent_s
    ]
    for start, stop, how in [*edges, (whole.n_samples, whole.n_samples, "end")]:
        for first in range(at, start, round(cuts.chunk_s * rate_hz)):
            last = min(start, first + round(cuts.chunk_s * rate_hz))
            clock = Clock(0, START_S + first_of_run / rate_hz, rate_hz)
            numbers = first - first_of_run, follows - first_of_run
            chunks.append(Chunk(stream, f"run-{run}", *numbers, clock, whole.samples[first:last]))
            follows = last
        if how in ("last", "end") and chunks:
            chunks[-1] = replace(chunks[-1], is_last=True)
        at = max(at, stop)
        if how in ("killed", "last"):
            run, first_of_run, follows = run + 1, at, at
    return [chunk for chunk in chunks if chunk.n_samples]


def mixed(streams: list[list[Chunk]], late_s: list[float]) -> list[Chunk]:
    """Let each chunk arrive some time after its end, in the order of its stream."""
    arrivals = []
    for number, chunks in enumerate(streams):
        arrived_s = 0.0
        for index, chunk in enumerate(chunks):
            lag_s = late_s[(index // 7 * (3 if number else 5) + number) % len(late_s)]
            arrived_s = max(arrived_s, min(chunk.end_s + lag_s, chunk.end_s + MOST_LATE_S))
            arrivals.append((arrived_s, number, index, chunk))
    return [chunk for *_, chunk in sorted(arrivals, key=lambda arrival: arrival[:3])]


def told(chunks: list[Chunk], batch_sizes: list[int] | None = None, restart_every: int = 0) -> dict[str, list[Record]]:
    """Feed chunks, some at once and joined, and restart in between; give the records of each stream, in order."""
    engine, records = Engine(UTC), []
    sizes, at, n_batches = batch_sizes or [1], 0, 0
    while at < len(chunks):
        batch = chunks[at : at + sizes[n_batches % len(sizes)]]
        records += engine.feed(*join(batch))
        at, n_batches = at + len(batch), n_batches + 1
        if restart_every and n_batches % restart_every == 0:
            engine = Engine.restore(engine.snapshot(), UTC)
    records += engine.finish()
    assert_every_sample_is_accounted_for(engine)
    return {modality: [one for one in records if one.modality is modality] for modality in Modality}


def assert_every_sample_is_accounted_for(engine: Engine) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for (stream, _, what), n in engine.settle().items():
        sums[stream, "decided" if what == USED or what.startswith(EXCLUDED) else what] += n
    for stream, _ in list(sums):
        assert sums[stream, "decided"] == sums[stream, TAKEN] > 0


HOW = st.sampled_from(["gap", "killed", "last"])


@st.composite
def silences(draw: st.DrawFn) -> tuple[tuple[float, float, str], ...]:
    found, at_s = [], draw(st.floats(0.5, 25.0))
    for _ in range(draw(st.integers(0, 3))):
        length_s = draw(st.sampled_from([0.02, 0.3, 2.0, 9.0, 15.0]))
        if at_s + length_s > LENGTH_S - 2.0:
            break
        found.append((at_s, length_s, draw(HOW)))
        at_s += length_s + draw(st.floats(0.3, 12.0))
    return tuple(found)


movements = st.lists(st.tuples(st.floats(0.0, 42.0), st.floats(0.3, 6.0)), max_size=6)
delays = st.lists(st.floats(0.0, MOST_LATE_S), min_size=4, max_size=12)
sizes = st.lists(st.integers(1, 60), min_size=1, max_size=5)
quick = settings(max_examples=20, deadline=None)


@quick
@given(silences(), silences(), movements, delays, sizes, st.integers(0, 9))
@example((), (), [(0.0, 2.0), (7.65625, 2.0)], [0.0] * 4, [4], 0)  # a heart that is first believed within a batch
def test_neither_order_nor_batches_nor_restarts_matter(mine_s, other_s, moving_s, late_s, batch_sizes, restart_every):
    mine = heard(SEEN, Cuts(mine_s, 0.5))
    other = heard(a_chunk(ACCELEROMETER, felt(moving_s)), Cuts(other_s, 0.7))
    in_order = told(mixed([other, mine], [0.0]))
    assert told(mixed([other, mine], late_s), batch_sizes, restart_every) == in_order
    assert told(mixed([mine, other], late_s[::-1])) == in_order


@quick
@given(st.floats(0.0, 25.0), st.floats(15.0, 40.0), movements, delays)
def test_an_accelerometer_that_comes_later_and_dies_early_may_be_heard_when_it_likes(from_s, until_s, moving_s, late_s):
    mine = heard(SEEN, Cuts((), 0.5))
    whole = heard(a_chunk(ACCELEROMETER, felt(moving_s)), Cuts(((0.0, from_s, "killed"),), 0.7))
    other = [replace(chunk, is_last=False) for chunk in whole if chunk.end_s - START_S < until_s]
    assert told(mixed([other, mine], late_s)) == told(mixed([other, mine], [0.0]))


def test_the_law_is_about_something():
    mine = heard(SEEN, Cuts(((30.0, 2.0, "killed"),), 0.5))
    other = heard(a_chunk(ACCELEROMETER, felt([(20.0, 2.0), (37.0, 3.0)])), Cuts((), 0.7))
    records = told(mixed([other, mine], [7.0, 0.0]))[Modality.EMG]
    night = [one for one in records if isinstance(one, Tally)][-1]
    assert night.excluded_s[SpanReason.MOVEMENT] > 8.0
    assert sum(isinstance(one, Twitch) for one in records) > 20
    alone = told(mine)[Modality.EMG]
    assert sum(isinstance(one, Twitch) for one in alone) > sum(isinstance(one, Twitch) for one in records) + 8
