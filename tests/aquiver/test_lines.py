"""Records from other programs: liberal with what is left out, strict with nonsense."""

import json
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from aquiver.body import Site
from aquiver.errors import WireError
from aquiver.lines import KINDS, read_line
from aquiver.model import Modality, Parcel, Period, Tally, Unit
from aquiver.wire import encode
from tests.samples import a_note, a_notice, a_span, a_status, a_tally, a_twitch

LEAST = {"wearer": "me", "site": "left_calf", "night": "2026-01-05", "analysable_s": 21_600, "n_twitches": 50}


def line(**other) -> str:
    return json.dumps({key: value for key, value in {**LEAST, **other}.items() if value is not ...})


def test_the_least_line_is_a_whole_final_night_of_emg():
    record = read_line(line()).record
    assert record == Tally(
        wearer="me",
        device="left_calf",
        site=Site.LEFT_CALF,
        modality=Modality.EMG,
        night="2026-01-05",
        period=Period.NIGHT,
        start_s=1_767_614_400.0,
        analysable_s=21_600.0,
        excluded_s={},
        n_twitches=50,
        floor=0.0,
        unit=Unit.COUNT,
        is_final=True,
        zone="",
    )


@pytest.mark.parametrize("record", [a_tally(), a_twitch(), a_span(), a_note(), a_notice()], ids=type)
def test_every_kind_is_read_as_it_was_written(record):
    name = next(name for name, kind in KINDS.items() if kind is type(record))
    fields = msgspec.to_builtins(record)
    assert read_line(json.dumps({"kind": name, **fields})).record == record


@pytest.mark.parametrize("record", [a_tally(), a_twitch(), a_span(), a_notice()], ids=type)
def test_a_message_is_read_as_it_is_printed(record):
    topic, payload = encode(Parcel(record))
    assert read_line(f"{topic} {payload.decode()}").record == record


def test_the_examples_of_the_page_are_records():
    page = (Path(__file__).parents[2] / "docs" / "records.md").read_text()
    examples = [line.strip() for line in page.splitlines() if line.startswith("    {")]
    assert len(examples) == 3
    assert {read_line(example).record.night for example in examples} == {"2026-01-05"}


def test_every_field_a_tally_can_do_without_stands_on_the_page():
    page = (Path(__file__).parents[2] / "docs" / "records.md").read_text()
    for field in (*Tally.__dataclass_fields__, "is_placebo"):
        assert f"`{field}`" in page


def test_a_night_follows_from_its_beginning_and_its_zone():
    start_s = 1_767_657_600.0  # midnight at the end of the fifth, UTC
    assert read_line(line(night=..., start_s=start_s, zone="America/New_York")).record.night == "2026-01-05"
    assert read_line(line(night=..., start_s=start_s, zone="Asia/Tokyo")).record.night == "2026-01-05"
    assert read_line(line(night=..., start_s=start_s + 4 * 3600, zone="Asia/Tokyo")).record.night == "2026-01-06"


def test_a_placebo_night_is_the_pillows():
    assert read_line(line(is_placebo=True)).record.wearer == "me-pillow"
    assert read_line(line(is_placebo=True, wearer="me-pillow")).record.wearer == "me-pillow"
    assert read_line(line(is_placebo=False)).record.wearer == "me"


def test_foreign_keys_are_passed_over_and_named():
    assert read_line(line(mood="fine", place=None)).passed_over == ("mood",)


def test_whole_numbers_may_be_written_as_decimals():
    assert read_line(line(n_twitches=50.0)).record.n_twitches == 50


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"wearer": "a", "wearer": "b"}', '"wearer" stands there twice'),
        ("[" * 100_000, "not JSON"),
        (line(analysable_s=float("nan")), "NaN is no number"),
        (line().replace("21600", "1e999"), '"analysable_s" is no number'),
        (line(wearer=...), '"wearer" is missing'),
        (line(site=...), '"site" is missing'),
        (line(analysable_s=...), '"analysable_s" is missing'),
        (line(n_twitches=...), '"n_twitches" is missing'),
        (line(night=...), '"night" is missing'),
        (line(night=..., zone="UTC", start_s=1e30), '"start_s": 1e+30 is no time'),
        (line(night="2026-1-5"), "is no date"),
        (line(night="2026-02-30"), "is no date"),
        (line(night="20260105"), "is no date"),
        (line(night=20260105), "is no date"),
        (line(night="9999-12-31"), "is no date"),
        (line(site="left_claf"), '"site": invalid enum value'),
        (line(site=["left_calf"]), '"site": expected `str`'),
        (line(modality="ecg"), "heartbeats are no twitches"),
        (line(modality="emgg"), '"modality": invalid enum value'),
        (line(period="week"), '"start_s" is missing'),
        (line(period="week", start_s=1_767_614_400), '"period": invalid enum value'),
        (line(period="minute"), '"start_s" is missing'),
        (line(period="minute", start_s=1_767_614_400.0), '"analysable_s" does not fit'),
        (line(analysable_s=-1), '"analysable_s" does not fit'),
        (line(analysable_s=200_000), '"analysable_s" does not fit'),
        (line(n_twitches=-1), '"n_twitches" is below 0'),
        (line(n_twitches=1.5), '"n_twitches": expected `int`'),
        (line(n_twitches="50"), '"n_twitches": expected `int`'),
        (line(n_twitches=True), '"n_twitches": expected `int`'),
        (line(analysable_s=0), '"n_twitches" do not fit'),
        (line(n_twitches=10**9), '"n_twitches" do not fit'),
        (line(excluded_s={"gap": -3}), '"excluded_s" is below 0'),
        (line(excluded_s={"naptime": 3}), "invalid enum value"),
        (line(floor=-1), '"floor" is below 0'),
        (line(start_s=0), "is not in the night of"),
        (line(zone="Europe/Berln"), "no time zone is called"),
        (line(zone="../etc/passwd"), "no time zone is called"),
        (line(zone=3), "no time zone is called"),
        (line(wearer="Anna Meier"), '"wearer": "Anna Meier" is no name'),
        (line(wearer=3), '"wearer": expected `str`'),
        (line(device="a/b"), '"device": "a/b" is no name'),
        (line(is_placebo="yes"), '"is_placebo": expected true or false'),
        (line(kind="chunk"), "is no record; known are tally"),
        (line(kind=3), "is no record; known are tally"),
        (line(analysable_s=..., analyzable_s=3), 'unknown key "analyzable_s"; did you mean "analysable_s"?'),
        (line(is_placbo=True), 'unknown key "is_placbo"; did you mean "is_placebo"?'),
        ("aquiver/v1/me/status/left_calf/band-1 {}", "missing required field"),
        ("aquiver/v1/me/tally/left_calf/band-1 {", "aquiver/v1/me/tally"),
    ],
)
def test_nonsense_is_refused_with_its_reason(text, says):
    with pytest.raises(WireError) as error:
        read_line(text)
    assert says.lower() in str(error.value).lower()


def test_a_message_that_is_no_record_is_refused():
    topic, payload = encode(Parcel(a_status()))
    with pytest.raises(WireError, match="a status is no record"):
        read_line(f"{topic} {payload.decode()}")


_JSON = some.recursive(
    some.none() | some.booleans() | some.floats() | some.integers() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
)


@given(
    some.dictionaries(some.sampled_from([*LEAST, "zone", "start_s", "period", "modality", "is_placebo", "kind"]), _JSON)
)
def test_any_value_anywhere_is_a_record_or_a_wire_error(other):
    with suppress(WireError):
        assert read_line(json.dumps({**LEAST, **other})).record.wearer


@given(some.text())
def test_any_text_is_a_record_or_a_wire_error(text):
    with suppress(WireError):
        assert read_line(text).record.wearer
