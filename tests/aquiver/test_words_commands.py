"""The commands of what a person says and is told, as a person calls them."""

import asyncio
import logging
import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli
from aquiver.commands.judging import judge_store
from aquiver.commands.note import moment
from aquiver.errors import SettingsError
from aquiver.model import Answer, Note, Trial
from aquiver.settings import Settings
from aquiver.store import open_store
from tests.samples import NOW_S
from tests.webhook import webhook


@pytest.fixture(autouse=True)
def _quiet_logging():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def run(folder, *words, wearer=None):
    more = [] if wearer is None else ["--wearer", wearer]
    return CliRunner().invoke(cli, [*map(str, words), "--data", str(folder), *more])


def kept(folder, kind, wearer="me"):
    store = open_store("sqlite:", folder)
    found = store.read(kind, wearer, 0.0, 1e11)
    store.close()
    return found


def test_a_note_is_kept_listed_and_taken_back(tmp_path):
    said = run(tmp_path, "note", "coffee", "2,", "felt", "left", "calf")
    assert said.exit_code == 0, said.output
    assert "caffeine, 2 cups" in said.output
    listed = run(tmp_path, "note", "--list").output
    name = re.search(r"^(\w{8})  \S+  caffeine, 2 cups  \(coffee 2\)$", listed, re.MULTILINE)[1]
    assert run(tmp_path, "note", "--remove", name).output == "Taken back: coffee 2.\n"
    assert "caffeine" not in run(tmp_path, "note", "--list").output
    assert isinstance(run(tmp_path, "note", "--remove", name).exception, SettingsError)


def test_a_note_may_be_of_another_time_and_night(tmp_path):
    run(tmp_path, "note", "wine", "--at", "2026-11-22 21:30")
    run(tmp_path, "note", "slept 6", "--night", "2026-11-20")
    assert {(note.words, note.night) for note in kept(tmp_path, Note)} == {
        ("wine", "2026-11-22"),
        ("slept 6", "2026-11-20"),
    }


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("note", "cofee"), 'did you mean "coffee"'),
        (("note", "coffee", "--at", "half past"), "is no time"),
        (("note", "coffee", "--at", "2999-01-01 10:00"), "still to come"),
        (("note", "coffee", "--night", "yesterday"), "is no date"),
        (("note", "coffee", "--wearer", "Anna B"), "is no name"),
        (("morning",), "No night has been recorded"),
        (("notices", "mute", "chagned"), "known are"),
        (("notices", "snooze", "changed", "long"), "for how long"),
        (("notices", "try", "phone"), "no [[channel]]"),
        (("experiment", "new", "caffeine"), "no site has been measured"),
        (("experiment", "new", "medication", "--site", "left_calf"), "for those who prescribed it"),
        (("experiment", "new", "chocolate", "--site", "left_calf"), "cannot be tried"),
        (("experiment", "new", "caffeine", "--site", "left_calf", "--pairs", "2"), "3 to 12 pairs"),
        (("experiment", "new", "caffeine", "--site", "left_calf", "--start", "2020-01-01"), "is over"),
        (("experiment", "end"), "No experiment is running"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_kept(tmp_path, words, says):
    done = run(tmp_path, *words)
    assert isinstance(done.exception, SettingsError)
    assert says in str(done.exception)
    assert [kept(tmp_path, kind) for kind in (Note, Answer, Trial)] == [[], [], []]


def test_words_list_and_remove_exclude_each_other(tmp_path):
    assert "Give words" in run(tmp_path, "note", "coffee", "--list").output
    assert "Give words" in run(tmp_path, "note").output


def test_a_time_of_day_is_the_last_time_it_was_that():
    evening_s = datetime(2026, 11, 22, 22, 30, tzinfo=UTC).timestamp()
    zone = Settings(timezone="UTC").zone
    assert moment("22:30", NOW_S, zone) == evening_s
    assert moment("23:30", NOW_S, zone) == evening_s - 23 * 3600.0


def test_habits_and_card_go_by_the_diary(tmp_path):
    assert run(tmp_path, "habits").output.count("not noted") == 6
    run(tmp_path, "note", "water 3, no alcohol, weakness right hand")
    assert "[x] water: 3 glasses" in run(tmp_path, "habits").output
    assert "You noted: weakness, right hand" in run(tmp_path, "card").output
    assert "You noted" not in run(tmp_path, "card", wearer="anna").output


def test_an_answer_survives_and_says_what_still_comes(tmp_path):
    said = run(tmp_path, "notices", "snooze", "changed", "7d").output
    assert re.fullmatch(r"changed: snoozed until .+ Still coming: persistent, new region, faults\.\n", said)
    run(tmp_path, "notices", "mute", "persistent")
    listed = run(tmp_path, "notices", "list").output
    assert "changed: snoozed until" in listed
    assert "persistent: muted until you say unmute" in listed
    assert "muted" not in run(tmp_path, "notices", "list", wearer="anna").output


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Ninety nights with known truth, judged."""
    folder = tmp_path_factory.mktemp("told") / "story"
    done = CliRunner().invoke(cli, ["simulate", "--story", "spread", "--out", str(folder)])
    assert done.exit_code == 0, done.output
    asyncio.run(judge_store(Settings(data=str(folder))))
    return folder


def test_a_story_has_a_morning_and_notices_with_receipts(story):
    said = run(story, "morning", wearer="story").output
    assert "analysable" in said.splitlines()[2]
    assert "your usual range over 28 measured nights" in said
    listed = run(story, "notices", "list", "--why", wearer="story").output
    assert 'Why: rule "persistent"' in listed
    assert "It ends with" in listed


def test_an_experiment_is_laid_out_followed_and_given_up(story):
    assert "drawn order" in run(story, "experiment", "new", "caffeine", wearer="story").output
    assert "two at once" in str(run(story, "experiment", "new", "water", wearer="story").exception)
    assert "begins on" in run(story, "experiment", "status", wearer="story").output
    assert "says nothing before" in run(story, "experiment", "end", wearer="story").output
    assert "nothing is compared" in run(story, "experiment", "end", "--stop", wearer="story").output
    assert "No experiment" in run(story, "experiment", "status", wearer="story").output
    assert "No experiment" in run(story, "experiment", "status").output


def test_a_trial_message_reaches_its_channel(tmp_path, monkeypatch):
    config = tmp_path / "night.toml"
    config.write_text('[[channel]]\nname = "phone"\ntells = "notices"\n')
    with webhook() as hook:
        monkeypatch.setenv("AQUIVER_CHANNEL_PHONE", hook.address)
        assert run(tmp_path, "notices", "try", "phone", "--config", config).output == "phone: sent\n"
        assert "This is a trial" in hook.bodies[0]["message"]
