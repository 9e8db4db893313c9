"""aquiver score: files in, figures out."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli
from aquiver.errors import AquiverError

TRUE = "onset_s,peak_s,site,modality,amplitude,unit,is_visible\n"
FOUND = "onset_s,duration_s,peak_s,site,modality,channel,amplitude,unit,snr,label\n"


def true(peak_s: float, is_visible: int = 1, place: str = "left_calf,emg") -> str:
    return f"{peak_s - 0.01},{peak_s},{place},60.0,uV,{is_visible}\n"


def found(peak_s: float, place: str = "left_calf,emg") -> str:
    return f"{peak_s - 0.01},0.02,{peak_s},{place},1,61.0,uV,14.0,isolated\n"


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(lines))
    return path


def scored(folder: Path, truth: list[str], events: list[str], *words: object) -> list[dict]:
    files = write(folder / "t.csv", TRUE, *truth), write(folder / "e.csv", FOUND, *events)
    done = CliRunner().invoke(cli, ["score", *map(str, (*files, *words)), "--json"], catch_exceptions=False)
    return json.loads(done.output)["scores"]


def test_hits_misses_and_false_alarms_are_counted(tmp_path):
    (line,) = scored(tmp_path, [true(10), true(20), true(30)], [found(10.04), found(20.06), found(30), found(30.03)])
    assert (line["n_hits"], line["n_misses"], line["n_false"]) == (2, 1, 2)
    assert (line["sensitivity"], line["precision"], line["accuracy"]) == pytest.approx((2 / 3, 0.5, 0.4))


def test_sites_and_sensors_are_scored_apart_with_their_own_tolerance(tmp_path):
    acc = "left_calf,accelerometer"
    lines = scored(tmp_path, [true(10), true(10, place=acc)], [found(10.1), found(10.1, acc), found(10, "trunk,emg")])
    assert [(line["site"], line["modality"], line["n_hits"], line["n_false"]) for line in lines] == [
        ("left_calf", "accelerometer", 1, 0),
        ("left_calf", "emg", 0, 1),
        ("trunk", "emg", 0, 1),
    ]


def test_a_tolerance_may_be_chosen(tmp_path):
    (line,) = scored(tmp_path, [true(10)], [found(10.4)], "--tolerance", 0.5)
    assert (line["n_hits"], line["tolerance_s"]) == (1, 0.5)


def test_a_twitch_below_the_noise_is_neither_missed_nor_false(tmp_path):
    (line,) = scored(tmp_path, [true(10, 0), true(20, 0), true(30)], [found(10), found(30)])
    assert (line["n_true"], line["n_hits"], line["n_misses"], line["n_false"]) == (1, 1, 0, 0)


def test_false_alarms_are_told_per_hour_from_hours_or_from_a_summary(tmp_path):
    sites = [{"site": "left_calf", "modality": "emg", "analysable_s": 1800.0}]
    summary = write(tmp_path / "s.json", json.dumps({"sites": sites}))
    for words in (("--hours", 0.5), ("--summary", summary)):
        (line,) = scored(tmp_path, [], [found(10)], *words)
        assert (line["false_per_hour"], line["analysable_hours"]) == (2.0, 0.5)


def test_a_place_that_was_only_summed_up_is_told_too(tmp_path):
    sites = [{"site": "trunk", "modality": "emg", "analysable_s": 3600.0}]
    (line,) = scored(tmp_path, [], [], "--summary", write(tmp_path / "s.json", json.dumps({"sites": sites})))
    assert (line["site"], line["n_found"], line["false_per_hour"]) == ("trunk", 0, 0.0)


def test_sensitivity_is_also_told_over_the_time_that_was_analysed(tmp_path):
    spans = write(tmp_path / "s.csv", "start_s,stop_s,site,modality,reason\n5,15,left_calf,emg,movement\n")
    (line,) = scored(tmp_path, [true(10), true(20)], [found(20)], "--spans", spans)
    assert (line["sensitivity"], line["sensitivity_over_analysable_time"]) == (0.5, 1.0)


def test_a_table_is_printed_for_people(tmp_path):
    files = write(tmp_path / "t.csv", TRUE, true(10)), write(tmp_path / "e.csv", FOUND, found(10))
    said = CliRunner().invoke(cli, ["score", *map(str, files)]).output.splitlines()
    assert said[1].split() == ["left", "calf", "emg", "1", "1", "1", "1.000", "-", "1.000", "1.000", "1.000", "-"]


def test_two_empty_files_say_so(tmp_path):
    files = write(tmp_path / "t.csv", TRUE), write(tmp_path / "e.csv", FOUND)
    assert CliRunner().invoke(cli, ["score", *map(str, files)]).output == "No event in either file.\n"


@pytest.mark.parametrize(
    ("truth", "words", "says"),
    [
        ("", (), "no column peak_s, site, modality; there is nothing"),
        ("a,b\n1,2\n", (), "no column peak_s, site, modality; there is a, b"),
        (TRUE + "1,ten,left_calf,emg,6,uV,1\n", (), "line 2: peak_s is 'ten', which is no number"),
        (TRUE + "1,nan,left_calf,emg,6,uV,1\n", (), "line 2: peak_s is nan"),
        (TRUE + "1\n", (), "line 2: None is not a valid Site"),
        (TRUE + "1,1,left_knee,emg,6,uV,1\n", (), "line 2: 'left_knee' is not a valid Site"),
        (TRUE + "1,1,left_calf,ecg,6,uV,1\n", (), "ecg has no twitches"),
        (b"\xff\xfe\x00", (), "not a text file"),
        (None, (), "no such file"),
        (TRUE, ("--summary", "e.csv"), "not a summary"),
        (TRUE, ("--summary", "e.csv", "--hours", "2"), "contradict"),
    ],
)
def test_what_cannot_be_scored_is_said_with_its_place(tmp_path, monkeypatch, truth, words, says):
    monkeypatch.chdir(tmp_path)
    Path("e.csv").write_text(FOUND)
    if truth is not None:
        Path("t.csv").write_bytes(truth if isinstance(truth, bytes) else truth.encode())
    done = CliRunner().invoke(cli, ["score", "t.csv", "e.csv", *words])
    assert isinstance(done.exception, AquiverError)
    assert says in str(done.exception)


def test_what_detect_writes_of_a_simulated_night_can_be_scored(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    run(cli, ["simulate", "n.edf", "--minutes", "3", "--truth", "t.csv"], catch_exceptions=False)
    words = ["detect", "n.edf", "--site", "left_calf", "--events", "e.csv", "--spans", "s.csv", "--json"]
    Path("s.json").write_text(run(cli, words, catch_exceptions=False).stdout)
    done = run(cli, ["score", "t.csv", "e.csv", "--spans", "s.csv", "--summary", "s.json", "--json"])
    (line,) = json.loads(done.output)["scores"]
    assert line["n_true"] > 3
    assert line["sensitivity_over_analysable_time"] >= line["sensitivity"]
    assert line["analysable_hours"] > 0.03
