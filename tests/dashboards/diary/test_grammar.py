"""The diary's grammar: forgiving, and never guessing."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from aquiver.body import Site
from aquiver.errors import SettingsError
from aquiver.model import MEASURES, Subject
from dashboards.diary.grammar import understand
from dashboards.diary.words import UNITS, WORDS


@pytest.mark.parametrize(
    ("text", "subject", "amount", "site"),
    [
        ("coffee 2", Subject.CAFFEINE, 2, None),
        ("2 coffees", Subject.CAFFEINE, 2, None),
        ("a Coffee.", Subject.CAFFEINE, 1, None),
        ("no coffee", Subject.CAFFEINE, 0, None),
        ("coffee", Subject.CAFFEINE, 1, None),
        ("two cups of tea", Subject.CAFFEINE, 1, None),
        ("energy drink 180 mg", Subject.CAFFEINE, 2, None),
        ("wine 1,5", Subject.ALCOHOL, 1.5, None),
        ("3 beers", Subject.ALCOHOL, 3, None),
        ("slept 6.5", Subject.SLEEP, 6.5, None),
        ("sleep 7h30", Subject.SLEEP, 7.5, None),
        ("slept 7:30", Subject.SLEEP, 7.5, None),
        ("stress 4/10", Subject.STRESS, 4, None),
        ("stress 4 of 10", Subject.STRESS, 4, None),
        ("run 30 min", Subject.EXERCISE, 30, None),
        ("run 30min", Subject.EXERCISE, 30, None),
        ("walk 1h30", Subject.EXERCISE, 90, None),
        ("gym", Subject.EXERCISE, None, None),
        ("water 1.5 l", Subject.WATER, 6, None),
        ("3 glasses of water", Subject.WATER, 3, None),
        ("magnesium 350 mg", Subject.MAGNESIUM, 1, None),
        ("magnesium pill", Subject.MAGNESIUM, 1, None),
        ("medication baclofen stopped", Subject.MEDICATION, 1, None),
        ("stretching 10", Subject.STRETCHING, 10, None),
        ("meditation 5 minutes", Subject.STRESS_PRACTICE, 5, None),
        ("felt left calf", Subject.FELT, 1, Site.LEFT_CALF),
        ("felt 3 twitches r upper arm", Subject.FELT, 3, Site.RIGHT_UPPER_ARM),
        ("twitch eyelid", Subject.FELT, 1, Site.FACE),
        ("felt weak right hand", Subject.WEAKNESS, 1, Site.RIGHT_HAND),
        ("cramps left calves 3x", Subject.CRAMPS, 3, None),
        ("numb left_foot", Subject.NUMBNESS, 1, Site.LEFT_FOOT),
        ("left hand looks smaller", Subject.SHRINKING, 1, Site.LEFT_HAND),
        ("slurred speech", Subject.SPEECH, 1, None),
        ("trouble swallowing", Subject.SWALLOWING, 1, None),
        ("breathless", Subject.BREATHING, 1, None),
        ("weight loss 2 kg", Subject.WEIGHT_LOSS, 2, None),
    ],
)
def test_words_are_understood(text, subject, amount, site):
    (one,) = understand(text)
    assert (one.subject, one.site) == (subject, site)
    assert one.amount == (None if amount is None else pytest.approx(amount))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("cofee 2", 'did you mean "coffee"'),
        ("streching 5", 'did you mean "stretching"'),
        ("banjo", "not a word of the diary"),
        ("coffee 200", "can be 0 to 20 cups"),
        ("stress 11", "can be 0 to 10"),
        ("slept", "sleep needs a number"),
        ("felt", "where was it felt"),
        ("felt calf", "left or right"),
        ("cramps upper arm", 'say "left upper arm"'),
        ("coffee wine", "put a comma"),
        ("coffee 2 3", "two numbers"),
        ("run 5 km", "not noted in km"),
        ("coffee 2 l", "not noted in l"),
        ("", "Say for example"),
        ("3", "Say for example"),
    ],
)
def test_what_is_not_understood_says_what_to_write(text, says):
    with pytest.raises(SettingsError, match=says):
        understand(text)


def test_several_notes_stand_in_one_text():
    found = understand("coffee 2, slept 6,5 and felt left calf; water 3")
    assert [one.subject for one in found] == [Subject.CAFFEINE, Subject.SLEEP, Subject.FELT, Subject.WATER]


@given(some.text(max_size=60))
def test_any_text_is_understood_or_refused_with_a_sentence(text):
    with contextlib.suppress(SettingsError):
        for one in understand(text):
            assert one.amount is None or MEASURES[one.subject].least <= one.amount <= MEASURES[one.subject].most


def test_every_factor_has_a_word_and_every_unit_a_factor():
    assert {word.subject for word in WORDS.values()} == set(Subject) == set(MEASURES)
    assert set(UNITS) <= set(Subject)
