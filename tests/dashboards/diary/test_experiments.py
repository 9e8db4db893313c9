"""The wearer's side of an experiment: told what to do, and nothing else before the end."""

from dataclasses import replace

import pytest

from aquiver.model import ExperimentResult, Finding, Subject
from dashboards.diary.experiments import POSSIBLE, is_running, nights_of, plan_lines, result_lines, today_line
from dashboards.phrases import experiments as phrases
from tests.samples import a_note, a_trial

TRIAL = a_trial()


def test_what_was_laid_out_says_all_but_the_order():
    said = " ".join(plan_lines(TRIAL))
    assert "3 pairs of blocks of 3 nights" in said
    assert "First night 2026-11-23, last night 2026-12-10." in said
    assert phrases.FIXED in said


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-11-22", "begins on 2026-11-23"),
        ("2026-11-23", "day 1 of 18: today with caffeine"),
        ("2026-11-25", "day 3 of 18: today with caffeine"),
        ("2026-11-26", "day 4 of 18: today without caffeine"),
        ("2026-12-10", "day 18 of 18: today without caffeine"),
        ("2026-12-11", "is over"),
    ],
)
def test_a_day_says_what_to_do(day, says):
    assert says in today_line(TRIAL, day)


def test_one_that_was_stopped_says_nothing_and_does_not_run():
    stopped = a_trial(is_stopped=True)
    assert today_line(stopped, "2026-11-24") == ""
    assert not is_running(stopped, "2026-11-24")
    assert is_running(TRIAL, nights_of(TRIAL)[-1])
    assert not is_running(TRIAL, "2026-12-11")


def test_before_the_end_no_figure_is_told():
    (line,) = result_lines(TRIAL, ExperimentResult(Finding.RUNNING, 3, 2.0, 1.5, 3.0, 0.001), [])
    assert "2026-12-10" in line
    assert "1.5" not in line


@pytest.mark.parametrize(
    ("result", "says"),
    [
        (ExperimentResult(Finding.NO_DIFFERENCE, 3, 1.0, 0.8, 1.2, 0.9), "No difference seen: with caffeine"),
        (ExperimentResult(Finding.DIFFERENCE, 3, 1.5, 1.2, 1.9, 0.01), "the rate was 1.50 times that without"),
        (ExperimentResult(Finding.TOO_LITTLE, 2), "2 pairs of blocks, of at least 3"),
    ],
)
def test_at_the_end_it_says_what_was_found_and_how_far_the_diary_kept_to_it(result, says):
    notes = [
        a_note(Subject.CAFFEINE, 2.0, night="2026-11-23"),
        a_note(Subject.CAFFEINE, 0.0, night="2026-11-26"),
        a_note(Subject.CAFFEINE, None, night="2026-11-27"),
        a_note(Subject.CAFFEINE, 1.0, night="2027-01-01"),
        a_note(Subject.WATER, 1.0, night="2026-11-28"),
        replace(a_note(Subject.CAFFEINE, 3.0, night="2026-11-28"), is_removed=True),
    ]
    said = result_lines(TRIAL, result, notes)
    assert says in said[0]
    assert said[-1] == "Your diary speaks of 3 of the 18 days; on 1 of them it was not as drawn."


def test_no_difference_is_called_a_result():
    said = result_lines(TRIAL, ExperimentResult(Finding.NO_DIFFERENCE, 3, 1.0, 0.8, 1.2, 0.9), [])
    assert phrases.NO_DIFFERENCE_TOO in said


def test_what_a_wearer_must_not_or_cannot_draw_by_lot_is_not_possible():
    assert not set(POSSIBLE) & set(phrases.NOT_FOR)
    assert Subject.MEDICATION in phrases.NOT_FOR
