"""aquiver export, as a person calls it."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import edfio
import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli
from aquiver.commands.replay import replayed
from aquiver.errors import AquiverError
from aquiver.export.sheets import read_sheet
from aquiver.export.table import table_of
from aquiver.model import Note, Tally, Twitch
from aquiver.settings import Settings
from aquiver.store import open_store
from tests.aquiver.export.nights import NIGHT, OLDER, keep, record_raw, stream_of
from tests.samples import a_note

FORMS = ("csv", "parquet", "edf", "fhir", "bundle")


def export(*words: object):
    return CliRunner().invoke(cli, ["export", *map(str, words)])


def everything_in(path: Path) -> bytes:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return b"".join(str(one).encode() + one.read_bytes() for one in files if one.is_file())


@pytest.fixture
def folder(tmp_path):
    keep(tmp_path / "data", "me", "anna")
    return record_raw(tmp_path / "data", "me", "anna")


@pytest.mark.parametrize("form", FORMS)
def test_every_format_is_written_and_says_how_much(folder, tmp_path, form):
    out = tmp_path / "out"
    done = export("--data", folder, "--format", form, "--night", NIGHT, "--out", out)
    assert done.exit_code == 0, done.output
    assert done.output.endswith(f"Written: {out}\n")
    assert out.exists()
    assert not out.with_name("out.part").exists()


@pytest.mark.parametrize("form", ["csv", "edf", "fhir"])
def test_an_export_never_holds_a_word_of_another_wearer(folder, tmp_path, form):
    out = tmp_path / "out"
    assert export("--data", folder, "--format", form, "--wearer", "anna", "--out", out).exit_code == 0
    content = everything_in(out)
    assert b"band-anna" in content
    assert b"band-me" not in content


@pytest.mark.parametrize("form", ["parquet", "bundle"])
def test_packed_exports_hold_nothing_of_another_wearer_either(folder, tmp_path, form):
    both, alone = tmp_path / "both", tmp_path / "alone"
    words = ("--format", form, "--night", NIGHT, "--wearer", "me")
    record_raw(keep(tmp_path / "apart", "me"), "me")
    assert export("--data", folder, *words, "--out", both).exit_code == 0
    assert export("--data", tmp_path / "apart", *words, "--out", alone).exit_code == 0
    if form == "bundle":
        assert both.read_bytes() == alone.read_bytes()
    else:
        assert [one.read_bytes() for one in sorted(both.iterdir())] == [
            one.read_bytes() for one in sorted(alone.iterdir())
        ]


@pytest.mark.parametrize(
    ("words", "nights"),
    [
        ((), [OLDER, NIGHT]),
        (("--night", OLDER), [OLDER]),
        (("--since", NIGHT), [NIGHT]),
        (("--until", OLDER), [OLDER]),
        (("--since", OLDER, "--until", NIGHT), [OLDER, NIGHT]),
    ],
)
def test_nights_are_chosen_by_one_date_or_a_range(folder, tmp_path, words, nights):
    assert export("--data", folder, "--format", "csv", *words, "--out", tmp_path / "out").exit_code == 0
    tallies = read_sheet(tmp_path / "out" / "tally.csv", table_of("tally", Tally))
    assert sorted({one.night for one in tallies}) == nights


@pytest.mark.parametrize(("words", "n_notes"), [((), 2), (("--night", NIGHT), 1), (("--until", OLDER), 0)])
def test_the_diary_is_handed_over_also_of_days_without_a_measured_night(folder, tmp_path, words, n_notes):
    store = open_store("sqlite:", folder)
    store.write([replace(a_note(), night=NIGHT, time_s=0.0), replace(a_note(), id="far", night="2027-01-01")])
    store.close()
    export("--data", folder, "--format", "csv", *words, "--out", tmp_path / "out")
    path = tmp_path / "out" / "note.csv"
    assert (len(list(read_sheet(path, table_of("note", Note)))) if path.exists() else 0) == n_notes


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--format", "csv", "--wearer", "nobody"), 'nothing is kept of a wearer "nobody"; there is anna, me'),
        (("--format", "csv", "--night", "2020-01-01"), "no such night of me is kept; there are 2, from 2026-11-21"),
        (("--format", "csv", "--night", "yesterday"), '"yesterday" is no date'),
        (("--format", "csv", "--night", NIGHT, "--since", NIGHT), "give one of both"),
        (("--format", "bundle"), f"a bundle is one night; choose it with --night, as --night {NIGHT}"),
        (("--format", "bundle", "--night", OLDER), "cannot be decided again"),
        (("--format", "edf", "--night", OLDER), "no raw samples of these nights are kept"),
    ],
)
def test_what_cannot_be_exported_is_said_and_nothing_is_left(folder, tmp_path, monkeypatch, words, says):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = export("--data", folder, *words)
    assert isinstance(done.exception, AquiverError)
    assert says in str(done.exception)
    assert list((tmp_path / "here").iterdir()) == []


def test_what_is_there_already_is_not_overwritten(folder, tmp_path):
    (tmp_path / "out").write_text("mine")
    done = export("--data", folder, "--format", "fhir", "--out", tmp_path / "out")
    assert "is there already" in str(done.exception)
    assert (tmp_path / "out").read_text() == "mine"


def test_whose_nights_must_be_said_where_it_is_not_clear(tmp_path):
    keep(tmp_path, "bela", "anna")
    done = export("--data", tmp_path, "--format", "csv")
    assert "say whose nights with --wearer; there is anna, bela" in str(done.exception)


def test_an_empty_folder_says_how_to_begin(tmp_path):
    assert "aquiver night" in str(export("--data", tmp_path / "none", "--format", "csv").exception)


def test_names_say_whose_and_which_nights(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    export("--data", folder, "--format", "csv")
    export("--data", folder, "--format", "bundle", "--night", NIGHT)
    made = {path.name for path in tmp_path.iterdir()} - {"data"}
    assert made == {f"aquiver-me-{OLDER}-to-{NIGHT}-csv", f"aquiver-me-{NIGHT}-bundle.zip"}


def test_a_damaged_recording_is_said_and_the_others_are_copied(folder, tmp_path):
    (folder / "recordings" / NIGHT / "torn.edf").write_bytes(b"")
    done = export("--data", folder, "--format", "edf", "--out", tmp_path / "out")
    assert "left out: " in done.output
    assert "1 recordings with 2 twitches" in done.output
    assert len(edfio.read_edf(tmp_path / "out" / NIGHT / "left_calf-band-me.edf").annotations) == 4


def test_twitches_without_a_recording_are_counted(folder, tmp_path):
    (folder / "recordings" / NIGHT / "left_calf-band-me.edf").unlink()
    store = open_store("sqlite:", folder)
    (twitch, *_) = store.read(Twitch, "me", 0, 2e9)
    store.write([replace(twitch, device="band-anna", run="other", wearer="anna")])
    store.close()
    done = export("--data", folder, "--format", "edf", "--wearer", "anna", "--out", tmp_path / "out")
    assert "1 twitches have no recording; they are in the CSV export" in done.output


def test_what_is_written_is_its_owners_alone(folder, tmp_path):
    export("--data", folder, "--format", "fhir", "--out", tmp_path / "out.json")
    assert (tmp_path / "out.json").stat().st_mode & 0o077 == 0
    assert json.loads((tmp_path / "out.json").read_text())["resourceType"] == "Bundle"


@pytest.fixture
def decided(tmp_path):
    """A data folder whose records are what the detector says of its recordings, in Berlin."""
    settings = Settings(timezone="Europe/Berlin", data=str(tmp_path / "data"))
    folder = record_raw(tmp_path / "data")
    (path,) = (folder / "recordings" / NIGHT).iterdir()
    store = open_store("sqlite:", folder)
    store.write(replayed(path, settings))
    store.close()
    (tmp_path / "night.toml").write_text(f'timezone = "Europe/Berlin"\ndata = "{folder}"\n')
    return tmp_path


def elsewhere(cwd: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run aquiver as it would on another machine: another folder, another time zone."""
    environment = os.environ | {"TZ": "Pacific/Auckland", "AQUIVER_DATA": str(cwd / "other")}
    command = [sys.executable, "-m", "aquiver", *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_a_bundle_replays_to_the_same_records_elsewhere(decided, tmp_path):
    out = tmp_path / "b.zip"
    done = export("--config", decided / "night.toml", "--format", "bundle", "--night", NIGHT, "--out", out)
    assert done.exit_code == 0, done.output
    (decided / "abroad").mkdir()
    found = elsewhere(decided / "abroad", "replay", out, "--compare")
    assert (found.returncode, found.stderr.count(done.output.split("digest ")[1].split()[0])) == (0, 1), found
    assert found.stdout.startswith("identical: ")
    printed = elsewhere(decided / "abroad", "replay", out).stdout.splitlines()
    assert all(line.startswith("aquiver/v1/me/") for line in printed)


def test_a_changed_bundle_is_not_replayed(decided, tmp_path):
    out = tmp_path / "b.zip"
    export("--config", decided / "night.toml", "--format", "bundle", "--night", NIGHT, "--out", out)
    raw = bytearray(out.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    out.write_bytes(raw)
    done = CliRunner().invoke(cli, ["replay", str(out)])
    assert isinstance(done.exception, AquiverError)


def test_a_bundle_is_replayed_alone(decided, tmp_path):
    out = tmp_path / "b.zip"
    export("--config", decided / "night.toml", "--format", "bundle", "--night", NIGHT, "--out", out)
    done = CliRunner().invoke(cli, ["replay", str(out), str(out)])
    assert "replayed alone" in str(done.exception)


def test_the_settings_in_a_bundle_are_those_that_decide_and_no_other(decided, tmp_path):
    out = tmp_path / "b.zip"
    text = (decided / "night.toml").read_text() + 'bus = "mqtt://me:secret@10.0.0.9:1883"\n'
    (decided / "night.toml").write_text(text)
    export("--config", decided / "night.toml", "--format", "bundle", "--night", NIGHT, "--out", out)
    assert export("--config", decided / "night.toml", "--format", "fhir", "--out", tmp_path / "f").exit_code == 0
    assert b"secret" not in out.read_bytes()
    assert stream_of("me").device.encode() in out.read_bytes()
