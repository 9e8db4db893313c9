"""The pages' API against the records of a store: reading agrees with them, saying goes the road of the commands."""

import asyncio
import re
from dataclasses import replace

import pytest

from aquiver.model import Answer, Note, Period, Tally, Trial, Twitch, Verb
from aquiver.nights import end_of, start_of
from aquiver.recording import open_recording
from aquiver.recording.excerpt import excerpt
from dashboards.nights.marks import key_in
from tests.page.nights.conftest import HOME
from tests.page.nights.stage import BERLIN, CALF, NIGHT, NOW_S, WEARER

CALF_OF = {"device": CALF.device, "modality": "emg"}
EVER = (0.0, 1e11)


def kept(given, kind):
    return given.store.read(kind, WEARER, start_of(NIGHT, BERLIN), end_of(NIGHT, BERLIN))


def a_night(given):
    return [one for one in kept(given, Twitch) if one.device == CALF.device]


async def test_a_night_counts_what_the_store_counts(api, given):
    found = (await api.get(f"/nights/{NIGHT}")).json()
    (calf,) = found["coverage"]
    minutes = [one for one in kept(given, Tally) if one.period is Period.MINUTE]
    assert calf["n_twitches"] == sum(one.n_twitches for one in minutes) == len(a_night(given))
    assert calf["analysable_s"] == pytest.approx(sum(one.analysable_s for one in minutes), abs=0.1)
    (strip,) = found["strips"]
    assert sum(n or 0 for n in strip["n_twitches"]) == calf["n_twitches"]
    assert sum(strip["analysable_s"]) == pytest.approx(calf["analysable_s"], abs=0.05 * len(minutes))


async def test_coverage_is_the_first_thing_said_of_a_site(api):
    (calf,) = (await api.get(f"/nights/{NIGHT}")).json()["coverage"]
    assert re.match(r"right calf \(emg\): analysable \d+ min of \d+ min", calf["lines"][0])
    assert {one["reason"] for one in calf["aside"]} >= {"gap", "warm_up"}


async def test_a_gap_is_a_gap_in_the_strip_and_a_fault_of_the_machine(api):
    found = (await api.get(f"/nights/{NIGHT}")).json()
    (strip,) = found["strips"]
    at = int((start_of(NIGHT, BERLIN) + 39_600.0 + CALF.lost_s - strip["start_s"]) // 60)
    assert (strip["gates"][at], strip["n_twitches"][at]) == ("gap", None)
    assert "out of reach (right calf)" in found["faults"][0]


async def test_a_night_of_which_nothing_is_kept_is_said_not_to_be_measured(api):
    found = (await api.get("/nights/2019-01-01")).json()
    assert found["coverage"] == []
    assert found["lead"].startswith("Nothing was measured in this night.")


async def test_all_twitches_come_page_by_page(api, given):
    seen, since_s = [], 0.0
    while since_s is not None:
        asked = {**CALF_OF, "since_s": since_s, "limit": 7}
        page = (await api.get(f"/nights/{NIGHT}/twitches", params=asked)).json()
        seen += [row["key"] for row in page["rows"]]
        since_s = page["next_s"]
    assert seen == [key_in(one) for one in a_night(given)]


async def test_a_waveform_holds_the_very_samples(api, given, folder):
    twitch = a_night(given)[3]
    found = (await api.get(f"/nights/{NIGHT}/wave", params={"key": key_in(twitch)})).json()["moment"]
    (path,) = (folder / "recordings" / NIGHT).glob("*.edf")
    first = twitch.sample - round(found["onset_at_s"] * found["rate_hz"])
    n_samples = len(found["values"])
    samples = excerpt(open_recording(path), twitch.modality, twitch.channel, twitch.run, first, n_samples)
    assert found["values"] == pytest.approx((samples - samples.mean()).tolist(), rel=1e-4, abs=1e-3)
    within = found["values"][round(found["onset_at_s"] * found["rate_hz"]) :][: round(twitch.duration_s * 1000) + 20]
    assert max(within) - min(within) == pytest.approx(twitch.amplitude, rel=0.5)


async def test_without_a_recording_it_is_said_that_there_is_no_waveform(api, given, folder):
    for path in (folder / "recordings" / NIGHT).glob("*.edf"):
        path.unlink()
    found = (await api.get(f"/nights/{NIGHT}/wave", params={"key": key_in(a_night(given)[3])})).json()
    assert found["moment"] is None
    assert found["said"].startswith("No raw samples of this moment are kept")


async def test_a_mark_is_counted_beside_the_count_and_never_changes_it(api, given):
    keys = [key_in(one) for one in a_night(given)[:3]]
    before = (await api.get(f"/nights/{NIGHT}")).json()["coverage"][0]
    for key, body in zip(
        keys, ({"verb": "false"}, {"verb": "false"}, {"verb": "known_cause", "words": "cat"}), strict=True
    ):
        for _ in range(2):  # said twice is said once
            assert (await api.post(f"/nights/{NIGHT}/marks", json={"key": key, **body})).status_code == 200
    after = (await api.get(f"/nights/{NIGHT}")).json()["coverage"][0]
    assert (after["n_twitches"], after["rate_per_hour"]) == (before["n_twitches"], before["rate_per_hour"])
    assert (after["n_false"], after["n_known"]) == (2, 1)
    assert f"Counted: {before['n_twitches']} twitches" in after["marked"]
    assert f"without them {before['n_twitches'] - 3}" in after["marked"]
    assert len([one for one in given.store.read(Answer, WEARER, *EVER) if one.about.startswith("twitch/")]) == 3


async def test_a_mark_can_be_taken_back(api, given):
    key = key_in(a_night(given)[0])
    for verb in ("false", "acknowledge"):
        said = (await api.post(f"/nights/{NIGHT}/marks", json={"key": key, "verb": verb})).json()
    assert said["twitch"]["mark"] is None
    assert (await api.get(f"/nights/{NIGHT}")).json()["coverage"][0]["n_false"] == 0


async def test_erasing_a_night_erases_what_was_said_of_its_twitches(api, given):
    key = key_in(a_night(given)[0])
    await api.post(f"/nights/{NIGHT}/marks", json={"key": key, "verb": "known_cause", "words": "cat"})
    given.store.erase(WEARER, NIGHT)
    assert given.store.read(Answer, WEARER, *EVER) == []


async def test_a_mark_never_settles_a_notice(api, given):
    before = (await api.get("/notices")).json()["notices"]
    await api.post(f"/nights/{NIGHT}/marks", json={"key": key_in(a_night(given)[0]), "verb": "false"})
    assert (await api.get("/notices")).json()["notices"] == before


async def test_words_for_the_diary_are_kept_once_for_one_moment(api, given):
    for _ in range(2):
        said = await api.post("/diary", json={"words": "coffee 2, cramps left foot", "time_s": NOW_S - 60})
    assert "caffeine, 2 cups" in said.json()["said"]
    new = [one for one in given.store.read(Note, WEARER, *EVER) if one.time_s == NOW_S - 60]
    assert sorted(one.subject for one in new) == ["caffeine", "cramps"]
    assert any("caffeine only in the morning" in row["name"] for row in (await api.get("/diary")).json()["habits"])


async def test_a_note_is_taken_back_by_its_name(api, given):
    name = (await api.post("/diary", json={"words": "water 3"})).json()["ids"][0]
    for _ in range(2):
        assert (await api.delete(f"/diary/{name}")).json()["said"] == "Taken back: water 3."
    shown = {note["id"] for day in (await api.get("/diary")).json()["days"] for note in day["notes"]}
    assert name not in shown
    assert [one.is_removed for one in given.store.read(Note, WEARER, *EVER) if one.id == name] == [True]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"words": "cofee 2"}, "did you mean"),
        ({"words": "slept"}, "how much?"),
        ({"words": "coffee", "time_s": NOW_S + 3600}, "still to come"),
        ({"words": "coffee", "night": "2026-13-01"}, "no date of a night"),
    ],
)
async def test_what_is_not_understood_is_answered_with_what_to_say(api, body, words):
    answer = await api.post("/diary", json=body)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


async def test_the_card_is_led_by_what_was_noted(api):
    assert "cramps, right calf" in (await api.get("/card")).json()["led"][0]
    await api.post("/diary", json={"words": "trouble breathing"})
    assert any("get medical help now" in line for line in (await api.get("/card")).json()["led"])


async def test_a_snooze_says_until_when_and_what_still_comes(api, given):
    body = {"verb": "snooze", "about": "changed", "length": "7d", "time_s": NOW_S - 5}
    for _ in range(2):
        said = (await api.post("/notices/answers", json=body)).json()["said"]
    assert said == "Changed: snoozed until 2026-11-30 07:29. Still coming: persistent, new region, faults."
    assert [one.verb for one in given.store.read(Answer, WEARER, *EVER)] == [Verb.SNOOZE]
    assert [hold["about"] for hold in (await api.get("/notices")).json()["holds"]] == ["changed"]


async def test_a_notice_is_shown_with_its_receipt_and_settled_by_its_key(api, given):
    notices = given.works.judgement(NOW_S).notices
    given.store.write(notices)
    shown = (await api.get("/notices")).json()["notices"]
    assert {one["key"] for one in shown} == {one.key for one in notices}
    first = next(one for one in shown if one["fate"] != "quiet")
    assert any(line.startswith("Why: rule") for line in first["receipt"])
    answer = await api.post(
        "/notices/answers", json={"verb": "known_cause", "about": first["key"], "words": "new shoes"}
    )
    assert answer.status_code == 200
    again = {one["key"]: one for one in (await api.get("/notices")).json()["notices"]}
    assert again[first["key"]]["stands"] == "has a known cause: new shoes"


async def test_an_experiment_is_laid_out_once_and_stopped_once(api, given):
    body = {"habit": "caffeine", "begun_s": NOW_S - 10}
    first, again = [(await api.post("/experiments", json=body)).json() for _ in range(2)]
    assert first == again
    refused = await api.post("/experiments", json={"habit": "water"})
    assert refused.status_code == 400
    assert "is running" in refused.json()["error"]
    (name,) = first["ids"]
    for _ in range(2):
        assert (await api.delete(f"/experiments/{name}")).status_code == 200
    assert [one.is_stopped for one in given.store.read(Trial, WEARER, *EVER)] == [True]
    assert (await api.get("/experiments")).json()["tries"][0]["result"] == [
        "Stopped. As it did not reach its end, nothing is compared."
    ]


async def test_nothing_of_the_draw_or_the_rates_is_told_before_the_end(api, given):
    await api.post("/experiments", json={"habit": "caffeine", "begun_s": NOW_S - 10})
    (one,) = (await api.get("/experiments")).json()["tries"]
    assert one["result"] == []
    assert not {"blocks", "seed", "is_on"} & set(one)


async def test_an_experiment_that_is_over_says_what_it_found(api, given):
    await api.post("/experiments", json={"habit": "caffeine", "begun_s": NOW_S - 10})
    (trial,) = given.store.read(Trial, WEARER, *EVER)
    earlier = replace(
        trial.experiment,
        blocks=tuple(replace(block, first_night=_earlier(block.first_night, 60)) for block in trial.experiment.blocks),
    )
    given.store.write([replace(trial, experiment=earlier)])
    (one,) = (await api.get("/experiments")).json()["tries"]
    assert any("pairs of blocks" in line for line in one["result"])


def _earlier(night, days):
    from datetime import date, timedelta  # noqa: PLC0415

    return (date.fromisoformat(night) - timedelta(days=days)).isoformat()


async def test_the_report_is_the_page_for_a_doctor(api):
    pdf = await api.get("/report", params={"weeks": 4})
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-disposition"] == 'attachment; filename="aquiver-story-4-weeks.pdf"'
    html = (await api.get("/report", params={"weeks": 4, "form": "html"})).text
    assert "Muscle twitches, counted at night" in html


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nights/2026-13-99", 400),
        ("/nights/tomorrow", 400),
        ("/nights?days=100000", 400),
        (f"/nights/{NIGHT}/wave?key=none", 404),
        (f"/nights/{NIGHT}/wave?key=..%2F..%2Fetc", 404),
        (f"/nights/{NIGHT}/twitches?device=x", 400),
        ("/report?weeks=999", 400),
        ("/report?form=exe", 400),
        ("/weeks?weeks=0", 400),
    ],
)
async def test_what_is_asked_wrongly_gets_one_sentence(api, path, status):
    answer = await api.get(path)
    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/diary"),
        ("POST", "/notices/answers"),
        ("POST", "/experiments"),
        ("POST", f"/nights/{NIGHT}/marks"),
        ("DELETE", "/diary/told-1"),
        ("DELETE", "/experiments/x"),
    ],
)
async def test_another_page_can_say_nothing(api, given, method, path):
    before = given.store.count(WEARER)
    answer = await api.request(method, path, json={"words": "coffee"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert given.store.count(WEARER) == before
    assert HOME.startswith("http://127.0.0.1")


async def test_many_who_look_and_speak_at_once_are_all_answered(api, given):
    before = given.store.count(WEARER)
    asked = [
        api.get(path) for path in ("/nights", f"/nights/{NIGHT}", "/weeks", "/diary", "/notices") for _ in range(4)
    ]
    said = [api.post("/diary", json={"words": f"water {n}", "time_s": NOW_S - n}) for n in range(1, 11)]
    answers = await asyncio.gather(*asked, *said)
    assert {answer.status_code for answer in answers} == {200}
    assert given.store.count(WEARER) == before + 10


async def test_the_same_judgement_is_made_once(given):
    assert given.works.judgement(NOW_S) is given.works.judgement(NOW_S)
    given.store.write([replace(one, n_twitches=0) for one in kept(given, Tally) if one.period is Period.NIGHT])
    assert given.works.judgement(NOW_S).nights[-1].n_twitches == 0
