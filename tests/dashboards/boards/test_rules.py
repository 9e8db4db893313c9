"""Every rule, asked of a real InfluxDB, and held against the records; and the ways out of Grafana."""

import pytest

from aquiver.store import open_store
from dashboards.alerts.contacts import NIGHT, OFF
from dashboards.alerts.rule import SOURCE_UID
from tests.dashboards.boards.answers import RULES
from tests.dashboards.boards.asking import answer_of, differences
from tests.dashboards.boards.firing import ALL, ASKED, GROUPS, PROVISIONED, firing, loaded
from tests.dashboards.boards.grafana import Asked, Scope
from tests.dashboards.boards.history import history
from tests.influx import needs_influx, new_bucket

CONTINUES_S = 20_000.0


@pytest.fixture(scope="module")
def told():
    return history(n_detailed=1, n_beating=1)


@pytest.fixture(scope="module")
def store(told, tmp_path_factory):
    opened = open_store(new_bucket(), tmp_path_factory.mktemp("data"))
    told.write(opened)
    yield opened
    opened.close()


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
