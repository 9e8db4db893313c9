"""Minutes, hours and nights, by pieces of pure noise at 200 Hz."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from aquiver.model import Period, SpanReason, Tally
from aquiver.nights import end_of, start_of
from detector.decision import Piece
from detector.tally import Tallies
from tests.detector.planted import START_S, UTC, a_chunk, a_stream, decided, newest, noise, total_s

STREAM = a_stream(200.0)
BERLIN = ZoneInfo("Europe/Berlin")


def piece(start_s: float, duration_s: float, reason: SpanReason | None = None, *onsets_s: float) -> Piece:
    return Piece(0, start_s, start_s + duration_s, duration_s, reason, onsets_s)


def booked(*pieces: Piece, zone: ZoneInfo = UTC) -> list[Tally]:
    tallies = Tallies()
    records = [record for each in pieces for record in tallies.book(each, (4.0,), STREAM, zone)]
    return records + tallies.running(STREAM)


def test_a_running_minute_is_told_every_5_s() -> None:
    records = decided(a_chunk(STREAM, noise(200.0, 21.2, 4.0)))
    minutes = [record for record in records if isinstance(record, Tally) and record.period is Period.MINUTE]
    assert [total_s([minute]) for minute in minutes] == pytest.approx([5.0, 10.0, 15.0, 20.0, 21.2])
    assert not any(minute.is_final for minute in minutes)


def test_a_minute_is_final_when_it_is_over() -> None:
    records = decided(a_chunk(STREAM, noise(200.0, 80.0, 4.0), start_s=START_S + 30.0))
    minutes = newest(records, Period.MINUTE)
    assert [(minute.start_s - START_S, minute.is_final) for minute in minutes] == [(0.0, True), (60.0, False)]
    assert [total_s([minute]) for minute in minutes] == pytest.approx([30.0, 50.0])
    hours = [record for record in records if isinstance(record, Tally) and record.period is Period.HOUR]
    assert [total_s([hour]) for hour in hours] == pytest.approx([30.0, 80.0])


def test_nothing_follows_a_final_tally() -> None:
    records = decided(a_chunk(STREAM, noise(200.0, 200.0, 4.0)))
    tallies = [record for record in records if isinstance(record, Tally)]
    final = [(tally.period, tally.start_s) for tally in tallies if tally.is_final]
    for key in final:
        assert [tally.is_final for tally in tallies if (tally.period, tally.start_s) == key][-1]
    assert len(set(final)) == len(final) == 3


def test_a_piece_is_cut_at_the_minute_with_its_twitches() -> None:
    tallies = booked(piece(START_S + 50.0, 100.0, None, START_S + 59.9, START_S + 60.0, START_S + 140.0))
    minutes = newest(list(tallies), Period.MINUTE)
    assert [(minute.analysable_s, minute.n_twitches) for minute in minutes] == [(10.0, 1), (60.0, 1), (30.0, 1)]


def test_hours_end_at_whole_hours() -> None:
    tallies = booked(piece(START_S + 3000.0, 1000.0, SpanReason.GAP))
    hours = newest(list(tallies), Period.HOUR)
    assert [(hour.start_s - START_S, hour.is_final) for hour in hours] == [(0.0, True), (3600.0, False)]


@pytest.mark.parametrize(("night", "hours"), [("2026-10-24", 25), ("2027-03-27", 23), ("2026-11-22", 24)])
def test_a_night_of_a_clock_change_has_its_true_length(night: str, hours: int) -> None:
    start_s, end_s = start_of(night, BERLIN), end_of(night, BERLIN)
    tallies = booked(piece(start_s - 600.0, 600.0 + end_s - start_s + 600.0), zone=BERLIN)
    nights = newest(list(tallies), Period.NIGHT)
    assert [(tally.night, tally.is_final) for tally in nights][1] == (night, True)
    assert nights[1].analysable_s == pytest.approx(hours * 3600.0)


def test_an_hour_belongs_to_the_night_it_begins_in() -> None:
    zone = ZoneInfo("Asia/Kolkata")
    noon_s = datetime(2026, 11, 22, 12, tzinfo=zone).timestamp()
    tallies = booked(piece(noon_s - 600.0, 1200.0), zone=zone)
    assert [tally.night for tally in newest(list(tallies), Period.NIGHT)] == ["2026-11-21", "2026-11-22"]
    (hour,) = newest(list(tallies), Period.HOUR)
    assert (hour.night, hour.analysable_s) == ("2026-11-21", 1200.0)


def test_a_clock_set_back_a_little_does_not_reopen_a_minute() -> None:
    tallies = booked(piece(START_S + 50.0, 12.0), piece(START_S + 59.5, 1.0))
    assert [minute.analysable_s for minute in newest(list(tallies), Period.MINUTE)] == pytest.approx([10.0, 3.0])


def test_a_clock_set_back_far_starts_the_minute_it_shows() -> None:
    tallies = booked(piece(START_S + 300.0, 10.0), piece(START_S + 10.0, 10.0))
    minutes = newest(list(tallies), Period.MINUTE)
    assert [minute.start_s - START_S for minute in minutes] == [300.0, 0.0]
    (hour,) = newest(list(tallies), Period.HOUR)
    assert hour.analysable_s == 20.0


def test_the_floor_is_the_mean_over_analysable_time() -> None:
    tallies = Tallies()
    for floor, reason in ((2.0, None), (4.0, None), (90.0, SpanReason.NOISE)):
        tallies.book(piece(START_S, 5.0, reason), (floor,), STREAM, UTC)
    assert [tally.floor for tally in tallies.running(STREAM)] == [3.0, 3.0, 3.0]
