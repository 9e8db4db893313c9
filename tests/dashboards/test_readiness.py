"""Before sleep: what is seen of bands and machine, judged."""

from dataclasses import replace

import pytest

from aquiver.body import Site
from aquiver.model import Modality, SpanReason, Unit
from dashboards.phrases.readiness import verdict
from dashboards.readiness import BandFacts, MachineFacts, StreamFacts, Verdict, is_ready, judge

EMG = StreamFacts(Modality.EMG, 50.0, {SpanReason.WARM_UP: 9.0, SpanReason.GAP: 1.0}, 0.0, 2.3, Unit.MICROVOLT)
BAND = BandFacts("umyo-calf", Site.LEFT_CALF, "", 80.0, 12.0, 0, (EMG,))
MACHINE = MachineFacts("22:45", 0.01, 0.0, 10**10, 10**9, "", "", "", 1.9)


def said(band: BandFacts = BAND, machine: MachineFacts = MACHINE, night_h: float = 8.0) -> dict[str, list[str]]:
    """Give what is told, by verdict."""
    found = judge((band,), machine, night_h)
    return {kind: [one.words for one in found if one.verdict == kind] for kind in Verdict}


def test_a_band_that_is_worn_and_charged_on_a_machine_that_works_may_go():
    findings = judge((BAND,), MACHINE, 8.0)
    assert is_ready(findings)
    assert {one.about for one in findings} == {"umyo-calf", "clock", "disk", "broker", "store", "chain"}
    assert not said()["note"]


def test_a_band_that_was_not_heard_says_why():
    (words,) = said(replace(BAND, streams=(), reason="umyo not found"))["not yet"]
    assert "umyo not found" in words


@pytest.mark.parametrize("reason", [SpanReason.CONTACT, SpanReason.SATURATED, SpanReason.NOISE, SpanReason.UNSUITABLE])
def test_time_that_cannot_be_judged_for_most_of_the_check_is_a_band_not_worn(reason):
    worn = replace(EMG, analysable_s=26.0, excluded_s={reason: 24.0})
    assert not said(replace(BAND, streams=(worn,)))["not yet"]
    loose = replace(EMG, analysable_s=24.0, excluded_s={reason: 26.0})
    assert len(said(replace(BAND, streams=(loose,)))["not yet"]) == 1


def test_settling_in_and_gaps_say_nothing_about_how_it_is_worn():
    begun = replace(EMG, analysable_s=8.0, excluded_s={SpanReason.WARM_UP: 40.0, SpanReason.GAP: 40.0})
    assert not said(replace(BAND, streams=(begun,)))["not yet"]
    (words,) = said(replace(BAND, streams=(replace(begun, analysable_s=3.0),)))["not yet"]
    assert "only 3 s" in words


def test_movement_is_told_and_does_not_stand_in_the_way():
    restless = replace(EMG, analysable_s=5.0, excluded_s={SpanReason.MOVEMENT: 45.0})
    assert "movement" in said(replace(BAND, streams=(restless,)))["note"][0]


def test_a_stuck_sensor_is_named():
    (words,) = said(replace(BAND, streams=(replace(EMG, stuck=("z",)),)))["not yet"]
    assert "z stands at the end of its range" in words


@pytest.mark.parametrize(("share", "kind"), [(0.001, None), (0.02, "note"), (0.2, "not yet")])
def test_loss_by_radio_is_told_by_how_much_it_is(share, kind):
    found = said(replace(BAND, streams=(replace(EMG, lost_share=share),)))
    assert [word for word in ("note", "not yet") if found[word]] == ([kind] if kind else [])


@pytest.mark.parametrize(("percent", "kind"), [(None, "note"), (80.0, "ok"), (50.0, "not yet")])
def test_a_battery_must_last_until_morning(percent, kind):
    assert any("battery" in words for words in said(replace(BAND, battery_percent=percent))[kind])


def test_broken_packets_are_told():
    assert "3 packets" in said(replace(BAND, n_malformed=3, reason="byte 5"))["note"][0]


def test_heart_electrodes_are_only_heard():
    heard = replace(EMG, modality=Modality.ECG, analysable_s=0.0, excluded_s={SpanReason.UNSUITABLE: 60.0})
    assert not said(replace(BAND, streams=(heard,)))["not yet"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"clock_step_s": -3600.0}, "-3600.0 s"),
        ({"newest_ahead_s": 86400.0}, "set the clock"),
        ({"free_bytes": 10**8}, "make room"),
        ({"broker": "no answer"}, "no answer"),
        ({"store": "cannot be opened"}, "cannot be opened"),
        ({"chain": "did not reach the store"}, "did not reach"),
    ],
)
def test_what_is_wrong_with_the_machine_stands_in_the_way(change, words):
    (told,) = said(machine=replace(MACHINE, **change))["not yet"]
    assert words in told


def test_the_end_says_how_much_is_left_to_do():
    assert verdict(2) == "Not yet: 2 things first, marked above."
