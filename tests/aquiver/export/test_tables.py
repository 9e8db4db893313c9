"""CSV and Parquet give back the very records that are kept."""

import csv
from dataclasses import replace

import pytest

from aquiver.export.choice import RECORDS
from aquiver.export.parquet import read_parquet, write_parquet
from aquiver.export.sheets import read_sheet, write_sheet
from aquiver.export.table import table_of
from aquiver.model import Answer, Fault, Note, Notice, Span, Tally, Trial, Twitch
from tests.aquiver.export.nights import records
from tests.samples import a_fault, a_note, a_notice, a_tally, a_trial, a_twitch, an_answer

WAYS = {"csv": (write_sheet, read_sheet), "parquet": (write_parquet, read_parquet)}
KEPT = {
    Twitch: [one for one in records() if isinstance(one, Twitch)],
    Span: [one for one in records() if isinstance(one, Span)],
    Tally: [one for one in records() if isinstance(one, Tally)],
    Notice: [a_notice()],
    Note: [a_note(), replace(a_note(), id="other", amount=None, site=None, words='a "word", and\r\nanother')],
    Trial: [a_trial()],
    Fault: [a_fault(), a_fault(until_s=1e9)],
    Answer: [an_answer(), replace(an_answer(), until_s=None)],
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", RECORDS.values(), ids=lambda kind: kind.__name__)
def test_what_is_read_back_is_what_was_written(tmp_path, way, kind):
    write, read = WAYS[way]
    table = table_of("x", kind)
    found = KEPT[kind]
    assert write(tmp_path / "x", table, [found[:1], [], found[1:]]) == len(found)
    assert list(read(tmp_path / "x", table)) == found


@pytest.mark.parametrize("way", WAYS)
def test_numbers_come_back_to_the_last_digit_and_text_with_its_commas(tmp_path, way):
    write, read = WAYS[way]
    odd = replace(a_twitch(onset_s=1795388400.1234567), channel='1, "ü"\n2', amplitude=0.1 + 0.2, snr=1e-300)
    table = table_of("twitch", Twitch)
    write(tmp_path / "x", table, [[odd]])
    assert list(read(tmp_path / "x", table)) == [odd]


def test_a_sheet_is_as_the_standard_has_it(tmp_path):
    write_sheet(tmp_path / "t.csv", table_of("tally", Tally), [[a_tally()]])
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == 2
    (row,) = csv.DictReader(raw.decode().splitlines())
    assert (row["excluded_movement_s"], row["excluded_gap_s"], row["is_final"]) == ("10.0", "", "true")


@pytest.mark.parametrize("way", WAYS)
def test_without_records_there_is_no_file(tmp_path, way):
    assert WAYS[way][0](tmp_path / "x", table_of("span", Span), [[], []]) == 0
    assert list(tmp_path.iterdir()) == []
