"""A tally's rate with its interval goes wherever the tally goes, and is kept nowhere."""

import csv
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

from aquiver.export.sheets import read_sheet, write_sheet
from aquiver.export.table import table_of
from aquiver.lines import read_line
from aquiver.model import Parcel, Tally
from aquiver.store.point import line_of
from aquiver.wire import decode, encode
from tests.samples import a_tally

COUNTED = a_tally(n_twitches=3, analysable_s=36.0)
UNSEEN = a_tally(n_twitches=0, analysable_s=0.0)


@given(st.integers(0, 5000), st.floats(1.0, 86400.0))
def test_the_interval_is_the_middle_of_the_gamma_distribution(n, analysable_s):
    rates = a_tally(n_twitches=n, analysable_s=analysable_s).rates
    low, high = gamma(n + 0.5, scale=3600.0 / analysable_s).interval(0.95)
    assert (rates["low_per_hour"], rates["high_per_hour"]) == pytest.approx((low, high), rel=1e-6)
    assert rates["rate_per_hour"] == pytest.approx(n * 3600.0 / analysable_s)


def test_a_message_tells_the_rate_and_is_read_back_without_it():
    topic, payload = encode(Parcel(COUNTED))
    told = json.loads(payload)
    assert {name: told[name] for name in COUNTED.rates} == COUNTED.rates
    assert decode(topic, payload).message == COUNTED


def test_without_analysable_time_there_is_no_rate_anywhere():
    told = json.loads(encode(Parcel(UNSEEN))[1])
    assert [told[name] for name in UNSEEN.rates] == [None] * 3
    assert b"per_hour" not in line_of(UNSEEN).split(b"body=")[0]


def test_grafana_finds_the_rate_beside_the_counts():
    fields = line_of(COUNTED).split(b"body=")[0].decode()
    assert all(f"{name}={value!r}," in fields for name, value in COUNTED.rates.items())


def test_a_sheet_has_the_rate_and_gives_back_the_tally(tmp_path):
    table = table_of("tally", Tally)
    write_sheet(tmp_path / "tally.csv", table, [[COUNTED, UNSEEN]])
    rows = list(csv.DictReader((tmp_path / "tally.csv").read_text().splitlines()))
    assert [row["rate_per_hour"] for row in rows] == ["300.0", ""]
    assert list(read_sheet(tmp_path / "tally.csv", table)) == [COUNTED, UNSEEN]


def test_what_was_told_can_be_read_in_as_a_line():
    payload = encode(Parcel(COUNTED))[1].decode()
    line = read_line(payload)
    assert (line.record, line.passed_over) == (COUNTED, ())


def test_a_record_from_before_there_were_rates_is_read():
    assert msgspec.json.decode(msgspec.json.encode(COUNTED), type=Tally) == COUNTED
    assert b"per_hour" not in msgspec.json.encode(COUNTED)
