"""What the page says is what was measured, and what was not is said to be so."""

from dataclasses import replace

import pytest

from aquiver.body import Site
from aquiver.export.measured import measured
from aquiver.model import Modality, Rules, Subject, Tally, TrendWord
from aquiver.model.rate import interval_per_hour
from aquiver.store import open_store
from dashboards.report.facts import MOST_SITES, Facts, NightState, facts_of, nights_to
from detector.judgement import judge
from tests.dashboards.report.weeks import SIX, Story, night_name, tell
from tests.samples import a_note


def facts(tmp_path, stories, wearer="me", n_nights=84, notes=(), change=lambda tallies: tallies) -> Facts:
    tell(tmp_path / "data", stories, wearer, n_nights)
    store = open_store("sqlite:", tmp_path / "data")
    tallies = change(store.read(Tally, wearer, 0, 1e11))
    nights = nights_to(store.nights(wearer), 12)
    store.close()
    found = measured(tallies, interval_per_hour)
    return facts_of(judge(wearer, tallies, (), Rules()), found, list(notes), nights, method="m", version="v")


def test_a_night_that_was_not_worn_is_not_measured_and_a_short_one_too_little(tmp_path):
    (site,) = facts(tmp_path, SIX[:1]).sites
    states = {mark.night: mark.state for mark in site.nights}
    assert {states[night_name(at)] for at in range(33, 40)} == {NightState.NOT_MEASURED}
    assert (states[night_name(5)], states[night_name(61)]) == (NightState.TOO_LITTLE, NightState.TOO_LITTLE)
    assert (site.n_worn, site.n_valid, site.count(NightState.NOT_MEASURED)) == (77, 75, 7)
    assert all(mark.rate_per_hour is None for mark in site.nights if mark.state is NightState.TOO_LITTLE)


def test_coverage_counts_nights_on_which_any_site_was_measured(tmp_path):
    (tmp_path / "six").mkdir()
    assert facts(tmp_path / "six", SIX).n_measured == 84
    assert facts(tmp_path, SIX[:1]).n_measured == 77


def test_worn_hours_hold_what_was_set_aside(tmp_path):
    (site,) = facts(tmp_path, SIX[:1]).sites
    assert site.worn_s - site.analysable_s == pytest.approx(77 * 2405.0)


def test_the_first_positive_night_is_that_of_the_judge(tmp_path):
    steps = {one.site: one.step for one in facts(tmp_path, SIX).sites}
    assert steps[Site.RIGHT_FOREARM].is_spread
    assert not steps[Site.LEFT_CALF].is_spread
    assert steps[Site.LEFT_UPPER_ARM] is None


def test_fewer_nights_than_a_trend_needs_are_too_early(tmp_path):
    (site,) = facts(tmp_path, SIX[:1], n_nights=20).sites
    assert (site.trend.word, site.trend.n_nights) == (TrendWord.TOO_EARLY, 19)


def test_sites_that_do_not_fit_are_named(tmp_path):
    stories = [Story(site, 20.0) for site in list(Site)[: MOST_SITES + 2]]
    found = facts(tmp_path, stories, n_nights=10)
    assert (len(found.sites), len(found.others)) == (MOST_SITES, 2)


def test_one_kind_of_sensor_speaks_for_a_site(tmp_path):
    def with_accelerometer(tallies):
        other = [replace(one, modality=Modality.ACCELEROMETER, n_twitches=9000) for one in tallies]
        return [*tallies, *other]

    (site,) = facts(tmp_path, SIX[:1], change=with_accelerometer).sites
    assert site.modality is Modality.EMG
    assert site.n_twitches < 9000 * 20


def test_of_the_diary_only_these_weeks_and_what_was_not_taken_back(tmp_path):
    told = a_note(night=night_name(3))
    notes = [told, replace(told, id="b", night="2020-01-01"), replace(told, id="c", is_removed=True)]
    assert facts(tmp_path, SIX[:1], notes=notes).notes == (told,)
    assert told.subject in Subject


def test_of_another_wearer_nothing_is_counted(tmp_path):
    tell(tmp_path / "data", SIX, "anna")
    store = open_store("sqlite:", tmp_path / "data")
    others = store.read(Tally, "anna", 0, 1e11)
    store.close()
    found = facts(tmp_path, SIX[:1])
    mixed = facts_of(
        judge("me", store_tallies(tmp_path, "me"), (), Rules()),
        measured([*others, *store_tallies(tmp_path, "me")], interval_per_hour),
        [],
        found.nights,
        method="m",
        version="v",
    )
    assert mixed.sites == found.sites


def store_tallies(tmp_path, wearer):
    store = open_store("sqlite:", tmp_path / "data")
    try:
        return store.read(Tally, wearer, 0, 1e11)
    finally:
        store.close()
