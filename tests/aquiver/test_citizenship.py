"""A good citizen of the machine: systemd hears from it, logs are readable by programs, health can be asked for."""

import asyncio
import json
import logging
import plistlib
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli
from aquiver.commands.logs import set_up_logs
from aquiver.model import FaultKind
from aquiver.sentry.card import Card, Health, read_cards
from aquiver.supervisor import supervised
from tests.samples import a_fault

CONFIG = '[[band]]\ndevice = "calf"\nsite = "left_calf"\nsource = "ble:polar"\n'


@pytest.fixture(autouse=True)
def _quiet_logging():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def run(*words: object):
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("AQUIVER_DATA", raising=False)
    (tmp_path / "night.toml").write_text(CONFIG)
    return tmp_path


async def heard_by_systemd(monkeypatch, address: str, bound: str | bytes) -> list[bytes]:
    """Give what a service says to a supervisor that listens at an address."""
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    monkeypatch.setenv("WATCHDOG_USEC", "200000")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(bound)
        ear.setblocking(False)
        async with supervised():
            await asyncio.sleep(0.5)
        heard = []
        while True:
            try:
                heard.append(ear.recv(100))
            except BlockingIOError:
                return heard


async def test_systemd_hears_that_we_are_ready_alive_and_stopping(tmp_path, monkeypatch):
    heard = await heard_by_systemd(monkeypatch, str(tmp_path / "notify"), str(tmp_path / "notify"))
    assert heard[0] == b"READY=1"
    assert heard[-1] == b"STOPPING=1"
    assert heard.count(b"WATCHDOG=1") >= 2


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")
async def test_systemd_hears_us_on_an_abstract_socket(tmp_path, monkeypatch):
    name = f"aquiver-test-{tmp_path.name}-{time.monotonic_ns()}"
    assert b"READY=1" in await heard_by_systemd(monkeypatch, f"@{name}", f"\0{name}".encode())


async def test_a_loop_that_stands_still_feeds_no_watchdog(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", "200000")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        async with supervised():
            await asyncio.sleep(0)
            time.sleep(0.5)  # noqa: ASYNC251  # this is the fault
            ear.setblocking(False)
            heard = []
            while not heard or heard[-1]:
                try:
                    heard.append(ear.recv(100))
                except BlockingIOError:
                    heard.append(b"")
    assert heard.count(b"WATCHDOG=1") <= 1


async def test_a_supervisor_that_is_gone_stops_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    async with supervised():
        pass


def test_a_dry_run_shows_the_units_and_writes_nothing(home):
    done = run("install", "--config", home / "night.toml", "--for", "systemd", "--dry-run")
    assert done.exit_code == 0, done.output
    assert "Type=notify" in done.output
    assert f'"{home / "night.toml"}"' in done.output
    assert not (home / ".config").exists()


def test_what_was_installed_can_be_verified_and_uninstalled(home):
    done = run("install", "recorder", "detector", "collector", "--config", home / "night.toml", "--for", "systemd")
    assert done.exit_code == 0, done.output
    assert "systemctl --user enable --now aquiver-recorder aquiver-detector aquiver-collector" in done.output
    units = sorted((home / ".config" / "systemd" / "user").iterdir())
    assert [path.stem for path in units] == ["aquiver-collector", "aquiver-detector", "aquiver-recorder"]
    if shutil.which("systemd-analyze"):
        environment = {"XDG_RUNTIME_DIR": str(home), "HOME": str(home), "PATH": "/usr/bin:/bin"}
        command = ["systemd-analyze", "verify", "--user", *units]
        verified = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert (verified.returncode, verified.stderr) == (0, "")
    done = run("uninstall", "--for", "systemd", "--dry-run")
    assert done.output.count("would remove") == 3
    assert all(path.exists() for path in units)
    run("uninstall", "--for", "systemd")
    assert not any(path.exists() for path in units)
    assert "Nothing was installed" in run("uninstall", "--for", "systemd").output


def test_a_launchd_agent_says_what_to_run(home):
    run("install", "--config", home / "night.toml", "--for", "launchd")
    (path,) = (home / "Library" / "LaunchAgents").iterdir()
    agent = plistlib.loads(path.read_bytes())
    assert agent["ProgramArguments"][1:] == ["-m", "aquiver", "night", "--config", str(home / "night.toml")]
    assert agent["KeepAlive"]
    assert "bootout" in run("uninstall", "--for", "launchd").output
    assert not path.exists()


def test_a_data_folder_from_the_environment_is_written_down(home, monkeypatch):
    monkeypatch.setenv("AQUIVER_DATA", str(home / "50% data"))
    done = run("install", "--config", home / "night.toml", "--for", "systemd", "--dry-run")
    assert f'"--data" "{home}/50%% data"' in done.output


def test_a_unit_of_someone_else_is_not_overwritten(home):
    path = home / ".config" / "systemd" / "user" / "aquiver-night.service"
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    done = run("install", "--config", home / "night.toml", "--for", "systemd")
    assert "not ours" in str(done.exception)
    assert path.read_text() == "mine"


def test_settings_without_a_band_are_not_installed(home):
    (home / "night.toml").write_text("")
    assert "no band" in str(run("install", "--config", home / "night.toml").exception)


def test_health_is_well_when_all_that_was_asked_for_lives(tmp_path):
    Card(tmp_path, "detector").write([])
    done = run("health", "detector", "--data", tmp_path)
    assert (done.exit_code, done.output) == (0, "detector: lives\n")


def test_health_names_what_does_not_live_and_what_is_broken(tmp_path):
    Card(tmp_path, "detector").write([a_fault()])
    done = run("health", "detector", "recorder", "--data", tmp_path, "--json")
    said = json.loads(done.output)
    assert done.exit_code == 1
    assert (said["alive"], said["dead"]) == (["detector"], ["recorder"])
    assert [fault["kind"] for fault in said["faults"]] == [FaultKind.SILENT]
    done = run("health", "--data", tmp_path)
    assert done.exit_code == 1
    assert "[sensor] No samples from left calf" in done.output


def test_for_a_container_only_its_own_life_counts(tmp_path):
    Card(tmp_path, "detector").write([a_fault()])
    assert run("health", "detector", "--alive", "--data", tmp_path).exit_code == 0
    assert run("health", "recorder", "--alive", "--data", tmp_path).exit_code == 1


def test_nothing_running_is_not_well(tmp_path):
    done = run("health", "--data", tmp_path)
    assert (done.exit_code, done.output) == (1, "Nothing runs here.\n")


def test_a_card_grows_stale_and_is_not_of_another_start_of_the_machine():
    health = Health("detector", 0.0, 100.0, ())
    assert [health.is_fresh(machine_s) for machine_s in (100.0, 114.0, 116.0, 5.0)] == [True, True, False, False]


def test_a_card_that_cannot_be_read_is_passed_over(tmp_path):
    (tmp_path / "x.health.json").write_text("junk")
    card = Card(tmp_path, "view")
    card.write([a_fault()])
    assert [found.service for found in read_cards(tmp_path)] == ["view"]
    card.remove()
    assert read_cards(tmp_path) == []
    Card(Path("/proc/nowhere"), "view").write([])


def test_json_logs_are_an_object_a_line(capsys):
    logging.getLogger().handlers[:] = []
    set_up_logs(1, "json")
    log = logging.getLogger("aquiver.test")
    log.info("seen %d of %s", 3, "ü")
    try:
        int("why")
    except ValueError:
        log.exception("failed")
    first, second = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (first["level"], first["logger"], first["message"]) == ("info", "aquiver.test", "seen 3 of ü")
    assert "ValueError: invalid literal" in second["error"]


def test_the_version_is_said():
    done = run("--version")
    assert done.exit_code == 0
    assert done.output.startswith("aquiver, version ")
