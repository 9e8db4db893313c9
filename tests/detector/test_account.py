"""Every sample that is taken is used, excluded or still undecided, in the night it was measured in."""

from collections import Counter
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aquiver import accounts
from aquiver.model import Chunk, Clock
from aquiver.nights import end_of
from detector.account import MISSING, TAKEN, USED
from detector.engine import Engine
from tests.samples import NIGHT, a_stream

UTC = ZoneInfo("UTC")
NOON_S = end_of(NIGHT, UTC)
STEPS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 400)), min_size=1, max_size=12)  # lost, received


def chunks_of(steps, run="r", start_s=NOON_S - 4.0):
    position = 0
    for n_lost, n in steps:
        first = position + n_lost
        samples = np.random.default_rng(first).integers(-9, 9, (n, 2)).astype(np.int32)
        yield Chunk(a_stream(), run, first, position, Clock(0, start_s, 200.0), samples)
        position = first + n


def by(entries: Counter) -> Counter:
    sums: Counter = Counter()
    for (_, night, what), n in entries.items():
        sums[night, "excluded" if what.startswith("excluded") else what] += n
    return sums


@given(steps=STEPS)
@settings(max_examples=60, deadline=None)
def test_the_detectors_account_agrees_with_the_collectors_to_the_sample(steps):
    engine, seen, sent = Engine(UTC), Counter(), Counter()
    for chunk in chunks_of(steps):
        engine.feed(chunk)
        seen.update(engine.settle())
        sent.update(accounts.count(chunk, "received", "lost", UTC))
    engine.finish()
    seen.update(engine.settle())
    theirs, ours = by(sent), by(seen)
    for night in {night for night, _ in theirs}:
        assert ours[night, TAKEN] == theirs[night, "received"]
        assert ours[night, MISSING] == theirs[night, "lost"]
        assert ours[night, USED] + ours[night, "excluded"] == ours[night, TAKEN]


@given(steps=STEPS, cut=st.integers(0, 11))
@settings(max_examples=30, deadline=None)
def test_what_was_lost_under_way_is_missing_and_all_that_came_is_taken(steps, cut):
    engine = Engine(UTC)
    chunks = list(chunks_of(steps))
    came = [chunk for index, chunk in enumerate(chunks) if index != cut]
    for chunk in came:
        engine.feed(chunk)
    engine.finish()
    sums = Counter()
    for (_, what), n in by(engine.settle()).items():
        sums[what] += n
    assert sums[TAKEN] == sum(chunk.n_samples for chunk in came) == sums[USED] + sums["excluded"]


def test_what_was_settled_once_is_not_given_again():
    engine = Engine(UTC)
    for chunk in chunks_of([(0, 400), (0, 400)]):
        engine.feed(chunk)
    assert engine.settle()
    assert not engine.settle()


def test_a_snapshot_keeps_what_is_not_settled_yet():
    engine = Engine(UTC)
    for chunk in chunks_of([(0, 400), (0, 400)]):
        engine.feed(chunk)
    again = Engine.restore(engine.snapshot(), UTC)
    assert again.settle() == engine.settle()
