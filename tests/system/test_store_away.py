"""A night whose InfluxDB is away from its beginning goes on, says so, and keeps what was measured until it is back."""

import os
import subprocess
import sys

import pytest

from aquiver.journal import Journal, connect
from tests.free_port import free_port

pytestmark = pytest.mark.service
SETTINGS = """
wearer = "me"
store = "influx://127.0.0.1:{port}/nights"
radio = "virtual:?seed=3&habits=demo"
[[band]]
device = "myo"
site = "right_forearm"
source = "ble:myo"
"""


def test_a_night_without_its_store_goes_on_and_keeps_what_was_measured(tmp_path):
    (tmp_path / "night.toml").write_text(SETTINGS.format(port=free_port()))
    words = ("night", "--config", tmp_path / "night.toml", "--data", tmp_path, "--for", 12, "--no-open")
    command = [sys.executable, "-m", "aquiver", *map(str, words)]
    environment = {**os.environ, "CI": "1"}  # no browser
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, env=environment, stdin=subprocess.DEVNULL
    )
    assert "The server that keeps the records has neither taken nor given any" in done.stdout, done.stderr
    assert "InfluxDB cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr
    waiting = Journal(connect(tmp_path / "detector.db"))
    assert waiting.next_number > waiting.base  # records that nobody has confirmed
    waiting.close()
