"""The life of a notice: budget, window, snooze, mute, answers; nothing is told twice, and faults stay apart."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from aquiver.model import Verb
from dashboards.notices.lifecycle import BUDGET_S, Fate, Told, held_kinds, stand
from dashboards.notices.matter import Matter, Sort
from dashboards.notices.window import Window
from tests.samples import an_answer

DAY_S = 86_400.0
BERLIN = ZoneInfo("Europe/Berlin")
WINDOW = Window.parse("09:00-20:00")
NOON_S = datetime(2026, 11, 23, 12, tzinfo=BERLIN).timestamp()
MIDNIGHT_S = NOON_S - 12 * 3600.0
SINCE_S = NOON_S - DAY_S
MATTER = Matter(Sort.NOTICES, "changed", "lumbosacral", "changed/left_calf/2026-11-22/began", SINCE_S, "t", "x")
OTHER_REGION = replace(MATTER, about="cervical", key="changed/left_hand/2026-11-22/began")
OTHER_KIND = replace(MATTER, kind="persistent", key="persistent/left_calf/2026-11-22/began")
FAULT = Matter(Sort.FAULTS, "silent", "band-1", "silent/band-1", SINCE_S, "t", "x")


def fate(matter=MATTER, *answers, told=(), now_s=NOON_S):
    (one,) = stand([matter], answers, told, now_s, WINDOW, BERLIN)
    return one.fate, one.until_s


def before(verb, about="changed", age_s=3600.0, until_s=None):
    return an_answer(verb, about, NOON_S - age_s, until_s)


TOLD = Told(MATTER.key, MATTER.kind, MATTER.about, NOON_S - DAY_S)
SAME_STATE = replace(TOLD, key="changed/left_thigh/2026-11-20/began")


@pytest.mark.parametrize(
    ("matter", "answers", "told", "now_s", "expected"),
    [
        (MATTER, (), (), NOON_S, (Fate.DUE, None)),
        (MATTER, (), (TOLD,), NOON_S, (Fate.TOLD, None)),
        (replace(MATTER, is_quiet=True), (), (), NOON_S, (Fate.QUIET, None)),
        (replace(MATTER, over_s=NOON_S - 60), (), (), NOON_S, (Fate.OVER, None)),
        (replace(MATTER, over_s=NOON_S - 60), (), (TOLD,), NOON_S, (Fate.TOLD, None)),
        # the night
        (MATTER, (), (), MIDNIGHT_S, (Fate.NIGHT, NOON_S - 3 * 3600)),
        (FAULT, (), (), MIDNIGHT_S, (Fate.DUE, None)),
        # the budget: the same state once in four weeks, another region or kind at once
        (MATTER, (), (SAME_STATE,), NOON_S, (Fate.WITHIN_BUDGET, SAME_STATE.time_s + BUDGET_S)),
        (MATTER, (), (SAME_STATE,), SAME_STATE.time_s + BUDGET_S, (Fate.DUE, None)),
        (OTHER_REGION, (), (TOLD,), NOON_S, (Fate.DUE, None)),
        (OTHER_KIND, (), (TOLD,), NOON_S, (Fate.DUE, None)),
        (
            FAULT,
            (),
            (Told("silent/band-1/old", "silent", "band-1", NOON_S - 60),),
            NOON_S,
            (Fate.WITHIN_BUDGET, NOON_S + 1740),
        ),
        # snooze: until its end, by kind, by key, by sort
        (MATTER, (before(Verb.SNOOZE, until_s=NOON_S + 60),), (), NOON_S, (Fate.SNOOZED, NOON_S + 60)),
        (MATTER, (before(Verb.SNOOZE, until_s=NOON_S),), (), NOON_S, (Fate.DUE, None)),
        (MATTER, (before(Verb.SNOOZE, MATTER.key, until_s=NOON_S + 60),), (), NOON_S, (Fate.SNOOZED, NOON_S + 60)),
        (MATTER, (before(Verb.SNOOZE, "notices", until_s=NOON_S + 60),), (), NOON_S, (Fate.SNOOZED, NOON_S + 60)),
        (OTHER_KIND, (before(Verb.SNOOZE, until_s=NOON_S + 60),), (), NOON_S, (Fate.DUE, None)),
        (MATTER, (before(Verb.SNOOZE, "persistent", until_s=NOON_S + 60),), (), NOON_S, (Fate.DUE, None)),
        (FAULT, (before(Verb.SNOOZE, "notices", until_s=NOON_S + 60),), (), NOON_S, (Fate.DUE, None)),
        (MATTER, (before(Verb.SNOOZE, "faults", until_s=NOON_S + 60),), (), NOON_S, (Fate.DUE, None)),
        (FAULT, (before(Verb.SNOOZE, "faults", until_s=NOON_S + 60),), (), NOON_S, (Fate.SNOOZED, NOON_S + 60)),
        # mute means mute: a later snooze does not end it, unmute does
        (MATTER, (before(Verb.MUTE),), (), NOON_S, (Fate.MUTED, None)),
        (MATTER, (before(Verb.MUTE),), (), NOON_S + 5000 * DAY_S, (Fate.MUTED, None)),
        (
            MATTER,
            (before(Verb.MUTE, age_s=90), before(Verb.SNOOZE, age_s=80, until_s=NOON_S - 1)),
            (),
            NOON_S,
            (Fate.MUTED, None),
        ),
        (MATTER, (before(Verb.MUTE, age_s=90), before(Verb.UNMUTE, age_s=80)), (), NOON_S, (Fate.DUE, None)),
        (MATTER, (before(Verb.UNMUTE, age_s=90), before(Verb.MUTE, age_s=80)), (), NOON_S, (Fate.MUTED, None)),
        (
            MATTER,
            (before(Verb.SNOOZE, age_s=90, until_s=NOON_S + 60), before(Verb.UNMUTE, age_s=80)),
            (),
            NOON_S,
            (Fate.DUE, None),
        ),
        # settled by an answer, by key or by kind; what comes after an answer by kind is not settled by it
        (MATTER, (before(Verb.ACKNOWLEDGE, MATTER.key),), (TOLD,), NOON_S, (Fate.ACKNOWLEDGED, None)),
        (MATTER, (before(Verb.FALSE),), (TOLD,), NOON_S, (Fate.FALSE, None)),
        (MATTER, (before(Verb.KNOWN_CAUSE),), (), MIDNIGHT_S + DAY_S, (Fate.KNOWN_CAUSE, None)),
        (MATTER, (before(Verb.FALSE, age_s=2 * DAY_S),), (), NOON_S, (Fate.DUE, None)),
        (MATTER, (before(Verb.FALSE, OTHER_REGION.key),), (), NOON_S, (Fate.DUE, None)),
        # an answer of the future has not been given yet
        (MATTER, (before(Verb.MUTE, age_s=-60),), (), NOON_S, (Fate.DUE, None)),
    ],
)
def test_how_a_matter_stands(matter, answers, told, now_s, expected):
    assert fate(matter, *answers, told=told, now_s=now_s) == expected


def test_of_two_of_one_state_only_the_first_is_due():
    second = replace(MATTER, key="changed/left_thigh/2026-11-23/began", since_s=NOON_S - 60)
    found = stand([second, MATTER, OTHER_REGION], [], [], NOON_S, WINDOW, BERLIN)
    fates = {one.matter.key: one.fate for one in found}
    assert fates == {MATTER.key: Fate.DUE, OTHER_REGION.key: Fate.DUE, second.key: Fate.WITHIN_BUDGET}


@pytest.mark.parametrize(
    ("night", "hours"),
    [
        ("2026-03-29", 8.0),
        ("2026-10-25", 10.0),
        ("2026-11-23", 9.0),
    ],  # from midnight to nine: a clock change in between
)
def test_a_night_of_a_clock_change_ends_at_nine_on_the_wall(night, hours):
    midnight_s = datetime.fromisoformat(night).replace(tzinfo=BERLIN).timestamp()
    assert fate(replace(MATTER, since_s=0.0), now_s=midnight_s + 60) == (Fate.NIGHT, midnight_s + hours * 3600)


def test_a_snooze_that_spans_a_clock_change_ends_at_its_moment():
    until_s = datetime(2026, 10, 25, 10, tzinfo=BERLIN).timestamp()
    answer = an_answer(Verb.SNOOZE, "changed", until_s - 7 * DAY_S, until_s)
    matter = replace(MATTER, since_s=0.0)
    assert fate(matter, answer, now_s=until_s - 1) == (Fate.SNOOZED, until_s)
    assert fate(matter, answer, now_s=until_s)[0] is Fate.DUE


def test_the_words_of_an_answer_stand_beside_it():
    answer = replace(before(Verb.KNOWN_CAUSE), words="new shoes")
    (one,) = stand([MATTER], [answer], [], NOON_S, WINDOW, BERLIN)
    assert one.words == "new shoes"


def test_what_is_held_back_is_listed_with_its_end():
    answers = [
        before(Verb.MUTE, "persistent"),
        before(Verb.SNOOZE, until_s=NOON_S + 60),
        before(Verb.MUTE, "faults", age_s=90),
        before(Verb.UNMUTE, "faults", age_s=80),
        before(Verb.SNOOZE, "new_region", until_s=NOON_S - 1),
        before(Verb.ACKNOWLEDGE, "new_region"),
    ]
    assert held_kinds(answers, NOON_S) == [("changed", NOON_S + 60), ("persistent", None)]


def test_a_year_of_one_lasting_state_is_told_no_oftener_than_every_four_weeks():
    """Each week a new site of the same region says so: thirteen messages a year at most."""
    told: list[Told] = []
    for day in range(365):
        now_s = NOON_S + day * DAY_S
        matters = [replace(MATTER, key=f"k{week}", since_s=NOON_S + week * 7 * DAY_S) for week in range(day // 7 + 1)]
        due = [one for one in stand(matters, [], told, now_s, WINDOW, BERLIN) if one.fate is Fate.DUE]
        told += [Told(one.matter.key, one.matter.kind, one.matter.about, now_s) for one in due]
    gaps_s = [later.time_s - earlier.time_s for earlier, later in pairwise(told)]
    assert min(gaps_s) >= BUDGET_S
    assert len(told) == 14


def test_utc_is_a_zone_like_any_other():
    now_s = datetime(2026, 11, 23, 8, 59, tzinfo=UTC).timestamp()
    (one,) = stand([replace(MATTER, since_s=0.0)], [], [], now_s, WINDOW, ZoneInfo("UTC"))
    assert one.until_s == now_s + 60
