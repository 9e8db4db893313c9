"""Every question of every board, asked of a real InfluxDB over sixty nights: the answer is that of the records."""

import re
import time
from dataclasses import replace

import pytest

from aquiver.body import Site
from aquiver.store import open_store
from tests.dashboards.boards.answers import ANSWERS
from tests.dashboards.boards.asking import answer_of, differences
from tests.dashboards.boards.grafana import Asked, Scope, boards, questions
from tests.dashboards.boards.history import N_NIGHTS, WEARERS, history
from tests.influx import needs_influx, new_bucket

ASKED = questions()
_LONG = ("persistence", "spread")
_MOST_S = 2.0  # the bench says how fast; here only that nothing runs away


@pytest.fixture(scope="module")
def told():
    return history()


@pytest.fixture(scope="module")
def store(told, tmp_path_factory):
    opened = open_store(new_bucket(), tmp_path_factory.mktemp("data"))
    told.write(opened)
    yield opened
    opened.close()


def scopes(told, asked: Asked, wearer: str) -> list[Scope]:
    """Give the ranges to ask about: the last night, or all of them; some sites; a part that begins and ends in between."""
    until_s = max(one.start_s for one in told.tallies if one.wearer == wearer) + 60.5
    ends = {number: told.night_start_s(wearer, number) + 0.5 for number in (-40, -20, -1)}
    whole = Scope(wearer, told.night_start_s(wearer, 0) - 0.5, until_s)
    night = Scope(wearer, ends[-1], until_s)
    few = (Site.LEFT_CALF.value, Site.FACE.value)
    part = Scope(wearer, ends[-40], ends[-20], few)
    chosen = [whole, part] if asked.board in _LONG else [night, replace(night, sites=few), replace(whole, sites=few)]
    return [asked.scope(one) for one in chosen]


def has_times(asked: Asked, query: str) -> bool:
    """Tell whether the rows stand at times of their own, and not just at the beginning of the range."""
    return "time(" in query or not re.search(r"\b(sum|last|max|count)\(", query)


def test_every_question_has_an_answer_worked_out_from_the_records():
    assert {asked.name for asked in ASKED} == set(ANSWERS)


@needs_influx
@pytest.mark.parametrize("wearer", WEARERS)
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: "/".join(asked.name))
def test_influxdb_answers_what_the_records_say(told, store, asked, wearer):
    n_rows = 0
    for scope in scopes(told, asked, wearer):
        query = asked.filled(scope)
        began_s = time.perf_counter()
        found = answer_of(store, query, has_times(asked, asked.query))
        assert time.perf_counter() - began_s < _MOST_S
        expected = ANSWERS[asked.name](told, asked, scope)
        assert differences(found, expected) == [], f"{asked.query}\n{query}"
        n_rows += sum(map(len, found.values()))
    is_of_a_site = asked.panel == "Where, and how much?"
    assert n_rows > 0 or is_of_a_site


@needs_influx
def test_a_site_that_was_never_worn_has_no_colour_on_the_body(told, store):
    worn = {one.site for one in told.tallies}
    by_site = dict(zip(Site, (asked for asked in ASKED if asked.panel == "Where, and how much?"), strict=True))
    scope = Scope("anna", told.night_start_s("anna", 0), told.night_start_s("anna", -1) + 1)
    answered = {site for site, asked in by_site.items() if answer_of(store, asked.filled(scope), has_times=False)}
    assert answered == worn
    assert len(worn) == 4 < len(Site)


@needs_influx
def test_the_variables_offer_wearers_without_their_pillows_and_each_ones_sites(store):
    wearer, site = boards()["tonight"]["templating"]["list"]
    found = [value for series in store._server.ask(wearer["query"]) for _, value in series["values"]]
    assert sorted(found) == ["anna", "anna-pillow", "bela"]
    assert wearer["regex"] == "/^(?!.*-pillow$).*$/"
    sites = store._server.ask(site["query"].replace("${wearer:regex}", "bela"))
    assert [value for _, value in sites[0]["values"]] == ["face", "left_calf", "left_thigh", "right_forearm"]


def test_the_nights_are_what_they_are_said_to_be(told):
    """Two wearers; both changes of the clocks; nights without a band, too short ones, and a nap."""
    for wearer, hours in (("anna", 25), ("bela", 23)):
        lengths = {round(told.night_start_s(wearer, n) - told.night_start_s(wearer, n - 1)) for n in range(1, N_NIGHTS)}
        assert lengths == {24 * 3600, hours * 3600}
        nights = [one for one in told.judgements[wearer].nights if one.site is Site.FACE]
        assert len(nights) < N_NIGHTS
        assert not all(one.is_valid for one in nights)
    assert any(one.is_removed for one in told.notes)
