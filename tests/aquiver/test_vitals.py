"""How the bands do, as marks: few, at the time of what they are made from, and never zero for what is not known."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from aquiver.bus.local import LocalBus
from aquiver.errors import StoreError
from aquiver.model import BandState, Modality, Parcel, Place, Position, StreamStatus, Tally
from aquiver.recorder import Recorder
from aquiver.store import open_store
from aquiver.vitals import ANXIOUS_S, EVERY_S, Vitals
from tests.samples import NOW_S, a_status, a_tally, a_twitch

ZONE = ZoneInfo("UTC")


def at(time_s: float, state: BandState = BandState.STREAMING, newest_s: float | None = None):
    return replace(a_status(newest_s=time_s if newest_s is None else newest_s, state=state), time_s=time_s)


def test_an_hour_of_statuses_is_one_mark_in_thirty_seconds():
    vitals = Vitals(ZONE)
    marks = [mark for second in range(3600) for mark in vitals.feed(at(NOW_S + second), NOW_S + second)]
    assert len(marks) == 3600 / EVERY_S


def test_a_band_that_is_silent_or_sought_is_marked_every_ten_seconds():
    for status in (at(NOW_S), at(NOW_S, BandState.SEARCHING)):
        vitals = Vitals(ZONE)
        marks = [
            mark
            for second in range(300)
            for mark in vitals.feed(replace(status, time_s=NOW_S + second), NOW_S + second)
        ]
        assert len(marks) == 300 / ANXIOUS_S


def test_a_change_of_state_is_marked_at_once():
    vitals = Vitals(ZONE)
    states = [BandState.STREAMING, BandState.STREAMING, BandState.LOST, BandState.ENDED]
    marks = [mark for second, state in enumerate(states) for mark in vitals.feed(at(NOW_S + second, state), NOW_S)]
    assert [(mark.words["state"], mark.numbers["is_running"]) for mark in marks] == [
        ("streaming", 1.0),
        ("lost", 1.0),
        ("ended", 0.0),
    ]


def test_the_same_status_makes_the_same_mark_after_a_restart():
    assert Vitals(ZONE).feed(a_status(), NOW_S) == Vitals(ZONE).feed(a_status(), NOW_S + 500.0)


def test_each_stream_of_a_band_has_its_own_marks():
    streams = {modality: StreamStatus(NOW_S, 10, 0, 0.0) for modality in (Modality.EMG, Modality.ACCELEROMETER)}
    marks = Vitals(ZONE).feed(replace(a_status(), streams=streams), NOW_S)
    assert [mark.modality for mark in marks] == list(streams)


def test_a_band_that_was_never_heard_is_silent_since_it_is_looked_for():
    vitals = Vitals(ZONE)
    unheard = [replace(at(NOW_S + second, BandState.SEARCHING), streams={}) for second in (0.0, 40.0)]
    marks = [mark for status in unheard for mark in vitals.feed(status, NOW_S)]
    assert [mark.numbers["silent_s"] for mark in marks] == [0.0, 40.0]
    assert marks[0].numbers["newest_ms"] is None


def test_a_band_that_has_ended_is_not_silent():
    (mark,) = Vitals(ZONE).feed(at(NOW_S, BandState.ENDED, NOW_S - 60), NOW_S)
    assert mark.numbers["silent_s"] is None


def test_how_late_decisions_come_is_told_once_with_the_next_mark():
    vitals = Vitals(ZONE)
    vitals.feed(at(NOW_S), NOW_S)
    vitals.feed(a_tally(NOW_S - 60.0), NOW_S + 4.0)
    vitals.feed(a_twitch(onset_s=NOW_S + 4.5), NOW_S + 5.0)
    later = [mark for second in (30, 60) for mark in vitals.feed(at(NOW_S + second), NOW_S + second)]
    assert [mark.numbers["delay_s"] for mark in later] == [0.5, None]


def test_a_tally_that_still_grows_says_nothing_about_lateness():
    vitals = Vitals(ZONE)
    vitals.feed(at(NOW_S), NOW_S)
    vitals.feed(a_tally(NOW_S, is_final=False), NOW_S + 500.0)
    assert vitals.feed(at(NOW_S + 30), NOW_S + 30)[0].numbers["delay_s"] is None


def test_a_clock_that_was_set_back_does_not_silence_the_marks():
    vitals = Vitals(ZONE)
    vitals.feed(at(NOW_S), NOW_S)
    assert vitals.feed(at(NOW_S - 3600), NOW_S - 3600)


async def test_the_recorder_draws_and_a_store_that_does_not_take_it_costs_no_record(tmp_path):
    store, bus, drawn = open_store("sqlite:", tmp_path), LocalBus(), []

    def refuse(marks):
        drawn.extend(marks)
        raise StoreError("busy")

    store.draw = refuse
    async with bus.subscribe(Position) as words, Recorder(store, None, bus, vitals=Vitals(ZONE)).at_work():
        await bus.publish(Parcel(a_status()), Parcel(a_tally(), Place("j", 1, 1)))
        while (said := (await anext(words))[-1].message).next_number != 2:
            pass
    assert (said.consumer, len(drawn)) == ("recorder", 1)
    assert store.read(Tally, "me", 0, 2 * NOW_S) == [a_tally()]
    store.close()
