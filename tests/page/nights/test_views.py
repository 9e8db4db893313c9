"""What the pages show of nights: coverage beside every number, and nothing where nothing was measured."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from aquiver.export.measured import measured
from aquiver.model import Note, NoticeKind, Period, Rules, SpanReason, Subject, Verb
from aquiver.model.rate import interval_per_hour
from collector.stories.table import STORIES
from dashboards.nights.calendar import CellState, calendar_of
from dashboards.nights.marks import key_in, mark_answer, marks_of
from dashboards.nights.strip import Gate, gate_of, strips_of
from dashboards.nights.twitches import twitch_page
from dashboards.nights.weeks import PointState, weeks_of
from detector.judgement import effects_of, factors_of, judge
from tests.samples import NIGHT, NOW_S, a_tally, a_twitch

RULES = Rules()
WHO = "story"


def told(name, n_nights=90, seed=5):
    return list(STORIES[name](n_nights, seed).tell(seed))


def calendar(tallies, today, n_nights=365):
    return calendar_of(WHO, measured(tallies, interval_per_hour), today, n_nights, RULES.valid_hours)


def weeks(name, notes=(), seed=5):
    tallies = told(name, seed=seed)
    found = judge(WHO, [one for one in tallies if one.wearer == WHO], (), RULES)
    effects = effects_of(factors_of(notes), found.nights)
    return weeks_of(found, effects, notes, RULES, max(one.night for one in tallies), 12), found


@pytest.mark.parametrize("name", ["spread", "forgotten", "flight", "clocks-back"])
def test_the_calendar_counts_what_the_tallies_count(name):
    nights = [one for one in told(name) if one.period is Period.NIGHT]
    found = calendar(nights, "2026-12-31")
    cells = [(row.site, cell.night, cell.n_twitches) for row in found.rows for cell in row.cells]
    expected = {}
    for one in nights:
        expected[one.site, one.night] = expected.get((one.site, one.night), 0) + one.n_twitches
    assert {(site, night): n for site, night, n in cells} == expected


def test_a_night_in_the_drawer_has_no_cell():
    found = calendar(told("forgotten"), "2026-04-04")
    rows = {row.site.value: {cell.night for cell in row.cells} for row in found.rows}
    away = {(date(2026, 1, 5) + timedelta(days=30 + day)).isoformat() for day in range(7)}
    assert not rows["left_calf"] & away
    assert away <= rows["right_forearm"]


def test_too_little_time_has_no_rate_and_no_shade():
    night = replace(a_tally(period=Period.NIGHT, analysable_s=3600.0, n_twitches=500), wearer=WHO)
    (row,) = calendar([night], NIGHT).rows
    (cell,) = row.cells
    assert cell.state is CellState.TOO_LITTLE
    assert (cell.rate_per_hour, cell.low_per_hour, cell.shade) == (None, None, None)
    assert "too little data to say" in cell.said


def test_no_twitch_in_a_measured_night_is_a_zero_with_its_hours():
    night = replace(a_tally(period=Period.NIGHT, analysable_s=21_600.0, n_twitches=0), wearer=WHO)
    ((cell,),) = (row.cells for row in calendar([night], NIGHT).rows)
    assert (cell.rate_per_hour, cell.shade) == (0.0, 0)
    assert cell.said.startswith("analysable 6 h 00 min of")


def test_of_two_bands_on_a_site_the_longer_speaks():
    short = replace(a_tally(period=Period.NIGHT, analysable_s=9_000.0, n_twitches=900), wearer=WHO, device="a")
    long = replace(a_tally(period=Period.NIGHT, analysable_s=18_000.0, n_twitches=5), wearer=WHO, device="b")
    ((cell,),) = (row.cells for row in calendar([short, long], NIGHT).rows)
    assert cell.n_twitches == 5


def test_the_calendar_goes_on_to_today_though_nothing_was_measured():
    found = calendar(told("stable", 20), "2026-03-01", n_nights=60)
    assert (found.first, found.last) == ("2026-01-01", "2026-03-01")
    assert (found.n_nights, found.n_measured) == (60, 20)


def test_of_nobody_the_calendar_says_that_nothing_was_measured():
    found = calendar([], "2026-03-01")
    assert found.rows == ()
    assert found.said == "Nothing was measured in the last 365 nights."


def test_a_minute_without_a_tally_is_not_known():
    (strip,) = strips_of([a_tally(NOW_S), a_tally(NOW_S + 180.0)])
    assert strip.gates == (Gate.STILL, Gate.AWAY, Gate.AWAY, Gate.STILL)
    assert strip.n_twitches == (3, None, None, 3)


def test_a_minute_that_could_not_be_judged_has_no_count():
    moved = replace(a_tally(analysable_s=0.0, n_twitches=0), excluded_s={SpanReason.MOVEMENT: 60.0})
    (strip,) = strips_of([moved])
    assert (strip.gates, strip.n_twitches, strip.movement_s) == ((Gate.MOVEMENT,), (None,), (60.0,))


@pytest.mark.parametrize(
    ("analysable_s", "excluded_s", "gate"),
    [
        (60.0, {}, Gate.STILL),
        (35.0, {SpanReason.MOVEMENT: 25.0}, Gate.STILL),
        (10.0, {SpanReason.MOVEMENT: 50.0}, Gate.MOVEMENT),
        (10.0, {SpanReason.GAP: 50.0}, Gate.GAP),
        (5.0, {SpanReason.HEART: 40.0, SpanReason.GAP: 15.0}, Gate.HEART),
        (0.0, {SpanReason.CONTACT: 30.0, SpanReason.NOISE: 30.0}, Gate.SIGNAL),
        (0.0, {}, Gate.AWAY),
    ],
)
def test_a_minute_is_what_it_was_for_the_most_part(analysable_s, excluded_s, gate):
    assert gate_of(replace(a_tally(analysable_s=analysable_s), excluded_s=excluded_s)) is gate


def test_pages_of_twitches_hold_each_once():
    many = [a_twitch(sample, NOW_S + sample) for sample in range(137)]
    since_s, seen = 0.0, []
    while since_s is not None:
        page = twitch_page(many, {}, since_s, 1e11, 25)
        seen += [row.key for row in page.rows]
        since_s = page.next_s
    assert seen == [key_in(one) for one in many]


def test_a_later_mark_replaces_the_earlier_and_a_third_takes_it_back():
    twitch = a_twitch()
    said = [
        mark_answer(twitch, verb, "shoes", NOW_S + number)
        for number, verb in enumerate((Verb.FALSE, Verb.KNOWN_CAUSE, Verb.ACKNOWLEDGE))
    ]
    assert len({one.id for one in said}) == 1
    assert marks_of(said[:1], NIGHT)[key_in(twitch)].verb is Verb.FALSE
    assert marks_of(said[:2], NIGHT)[key_in(twitch)].words == "shoes"
    assert marks_of(said, NIGHT) == {}


def test_a_mark_belongs_to_its_night():
    said = [mark_answer(a_twitch(), Verb.FALSE, "", NOW_S)]
    assert marks_of(said, "2026-11-21") == {}


def test_sites_come_in_the_order_in_which_they_began():
    found, _ = weeks("spread")
    assert [step.site.value for step in found.steps] == ["right_hand", "right_forearm", "right_calf"]
    assert [step.is_spread for step in found.steps] == [False, True, True]
    assert found.steps[2].region_name == "legs"


def test_what_lasts_is_said_with_its_nights():
    found, _ = weeks("persistent")
    (calf,) = (site for site in found.sites if site.site.value == "left_calf")
    assert NoticeKind.PERSISTENT in {stretch.kind for stretch in calf.held}
    assert calf.lines[0].startswith("worn on 90 nights")


def test_a_night_that_was_not_measured_is_no_point():
    found, judgement = weeks("forgotten")
    (calf,) = (site for site in found.sites if site.site.value == "left_calf")
    known = {one.night for one in judgement.nights if one.site.value == "left_calf" and one.night >= found.first}
    assert {point.night for point in calf.points} == known
    assert len(known) < 84


def test_a_point_is_positive_only_above_the_floor():
    found, _ = weeks("spread")
    for point in (point for site in found.sites for point in site.points):
        if point.state is PointState.TOO_LITTLE:
            assert point.rate_per_hour is None
        else:
            assert (point.low_per_hour > point.floor_per_hour - 0.006) >= (point.state is PointState.POSITIVE)


def test_the_line_is_drawn_over_the_nights_that_its_look_rests_on():
    found, judgement = weeks("seasonal")
    for site in found.sites:
        look = [one.trend for one in judgement.nights if one.site is site.site and one.trend is not None][-1]
        drawn = [point.night for point in site.points if point.line_per_hour is not None]
        assert drawn[-1] == look.night
        assert len(drawn) <= look.n_nights


def notes_of(name, seed=5):
    factors = STORIES[name](90, seed).factors.get("caffeine", {})
    return [
        Note(WHO, f"n-{night}", NOW_S, night, Subject.CAFFEINE, amount, "coffee") for night, amount in factors.items()
    ]


def test_what_goes_with_it_is_told_where_it_is_so():
    found, _ = weeks("caffeine", notes_of("caffeine"))
    assert any("left calf" in line and "caffeine" in line for line in found.effects)
    assert not any("right forearm" in line for line in found.effects)


def test_without_a_diary_it_is_said_that_there_is_nothing_to_set_against():
    found, _ = weeks("stable")
    assert found.effects == ()
    assert found.effects_lead == "The diary is empty, so there is nothing to set against your nights."


def test_habits_that_change_nothing_are_named_without_a_number():
    notes = [replace(note, wearer=WHO) for note in notes_of("caffeine")]
    found, _ = weeks("stable", notes)
    assert found.effects == ()
    assert found.effects_lead.startswith("Set against your nights: caffeine.")
