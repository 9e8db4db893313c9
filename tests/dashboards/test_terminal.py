"""The terminal view: coverage beside every count, and missing is never calm."""

from dataclasses import replace

import pytest
from rich.console import Console

from aquiver.model import BandState, FaultKind, Link, Position
from dashboards.evening import Evening
from dashboards.phrases import faults as phrases_of_faults
from dashboards.terminal import render, sentence
from tests.samples import NIGHT, NOW_S, a_fault, a_status, a_tally, a_twitch


def drawn(evening: Evening, now_s: float = NOW_S, notes: tuple[str, ...] = ()) -> str:
    console = Console(width=140, record=True, file=None, force_terminal=False)
    with console.capture() as capture:
        console.print(render(evening, now_s, notes))
    return capture.get()


@pytest.fixture
def evening() -> Evening:
    return Evening("me", NIGHT)


def test_a_count_stands_beside_the_time_it_was_counted_in(evening):
    evening.feed(a_tally(n_twitches=7, analysable_s=50.0))
    evening.feed(a_tally(NOW_S + 60, n_twitches=5, analysable_s=40.0))
    text = drawn(evening)
    assert " 12 " in text
    assert "90 s" in text
    assert "movement 20 s" in text


def test_a_repeated_tally_replaces_itself(evening):
    for n_twitches in (3, 5):
        evening.feed(a_tally(n_twitches=n_twitches))
    assert evening.site_nights()[0].n_twitches == 5


def test_nothing_analysed_is_a_dash_not_a_zero(evening):
    evening.feed(a_tally(n_twitches=0, analysable_s=0.0))
    row = next(line for line in drawn(evening).splitlines() if "left calf" in line)
    assert "—" in row
    assert " 0  " not in row.replace("0 s", "")


def test_a_rate_over_a_few_minutes_is_too_early_to_say(evening):
    evening.feed(a_tally(analysable_s=50.0))
    assert "too early to say" in drawn(evening)
    for minute in range(1, 15):
        evening.feed(a_tally(NOW_S + 60 * minute, n_twitches=1, analysable_s=60.0))
    assert "too early to say" not in drawn(evening)


def test_age_is_that_of_the_newest_sample_whatever_the_state_says(evening):
    evening.feed(a_status(newest_s=NOW_S - 42, state=BandState.STREAMING))
    assert "no samples for 42 s" in drawn(evening)
    evening.feed(a_status(newest_s=None))
    assert "none yet" in drawn(evening)


def test_the_last_twitch_is_shown(evening):
    evening.feed(a_tally())
    evening.feed(a_twitch(onset_s=NOW_S - 30))
    assert "30 s ago" in drawn(evening)


def test_another_wearers_night_is_not_shown(evening):
    other = Evening("anna", NIGHT)
    for message in (a_status(), a_tally(), a_twitch()):
        other.feed(message)
    assert (other.bands, other.site_nights(), other.last_twitch_s) == ({}, [], {})


def test_a_new_night_begins_at_nothing(evening):
    evening.feed(a_tally())
    evening.feed(a_tally(NOW_S + 86_400, n_twitches=1, night="2026-11-23"))
    evening.feed(a_tally(n_twitches=9))
    assert (evening.night, evening.site_nights()[0].n_twitches) == ("2026-11-23", 1)


def test_other_messages_change_nothing(evening):
    evening.feed(Position("j", "detector", 3))
    assert evening.bands == {}


def test_notes_stand_below(evening):
    assert "3 foreign messages" in drawn(evening, notes=("3 foreign messages",))


def test_one_line_says_it_all(evening):
    evening.feed(a_status())
    evening.feed(a_tally())
    assert sentence(evening, NOW_S) == "left calf: now | left calf 3 twitches in 50 s"


def test_a_fault_is_shown_with_its_link_and_what_to_do_until_it_is_over(evening):
    evening.feed(a_fault())
    text = drawn(evening, NOW_S + 40)
    assert "[sensor] No samples from left calf for 40 s" in text
    assert "Switch the band off and on." in text
    assert "[sensor]" in sentence(evening, NOW_S + 40)
    evening.feed(a_fault(until_s=NOW_S + 50))
    assert "[sensor]" not in drawn(evening, NOW_S + 60)


def test_what_several_notice_is_shown_once_and_along_the_chain(evening):
    evening.feed(a_fault(reporter="detector"))
    evening.feed(a_fault(reporter="recorder"))
    evening.see(
        [a_fault(), replace(a_fault(kind=FaultKind.BROKER_SILENT), link=Link.BROKER, subject="broker", site=None)]
    )
    assert [fault.kind for fault in evening.faults()] == [FaultKind.SILENT, FaultKind.BROKER_SILENT]


def test_another_wearers_fault_is_not_shown(evening):
    evening.feed(replace(a_fault(), wearer="anna"))
    assert evening.faults() == []


def test_the_report_sums_faults_up():
    once = a_fault(until_s=NOW_S + 60)
    again = replace(once, since_s=NOW_S + 100, until_s=NOW_S + 160)
    assert phrases_of_faults.summary([once, again, a_fault(kind=FaultKind.BATTERY_LOW)]) == [
        "  [sensor] connected without samples (left calf): 2 times, 2 min in all",
        "  [sensor] battery almost empty (left calf): once, and still when last heard of",
    ]
