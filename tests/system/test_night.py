"""A night in one process: what a person does, and what can go wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aquiver.journal import Journal, connect
from aquiver.model import Fault, Span, Tally, Twitch
from aquiver.recording import open_recording
from aquiver.store import open_store
from tests.servers import needs_mosquitto, needs_mosquitto_clients

pytestmark = [pytest.mark.service, needs_mosquitto, needs_mosquitto_clients]
AQUIVER = (sys.executable, "-m", "aquiver")
SITES = ("left_calf", "right_forearm")


def start(folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [*AQUIVER, "night", "--demo", "--data", str(folder), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1)


def port_of(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline()
    assert "aquiver listen" in line, line + process.stderr.read()
    folder = Path(process.args[process.args.index("--data") + 1])
    return (folder / "broker" / "url").read_text().strip().rsplit(":", 1)[1]


def stop(process: subprocess.Popen[str], how: signal.Signals = signal.SIGINT) -> tuple[float, str]:
    """Ask it to end; give how long it took and what it said."""
    began_s = time.monotonic()
    process.send_signal(how)
    said, wrong = process.communicate(timeout=20)
    assert process.returncode == 0, wrong
    return time.monotonic() - began_s, said


def speak(folder: Path, port: str, topic: str, payload: str) -> None:
    """Say something under our topics with an account that may: what a program gone wrong could say."""
    home = folder / "speaker"
    home.mkdir(exist_ok=True)
    account = "collector" if "/status/" in topic else "detector"
    password = (folder / "secrets" / account).read_text().strip()
    (home / "mosquitto_pub").write_text(f"-h 127.0.0.1\n-p {port}\n-u {account}\n-P {password}\n")
    command = ["mosquitto_pub", "-t", topic, "-m", payload]
    subprocess.run(command, check=True, env={**os.environ, "XDG_CONFIG_HOME": str(home)})


def wait_for_twitches(folder: Path, deadline_s: float = 60.0) -> None:
    """Wait until the store holds a twitch of both bands."""
    give_up_s = time.monotonic() + deadline_s
    while time.monotonic() < give_up_s:
        if (folder / "records.db").exists() and {twitch.site for twitch in records(folder, Twitch)} == set(SITES):
            return
        time.sleep(0.5)
    pytest.fail(f"no twitches of both bands within {deadline_s:.0f} s")


def records(folder: Path, kind: type) -> list:
    store = open_store("sqlite:", folder)
    found = store.read(kind, "demo", 0, 1e11)
    store.close()
    return found


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """One demo night, listened to from outside, disturbed by a stranger, ended by Ctrl-C."""
    folder = tmp_path_factory.mktemp("night")
    process = start(folder)
    port = port_of(process)
    command = ["stdbuf", "-oL", "mosquitto_sub", "-v", "-t", "aquiver/v1/#"]
    environment = {**os.environ, "XDG_CONFIG_HOME": str(folder / "broker" / "reader")}
    with (folder / "heard").open("wb") as file, subprocess.Popen(command, stdout=file, env=environment) as ear:
        wait_for_twitches(folder)
        for topic, payload in (("aquiver/v1/x/status/y/z", "junk"), ("aquiver/v1/demo/twitch/left_calf/a", "{}")):
            speak(folder, port, topic, payload)
        time.sleep(12)
        took_s, said = stop(process)
        ear.terminate()
    return {"folder": folder, "took_s": took_s, "said": said, "heard": (folder / "heard").read_bytes()}


def test_both_virtual_bands_are_counted(night):
    assert {twitch.site for twitch in records(night["folder"], Twitch)} == set(SITES)


def test_an_outside_listener_sees_the_records_as_json(night):
    lines = [line.split(b" ", 1) for line in night["heard"].splitlines() if line.startswith(b"aquiver/v1/demo/twitch/")]
    twitches = [json.loads(payload) for topic, payload in lines if b"/twitch/left_calf/a" not in topic]
    stored = {(one.device, one.run, one.sample) for one in records(night["folder"], Twitch)}
    assert {(one["device"], one["run"], one["sample"]) for one in twitches} == stored


def test_strangers_messages_are_counted_and_shown_and_nothing_stops(night):
    assert "2 foreign messages" in night["said"]


def test_an_untroubled_night_raises_no_fault(night):
    assert records(night["folder"], Fault) == []
    assert b"/fault/" not in night["heard"]


def test_ctrl_c_ends_it_quickly(night):
    assert night["took_s"] < 3.0


def test_the_tallies_count_the_twitches(night):
    twitches, tallies = records(night["folder"], Twitch), records(night["folder"], Tally)
    for site in SITES:
        for modality in {tally.modality for tally in tallies if tally.site == site}:
            mine = [one for one in tallies if (one.site, one.modality) == (site, modality)]
            counted = sum(one.n_twitches for one in mine if one.period == "minute")
            assert counted == sum((one.site, one.modality) == (site, modality) for one in twitches)
            assert all(one.is_final for one in mine if one.period == "minute" and one.start_s < mine[-1].start_s - 120)


def test_nothing_is_left_under_way(night):
    for name in ("spool.db", "detector.db"):
        journal = Journal(connect(night["folder"] / name))
        assert journal.base == journal.next_number
        journal.close()


def test_the_report_agrees_with_the_store_and_tells_the_truth(night):
    command = [*AQUIVER, "report", "--last", "--data", str(night["folder"]), "--json"]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    n_twitches = sum(site["n_twitches"] for site in said["sites"])
    assert n_twitches == len(records(night["folder"], Twitch))
    assert said["truth"]
    text = subprocess.run(command[:-1], capture_output=True, text=True, check=True).stdout
    assert "sensitivity" in text
    assert "false" in text
    assert text.strip() in night["said"]


def test_every_recording_holds_what_was_received(night):
    recordings = sorted((night["folder"] / "recordings").glob("*/*.edf"))
    assert [path.stem for path in recordings] == ["left_calf-virtual-verity", "right_forearm-virtual-myo"]
    for path in recordings:
        recording = open_recording(path)
        assert recording.header.patient.split() == ["X", "X", "X", "X"]
        notes = [note.text for note in recording.annotations if note.text.startswith("twitch ")]
        site = path.stem.split("-", maxsplit=1)[0]
        assert len(notes) == len([one for one in records(night["folder"], Twitch) if one.site == site])


def test_a_replayed_night_gives_the_same_records(night):
    files = [str(path) for path in (night["folder"] / "recordings").iterdir()]
    command = [*AQUIVER, "replay", *files, "--compare", "--data", str(night["folder"])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.startswith("identical: ")


def test_a_second_night_on_the_same_folder_is_refused_by_name_of_the_first(tmp_path):
    first = start(tmp_path)
    port_of(first)
    second = start(tmp_path)
    _, wrong = second.communicate(timeout=20)
    stop(first, signal.SIGTERM)
    assert second.returncode == 2
    assert "in use by aquiver night, process" in wrong


def test_a_killed_night_goes_on_where_it_was(tmp_path):
    """Everything that had reached the collector is there, and the night is one night."""
    first = start(tmp_path)
    port_of(first)
    wait_for_twitches(tmp_path)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    before = {(one.device, one.run, one.sample) for one in records(tmp_path, Twitch)}
    second = start(tmp_path)
    port_of(second)
    time.sleep(8)
    stop(second)
    after = {(one.device, one.run, one.sample) for one in records(tmp_path, Twitch)}
    assert before <= after
    assert len({one.night for one in records(tmp_path, Tally)}) == 1
    assert any(one.reason == "gap" for one in records(tmp_path, Span))
    files = [str(path) for path in (tmp_path / "recordings").iterdir()]
    command = [*AQUIVER, "replay", *files, "--compare", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_without_an_adapter_a_real_night_says_what_to_do(tmp_path):
    config = tmp_path / "night.toml"
    config.write_text('[[band]]\ndevice = "calf"\nsite = "left_calf"\nsource = "ble:polar"\n')
    command = [*AQUIVER, "night", "--config", str(config), "--data", str(tmp_path / "data"), "--for", "12"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=40)
    assert "Bluetooth" in done.stdout + done.stderr
