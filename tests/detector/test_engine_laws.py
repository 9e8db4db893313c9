"""What must hold for any signal, however its samples arrive."""

from dataclasses import replace
from datetime import UTC as UTC_ZONE
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aquiver.body import Site
from aquiver.errors import StoreError
from aquiver.model import Chunk, Clock, Period, Record, Span, SpanReason, Stream, Tally
from detector.engine import Engine
from detector.methods import METHOD_VERSION
from tests.detector.planted import (
    START_S,
    UTC,
    Floats,
    a_chunk,
    a_stream,
    an_accelerometer,
    decided,
    excluded_s,
    newest,
    night,
    noise,
    plant,
    total_s,
    twitches,
    with_hole,
)

RATE_HZ = 200.0
BAND = a_stream(RATE_HZ, 2)
N = 5000


def eventful() -> Floats:
    """25 s with twitches, a contraction, a saturated sample and a lost electrode."""
    samples = plant(noise(RATE_HZ, 25.0, 4.0, 2), RATE_HZ, [7.0, 9.2, 9.26, 17.0, 23.9, 24.9], [90.0] * 6).samples
    samples[2200:2500] *= 15.0
    samples[4000:4010] = 4000.0
    samples[4200:4400, 0] = 1.0
    return samples


WHOLE = a_chunk(BAND, eventful())
HOLED = with_hole(WHOLE, 3333, 3401)
few = settings(max_examples=25, deadline=None)  # each example decides 25 s of signal
cuts = st.lists(st.integers(0, N), max_size=12)


def cut(chunk: Chunk, at: list[int]) -> list[Chunk]:
    parts = [chunk]
    for sample in sorted(at):
        if parts[-1].first_sample <= sample <= parts[-1].end_sample:
            parts[-1:] = parts[-1].cut(sample - parts[-1].first_sample)
    return parts


def test_the_signal_is_worth_the_laws() -> None:
    records = decided(*HOLED)
    assert len(twitches(records)) >= 3
    reasons = {SpanReason.EDGE, SpanReason.GAP, SpanReason.MOVEMENT, SpanReason.SATURATED, SpanReason.WARM_UP}
    assert set(night(records).excluded_s) >= reasons


@few
@given(cuts)
def test_chunking_does_not_matter(at: list[int]) -> None:
    assert decided(*[part for chunk in HOLED for part in cut(chunk, at)]) == decided(*HOLED)


def test_not_even_sample_by_sample() -> None:
    chunk = replace(WHOLE, samples=WHOLE.samples[:2600])
    assert decided(*cut(chunk, list(range(2600)))) == decided(chunk)


@pytest.mark.parametrize("rate_hz", [200.0, 198.3])
def test_quiet_minutes_are_told_alike_at_once_and_bit_by_bit(rate_hz: float) -> None:
    """Quiet blocks are decided together, but for the ends of minutes, a tally every 5 s and the change of a clock."""
    chunk = a_chunk(BAND, noise(RATE_HZ, 200.0, 4.0, 2), start_s=START_S + 27.13)
    head, tail = replace(chunk, clock=Clock(0, START_S + 27.13, rate_hz)).cut(21_011)
    late = replace(tail, clock=Clock(0, START_S + 27.2, rate_hz))
    assert decided(*cut(head, list(range(0, N, 37))), *cut(late, list(range(21_011, 40_000, 51)))) == decided(
        head, late
    )


@few
@given(cuts)
def test_chunking_an_accelerometer_does_not_matter(at: list[int]) -> None:
    chunk = a_chunk(an_accelerometer(RATE_HZ), eventful()[:, [0, 1, 1]] / 1000.0)
    assert decided(*cut(chunk, at)) == decided(chunk)


@few
@given(cuts, st.integers(0, 12))
def test_a_restart_does_not_matter(at: list[int], restart_after: int) -> None:
    engine, records = Engine(UTC), []
    for number, chunk in enumerate([part for whole in HOLED for part in cut(whole, at)]):
        records += engine.feed(chunk)
        if number == restart_after:
            engine = Engine.restore(engine.snapshot(), UTC)
    assert records + engine.finish() == decided(*HOLED)


@few
@given(st.lists(st.booleans(), max_size=30))
def test_interleaving_streams_does_not_matter(turns: list[bool]) -> None:
    other = a_chunk(replace(BAND, device="other"), eventful()[::-1])
    mine, others = cut(WHOLE, list(range(0, N, 400))), cut(other, list(range(0, N, 700)))
    mixed: list[Chunk] = []
    for is_mine in turns:
        source = mine if is_mine else others
        mixed += [source.pop(0)] if source else []
    records = decided(*mixed, *mine, *others)
    for device, chunk in (("band", WHOLE), ("other", other)):
        assert [record for record in records if record.device == device] == decided(chunk)


@few
@given(st.integers(0, N - 1), st.integers(1, 4000))
def test_received_and_lost_time_add_up(start: int, n_lost: int) -> None:
    head, tail = WHOLE.cut(start)
    moved = replace(tail, first_sample=start + n_lost, clock=tail.clock)
    records = decided(head, moved)
    for period in Period:
        assert total_s(newest(records, period)) == pytest.approx((N + n_lost) / RATE_HZ, abs=1e-6)
    assert excluded_s(records, SpanReason.GAP) == pytest.approx(n_lost / RATE_HZ, abs=1e-6)


@few
@given(st.integers(0, N - 1), st.integers(1, 4000))
def test_spans_tell_all_the_excluded_time(start: int, n_lost: int) -> None:
    head, tail = WHOLE.cut(start)
    records = decided(head, replace(tail, first_sample=start + n_lost))
    for reason, seconds in night(records).excluded_s.items():
        spans = [record for record in records if isinstance(record, Span) and record.reason is reason]
        assert sum(span.stop_s - span.start_s for span in spans) == pytest.approx(seconds, abs=1e-4)


def test_every_twitch_is_counted_once_in_every_period() -> None:
    records = decided(*HOLED)
    for period in Period:
        assert sum(tally.n_twitches for tally in newest(records, period)) == len(twitches(records))


def test_no_twitch_lies_in_excluded_time() -> None:
    records = decided(*HOLED)
    spans = [record for record in records if isinstance(record, Span)]
    assert not [t for t in twitches(records) for span in spans if span.start_s <= t.onset_s < span.stop_s]


def test_twitches_have_their_own_samples() -> None:
    found = [twitch.sample for twitch in twitches(decided(WHOLE))]
    assert len(set(found)) == len(found)


def test_a_short_gap_keeps_what_is_known_of_the_noise() -> None:
    records = decided(*with_hole(a_chunk(BAND, noise(RATE_HZ, 25.0, 4.0, 2)), 3000, 3200))
    assert night(records).excluded_s == {SpanReason.WARM_UP: 5.5, SpanReason.GAP: pytest.approx(1.0)}


def test_a_long_gap_warms_up_again() -> None:
    head, tail = a_chunk(BAND, noise(RATE_HZ, 25.0, 4.0, 2)).cut(3000)
    records = decided(head, replace(tail, first_sample=3000 + round(60 * RATE_HZ)))
    assert excluded_s(records, SpanReason.WARM_UP) == pytest.approx(10.5)
    assert excluded_s(records, SpanReason.GAP) == pytest.approx(60.0)


def test_a_block_that_was_broken_off_is_not_judged_and_not_called_a_gap() -> None:
    records = decided(*with_hole(a_chunk(BAND, noise(RATE_HZ, 25.0, 4.0, 2)), 3010, 3050))
    assert excluded_s(records, SpanReason.GAP) == pytest.approx(40 / RATE_HZ)
    assert excluded_s(records, SpanReason.EDGE) == pytest.approx(10 / RATE_HZ)


def test_samples_sent_twice_count_once() -> None:
    head, tail = WHOLE.cut(2000)
    again = replace(WHOLE, samples=WHOLE.samples[:3000])
    assert decided(head, again, again, tail) == decided(WHOLE)


def test_the_last_chunk_ends_the_run_with_its_tallies() -> None:
    engine = Engine(UTC)
    records = engine.feed(replace(WHOLE, is_last=True))
    assert [record.period for record in records[-3:] if isinstance(record, Tally)] == list(Period)
    assert engine.finish() == []


def test_a_new_run_ends_the_old_one() -> None:
    second = a_chunk(BAND, eventful(), run="second", start_s=START_S + 25.0)
    records = decided(WHOLE, second)
    assert {twitch.run for twitch in twitches(records)} == {"run", "second"}
    assert night(records).n_twitches == len(twitches(records))
    assert total_s(newest(records, Period.NIGHT)) == pytest.approx(50.0)


def test_a_minute_goes_on_in_the_next_run() -> None:
    second = a_chunk(BAND, eventful(), run="second", start_s=START_S + 30.0)
    (minute,) = newest(decided(WHOLE, second), Period.MINUTE)
    assert total_s([minute]) == pytest.approx(55.0)
    assert minute.excluded_s[SpanReason.GAP] >= 5.0


def pause_s(zone: ZoneInfo, start_s: float, pause_s: float) -> float:
    """The gap that is counted between two runs of pure noise."""
    samples = noise(RATE_HZ, 10.0, 4.0, 2)
    first = a_chunk(BAND, samples, start_s=start_s)
    second = a_chunk(BAND, samples, run="second", start_s=start_s + 10.0 + pause_s)
    tallies = newest(decided(first, second, zone=zone), Period.NIGHT)
    return sum(tally.excluded_s.get(SpanReason.GAP, 0.0) for tally in tallies)


def test_a_pause_between_runs_is_a_gap_within_a_night() -> None:
    evening_s = datetime(2026, 11, 22, 22, tzinfo=UTC_ZONE).timestamp()
    assert pause_s(UTC, evening_s, 3600.0) == pytest.approx(3600.0)
    assert pause_s(UTC, evening_s, 13 * 3600.0) == 0.0
    assert pause_s(UTC, evening_s - 10.5 * 3600.0, 3600.0) == 0.0
    assert pause_s(UTC, evening_s, -3600.0) == 0.0


def test_a_gap_in_a_refused_stream_is_a_gap() -> None:
    head, middle, tail = cut(a_chunk(a_stream(100.0), noise(100.0, 20.0, 4.0)), [500, 700])
    records = decided(head, replace(tail, follows=middle.first_sample))
    assert night(records).excluded_s == {SpanReason.UNSUITABLE: pytest.approx(18.0), SpanReason.GAP: pytest.approx(2.0)}


def test_another_site_has_its_own_tallies() -> None:
    moved = replace(BAND, site=Site.LEFT_THIGH)
    samples = noise(RATE_HZ, 10.0, 4.0, 2)
    runs: list[tuple[Stream, str]] = [(BAND, "a"), (moved, "b"), (BAND, "c")]
    chunks = [a_chunk(key, samples, run=run, start_s=START_S + 10.0 * n) for n, (key, run) in enumerate(runs)]
    seconds = {tally.site: total_s([tally]) for tally in newest(decided(*chunks), Period.NIGHT)}
    assert seconds == {Site.LEFT_CALF: pytest.approx(30.0), Site.LEFT_THIGH: pytest.approx(10.0)}


def test_each_chunk_brings_the_clock_of_its_samples() -> None:
    head, tail = a_chunk(BAND, plant(noise(RATE_HZ, 20.0, 4.0, 2), RATE_HZ, [8.0, 16.0], [90.0] * 2).samples).cut(2400)
    late = replace(tail, clock=Clock(0, START_S + 0.5, RATE_HZ))
    assert [round(t.onset_s - START_S, 1) for t in twitches(decided(head, late))] == [8.0, 16.5]
    cut_again = [*cut(head, [1000]), *cut(late, [2500, 3000])]
    assert decided(*cut_again) == decided(head, late)


def test_a_true_rate_counts_true_seconds() -> None:
    chunk = replace(WHOLE, clock=Clock(0, START_S, 198.0))
    assert total_s([night(decided(chunk))]) == pytest.approx(N / 198.0)


def test_a_foreign_snapshot_is_refused() -> None:
    for data in (b"", b"nonsense", Engine(UTC).snapshot().replace(METHOD_VERSION.encode(), b"envelope-0")):
        with pytest.raises(StoreError):
            Engine.restore(data, UTC)


def test_a_snapshot_keeps_the_mains() -> None:
    engine = Engine(UTC, mains_hz=60.0)
    hum = 20.0 * np.sin(2 * np.pi * 60.0 * np.arange(N)[:, np.newaxis] / RATE_HZ)
    chunk = a_chunk(BAND, noise(RATE_HZ, 25.0, 4.0, 2) + hum)
    records: list[Record] = Engine.restore(engine.snapshot(), UTC).feed(chunk)
    tallies = [record for record in records if isinstance(record, Tally)]
    assert tallies[-1].floor < 6.0


def test_a_wearer_who_is_forgotten_leaves_no_trace_and_the_others_go_on():
    other = replace(WHOLE, stream=replace(BAND, wearer="anna"))
    both, alone = Engine(UTC), Engine(UTC)
    for engine, chunks in ((both, (WHOLE, other)), (alone, (WHOLE,))):
        for chunk in chunks:
            engine.feed(replace(chunk, is_last=False))
    both.forget("anna")
    assert both.snapshot() == alone.snapshot()
    assert b"anna" not in both.snapshot()
