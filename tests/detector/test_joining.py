"""A backlog may be searched in long stretches: the result is the same."""

from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from detector.engine import Engine
from detector.joining import join
from tests.detector.test_account import chunks_of

UTC = ZoneInfo("UTC")
STEPS = st.lists(st.tuples(st.sampled_from([0, 0, 0, 30]), st.integers(1, 90)), min_size=1, max_size=40)


def decided(chunks) -> list:
    engine = Engine(UTC)
    return [record for chunk in chunks for record in engine.feed(chunk)] + engine.finish()


@given(steps=STEPS)
@settings(max_examples=40, deadline=None)
def test_joining_changes_no_record(steps):
    chunks = list(chunks_of(steps))
    assert decided(join(chunks)) == decided(chunks)


def test_what_has_a_gap_between_stays_apart():
    one, two, three = chunks_of([(0, 10), (5, 10), (0, 10)])
    joined = join([one, two, three])
    assert [(chunk.follows, chunk.first_sample, chunk.n_samples) for chunk in joined] == [(0, 0, 10), (10, 15, 20)]
