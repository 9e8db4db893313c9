"""What the judge says, as points: nothing is zero that was not measured, and nothing is said too early."""

from datetime import date, timedelta

import pytest

from aquiver.body import Region, Site
from aquiver.model import MarkKind, Rules
from collector.stories.table import STORIES
from dashboards.marks import marks_of
from detector.judgement import judge

N = 90


def told(name: str, n_nights: int = N, seed: int = 3):
    story = STORIES[name](n_nights, seed)
    wearer = story.places[0].wearer
    return judge(wearer, [tally for tally in story.tell(seed) if tally.wearer == wearer], [], Rules())


def of_kind(marks, kind, **words):
    return [mark for mark in marks if mark.kind is kind and all(getattr(mark, k) == v for k, v in words.items())]


def test_every_site_has_a_mark_in_every_night_from_first_to_last():
    marks = of_kind(marks_of(told("forgotten")), MarkKind.JUDGED)
    assert len({(mark.site, mark.night) for mark in marks}) == len(marks) == 2 * N
    first = date.fromisoformat(marks[0].night)
    assert [mark.night for mark in marks[:N]] == [(first + timedelta(days=n)).isoformat() for n in range(N)]


def test_a_night_in_the_drawer_is_not_measured_and_has_no_number():
    marks = of_kind(marks_of(told("forgotten")), MarkKind.JUDGED, site=Site.LEFT_CALF)
    drawer = [mark for mark in marks if mark.words["state"] == "not_measured"]
    assert [mark.night for mark in drawer] == [marks[N // 3 + n].night for n in range(7)]
    assert all({name.endswith("_open") for name in mark.numbers} == {True} for mark in drawer)
    assert {mark.words["shade"] for mark in drawer} == {"not_measured"}


def test_a_usual_range_and_a_line_come_only_with_nights_enough():
    marks = of_kind(marks_of(told("stable")), MarkKind.JUDGED, site=Site.LEFT_CALF)
    usual = [mark.numbers["usual_low_per_hour"] is not None for mark in marks]
    assert usual == [False] * 7 + [True] * (N - 7)
    short = of_kind(marks_of(told("stable", 20)), MarkKind.JUDGED)
    assert all(mark.numbers["line_per_hour"] is None and mark.words["trend"] == "too_early" for mark in short)


def test_the_last_measured_nights_are_counted_with_their_hours():
    marks = of_kind(marks_of(told("persistent")), MarkKind.JUDGED, site=Site.LEFT_CALF)
    last = marks[-1].numbers
    assert (last["n_valid_14"], last["n_positive_14"], last["n_valid_28"]) == (14, 14, 28)
    assert last["analysable_14_s"] == pytest.approx(sum(mark.numbers["analysable_s"] for mark in marks[-14:]))


def test_a_rule_is_open_from_the_night_its_notice_began():
    judgement = told("persistent")
    began = {(one.kind, one.site): one.night for one in judgement.notices}
    marks = of_kind(marks_of(judgement), MarkKind.JUDGED)
    for (kind, site), night in began.items():
        mine = {mark.night: mark.numbers[f"{kind}_open"] for mark in marks if mark.site is site}
        assert min(one for one, is_open in mine.items() if is_open) == night
        assert mine[max(mine)] == 1.0
    assert began


def test_a_region_nobody_measured_is_not_measured():
    marks = marks_of(told("spread"))
    for region in (Region.BULBAR, Region.THORACIC):
        assert {mark.words["state"] for mark in of_kind(marks, MarkKind.REGION, region=region)} == {"not_measured"}
    legs = of_kind(marks, MarkKind.REGION, region=Region.LUMBOSACRAL)
    assert (legs[0].words["state"], legs[-1].words["state"]) == ("below", "positive")


def test_regions_of_a_week_are_counted_among_those_that_were_measured():
    weeks = of_kind(marks_of(told("spread")), MarkKind.WEEK)
    assert {mark.numbers["n_regions_measured"] for mark in weeks} == {2}
    assert (weeks[6].numbers["n_regions_positive"], weeks[-1].numbers["n_regions_positive"]) == (1, 2)


def test_the_order_of_sites_is_that_of_the_judge():
    judgement = told("spread")
    steps = of_kind(marks_of(judgement), MarkKind.STEP)
    assert [mark.site for mark in steps] == [Site.RIGHT_HAND, Site.RIGHT_FOREARM, Site.RIGHT_CALF]
    assert [mark.numbers["place"] for mark in steps] == [1, 2, 3]


def test_marks_stand_where_the_night_began_in_the_zone_it_was_slept_in():
    marks = of_kind(marks_of(told("flight")), MarkKind.JUDGED, site=Site.LEFT_CALF)
    hours = {mark.time_s % 86_400 / 3600 for mark in marks}
    assert hours == {11.0, 12.0, 20.0}  # London in summer and winter, Los Angeles in winter


def test_without_nights_there_is_nothing_to_draw():
    assert marks_of(judge("me", [], [], Rules())) == []
