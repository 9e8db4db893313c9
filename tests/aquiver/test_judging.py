"""From records to judgements, as a person does it: simulate, import, judge, night --placebo."""

import asyncio
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli, main
from aquiver.bus.local import LocalBus
from aquiver.commands.judging import judge_nights, judge_store, judgement_of, keep_notices
from aquiver.commands.keeping import store_of
from aquiver.model import Notice, Rules, Tally
from aquiver.settings import Settings
from aquiver.store import open_store
from collector.stories.table import STORIES
from tests.judgement.drawn import a_tally, counted, night_name

HIGH, LOW = 600, 6
LEAST = '{"wearer": "me", "site": "left_calf", "night": "%s", "analysable_s": 21600, "n_twitches": %d}'
FAR_S = 4e9


def run(*words: object, given: str | None = None):
    return CliRunner().invoke(cli, [str(word) for word in words], input=given)


def gives_up(monkeypatch, capsys, *words: object) -> str:
    monkeypatch.setattr("sys.argv", ["aquiver", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    said = capsys.readouterr().err.strip()
    assert "\n" not in said
    return said


def judged(folder, *words):
    done = run("judge", "--data", folder, "--json", *words)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)["wearers"]


def site_of(wearer, name):
    (site,) = [one for one in wearer["sites"] if one["site"] == name]
    return site


def least(per_night):
    return "".join(f"{LEAST % (night_name(number), count)}\n" for number, count in enumerate(per_night))


def test_least_lines_are_imported_and_judged(tmp_path):
    file = tmp_path / "r.jsonl"
    file.write_text(least([LOW] * 20 + [HIGH] * 20))
    done = run("import", file, "--data", tmp_path / "d")
    assert done.output == "imported: 40 tallies\n"
    (wearer,) = judged(tmp_path / "d")
    calf = site_of(wearer, "left_calf")
    assert (calf["n_valid"], calf["n_positive"], calf["first_positive"]) == (40, 20, night_name(20))
    assert [one["from"] for one in calf["new_region"]] == [night_name(22)]
    assert [one["from"] for one in calf["persistent"]] == [night_name(29)]
    assert calf["reach"] == "distal"
    night = wearer["nights"][25]
    assert (night["night"], night["is_positive"], night["n_twitches"]) == (night_name(25), True, HIGH)
    assert night["low_per_hour"] < night["rate_per_hour"] == 100.0 < night["high_per_hour"]


def test_importing_again_changes_nothing(tmp_path):
    file = tmp_path / "r.jsonl"
    file.write_text(least([HIGH] * 20))
    run("import", file, "--data", tmp_path / "d")
    before = judged(tmp_path / "d")
    assert run("import", file, "--data", tmp_path / "d").exit_code == 0
    assert judged(tmp_path / "d") == before


def test_repeated_and_replaced_lines_are_counted(tmp_path):
    text = least([HIGH, LOW]) + least([HIGH, HIGH]) + "\n\n"
    done = run("import", "-", "--data", tmp_path, given=text)
    assert done.output.splitlines() == [
        "imported: 2 tallies",
        "1 line said again what an earlier one said",
        "1 line replaced an earlier one of the same key",
    ]


def test_a_foreign_key_is_named(tmp_path):
    done = run("import", "-", "--data", tmp_path, given=least([HIGH]).replace("}", ', "mood": 3}'))
    assert 'passed over: "mood", on 1 line' in done.output


def test_wrong_lines_are_named_and_nothing_is_half_imported(tmp_path, monkeypatch, capsys):
    file = tmp_path / "r.jsonl"
    file.write_bytes((least([HIGH] * 3) + "{\n" + least([-5]) + least([HIGH])).encode() + b"\xff\n")
    said = gives_up(monkeypatch, capsys, "import", file, "--data", tmp_path / "d")
    assert "nothing was imported, for 3 lines cannot be read: line 4: not JSON" in said
    assert 'line 5: "n_twitches" is below 0; line 7: not UTF-8' in said
    assert not (tmp_path / "d").exists()


def test_of_many_wrong_lines_twenty_are_shown(tmp_path, monkeypatch, capsys):
    file = tmp_path / "r.jsonl"
    file.write_text("x\n" * 25)
    said = gives_up(monkeypatch, capsys, "import", file, "--data", tmp_path / "d")
    assert said.count("not JSON") == 20
    assert said.endswith("and 5 more")


def test_an_empty_file_says_so(tmp_path):
    assert "the file is empty" in run("import", "-", "--data", tmp_path, given="").output


def test_one_band_on_two_sites_in_one_night_keeps_both(tmp_path):
    lines = [
        json.dumps({**json.loads(LEAST % (night_name(0), HIGH)), "site": site, "device": "b"})
        for site in ("face", "neck")
    ]
    run("import", "-", "--data", tmp_path, given="\n".join(lines))
    assert len(judged(tmp_path)[0]["sites"]) == 2


def test_a_placebo_line_is_no_night_of_the_person(tmp_path):
    pillow = least([540]).replace("}", ', "is_placebo": true}')
    run("import", "-", "--data", tmp_path, given=pillow + least([450] * 20))
    (wearer,) = judged(tmp_path)
    calf = site_of(wearer, "left_calf")
    assert (wearer["wearer"], calf["n_valid"], calf["n_positive"]) == ("me", 20, 0)
    assert wearer["nights"][0]["floor_per_hour"] == pytest.approx(97.8, abs=0.1)


def test_minutes_are_enough_where_there_is_no_tally_of_the_night(tmp_path):
    minutes = [replace(a_tally(0, 2, 1 / 60), period="minute", start_s=1_767_650_000.0 + 60 * n) for n in range(180)]
    with store_of(Settings(data=str(tmp_path))) as store:
        store.write([*minutes, a_tally(1, HIGH, 6.0)])
        assert len(store.night_tallies("me")) == 181
    assert site_of(judged(tmp_path)[0], "left_calf")["n_valid"] == 2


def test_a_wearer_without_nights_is_named_with_those_who_have_some(tmp_path, monkeypatch, capsys):
    run("import", "-", "--data", tmp_path, given=least([HIGH]))
    said = gives_up(monkeypatch, capsys, "judge", "--data", tmp_path, "--wearer", "anna")
    assert 'no night of "anna" is kept; there are nights of me' in said


def test_an_empty_store_says_that_there_is_nothing_yet(tmp_path):
    assert "nothing to judge" in run("judge", "--data", tmp_path).output


def test_it_is_said_in_words(tmp_path):
    run("import", "-", "--data", tmp_path, given=least([LOW] * 20 + [HIGH] * 20))
    said = run("judge", "--data", tmp_path).output
    assert "worn on 40 nights, 40 of them with at least 2 analysable hours; 240 analysable hours in all" in said
    assert f"since {night_name(29)}: Left calf: twitches on 10 of the last 14 measured nights." in said
    assert f"{night_name(20)}  left calf, measured since {night_name(0)} (1 site in 1 region so far)" in said


def test_numbers_of_the_rules_are_set_in_the_settings(tmp_path):
    config = tmp_path / "night.toml"
    config.write_text("[judgement]\nvalid_hours = 7.0\n")
    run("import", "-", "--data", tmp_path / "d", given=least([HIGH] * 20))
    done = run("judge", "--data", tmp_path / "d", "--config", config, "--json")
    assert site_of(json.loads(done.output)["wearers"][0], "left_calf")["n_valid"] == 0


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Every story, told once, with its truth and what the judge makes of it."""
    folder = tmp_path_factory.mktemp("stories")
    found = {}
    for name in STORIES:
        done = run("simulate", "--story", name, "--nights", 90, "--out", folder / name)
        assert done.exit_code == 0, done.output
        wearers = {one["wearer"]: one for one in judged(folder / name)}
        found[name] = json.loads((folder / name / "truth.json").read_text()), wearers
    return found


@pytest.mark.parametrize("name", ["persistent", "spread", "forgotten", "clocks-forward", "clocks-back", "flight"])
def test_a_site_that_twitches_is_persistent_once_and_its_beginning_is_known(told, name):
    truth, wearers = told[name]
    for site, begins in truth["begins"]["story"].items():
        found = site_of(wearers["story"], site)
        assert len(found["persistent"]) == 1
        assert found["persistent"][0]["until"] is None
        (step,) = [one for one in wearers["story"]["spread"] if one["site"] == site]
        assert abs(truth["nights"].index(step["night"]) - begins) <= 2


def test_spread_is_told_from_hand_to_forearm_to_calf(told):
    truth, wearers = told["spread"]
    steps = [(one["site"], one["is_spread"], one["n_regions"]) for one in wearers["story"]["spread"]]
    assert steps == [("right_hand", False, 1), ("right_forearm", True, 1), ("right_calf", True, 2)]
    for site in ("right_forearm", "right_calf"):
        began = truth["nights"].index(site_of(wearers["story"], site)["new_region"][0]["from"])
        assert 2 <= began - truth["begins"]["story"][site] <= 3


def test_a_stable_story_tells_nothing(told):
    assert told["stable"][1]["story"]["notices"] == []


def test_coffee_is_found_where_it_works_and_not_where_it_does_not(told):
    story = told["caffeine"][1]["story"]
    by_site = {one["site"]: one for one in story["effects"]}
    assert by_site["left_calf"]["is_told"]
    per_two_cups = [by_site["left_calf"][name] ** 2 for name in ("ratio_low", "ratio_high")]
    assert per_two_cups[0] < told["caffeine"][0]["ratio_with"]["left_calf"] < per_two_cups[1]
    assert not by_site["right_forearm"]["is_told"]


def test_what_goes_with_it_is_said_in_words_and_only_what_is_sure(tmp_path):
    run("simulate", "--story", "caffeine", "--out", tmp_path)
    said = run("judge", "--data", tmp_path).output
    assert "left calf: with each of caffeine (cups) 1." in said
    assert "right forearm: with each" not in said


def test_a_seasonal_change_is_told_where_it_is(told):
    story = told["seasonal"][1]["story"]
    assert [len(site_of(story, site)["changed"]) for site in ("left_calf", "right_forearm")] == [1, 0]


def test_a_week_without_the_band_is_not_measured(told):
    truth, wearers = told["forgotten"]
    measured = {one["night"] for one in wearers["story"]["nights"] if one["site"] == "left_calf"}
    assert measured.isdisjoint(truth["nights"][number] for number in truth["not_worn"])


def test_clock_changes_and_flights_neither_split_nor_double_a_night(told):
    for name in ("clocks-forward", "clocks-back", "flight"):
        truth, wearers = told[name]
        nights = [one["night"] for one in wearers["story"]["nights"] if one["site"] == "left_calf"]
        assert nights == truth["nights"]
    zones = [one["zone"] for one in told["flight"][1]["story"]["nights"] if one["site"] == "left_calf"]
    assert zones == told["flight"][0]["zones"]


def test_a_pillow_learns_the_floor_and_is_nobody(told):
    truth, wearers = told["pillow"]
    assert set(wearers) == {"story"}
    after = truth["nights"][truth["placebo_nights"][-1]]
    assert {one["floor_per_hour"] > 60.0 for one in wearers["story"]["nights"] if one["night"] > after} == {True}
    assert site_of(wearers["story"], "left_calf")["persistent"][-1]["until"] is not None


def test_two_wearers_are_judged_apart(told):
    wearers = told["two-wearers"][1]
    assert len(site_of(wearers["first"], "left_calf")["persistent"]) == 1
    assert wearers["second"]["notices"] == []


def test_a_story_as_lines_is_the_story_as_a_store(tmp_path):
    run("simulate", "--story", "caffeine", "--nights", 40, "--out", tmp_path / "a")
    run("simulate", "--story", "caffeine", "--nights", 40, "--out", tmp_path / "b.jsonl")
    done = run("import", tmp_path / "b.jsonl", "--data", tmp_path / "b")
    assert "40 notes" in done.output
    assert judged(tmp_path / "a") == judged(tmp_path / "b")
    assert json.loads((tmp_path / "b.truth.json").read_text()) == json.loads(
        (tmp_path / "a" / "truth.json").read_text()
    )


def test_a_story_never_mixes_with_what_is_there(tmp_path, monkeypatch, capsys):
    run("simulate", "--story", "stable", "--nights", 3, "--out", tmp_path)
    said = gives_up(monkeypatch, capsys, "simulate", "--story", "stable", "--nights", 3, "--out", tmp_path)
    assert "there are records already" in said


@pytest.mark.parametrize(
    "words", [["simulate"], ["simulate", "x.edf", "--story", "stable"], ["simulate", "--story", "stable"]]
)
def test_simulate_wants_a_file_or_a_story_with_its_place(words):
    assert run(*words).exit_code == 2


def test_seeds_tell_different_stories(tmp_path):
    counts = set()
    for seed in (1, 2):
        run("simulate", "--story", "stable", "--nights", 5, "--seed", seed, "--out", tmp_path / str(seed))
        counts.add(tuple(one["n_twitches"] for one in judged(tmp_path / str(seed))[0]["nights"]))
    assert len(counts) == 2


def test_notices_are_kept_once_and_told_once(tmp_path):
    settings = Settings(data=str(tmp_path))
    with store_of(settings) as store:
        store.write(counted([HIGH] * 20))
    first = asyncio.run(judge_store(settings))
    assert [one.night for one in first] == [night_name(13)]
    assert asyncio.run(judge_store(settings)) == []
    with store_of(settings) as store:
        assert store.read(Notice, "me", 0.0, FAR_S) == first


def test_a_night_that_arrives_late_tells_nothing_twice(tmp_path):
    """A night from before all others moves the day on which persistence began."""
    store = open_store("sqlite:", tmp_path)
    store.write(counted([-1] + [HIGH] * 20))
    first = keep_notices(store, judgement_of(store, "me", Rules(), FAR_S), Rules())
    store.write([a_tally(0, HIGH, 6.0)])
    late = judgement_of(store, "me", Rules(), FAR_S)
    assert first[0].night != late.notices[0].night
    assert keep_notices(store, late, Rules()) == []
    store.close()


def test_a_night_is_final_when_its_noon_has_passed_where_it_was_slept(tmp_path):
    store = open_store("sqlite:", tmp_path)
    tallies = [replace(one, is_final=False, zone="Asia/Tokyo") for one in counted([HIGH] * 14)]
    store.write(tallies)
    last = date.fromisoformat(night_name(13)) + timedelta(days=1)
    noon_in_tokyo_s = (last - date(1970, 1, 1)).days * 86_400.0 + 3 * 3600.0
    before, after = (judgement_of(store, "me", Rules(), noon_in_tokyo_s + shift_s) for shift_s in (-1.0, 0.0))
    assert (len(before.notices), len(after.notices)) == (0, 1)
    store.close()


async def test_the_judge_publishes_what_is_new(tmp_path):
    settings = Settings(data=str(tmp_path))
    with store_of(settings) as store:
        store.write(counted([HIGH] * 20))
    bus = LocalBus()
    async with asyncio.timeout(30), bus.subscribe(Notice) as batches, judge_nights(settings, bus):
        async for batch in batches:
            (parcel,) = batch
            break
    assert parcel.message.night == night_name(13)


def test_a_night_on_a_pillow_is_kept_apart(tmp_path):
    for _ in range(5):  # a busy machine takes longer until the first tally
        done = run("night", "--demo", "--placebo", "--for", 4, "--data", tmp_path)
        assert done.exit_code == 0, done.output
        with store_of(Settings(data=str(tmp_path))) as store:
            if store.wearers():
                break
    with store_of(Settings(data=str(tmp_path))) as store:
        assert store.wearers() == ["demo-pillow"]
        assert store.night_tallies("demo") == []
        assert {one.wearer for one in store.night_tallies("demo-pillow")} == {"demo-pillow"}
    assert run("report", "--last", "--data", tmp_path).exit_code == 1
    assert run("report", "--wearer", "demo-pillow", "--data", tmp_path).exit_code == 0


def test_a_person_cannot_be_called_a_pillow(tmp_path, monkeypatch, capsys):
    config = tmp_path / "night.toml"
    config.write_text('wearer = "anna-pillow"\n')
    assert 'names that end in "-pillow"' in gives_up(monkeypatch, capsys, "judge", "--config", config)


def test_a_tally_keeps_its_time_zone(tmp_path):
    run("simulate", "--story", "flight", "--nights", 60, "--out", tmp_path)
    with store_of(Settings(data=str(tmp_path))) as store:
        zones = {one.zone for one in store.read(Tally, "story", 0.0, FAR_S)}
    assert zones == {"Europe/London", "America/Los_Angeles"}
