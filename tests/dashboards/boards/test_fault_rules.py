"""Rules about the machine: a night that breaks off is a fault, and a quiet one is none. On a real InfluxDB."""

from dataclasses import replace

import pytest

from aquiver.model import BandState
from aquiver.store import open_store
from aquiver.vitals import Vitals
from tests.dashboards.boards.firing import ALL, ASKED, firing, value_at
from tests.dashboards.boards.history import ZONE
from tests.influx import needs_influx, new_bucket
from tests.samples import NOW_S, a_status


@pytest.fixture
def empty_store(tmp_path):
    opened = open_store(new_bucket(), tmp_path)
    yield opened
    opened.close()


def a_night(store, *, ends: bool, silent_from: int = 10**6, battery: float = 80.0) -> None:
    """Write half an hour of a band; it says goodbye, or does not."""
    vitals, marks = Vitals(ZONE), []
    for second in range(0, 1801, 10):
        newest_s = NOW_S + min(second, silent_from)
        status = replace(a_status(newest_s=newest_s), time_s=NOW_S + second, battery_percent=battery)
        marks += vitals.feed(status, NOW_S + second)
    if ends:
        status = replace(status, state=BandState.ENDED, time_s=NOW_S + 1801)
        marks += vitals.feed(status, NOW_S + 1801)
    store.draw(marks)


FAULTS = ("aquiver-no-samples", "aquiver-broken-off", "aquiver-battery", "aquiver-late")


@needs_influx
@pytest.mark.parametrize("later_s", [0.0, 330.0, 3600.0, 40_000.0])
def test_a_night_that_was_ended_is_no_fault_however_quiet(empty_store, later_s):
    a_night(empty_store, ends=True)
    assert [firing(empty_store, uid, NOW_S + 1805 + later_s) for uid in FAULTS] == [set()] * len(FAULTS)


@needs_influx
def test_a_day_without_any_band_is_no_fault(empty_store):
    assert all(ALL[uid]["noDataState"] == "OK" for uid in ALL)
    for uid in FAULTS:
        assert all(value_at(empty_store, part, NOW_S) == {} for name, part in ASKED if name == uid)


@needs_influx
def test_a_night_that_breaks_off_is_a_fault_within_ten_minutes_and_until_it_is_long_gone(empty_store):
    a_night(empty_store, ends=False)
    key = ("me", "left_calf", "band-1", "emg")
    assert firing(empty_store, "aquiver-broken-off", NOW_S + 1800 + 5) == set()
    assert firing(empty_store, "aquiver-broken-off", NOW_S + 1800 + 600) == {key}
    assert firing(empty_store, "aquiver-broken-off", NOW_S + 1800 + 11 * 3600) == {key}


@needs_influx
def test_a_band_that_falls_silent_is_a_fault_and_an_empty_one_is_another(empty_store):
    a_night(empty_store, ends=False, silent_from=1700, battery=7.0)
    assert len(firing(empty_store, "aquiver-no-samples", NOW_S + 1801)) == 1
    assert len(firing(empty_store, "aquiver-battery", NOW_S + 1801)) == 1
