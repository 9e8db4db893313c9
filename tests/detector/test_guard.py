"""The accelerometer of a band says when what its electrodes saw was movement."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aquiver.model import Chunk, Modality, Period, Record, SpanReason, Tally, Twitch
from detector.engine import Engine
from tests.detector.planted import START_S, UTC, Floats, a_chunk, a_stream, an_accelerometer, noise, plant

RATE_HZ, SHAKE_HZ = 500.0, 50.0
TIMES_S = [15.0, 20.0, 26.0, 31.0, 36.0]


def electrodes() -> Chunk:
    return a_chunk(a_stream(RATE_HZ), plant(noise(RATE_HZ, 45.0, 4.0), RATE_HZ, TIMES_S, [90.0] * 5).samples)


def accelerometer(moving_s: tuple[float, float] = (25.0, 27.0), scale: float = 0.0005) -> Chunk:
    felt: Floats = noise(SHAKE_HZ, 45.0, 0.001, 3) + np.array([0.0, 0.6, 0.8])
    first, last = (round(time_s * SHAKE_HZ) for time_s in moving_s)
    swing = 0.1 * np.sin(2 * np.pi * 2.0 * np.arange(last - first) / SHAKE_HZ)
    felt[first:last] += swing[:, np.newaxis]
    return a_chunk(an_accelerometer(SHAKE_HZ, scale), felt)


def pieces(chunk: Chunk, length_s: float) -> list[Chunk]:
    parts, n = [chunk], round(length_s * chunk.stream.rate_hz)
    while parts[-1].n_samples > n:
        parts[-1:] = parts[-1].cut(n)
    return parts


def by_time(*chunks: Chunk, length_s: float = 1.0) -> list[Chunk]:
    return sorted((part for chunk in chunks for part in pieces(chunk, length_s)), key=lambda part: part.end_s)


def emg(chunks: list[Chunk]) -> list[Record]:
    engine = Engine(UTC)
    records = [record for chunk in chunks for record in engine.feed(chunk)] + engine.finish()
    return [record for record in records if record.modality is Modality.EMG]


def onsets_s(records: list[Record]) -> list[int]:
    return [round(record.onset_s - START_S) for record in records if isinstance(record, Twitch)]


def night(records: list[Record]) -> Tally:
    return [record for record in records if isinstance(record, Tally) and record.period is Period.NIGHT][-1]


def test_what_a_moving_band_sees_is_not_counted_and_its_time_neither():
    records = emg(by_time(electrodes(), accelerometer()))
    assert onsets_s(records) == [15, 20, 31, 36]
    tally = night(records)
    assert tally.n_twitches == 4
    assert 3.5 <= tally.excluded_s[SpanReason.MOVEMENT] <= 5.0
    assert tally.analysable_s + sum(tally.excluded_s.values()) == pytest.approx(45.0, abs=1e-6)


def test_a_still_accelerometer_changes_nothing():
    alone, together = emg([electrodes()]), emg(by_time(electrodes(), accelerometer((0.0, 0.0))))
    assert onsets_s(alone) == onsets_s(together) == [15, 20, 26, 31, 36]
    assert night(alone) == night(together)


def test_a_twitch_that_moves_the_skin_is_no_movement():
    felt = accelerometer((0.0, 0.0))
    shaken, since_s = felt.samples.copy(), np.arange(20) / SHAKE_HZ
    swing = 0.15 / 0.0005 * np.exp(-since_s / 0.075) * np.sin(2 * np.pi * 10.0 * since_s)
    for time_s in TIMES_S:
        first = round(time_s * SHAKE_HZ)
        shaken[first : first + 20, 2] += swing.astype(np.int32)
    assert onsets_s(emg(by_time(electrodes(), replace(felt, samples=shaken)))) == [15, 20, 26, 31, 36]


def test_one_that_is_too_coarse_for_twitches_guards_all_the_same():
    assert onsets_s(emg(by_time(electrodes(), accelerometer(scale=0.0156)))) == [15, 20, 31, 36]


def test_the_band_beside_it_is_not_guarded():
    other = accelerometer()
    other = replace(other, stream=replace(other.stream, device="other"))
    assert onsets_s(emg(by_time(electrodes(), other))) == [15, 20, 26, 31, 36]


def test_one_that_falls_silent_holds_the_electrodes_up_for_a_while_only():
    head = [part for part in pieces(accelerometer((45.0, 45.0)), 1.0) if part.end_s - START_S <= 10.0]
    chunks = sorted([*pieces(electrodes(), 1.0), *head], key=lambda part: part.end_s)
    engine = Engine(UTC)
    told = [record for chunk in chunks for record in engine.feed(chunk) if isinstance(record, Twitch)]
    assert [round(twitch.onset_s - START_S) for twitch in told] == [15, 20, 26, 31]
    assert onsets_s(engine.finish()) == [36]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=90, max_size=90), st.integers(5, 80))
def test_neither_order_nor_a_restart_matters(late, restart_at):
    """Chunks of one band come in any order within three seconds."""
    chunks = by_time(electrodes(), accelerometer())
    mixed = [chunk for _, _, chunk in sorted((chunk.end_s + late[n], n, chunk) for n, chunk in enumerate(chunks))]
    streams = {chunk.stream.modality: [one for one in chunks if one.stream == chunk.stream] for chunk in chunks}
    in_order = [streams[chunk.stream.modality].pop(0) for chunk in mixed]
    engine, records = Engine(UTC), []
    for number, chunk in enumerate(in_order):
        if number == restart_at:
            engine = Engine.restore(engine.snapshot(), UTC)
        records += engine.feed(chunk)
    records = [record for record in records + engine.finish() if record.modality is Modality.EMG]
    assert [r for r in records if isinstance(r, Twitch)] == [r for r in emg(chunks) if isinstance(r, Twitch)]
    assert night(records) == night(emg(chunks))
