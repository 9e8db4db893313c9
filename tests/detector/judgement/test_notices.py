"""The definitions, from counts: on the first night they hold, once, and quietly over."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from aquiver.body import Site
from aquiver.model import Modality, NoticeKind, Rules
from detector.judgement import judge
from tests.judgement.drawn import a_tally, counted, night_name, nights_of, steady

RULES = Rules()
HIGH, LOW, OFF = 600, 6, -1  # in six hours: 100 an hour, 1 an hour, not worn


def judged(per_night, rules=RULES, placebo=()):
    return judge("me", counted(per_night), placebo, rules)


def told(judgement, kind):
    return [(one.state.value, one.night) for one in judgement.notices if one.kind is kind]


def persistent(per_night):
    return told(judged(per_night), NoticeKind.PERSISTENT)


def new_region(per_night):
    return told(judged(per_night), NoticeKind.NEW_REGION)


def flags(judgement, name):
    return [getattr(one, name) for one in judgement.nights]


@pytest.mark.parametrize(
    ("per_night", "first"),
    [
        ([HIGH] * 40, 13),
        ([LOW] * 30 + [HIGH] * 30, 39),
        ([LOW] * 4 + [HIGH] * 10, 13),
        ([HIGH] * 7 + [OFF] * 7 + [HIGH] * 20, 20),  # fourteen nights in exactly 21 days
        ([HIGH] * 6 + [OFF] * 8 + [HIGH] * 20, 27),  # over a longer pause fourteen nights never lie in 21 days
        ([HIGH, LOW, HIGH, HIGH, HIGH, LOW, HIGH] * 4, 13),
    ],
)
def test_persistence_is_told_on_the_first_night_it_holds_and_once(per_night, first):
    assert persistent(per_night) == [("began", night_name(first))]


@pytest.mark.parametrize(
    "per_night",
    [[HIGH] * 13, [LOW] * 60, [HIGH, LOW] * 30, [HIGH, OFF] * 30, [HIGH] * 9 + [LOW] * 20],
)
def test_what_is_not_persistent_is_not_told(per_night):
    assert persistent(per_night) == []


def test_persistence_ends_quietly_when_few_nights_are_positive_and_can_begin_again_only_then():
    story = [HIGH] * 20 + [LOW] * 20 + [HIGH] * 20
    assert persistent(story) == [("began", night_name(13)), ("ended", night_name(29)), ("began", night_name(49))]


def test_scatter_about_the_definition_does_not_tell_it_twice():
    story = ([HIGH] * 10 + [LOW] * 4) * 8
    assert len(persistent(story)) == 1


def test_a_twitch_that_improves_is_not_persistent():
    falling = [30_000, 29_000, 31_000, 30_000, 29_500, 30_500, 30_000, 900, 950, 880, 910, 900, 920, 890]
    assert persistent(falling) == []
    assert flags(judged(falling), "is_positive") == [True] * 14


def test_weeks_without_the_band_begin_and_end_nothing():
    story = [HIGH] * 20 + [OFF] * 60 + [HIGH] * 5
    assert persistent(story) == [("began", night_name(13))]
    assert flags(judged(story), "is_persistent")[-1] is None


def test_recurrent_is_five_of_the_last_seven_valid_nights_and_never_a_notice():
    judgement = judged([LOW, HIGH, HIGH, LOW, HIGH, HIGH, LOW, HIGH])
    assert flags(judgement, "is_recurrent") == [None] * 6 + [False, True]
    assert judgement.notices == ()


def test_a_short_night_is_neither_positive_nor_negative():
    short = a_tally(0, 10_000, 1.5)
    (one,) = judge("me", [short], [], RULES).nights
    assert (one.is_valid, one.is_positive, one.is_recurrent, one.is_new_region) == (False, None, None, None)


def test_a_new_region_is_told_on_the_third_positive_night():
    assert new_region([LOW] * 10 + [HIGH] * 3) == [("began", night_name(12))]
    assert new_region([LOW] * 20 + [HIGH, LOW, HIGH, LOW, LOW, LOW, HIGH]) == [("began", night_name(26))]


@pytest.mark.parametrize(
    "per_night",
    [
        [LOW] * 9 + [HIGH] * 20,  # measured, but for nine nights only
        [HIGH] * 40,  # so from the start
        [LOW] * 20 + [HIGH, HIGH] + [LOW] * 20,
        [LOW] * 20 + [HIGH, LOW, LOW, LOW, LOW, LOW, LOW] * 4,
    ],
)
def test_what_is_not_a_new_region_is_not_told(per_night):
    assert new_region(per_night) == []


def test_a_site_never_measured_before_is_not_new():
    judgement = judge("me", [*counted([LOW] * 30), *counted([OFF] * 20 + [HIGH] * 10, site=Site.FACE)], [], RULES)
    assert told(judgement, NoticeKind.NEW_REGION) == []
    assert [one.is_new_region for one in judgement.nights if one.site is Site.FACE][:10] == [None] * 10


def test_a_new_region_is_over_after_ten_nights_almost_without():
    story = [LOW] * 12 + [HIGH] * 3 + [LOW] * 4 + [HIGH] + [LOW] * 20
    assert new_region(story) == [("began", night_name(14)), ("ended", night_name(24))]


def test_whole_body_movement_is_not_spread():
    """All sites rise on the same three nights, in two regions; alone, the calf would be new."""
    rising = [LOW] * 20 + [HIGH] * 3 + [LOW] * 10
    alone = judge("me", counted(rising), [], RULES)
    together = judge("me", [*counted(rising), *counted(rising, site=Site.RIGHT_FOREARM)], [], RULES)
    assert len(told(alone, NoticeKind.NEW_REGION)) > 0
    assert together.notices == ()
    assert sum(one.is_general for one in together.nights) == 6


def test_two_sites_of_one_region_that_rise_together_are_spread():
    rising = [LOW] * 20 + [HIGH] * 3
    judgement = judge("me", [*counted(rising), *counted(rising, site=Site.LEFT_THIGH)], [], RULES)
    assert len(told(judgement, NoticeKind.NEW_REGION)) == 2


def test_spread_is_counted_in_regions_and_shown_in_sites():
    hand, forearm, calf = Site.RIGHT_HAND, Site.RIGHT_FOREARM, Site.RIGHT_CALF
    tallies = [
        *counted([HIGH] * 70, site=hand),
        *counted([LOW] * 30 + [HIGH] * 40, site=forearm),
        *counted([LOW] * 50 + [HIGH] * 20, site=calf),
    ]
    steps = judge("me", tallies, [], RULES).spread
    assert [(step.site, step.night, step.is_spread, step.n_regions, step.n_sites) for step in steps] == [
        (hand, night_name(0), False, 1, 1),
        (forearm, night_name(30), True, 1, 2),
        (calf, night_name(50), True, 2, 3),
    ]
    assert [step.is_first_in_region for step in steps] == [True, False, True]


def test_one_stray_night_makes_no_step():
    assert judged([LOW] * 20 + [HIGH] + [LOW] * 20).spread == ()


def test_the_notice_of_a_second_site_says_that_its_region_is_known():
    tallies = [*counted([HIGH] * 40, site=Site.RIGHT_HAND), *counted([LOW] * 30 + [HIGH] * 9, site=Site.RIGHT_FOREARM)]
    (notice,) = [one for one in judge("me", tallies, [], RULES).notices if one.kind is NoticeKind.NEW_REGION]
    assert notice.receipt.figures["is_first_in_region"] == 0.0


def test_the_receipt_can_be_worked_out_again():
    (notice,) = judged([LOW] * 2 + [HIGH] * 12).notices
    receipt = notice.receipt
    assert receipt.rule == "persistent"
    assert receipt.nights == tuple(map(night_name, range(14)))
    assert receipt.positive == receipt.nights[2:]
    assert (receipt.analysable_s, receipt.n_twitches) == (14 * 6 * 3600.0, 12 * HIGH + 2 * LOW)
    assert receipt.constants["persistent_nights"] == 10.0
    assert receipt.ends_when == {"persistent_ends_below": 5.0, "persistent_of": 14.0}
    assert notice.key == f"persistent/left_calf/{night_name(13)}/began"


def test_no_notice_rests_on_a_night_that_may_still_grow():
    tallies = counted([HIGH] * 14)
    assert judge("me", [*tallies[:-1], replace(tallies[-1], is_final=False)], [], RULES).notices == ()


def test_the_emg_speaks_for_a_site_that_has_both():
    emg = counted([LOW] * 40)
    shaking = [replace(one, modality=Modality.ACCELEROMETER) for one in counted([HIGH] * 40)]
    judgement = judge("me", [*emg, *shaking], [], RULES)
    assert judgement.notices == ()
    assert {(one.modality, one.is_leading) for one in judgement.nights} == {
        (Modality.EMG, True),
        (Modality.ACCELEROMETER, False),
    }
    (notice,) = judge("me", shaking, [], RULES).notices
    assert notice.receipt.modality is Modality.ACCELEROMETER


def test_a_pillow_makes_a_noisy_band_quiet_again():
    pillow = counted([HIGH] * 2)
    noisy = [450] * 60  # 75 an hour, against 100 on the pillow
    assert [state for state, _ in persistent(noisy)] == ["began"]
    assert told(judged(noisy, placebo=pillow), NoticeKind.PERSISTENT) == []


def test_rules_are_settable():
    rules = Rules(persistent_nights=3, persistent_of=4, persistent_ends_below=2)
    assert told(judged([HIGH] * 5, rules), NoticeKind.PERSISTENT) == [("began", night_name(3))]


@settings(max_examples=15, deadline=None)
@given(some.integers(0, 10**6), some.integers(20, 60))
def test_a_further_night_never_changes_an_earlier_verdict(seed, n_before):
    random = np.random.default_rng(seed)
    tallies = nights_of({Site.LEFT_CALF: steady(35.0), Site.RIGHT_FOREARM: steady(10.0)}, 63, random)
    before = [one for one in tallies if one.night < night_name(n_before)]
    early, late = judge("me", before, [], RULES), judge("me", tallies, [], RULES)
    assert late.nights[: len(early.nights)] == early.nights
    assert late.notices[: len(early.notices)] == early.notices


def literally_persistent(per_night) -> str | None:
    """Find the first night of the definition by its letter, from nothing but the counts."""
    worn = [(number, count > 300) for number, count in enumerate(per_night) if count != OFF]
    for end in range(14, len(worn) + 1):
        last = worn[end - 14 : end]
        if last[-1][0] - last[0][0] < 21 and sum(is_positive for _, is_positive in last) >= 10:
            return night_name(last[-1][0])
    return None


@settings(max_examples=60, deadline=None)
@given(some.lists(some.sampled_from([HIGH, HIGH, HIGH, HIGH, LOW, OFF]), min_size=1, max_size=50))
def test_persistence_is_told_by_the_letter_of_its_definition(per_night):
    if all(count == OFF for count in per_night):
        return
    told_first = next((night for state, night in persistent(per_night) if state == "began"), None)
    assert told_first == literally_persistent(per_night)
