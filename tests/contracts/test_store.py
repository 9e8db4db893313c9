"""What every store promises."""

import time
from dataclasses import replace

import pytest

from aquiver.errors import SettingsError, StoreError
from aquiver.model import Answer, Fault, FaultKind, MarkKind, Note, Notice, Period, Span, Tally, Trial, Twitch
from aquiver.store import open_store
from tests.influx import needs_influx, new_bucket
from tests.samples import NIGHT, NOW_S, a_fault, a_mark, a_note, a_notice, a_span, a_tally, a_trial, a_twitch, an_answer

DAY_S = 86_400.0


STORES = ["sqlite:", pytest.param("influx:", marks=needs_influx)]


@pytest.fixture(params=STORES)
def store(request, tmp_path):
    opened = open_store(new_bucket() if request.param == "influx:" else request.param, tmp_path)
    yield opened
    opened.close()


def test_records_come_back_as_they_were_written_in_order_of_time(store):
    late, early = a_twitch(2, NOW_S + 5), a_twitch(1, NOW_S)
    store.write([late, a_span(), early, a_tally()])
    assert store.read(Twitch, "me", NOW_S, NOW_S + DAY_S) == [early, late]
    assert store.read(Span, "me", NOW_S, NOW_S + DAY_S) == [a_span()]
    assert store.read(Tally, "me", NOW_S, NOW_S + DAY_S) == [a_tally()]


def test_a_notice_is_kept_once_with_its_receipt(store):
    store.write([a_notice(), a_notice(), a_notice(wearer="anna")])
    assert store.read(Notice, "me", 0, 2 * NOW_S) == [a_notice()]


def test_writing_again_changes_nothing(store):
    store.write([a_twitch(), a_span(), a_tally()])
    store.write([a_twitch(), a_span(), a_tally()])
    assert len(store.read(Twitch, "me", 0, 2 * NOW_S)) == 1
    assert len(store.read(Span, "me", 0, 2 * NOW_S)) == 1
    assert len(store.read(Tally, "me", 0, 2 * NOW_S)) == 1


def test_a_later_tally_replaces_the_earlier_one_of_its_period(store):
    store.write([a_tally(n_twitches=1, is_final=False), a_tally(n_twitches=2, period=Period.HOUR)])
    store.write([a_tally(n_twitches=4)])
    counts = {tally.period: tally.n_twitches for tally in store.read(Tally, "me", 0, 2 * NOW_S)}
    assert counts == {Period.MINUTE: 4, Period.HOUR: 2}


def test_what_people_say_is_kept_and_a_later_note_replaces_the_one_with_its_id(store):
    store.write([a_note(), an_answer(), a_note(amount=3.0)])
    assert store.read(Note, "me", 0, 2 * NOW_S) == [a_note(amount=3.0)]
    assert store.read(Answer, "me", 0, 2 * NOW_S) == [an_answer()]
    store.write([a_trial()])
    assert store.read(Trial, "me", 0, 2 * NOW_S) == [a_trial()]


def test_a_note_alone_makes_no_night(store):
    store.write([a_note(night="2026-11-01"), a_tally()])
    assert store.nights("me") == [NIGHT]


def test_a_fault_that_is_over_replaces_itself_and_others_stand_beside_it(store):
    over = a_fault(until_s=NOW_S + 60)
    others = [a_fault(reporter="collector"), a_fault(kind=FaultKind.BATTERY_LOW)]
    store.write([a_fault(), *others])
    store.write([over])
    found = store.read(Fault, "me", NOW_S, NOW_S + 1)
    assert len(found) == 3
    assert over in found
    assert all(other in found for other in others)


def test_wearers_are_strictly_apart(store):
    store.write([a_twitch(wearer="me"), a_twitch(wearer="anna")])
    assert [twitch.wearer for twitch in store.read(Twitch, "anna", 0, 2 * NOW_S)] == ["anna"]
    assert store.wearers() == ["anna", "me"]


def test_the_end_of_a_range_is_not_in_it(store):
    store.write([a_twitch(1, NOW_S), a_twitch(2, NOW_S + 1)])
    assert len(store.read(Twitch, "me", NOW_S, NOW_S + 1)) == 1


def test_a_clock_that_was_ahead_hides_nothing(store):
    """A server that asks its own clock would leave out what is in its future."""
    ahead_s = time.time() + 20 * DAY_S
    night = a_tally(ahead_s, period=Period.NIGHT, night="2099-01-01")
    records = [a_twitch(1, ahead_s), a_tally(ahead_s, night="2099-01-01"), night, a_note(time_s=ahead_s)]
    store.write(records)
    store.write(records)
    assert store.read(Twitch, "me", ahead_s, ahead_s + 1) == [a_twitch(1, ahead_s)]
    assert store.night_tallies("me") == [night]
    assert store.nights("me") == [NIGHT, "2099-01-01"]
    assert (store.wearers(), store.count("me")) == (["me"], len(records))
    assert store.erase("me") == len(records)
    assert store.wearers() == []


def test_nights_are_listed_oldest_first(store):
    store.write([a_tally(), a_tally(NOW_S - DAY_S, night="2026-11-21")])
    assert store.nights("me") == ["2026-11-21", NIGHT]


def a_house(store):
    """Two nights of one wearer with all that is kept, and one of another."""
    older = a_tally(NOW_S - DAY_S, night="2026-11-21")
    store.write([a_twitch(), a_span(), a_tally(), a_notice(), a_note(), older, a_tally(NOW_S - 60, night="2026-11-20")])
    store.write([replace(an_answer(), about=a_notice().key), replace(an_answer(), id="b", about="changed")])
    store.write([a_twitch(wearer="anna"), a_notice(wearer="anna")])


def test_a_night_is_erased_with_the_notices_and_answers_that_speak_of_it(store):
    a_house(store)
    assert store.erase("me", NIGHT) == store.count("anna") + 4
    assert store.nights("me") == ["2026-11-20", "2026-11-21"]
    assert [store.read(kind, "me", 0, 2 * NOW_S) for kind in (Twitch, Span, Notice, Note)] == [[], [], [], []]
    assert [one.about for one in store.read(Answer, "me", 0, 2 * NOW_S)] == ["changed"]


def test_a_wearer_is_erased_whole_and_the_others_stay(store):
    a_house(store)
    n_records = store.count("me")
    assert store.erase("me") == n_records > 0
    assert (store.wearers(), store.count("me"), store.count("anna")) == (["anna"], 0, 2)


def test_what_is_only_drawn_is_no_record(store):
    store.draw([a_mark(), a_mark(wearer="anna")])
    store.redraw("me", [a_mark(kind=MarkKind.JUDGED)])
    assert (store.wearers(), store.nights("me"), store.count("me")) == ([], [], 0)
    store.write([a_tally()])
    assert (store.wearers(), store.count("me"), store.erase("me", NIGHT), store.erase("me")) == (["me"], 1, 1, 0)


def test_what_is_counted_is_not_erased(store):
    a_house(store)
    assert (store.count("me", "2026-11-21"), store.count("me", "2026-11-21")) == (1, 1)


def test_erased_bytes_are_gone_from_the_files(tmp_path):
    store = open_store("sqlite:", tmp_path)
    store.write([a_twitch(sample, wearer="anna") for sample in range(2000)])
    store.write([a_twitch(sample, wearer="bela") for sample in range(2000)])
    assert sum(path.read_bytes().count(b"anna") for path in tmp_path.iterdir()) > 1000
    store.erase("anna")
    assert sum(path.read_bytes().count(b"anna") for path in tmp_path.iterdir()) == 0
    assert len(store.read(Twitch, "bela", 0, 2 * NOW_S)) == 2000
    store.close()


def test_records_outlive_the_store(tmp_path):
    first = open_store("sqlite:", tmp_path)
    first.write([a_twitch()])
    first.close()
    second = open_store("sqlite:", tmp_path)
    assert second.read(Twitch, "me", 0, 2 * NOW_S) == [a_twitch()]
    second.close()


def test_an_unknown_store_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="is no store"):
        open_store("postgres://x", tmp_path)


def test_a_file_that_is_no_store_is_refused(tmp_path):
    (tmp_path / "records.db").write_text("something else, and long enough to be read as a database header" * 20)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store("sqlite:", tmp_path)


def test_a_full_disk_is_a_store_error_and_nothing_is_half_written(tmp_path):
    store = open_store("sqlite:", tmp_path)
    store.write([a_twitch()])
    store._connection.execute("PRAGMA max_page_count = 8")
    with pytest.raises(StoreError, match="could not be written"):
        store.write([a_twitch(sample, NOW_S + sample) for sample in range(1000)])
    assert len(store.read(Twitch, "me", 0, 2 * NOW_S)) == 1
    store.close()
