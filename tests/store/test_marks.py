"""Marks in InfluxDB: there as long as they are so, and erased with their wearer. On the real server."""

from dataclasses import replace

import pytest

from aquiver.model import MarkKind
from aquiver.store import open_store
from aquiver.store.mark_line import mark_line
from tests.influx import needs_influx, new_bucket
from tests.samples import NIGHT, NOW_S, a_mark, a_tally

pytestmark = needs_influx
DAY_S = 86_400.0


@pytest.fixture
def store(tmp_path):
    opened = open_store(new_bucket(), tmp_path)
    yield opened
    opened.close()


def drawn(store, kind: MarkKind = MarkKind.JUDGED, wearer: str = "me") -> list[dict]:
    found = store._server.ask(f"SELECT * FROM {kind} WHERE wearer = '{wearer}'")
    return [dict(zip(series["columns"], row, strict=True)) for series in found for row in series["values"]]


def a_week(**numbers: float | None) -> list:
    return [a_mark(MarkKind.JUDGED, NOW_S + DAY_S * number, rate=float(number), **numbers) for number in range(7)]


def test_drawn_again_the_same_marks_are_written_no_second_time(store):
    store.redraw("me", a_week())
    before = drawn(store)
    sent: list[bytes] = []
    store._server.write = sent.append
    store.redraw("me", a_week())
    assert (len(before), sent) == (7, [])


def test_a_number_that_is_not_known_any_more_is_gone(store):
    store.redraw("me", a_week(usual=3.0))
    store.redraw("me", [*a_week(usual=3.0)[:6], a_week()[6]])
    assert [row["usual"] for row in drawn(store)] == [3.0] * 6 + [None]


def test_a_mark_that_is_not_so_any_more_is_gone_and_others_stay(store):
    store.redraw("anna", [replace(mark, wearer="anna") for mark in a_week()])
    store.redraw("me", a_week())
    store.redraw("me", a_week()[2:])
    assert (len(drawn(store)), len(drawn(store, wearer="anna"))) == (5, 7)


def test_many_changes_at_once_leave_nothing_old_behind(store):
    many = [a_mark(MarkKind.JUDGED, NOW_S - DAY_S * number, a=1.0) for number in range(300)]
    store.redraw("me", many)
    changed = [replace(mark, numbers={"b": 2.0}) for mark in many[:250]]
    store.redraw("me", changed)
    rows = drawn(store)
    assert [(row.get("a"), row["b"]) for row in rows] == [(None, 2.0)] * 250


def test_a_night_takes_its_marks_along_and_what_was_judged_with_it(store):
    store.write([a_tally()])
    store.draw([a_mark(time_s=NOW_S), replace(a_mark(time_s=NOW_S + DAY_S), night="2026-11-23")])
    store.redraw("me", a_week())
    store.erase("me", NIGHT)
    assert [row["night"] for row in drawn(store, MarkKind.BAND)] == ["2026-11-23"]
    assert drawn(store) == []
    store.erase("me")
    assert drawn(store, MarkKind.BAND) == []


def test_every_number_of_a_mark_is_a_float_and_what_is_none_is_left_out():
    line = mark_line(a_mark(count=3, none=None)).decode()
    assert "count=3.0," in line
    assert "none" not in line
