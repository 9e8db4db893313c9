"""Nights: joined, never split, never doubled."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from aquiver.body import Site
from aquiver.model import Modality, Period
from aquiver.nights import start_of
from detector.decision import Piece
from detector.judgement.night import tracks_of
from detector.tally import Tallies
from tests.detector.planted import a_stream
from tests.judgement.drawn import a_tally

STREAM = a_stream(200.0)


def joined(*tallies):
    (track,) = tracks_of(tallies)
    return [(night.name, night.n_twitches, night.hours) for night in track.nights]


def test_sessions_of_one_date_join():
    nap = a_tally(0, 5, 1.0, start_s=1.0)
    assert joined(a_tally(0, 50, 6.0), nap) == [("2026-01-05", 55, 7.0)]


def test_a_later_tally_replaces_the_earlier_of_its_period():
    assert joined(a_tally(0, 50, 6.0, is_final=False), a_tally(0, 52, 6.5)) == [("2026-01-05", 52, 6.5)]


def test_of_two_bands_on_a_site_the_longer_one_speaks_and_hours_count_once():
    assert joined(a_tally(0, 50, 6.0), a_tally(0, 48, 5.0, device="other")) == [("2026-01-05", 50, 6.0)]


def test_minutes_count_only_where_the_night_has_no_tally():
    minutes = [a_tally(0, 1, 1 / 60, period=Period.MINUTE, start_s=60.0 * n) for n in range(120)]
    assert joined(*minutes) == [("2026-01-05", 120, pytest.approx(2.0))]
    assert joined(*minutes, a_tally(0, 130, 2.5)) == [("2026-01-05", 130, 2.5)]


def test_kinds_of_sensor_stay_apart_and_heartbeats_are_none():
    kinds = [a_tally(0, 5, 3.0, modality=modality) for modality in Modality]
    assert [track.modality for track in tracks_of(kinds)] == [Modality.EMG, Modality.ACCELEROMETER]


def test_a_night_is_final_once_there_is_a_later_one_of_any_site():
    open_ = a_tally(0, 5, 3.0, is_final=False)
    (track,) = tracks_of([open_])
    assert not track.nights[0].is_final
    first, _ = tracks_of([open_, a_tally(1, 5, 3.0, Site.RIGHT_CALF, is_final=False)])
    assert first.nights[0].is_final


@given(some.permutations(range(6)))
def test_the_order_of_different_tallies_does_not_matter(order):
    tallies = [a_tally(n // 2, n, 1.0 + n, start_s=float(n)) for n in range(6)]
    assert tracks_of([tallies[place] for place in order]) == tracks_of(tallies)


def slept(*sessions):
    """Book hours of sleep, each begun at a local time, as the detector does; give the nights."""
    tallies = Tallies()
    records = []
    for local, zone_name, hours in sessions:
        zone = ZoneInfo(zone_name)
        start_s = datetime.fromisoformat(local).replace(tzinfo=zone).timestamp()
        piece = Piece(0, start_s, start_s + hours * 3600.0, hours * 3600.0, None)
        records += tallies.book(piece, (1.0,), STREAM, zone)
        records += tallies.running(STREAM)
    (track,) = tracks_of([record for record in records if record.period is Period.NIGHT])
    return [(night.name, pytest.approx(night.hours)) for night in track.nights]


def test_a_flight_west_over_8_zones_makes_one_night_of_plane_and_hotel():
    there = slept(("2026-03-01T22:00", "Europe/London", 5.0), ("2026-03-01T23:00", "America/Los_Angeles", 7.0))
    assert there == [("2026-03-01", 12.0)]


def test_a_flight_east_over_8_zones_splits_no_night():
    home = slept(("2026-03-01T22:00", "America/Los_Angeles", 7.0), ("2026-03-03T19:00", "Europe/London", 9.0))
    assert home == [("2026-03-01", 7.0), ("2026-03-03", 9.0)]


def test_a_band_restarted_in_another_zone_leaves_the_night_that_is_over_there():
    """By the clocks left behind it is still the second; where the wearer is, the third has begun."""
    home = slept(("2026-03-02T21:00", "America/Los_Angeles", 2.0), ("2026-03-03T19:00", "Europe/London", 9.0))
    assert home == [("2026-03-02", 2.0), ("2026-03-03", 9.0)]


@pytest.mark.parametrize(("evening", "hours"), [("2026-03-28", 8.0), ("2026-10-24", 10.0)])
def test_a_night_of_a_clock_change_stays_one(evening, hours):
    assert slept((f"{evening}T22:00", "Europe/Berlin", hours)) == [(evening, hours)]
    assert start_of(evening, ZoneInfo("Europe/Berlin")) < start_of(evening, ZoneInfo("America/New_York"))
