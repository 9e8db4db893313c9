"""The morning summary: coverage first, intervals, the wearer's own range, one sentence for each notable thing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from aquiver.body import Site
from aquiver.model import Modality, NoticeState, Period, SiteJudgement, Subject
from dashboards.summary import Morning, lines, usual_range
from tests.samples import NIGHT, NOW_S, a_note, a_notice, a_tally, a_twitch


def judged(night=NIGHT, rate=8.0, site=Site.LEFT_CALF, *, is_positive=False, is_recurrent=False, is_valid=True):
    return SiteJudgement(
        wearer="me",
        site=site,
        modality=Modality.EMG,
        night=night,
        zone="UTC",
        n_twitches=round(rate * 6),
        analysable_s=6 * 3600.0,
        is_final=True,
        is_leading=True,
        floor_per_hour=30.0,
        rate_per_hour=rate,
        low_per_hour=rate * 0.7,
        high_per_hour=rate * 1.4,
        is_valid=is_valid,
        is_positive=is_positive if is_valid else None,
        is_general=False,
        is_recurrent=is_recurrent,
        is_persistent=False,
        is_new_region=False,
        is_changed=None,
        trend=None,
        new_since=None,
    )


def before(n, **more):
    day = (date.fromisoformat(NIGHT) - timedelta(days=n)).isoformat()
    return judged(day, **more)


NIGHT_TALLY = a_tally(NOW_S, 48, 6 * 3600.0, Period.NIGHT)


def morning(*nights, **more):
    known = {"tallies": [NIGHT_TALLY], "notices": (), "notes": (), "twitches": ()} | more
    return lines(Morning(NIGHT, judged=sorted(nights, key=lambda one: one.night), **known))


def test_coverage_comes_first_then_the_count_with_its_interval_then_the_usual_range():
    nights = [before(n, rate=float(n)) for n in range(1, 11)]
    assert morning(judged(), *nights) == [
        f"Night of {NIGHT}",
        "",
        "left calf (emg): analysable 6 h 00 min of 6 h 00 min",
        "  48 twitches, 8.0 per analysable hour (5.6 to 11.2)",
        "  your usual range over 10 measured nights: 1.9 to 9.1",
    ]


def test_a_range_of_few_nights_is_too_early_to_say():
    nights = [before(n) for n in range(1, 7)]
    assert morning(judged(), *nights)[-1] == "  your usual range: too early to say (6 of 7 measured nights)"


def test_nights_that_were_not_valid_are_not_in_the_range():
    nights = [before(n, is_valid=n > 4) for n in range(1, 12)]
    assert "over 7 measured nights" in morning(judged(), *nights)[-1]


def test_too_little_is_too_little_and_not_a_count():
    said = morning(judged(), tallies=[a_tally(NOW_S, 3, 300.0, Period.NIGHT)])
    assert said[-1].strip() == "too little data to say"
    assert not any("3 twitches" in line for line in said)


def test_a_night_without_records_is_not_measured():
    assert morning(before(1), tallies=[]) == [f"Night of {NIGHT}: not measured."]


def test_a_site_that_was_measured_lately_is_missed():
    assert "left hand: not measured" in morning(judged(), before(1), before(3, site=Site.LEFT_HAND))
    assert not any("left hand" in line for line in morning(judged(), before(1, site=Site.LEFT_HAND, is_valid=False)))


def test_recurrence_is_a_line_and_counts_the_last_seven_valid_nights():
    nights = [before(n, is_positive=n < 5) for n in range(1, 9)]
    said = morning(judged(is_positive=True, is_recurrent=True), *nights)
    assert said[-1] == "Left calf: twitches on 5 of the last 7 measured nights."
    assert not any("of the last 7" in line for line in morning(judged(is_positive=True), *nights))


@pytest.mark.parametrize(
    ("notice", "says"),
    [
        (a_notice(), "Left calf: twitches on 1 of the last 1 measured nights."),
        (replace(a_notice(), state=NoticeState.ENDED), f"Left calf: no longer so since the night of {NIGHT}"),
    ],
)
def test_what_began_or_ended_with_this_night_is_one_sentence(notice, says):
    assert morning(judged(), notices=[notice])[-1].startswith(says)
    assert not any(says in line for line in morning(judged(), notices=[replace(notice, night="2026-11-20")]))


def test_felt_and_measured_and_what_others_say_stand_at_the_end():
    taps = [a_note(Subject.FELT, 1.0, site=Site.LEFT_CALF), a_note(Subject.FELT, 1.0, site=Site.RIGHT_CALF)]
    tallies = [a_tally(NOW_S // 60 * 60), NIGHT_TALLY]
    said = morning(judged(), notes=taps, twitches=[a_twitch()], tallies=tallies, more=["Experiment: a line."])
    assert said[-3:] == [
        "left calf: you felt 1 twitch while it was measured; the band counted one within 5 s of it. It counted 1 in all.",
        "right calf: 1 felt twitch at a time that was not measured.",
        "Experiment: a line.",
    ]


def test_the_range_is_of_the_last_four_weeks():
    assert usual_range([1000.0] * 50 + [1.0] * 28) == (1.0, 1.0)
    assert usual_range([1.0] * 6) is None
