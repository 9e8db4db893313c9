"""What a point is made of: bounded tags, floats, a time that is its own."""

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from aquiver.model import SpanReason, Tally, Twitch
from aquiver.store import open_store
from aquiver.store.point import line_of, moment_of
from tests.influx import needs_influx, new_bucket
from tests.samples import NIGHT, NOW_S, a_fault, a_note, a_notice, a_span, a_tally, a_trial, a_twitch, an_answer

ALL = [a_twitch(), a_span(), a_tally(), a_notice(), a_note(), an_answer(), a_trial(), a_fault()]
TAGS = {"wearer", "site", "region", "modality", "device", "channel", "reason", "period", "fault", "reporter", "subject"}


def without_text(line: bytes) -> str:
    return re.sub(r'"(\\.|[^"\\])*"', '""', line.decode())


def test_no_tag_is_a_number_that_grows():
    for record in ALL:
        head = line_of(record).split(b" ")[0].decode()
        assert {tag.split("=")[0] for tag in head.split(",")[1:]} <= TAGS


def test_every_number_is_a_float():
    for record in (*ALL, a_tally(n_twitches=0), replace(a_tally(), n_large=2)):
        fields = without_text(line_of(record)).split(" ")[1]
        for field in fields.split(","):
            assert re.fullmatch(r'\w+=(""|t|f|-?[\d.e+-]*\.[\d.e+-]*|-?\d+e[+-]?\d+)', field), field


def test_a_point_is_where_earlier_versions_put_it():
    """Else every record that is written again, as by a back-fill, would stand there twice."""
    found = {line.split(b",")[0].decode(): int(line.rsplit(b" ", 1)[1]) for line in map(line_of, ALL)}
    assert found == {
        "twitch": 1795388400000000874,
        "span": 1795388400000000161,
        "tally": 1795388400000063077,
        "notice": 1795348800909900648,
        "note": 1795388400567969846,
        "answer": 1795388400141019846,
        "trial": 1795388400538112006,
        "fault": 1795388400280334967,
    }


@given(
    lost=st.dictionaries(st.sampled_from(SpanReason), st.floats(0, 60) | st.integers(0, 60)),
    analysable_s=st.floats(1e-6, 60) | st.just(0.0),
    n_twitches=st.integers(0, 40),
    start_s=st.floats(0, 4e9),
)
def test_a_tally_has_its_count_its_time_and_each_reason_once_in_full_precision(lost, analysable_s, n_twitches, start_s):
    tally = replace(a_tally(start_s, n_twitches, analysable_s), excluded_s=lost, zone="Asia/Kathmandu")
    fields = re.findall(r"(\w+)=([^,]*)", without_text(line_of(tally)).split(" ")[1])
    numbers = {name: float(value) for name, value in fields if value not in {'""', "t", "f"}}
    assert len(dict(fields)) == len(fields)
    assert {reason: numbers[f"{reason}_s"] for reason in SpanReason} == {one: lost.get(one, 0) for one in SpanReason}
    expected = {"analysable_s": analysable_s, "excluded_s": sum(lost.values()), "n_twitches": n_twitches, **tally.rates}
    assert {name: numbers.get(name) for name in expected} == expected
    day = datetime.fromtimestamp(start_s, ZoneInfo(tally.zone)).date().isoformat()
    assert f'day="{day}"' in line_of(tally).decode()


def test_the_moment_of_a_line_is_the_moment_of_its_record():
    assert all(int(line_of(one).rsplit(b" ", 1)[1]) == moment_of(one) for one in ALL)


def test_two_twitches_of_one_moment_are_two_points():
    moments = {moment_of(a_twitch(1, channel)) for channel in (NOW_S,)} | {moment_of(a_twitch(2, NOW_S))}
    assert len(moments) == 2
    assert all(abs(moment / 1e9 - NOW_S) < 0.001 for moment in moments)


def test_a_record_is_the_same_point_each_time():
    assert [line_of(record) for record in ALL] == [line_of(replace(record)) for record in ALL]


def test_a_tally_has_its_night_and_its_day_as_dates_where_it_was_slept():
    after_midnight = replace(a_tally(NOW_S + 7200.0), zone="Europe/Berlin")
    line = line_of(after_midnight).decode()
    assert f'night="{NIGHT}"' in line
    assert 'day="2026-11-23"' in line


@needs_influx
@settings(max_examples=40, deadline=None)
@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    run=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
def test_every_text_comes_back_exactly(bucket, name, run):
    one = replace(a_twitch(), wearer=name, device=f"d{name}", run=run, amplitude=0.1 + 0.2, onset_s=NOW_S + 1 / 3)
    bucket.write([one])
    assert one in bucket.read(Twitch, name, NOW_S, NOW_S + 1)
    assert name in bucket.wearers()


@needs_influx
def test_more_records_than_one_request_holds_come_back(bucket):
    many = [a_twitch(number, NOW_S + number / 100, wearer="many") for number in range(12_000)]
    bucket.write(many)
    assert bucket.read(Twitch, "many", NOW_S, NOW_S + 121) == many


@needs_influx
def test_the_rate_query_of_the_manual_is_count_by_exposure(tmp_path):
    url = new_bucket()
    store = open_store(url, tmp_path)
    tallies = [a_tally(NOW_S + 60 * number, n_twitches=number, analysable_s=30.0 + number) for number in range(10)]
    store.write(tallies)
    question = "SELECT sum(n_twitches) / sum(analysable_s) * 3600 FROM tally WHERE wearer = 'me' GROUP BY site"
    ((_, rate),) = store._server.ask(question)[0]["values"]
    expected = sum(t.n_twitches for t in tallies) / sum(t.analysable_s for t in tallies) * 3600
    assert abs(rate - expected) < 1e-9
    assert len(store.read(Tally, "me", 0, 2 * NOW_S)) == 10
    store.close()
