"""From notes to factors."""

from dataclasses import replace

from aquiver.model import Factor, Subject
from detector.judgement import factors_of
from tests.samples import a_note

COFFEE = replace(a_note(), subject=Subject.CAFFEINE, night="2026-01-05", amount=1.0, time_s=10.0)


def test_amounts_of_a_day_add_up_and_none_means_some():
    notes = [COFFEE, replace(COFFEE, amount=2.0), replace(COFFEE, amount=None)]
    assert factors_of(notes) == [Factor("caffeine", {"2026-01-05": 4.0})]


def test_a_day_without_a_note_is_not_known_and_nought_is():
    notes = [COFFEE, replace(COFFEE, night="2026-01-07", amount=0.0)]
    assert factors_of(notes)[0].by_night == {"2026-01-05": 1.0, "2026-01-07": 0.0}


def test_of_sleep_and_stress_the_last_word_of_a_day_counts():
    slept = replace(COFFEE, subject=Subject.SLEEP, amount=7.0)
    notes = [replace(slept, amount=6.5, time_s=20.0), slept]
    assert factors_of(notes) == [Factor("sleep", {"2026-01-05": 6.5})]


def test_symptoms_felt_twitches_and_removed_notes_are_no_factors():
    notes = [
        replace(COFFEE, subject=Subject.WEAKNESS),
        replace(COFFEE, subject=Subject.FELT),
        replace(COFFEE, is_removed=True),
    ]
    assert factors_of(notes) == []
