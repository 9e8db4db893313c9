"""Every rule, asked of a real InfluxDB: it speaks when it should, and a quiet night is no fault."""

from dataclasses import replace

import pytest
import yaml

from aquiver.model import BandState
from aquiver.store import open_store
from aquiver.vitals import Vitals
from dashboards.alerts.contacts import NIGHT, OFF
from dashboards.alerts.rule import SOURCE_UID
from dashboards.boards.generated import FOLDER_OF_FILES
from tests.dashboards.boards.answers import RULES
from tests.dashboards.boards.asking import answer_of, differences
from tests.dashboards.boards.grafana import Asked, Scope
from tests.dashboards.boards.history import ZONE, history
from tests.influx import needs_influx, new_bucket
from tests.samples import NOW_S, a_status

PROVISIONED = FOLDER_OF_FILES / "provisioning"
CONTINUES_S = 20_000.0


def loaded(name: str) -> dict:
    return yaml.safe_load((PROVISIONED / name).read_text())


GROUPS = loaded("alerting/rules.yaml")["groups"]
ALL = {rule["uid"]: rule for group in GROUPS for rule in group["rules"]}
ASKED = [(uid, part) for uid, rule in ALL.items() for part in rule["data"] if part["datasourceUid"] == SOURCE_UID]


@pytest.fixture(scope="module")
def told():
    return history(n_detailed=1, n_beating=1)


@pytest.fixture(scope="module")
def store(told, tmp_path_factory):
    opened = open_store(new_bucket(), tmp_path_factory.mktemp("data"))
    told.write(opened)
    yield opened
    opened.close()


@pytest.fixture
def empty_store(tmp_path):
    opened = open_store(new_bucket(), tmp_path)
    yield opened
    opened.close()


def value_at(store, part: dict, now_s: float) -> dict:
    """Give the newest value of each series, as Grafana's reduction does."""
    scope = Scope("", now_s - part["relativeTimeRange"]["from"], now_s)
    found = answer_of(store, Asked("", "", "", part["model"]["query"]).filled(scope), has_times=True)
    return {key: rows[-1][1] for key, rows in found.items()}


def firing(store, uid: str, now_s: float) -> set:
    """Work out a rule's condition, as Grafana does, for each series that has all its values."""
    parts = ALL[uid]["data"]
    values: dict[str, dict] = {}
    for part in parts[:-1]:
        if part["datasourceUid"] == SOURCE_UID:
            values[chr(ord(part["refId"]) + 1)] = value_at(store, part, now_s)
    condition = parts[-1]["model"]["expression"].replace("&&", "and")
    common = set.intersection(*(set(found) for found in values.values()))
    spelled = condition.replace("$", "")
    return {key for key in common if eval(spelled, {}, {name: found[key] for name, found in values.items()})}


def test_every_rule_has_an_answer_worked_out_from_the_records():
    assert {(uid, part["refId"]) for uid, part in ASKED} == set(RULES)


@needs_influx
@pytest.mark.parametrize(("uid", "part"), ASKED, ids=lambda value: value if isinstance(value, str) else value["refId"])
def test_influxdb_answers_a_rule_as_the_records_do(told, store, uid, part):
    n_rows = 0
    for wearer in ("anna", "bela"):
        last_s = max(status.time_s for status, _ in told.beats if status.wearer == wearer)
        for now_s in (last_s + 1.5, last_s - 3600.0):
            scope = Scope("", now_s - part["relativeTimeRange"]["from"], now_s)
            asked = Asked("", "", "", part["model"]["query"])
            found = answer_of(store, asked.filled(scope), has_times="time(" in asked.query)
            expected = RULES[uid, part["refId"]](told, asked, scope)
            assert differences(found, expected) == []
            n_rows += len(found)
    assert n_rows


@needs_influx
def test_what_the_judge_found_is_told_and_nothing_else(told, store):
    until_s = told.night_start_s("anna", -1) + CONTINUES_S
    began = {(one.kind, one.site) for one in told.judgements["anna"].notices}
    told_of = {
        (kind, site)
        for kind in ("persistent", "new_region", "changed")
        for wearer, site in firing(store, f"aquiver-{kind.replace('_', '-')}", until_s)
        if wearer == "anna"
    }
    assert told_of
    assert told_of <= began


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


def test_notices_and_faults_go_separate_ways_and_every_way_is_off():
    (tree,) = loaded("alerting/policies.yaml")["policies"]
    points = {point["name"] for point in loaded("alerting/contacts.yaml")["contactPoints"]}
    kinds = {one["type"] for point in loaded("alerting/contacts.yaml")["contactPoints"] for one in point["receivers"]}
    assert kinds == {"webhook", "email", "telegram"}
    for route in tree["routes"]:
        ((label, sign, sort),) = route["object_matchers"]
        assert (label, sign) == ("aquiver", "=")
        assert OFF in route["mute_time_intervals"]
        assert (NIGHT in route["mute_time_intervals"]) == (sort == "notice")
    assert {(route["receiver"], route["object_matchers"][0][2]) for route in tree["routes"]} == {
        (point, sort) for point in points for sort in ("notice", "fault")
    }
    assert tree["receiver"] not in points
    assert {rule["labels"]["aquiver"] for rule in ALL.values()} == {"notice", "fault"}


def test_no_address_in_the_contacts_leads_anywhere():
    text = (PROVISIONED / "alerting" / "contacts.yaml").read_text()
    for address in ("127.0.0.1:9/", "@example.invalid", "ntfy.example.invalid", "not-set"):
        assert address in text


def test_the_time_nothing_is_sent_about_the_body_is_the_night():
    times = {one["name"]: one["time_intervals"] for one in loaded("alerting/times.yaml")["muteTimes"]}
    (night,) = times[NIGHT]
    spans = {(one["start_time"], one["end_time"]) for one in night["times"]}
    assert spans == {("00:00", "09:00"), ("20:00", "24:00")}
    assert times[OFF] == [{"times": [{"start_time": "00:00", "end_time": "24:00"}]}]


def test_titles_name_no_place_on_the_body():
    for rule in ALL.values():
        assert "$labels" not in rule["title"] + rule["annotations"]["summary"]


def test_the_boards_the_rules_and_the_data_source_are_one():
    (source,) = loaded("datasources/aquiver.yaml")["datasources"]
    assert (source["uid"], source["type"]) == (SOURCE_UID, "influxdb")
    (provider,) = loaded("dashboards/aquiver.yaml")["providers"]
    assert provider["folder"] == GROUPS[0]["folder"]
