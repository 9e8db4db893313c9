from dataclasses import replace

import pytest

from aquiver.model import Clock, Modality
from detector.offline import decide, summarise, total_of
from tests.detector.planted import UTC, a_chunk, a_stream, an_accelerometer, noise, plant, twitches

CHUNK = a_chunk(a_stream(), plant(noise(500.0, 30.0, 4.0), 500.0, [10.0, 15.0, 20.0], [90.0] * 3).samples)


def test_a_file_counts_seconds_from_its_start() -> None:
    records = list(decide([replace(CHUNK, clock=Clock(0, 0.0, 500.0))], UTC))
    assert [round(twitch.onset_s, 1) for twitch in twitches(records)] == [10.0, 15.0, 20.0]


def test_a_summary_gives_a_rate_with_its_interval() -> None:
    (summary,) = summarise(decide([CHUNK], UTC))
    total = summary.total
    assert total.count == 3
    assert total.analysable_s == pytest.approx(25.0)
    assert total.rate_per_hour == pytest.approx(3 * 3600 / 25.0)
    assert total.rate_interval_per_hour == pytest.approx((121.7, 1153.0), rel=1e-3)


def test_without_analysable_time_there_is_no_rate() -> None:
    (summary,) = summarise(decide([a_chunk(a_stream(100.0), noise(100.0, 10.0, 1.0))], UTC))
    assert (summary.total.rate_per_hour, summary.total.rate_interval_per_hour) == (None, None)


def test_sites_and_kinds_are_summed_up_apart() -> None:
    other = replace(CHUNK, stream=replace(CHUNK.stream, device="second"))
    still = a_chunk(an_accelerometer(), noise(100.0, 10.0, 0.001, 3))
    summaries = summarise(decide([CHUNK, other, still], UTC))
    counts = {summary.modality: summary.total.count for summary in summaries}
    assert counts == {Modality.EMG: 6, Modality.ACCELEROMETER: 0}
    assert total_of(summaries[:1]).count == 6
