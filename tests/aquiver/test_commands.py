"""The commands as a person calls them."""

import csv
import json
import logging
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import edfio
import numpy as np
import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli, main
from aquiver.commands.detect import COLUMNS
from aquiver.commands.night import demo_settings
from aquiver.errors import SettingsError
from aquiver.recording import RecordingWriter
from aquiver.settings import read_settings
from aquiver.store import open_store
from detector.score import EMG_TOLERANCE_S, score
from tests.samples import NOW_S, a_chunk, a_stream, a_tally, a_twitch

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture(autouse=True)
def _quiet_logging():
    """Undo what the command line does to logging."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def run(*words: object):
    return CliRunner().invoke(cli, [str(word) for word in words])


def gives_up(monkeypatch, capsys, *words: object) -> str:
    """Run the program as a process would, and give its one sentence."""
    monkeypatch.setattr("sys.argv", ["aquiver", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    said = capsys.readouterr().err.strip()
    assert "\n" not in said
    return said


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """A simulated recording of three minutes with its truth."""
    folder = tmp_path_factory.mktemp("simulated")
    done = run("simulate", folder / "n.edf", "--minutes", 3, "--truth", folder / "t.csv", "--habits", "still")
    assert done.exit_code == 0, done.output
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_a_simulated_recording_is_detected_near_its_truth(simulated):
    events = simulated / "e.csv"
    done = run("detect", simulated / "n.edf", "--site", "left_calf", "--events", events, "--json")
    said = json.loads(done.output)
    found, truth = rows(events), rows(simulated / "t.csv")
    assert tuple(found[0]) == COLUMNS
    assert said["count"] == len(found)
    assert said["analysable_s"] + sum(said["excluded_s"].values()) == pytest.approx(180.0)
    assert said["rate_interval_per_hour"][0] < said["rate_per_hour"] < said["rate_interval_per_hour"][1]
    clear = [float(row["peak_s"]) for row in truth if float(row["amplitude"]) > 60 and float(row["peak_s"]) > 5]
    result = score(clear, [float(row["peak_s"]) for row in found], EMG_TOLERANCE_S)
    assert result.sensitivity > 0.9


def test_several_files_and_sites_are_counted_apart(simulated):
    files = (simulated / "n.edf", simulated / "n.edf")
    one = json.loads(run("detect", files[0], "--site", "left_calf", "--json").output)
    two = json.loads(run("detect", *files, "--site", "left_calf", "--site", "trunk", "--json").output)
    assert [site["site"] for site in two["sites"]] == ["left_calf", "trunk"]
    assert two["count"] == 2 * one["count"]
    both = json.loads(run("detect", *files, "--site", "left_calf", "--json").output)
    assert (len(both["sites"]), both["count"]) == (1, 2 * one["count"])


def test_a_number_of_sites_that_fits_no_files_is_refused(simulated):
    done = run("detect", simulated / "n.edf", "--site", "face", "--site", "trunk")
    assert (done.exit_code, "2 sites" in done.output) == (2, True)


def test_words_stand_beside_the_time_analysed(simulated):
    said = run("detect", simulated / "n.edf", "--site", "left_calf").output
    assert "per analysable hour (95 % interval" in said
    assert "settling in 5 s" in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"hello", "not an EDF or BDF file"),
        (None, "no such file"),
        (slice(600), "cut short"),
        (slice(50_000), "cut short"),
    ],
)
def test_a_file_that_cannot_be_used_gives_one_sentence(simulated, tmp_path, monkeypatch, capsys, content, says):
    path = tmp_path / "x.edf"
    if content is not None:
        path.write_bytes((simulated / "n.edf").read_bytes()[content] if isinstance(content, slice) else content)
    assert says in gives_up(monkeypatch, capsys, "detect", path, "--site", "left_calf")


@pytest.mark.skipif(not SHARED.exists(), reason=f"no recordings in {SHARED}")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.edf")), ids=lambda path: path.stem)
def test_every_real_recording_is_read(path, tmp_path):
    done = run("detect", path, "--site", "right_hand", "--events", tmp_path / "e.csv", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.output)
    assert said["analysable_s"] + sum(said["excluded_s"].values()) > 10
    if said["analysable_s"]:
        assert len(rows(tmp_path / "e.csv")) == said["count"]


def test_a_replay_says_records_as_they_are_on_the_bus(simulated):
    lines = run("replay", simulated / "n.edf").output.splitlines()
    topics = {line.split(" ", 1)[0] for line in lines}
    assert topics == {f"aquiver/v1/simulated/{kind}/left_calf/body-1" for kind in ("twitch", "tally", "span")}
    assert all(json.loads(line.split(" ", 1)[1])["wearer"] == "simulated" for line in lines)


def test_a_replay_that_differs_from_the_store_says_where(simulated, tmp_path):
    done = run("replay", simulated / "n.edf", "--compare", "--data", tmp_path)
    assert done.exit_code == 1
    assert "only in the replay: " in done.output


def test_a_folder_without_recordings_is_refused(tmp_path, monkeypatch, capsys):
    assert "no recordings" in gives_up(monkeypatch, capsys, "replay", tmp_path)


def test_a_report_without_a_night_says_how_to_begin(tmp_path, monkeypatch, capsys):
    assert "aquiver night" in gives_up(monkeypatch, capsys, "report", "--data", tmp_path / "none")


def test_a_report_is_of_the_newest_night_or_the_one_asked_for(tmp_path):
    store = open_store("sqlite:", tmp_path)
    day_s = 86_400.0
    store.write([a_tally(), a_twitch(), a_tally(NOW_S - day_s, n_twitches=9, night="2026-11-21")])
    store.close()
    assert "Night of 2026-11-22" in run("report", "--data", tmp_path).output
    older = run("report", "--data", tmp_path, "--night", "2026-11-21", "--json")
    assert json.loads(older.output)["sites"][0]["n_twitches"] == 9


def test_a_night_that_is_not_kept_is_named(tmp_path, monkeypatch, capsys):
    store = open_store("sqlite:", tmp_path)
    store.write([a_tally()])
    store.close()
    assert "no night of 2020-01-01" in gives_up(
        monkeypatch, capsys, "report", "--data", tmp_path, "--night", "2020-01-01"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("report", "--last", "--night", "2026-11-22"), "contradict"),
        (("run", "detector"), "need a broker of their own"),
        (("night",), "no band is set up"),
        (("night", "--config", "missing.toml"), "aquiver.example.toml"),
    ],
)
def test_a_call_that_cannot_work_says_why(tmp_path, monkeypatch, capsys, words, says):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AQUIVER_DATA", str(tmp_path / "data"))
    assert says in gives_up(monkeypatch, capsys, *words)


def test_settings_beside_us_are_read(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "night.toml").write_text("wearr = 1")
    assert "night.toml: line 1" in gives_up(monkeypatch, capsys, "night")


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_explains_itself(command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert "aquiver" in done.output or command == "scan"
    assert run("--help").output.count(f"  {command} ") == 1


def test_the_reference_band_keeps_every_rule():
    done = run("check-band", "--demo", "--for", 3.5)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "Every rule is kept.")


def test_a_broken_rule_is_said_in_words_and_by_the_exit_code():
    done = run("check-band", "--demo", "--for", 0.5)
    assert done.exit_code == 1
    assert "wrong  Its rates are as described\n         emg came for 0." in done.output


def test_a_band_to_check_is_looked_for_on_the_machines_own_radio(monkeypatch, capsys):
    assert gives_up(monkeypatch, capsys, "check-band", "C0:12:34:56:78:9A", "--for", 1)


def test_a_recording_without_a_signal_for_us_is_refused(tmp_path, monkeypatch, capsys):
    path = tmp_path / "t.edf"
    edfio.Edf([edfio.EdfSignal(np.arange(100.0), 10, label="Temp rectal", physical_dimension="degC")]).write(path)
    said = gives_up(monkeypatch, capsys, "detect", path, "--site", "trunk")
    assert "no EMG or accelerometer signal" in said
    assert "Temp rectal" in said


def test_detecting_in_a_recording_of_ours_uses_its_own_signals(tmp_path):
    stream = a_stream()
    with RecordingWriter.create(tmp_path / "n.edf", (stream,), NOW_S, ZoneInfo("UTC")) as writer:
        writer.append(a_chunk(n=4000, stream=stream))
    done = run("detect", tmp_path / "n.edf", "--site", "left_calf", "--json")
    assert json.loads(done.output)["analysable_s"] + sum(json.loads(done.output)["excluded_s"].values()) == 20.0


def test_a_scan_lists_what_is_near_and_its_source_for_the_settings():
    said = run("scan", "--demo", "--for", 1.0).output
    assert "ble:polar?address=C0:00:00:00:00:01" in said
    assert "myo" in said


def test_a_scan_tells_battery_and_signal_and_asks_nobody_if_it_may_not():
    assert run("scan", "--demo", "--for", 1.0).output.count("80 %") == 2
    silent = run("scan", "--demo", "--for", 1.0, "--no-battery").output
    assert "%" not in silent
    assert silent.count("-50 dBm") == 2


def test_a_scan_adds_a_band_to_the_settings(tmp_path):
    path = tmp_path / "night.toml"
    words = ("scan", "--demo", "--for", 1.0, "--config", path, "--add")
    assert run(*words, "c0:00:00:00:00:01", "--site", "left_calf").exit_code == 0
    assert run(*words, "C0:00:00:00:00:02", "--site", "right_forearm").exit_code == 0
    bands = {band.device: band.source for band in read_settings(path).band}
    assert bands == {
        "polar-left-calf": "ble:polar?address=C0:00:00:00:00:01",
        "myo-right-forearm": "ble:myo?address=C0:00:00:00:00:02",
    }


def test_a_band_that_is_not_near_or_has_no_site_is_not_added(tmp_path):
    path = tmp_path / "night.toml"
    words = ("scan", "--demo", "--for", 1.0, "--config", path)
    assert "is not near" in str(run(*words, "--add", "AA:AA:AA:AA:AA:AA", "--site", "trunk").exception)
    assert "go together" in run(*words, "--site", "trunk").output
    assert not path.exists()


def test_a_folder_that_may_not_be_written_is_named(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    said = gives_up(monkeypatch, capsys, "night", "--demo", "--data", tmp_path / "file" / "below")
    assert str(tmp_path / "file") in said


def test_the_newest_night_is_that_which_was_recorded_last(tmp_path):
    store = open_store("sqlite:", tmp_path)
    store.write([a_tally(NOW_S, n_twitches=1), replace(a_tally(NOW_S + 60, n_twitches=2), wearer="anna")])
    store.close()
    assert json.loads(run("report", "--data", tmp_path, "--json").output)["wearer"] == "anna"


def test_bands_for_the_demo_need_the_demo(tmp_path):
    done = run("night", "--band", "umyo", "--data", tmp_path)
    assert (done.exit_code, "--demo" in done.output) == (2, True)


def test_a_demo_may_have_any_kinds_of_bands_each_on_its_own_site():
    settings = demo_settings(1, ("umyo", "open_band", "umyo"))
    assert [band.source for band in settings.band] == ["ble:umyo", "ble:open_band", "ble:umyo"]
    assert len({band.site for band in settings.band}) == len({band.device for band in settings.band}) == 3
    with pytest.raises(SettingsError, match="at most"):
        demo_settings(1, ("umyo",) * 20)
