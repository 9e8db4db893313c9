"""Services in processes of their own, against a broker that is trusted with nothing: kill any of them, nothing is lost."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from aquiver.journal import Journal, connect
from aquiver.model import Twitch
from aquiver.recording import open_recording
from aquiver.store import open_store
from tests.servers import needs_mosquitto

pytestmark = [pytest.mark.service, needs_mosquitto]
AQUIVER = (sys.executable, "-m", "aquiver")
SERVICES = ("recorder", "detector", "collector")
SETTINGS = """
wearer = "me"
bus = "mqtt://127.0.0.1:{port}"
radio = "virtual:?seed=3&habits=demo"
[[band]]
device = "myo"
site = "right_forearm"
source = "ble:myo"
"""


class House:
    """A broker and the three services, each a process that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        (folder / "night.toml").write_text(SETTINGS.format(port=port))
        (folder / "mosquitto.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nlog_dest none\n")
        self._running: dict[str, subprocess.Popen] = {}

    def start(self, name: str) -> None:
        common = ("--config", self.folder / "night.toml", "--data", self.folder)
        broker = ("/usr/sbin/mosquitto", "-c", self.folder / "mosquitto.conf")
        command = broker if name == "broker" else (*AQUIVER, "run", name, *common)
        self._running[name] = subprocess.Popen(
            list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def kill(self, name: str) -> None:
        os.kill(self._running[name].pid, signal.SIGKILL)
        self._running.pop(name).communicate()

    def stop(self, name: str) -> None:
        process = self._running.pop(name)
        process.terminate()
        _, wrong = process.communicate(timeout=15)
        assert process.returncode == 0 or name == "broker", wrong

    def end(self) -> None:
        for process in self._running.values():
            process.kill()
            process.communicate()

    def read(self, kind: type) -> list:
        store = open_store("sqlite:", self.folder)
        found = store.read(kind, "me", 0, 1e11)
        store.close()
        return found

    def until(self, n_twitches: int, deadline_s: float = 45.0) -> None:
        give_up_s = time.monotonic() + deadline_s
        while not (self.folder / "records.db").exists() or len(self.read(Twitch)) < n_twitches:
            assert time.monotonic() < give_up_s, "no twitches arrive"
            time.sleep(0.5)

    def is_drained(self) -> bool:
        journals = [Journal(connect(self.folder / name)) for name in ("spool.db", "detector.db")]
        drained = all(journal.base == journal.next_number for journal in journals)
        for journal in journals:
            journal.close()
        return drained


def test_any_process_may_be_killed_and_nothing_that_was_received_is_lost(tmp_path):
    house = House(tmp_path)
    with ExitStack() as stack:
        stack.callback(house.end)
        for name in ("broker", *SERVICES):
            house.start(name)
        house.until(2)
        for name in ("detector", "broker", "recorder", "detector"):
            house.kill(name)
            time.sleep(1.0)
            house.start(name)
            house.until(len(house.read(Twitch)) + 2)
        house.stop("collector")
        give_up_s = time.monotonic() + 20
        while not house.is_drained():
            assert time.monotonic() < give_up_s
            time.sleep(0.2)
        for name in ("detector", "recorder", "broker"):
            house.stop(name)
    (path,) = tmp_path.glob("recordings/*/*.edf")
    n_missing = sum(chunk.n_lost for chunk in open_recording(path).chunks())
    assert n_missing == 0
    command = [*AQUIVER, "replay", str(path), "--compare", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
