"""Notes, habits, taps, and the card."""

import ast
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aquiver.body import Site
from aquiver.model import SYMPTOMS, Subject
from dashboards.diary import card as card_module
from dashboards.diary.card import card
from dashboards.diary.felt import Meeting, meetings
from dashboards.diary.habits import habits
from dashboards.diary.notes import notes_in, standing
from dashboards.phrases import card as phrases
from dashboards.phrases import diary as words
from tests.samples import NOW_S, a_note, a_tally, a_twitch

UTC = ZoneInfo("UTC")
DAY_S = 86_400.0


def test_saying_it_twice_counts_once_and_saying_it_later_counts_again():
    first, again, later = (notes_in("coffee 2, wine", "me", at_s, UTC) for at_s in (NOW_S, NOW_S, NOW_S + 60))
    assert first == again
    assert len({note.id for note in first + later}) == 4


def test_a_note_of_another_wearer_is_another_note():
    (mine,), (hers,) = notes_in("coffee", "me", NOW_S, UTC), notes_in("coffee", "anna", NOW_S, UTC)
    assert mine.id != hers.id


def test_the_night_may_be_given():
    (note,) = notes_in("slept 6", "me", NOW_S, UTC, "2026-11-01")
    assert note.night == "2026-11-01"


def test_what_was_taken_back_does_not_stand():
    assert standing([a_note(), a_note(id_="n2", is_removed=True)]) == [a_note()]


def said(notes, slept_h=None):
    return {habit.name: (habit.said, habit.is_done) for habit in habits(notes, slept_h, UTC)}


def test_what_was_not_noted_is_not_known():
    assert set(said([]).values()) == {("not noted", None)}
    assert len(said([])) == 6


@pytest.mark.parametrize(
    ("note", "name", "says", "is_done"),
    [
        (a_note(Subject.WATER, 6), words.HABIT_WATER, "6 glasses", True),
        (a_note(Subject.WATER, 0), words.HABIT_WATER, "none", False),
        (a_note(time_s=NOW_S - 15 * 3600), words.HABIT_CAFFEINE, "in the morning only", True),
        (a_note(), words.HABIT_CAFFEINE, "also at 23:00", False),
        (a_note(amount=0), words.HABIT_CAFFEINE, "none", True),
        (a_note(Subject.SLEEP, 7.5), words.HABIT_SLEEP, "7.5 h, as you noted", True),
        (a_note(Subject.SLEEP, 6), words.HABIT_SLEEP, "6 h, as you noted", False),
        (a_note(Subject.STRETCHING, 4), words.HABIT_STRETCHING, "4 min", False),
        (a_note(Subject.STRETCHING, None), words.HABIT_STRETCHING, "noted", True),
        (a_note(Subject.STRESS_PRACTICE, 10), words.HABIT_PRACTICE, "10 min", True),
        (a_note(Subject.ALCOHOL, 2), words.HABIT_ALCOHOL, "2 drinks", None),
    ],
)
def test_a_habit_says_what_was_noted(note, name, says, is_done):
    assert said([note])[name] == (says, is_done)


def test_sleep_is_read_from_the_band_only_where_none_was_noted():
    assert "read from the band" in said([], 7.2)[words.HABIT_SLEEP][0]
    assert said([a_note(Subject.SLEEP, 6)], 7.2)[words.HABIT_SLEEP] == ("6 h, as you noted", False)


def tap(offset_s, n=1.0, site=Site.LEFT_CALF):
    return a_note(Subject.FELT, n, time_s=NOW_S + offset_s, site=site, id_=f"t{offset_s}")


def test_taps_meet_twitches_within_five_seconds_while_measured():
    twitches = [a_twitch(1, NOW_S + 10), a_twitch(2, NOW_S + 30)]
    taps = [tap(14), tap(40), tap(29, 2), tap(500), a_note()]
    (one,) = meetings(taps, twitches, [a_tally(NOW_S)])
    assert one == Meeting(Site.LEFT_CALF, n_felt=4, n_matched=3, n_felt_unmeasured=1, n_measured=2)


def test_a_tap_where_nothing_was_measured_says_nothing_about_the_band():
    (one,) = meetings([tap(0, site=Site.RIGHT_HAND)], [a_twitch()], [a_tally(NOW_S, analysable_s=0.0)])
    assert (one.n_felt, one.n_felt_unmeasured, one.n_measured) == (0, 1, 0)


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ((1, 0, 9), "counted none near it."),
        ((2, 0, 9), "counted none near them."),
        ((1, 1, 9), "counted one within 5 s of it."),
    ],
)
def test_felt_and_measured_is_said_plainly(counts, says):
    assert says in words.felt_and_measured(Site.LEFT_CALF, *counts, 5.0)


@pytest.mark.parametrize(
    ("subject", "says", "not_said"),
    [
        (Subject.BREATHING, phrases.SEE_NOW, phrases.SEE_MENTION),
        (Subject.SWALLOWING, phrases.SEE_NOW, phrases.SEE_MENTION),
        (Subject.WEAKNESS, phrases.SEE_SOON, phrases.SEE_NOW),
        (Subject.SHRINKING, phrases.SEE_SOON, phrases.SEE_NOW),
        (Subject.SPEECH, phrases.SEE_SOON, phrases.SEE_NOW),
        (Subject.WEIGHT_LOSS, phrases.SEE_SOON, phrases.SEE_NOW),
        (Subject.CRAMPS, phrases.SEE_MENTION, phrases.SEE_SOON),
        (Subject.NUMBNESS, phrases.SEE_MENTION, phrases.SEE_SOON),
    ],
)
def test_what_the_wearer_ticked_decides_what_the_card_says(subject, says, not_said):
    lines = card([a_note(subject, 1.0)], NOW_S + 60)
    assert says in lines
    assert not_said not in lines


@pytest.mark.parametrize(
    "note",
    [
        a_note(Subject.WEAKNESS, 1.0, time_s=NOW_S - 29 * DAY_S),
        a_note(Subject.WEAKNESS, 0.0),
        replace(a_note(Subject.WEAKNESS, 1.0), is_removed=True),
        a_note(Subject.FELT, 9.0, site=Site.LEFT_CALF),
    ],
)
def test_nothing_ticked_leaves_the_list_that_is_the_same_for_everyone(note):
    assert card([note], NOW_S) == card([], NOW_S)
    assert all(f"  - {sign}" in card([], NOW_S) for sign in phrases.SIGNS)


def test_every_symptom_leads_the_card():
    assert all(card([a_note(symptom, 1.0)], NOW_S) != card([], NOW_S) for symptom in SYMPTOMS)


def test_the_card_never_sees_what_a_band_measured():
    tree = ast.parse(Path(card_module.__file__).read_text())
    taken = {name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names}
    assert taken == {"Sequence", "Subject", "Note", "card", "diary"}
