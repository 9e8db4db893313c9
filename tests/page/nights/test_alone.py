"""The page alone, as a process of its own: what it writes is health data, and its owner's alone."""

import json
import subprocess
import sys
import time
import urllib.request

from tests.free_port import free_port

TOML = """
wearer = "story"
bus = "mqtt://127.0.0.1:{port}"
"""


def test_what_is_noted_on_the_page_alone_can_be_read_by_nobody_else(tmp_path):
    """No broker is there, which is no reason not to note a coffee."""
    data, config = tmp_path / "data", tmp_path / "night.toml"
    config.write_text(TOML.format(port=free_port()))
    command = [sys.executable, "-m", "aquiver", "page", "--config", config, "--data", data, "--listen", "127.0.0.1:0"]
    with subprocess.Popen([*command, "--no-open"], stdout=subprocess.PIPE, text=True, umask=0o022) as page:
        try:
            home = page.stdout.readline().removeprefix("Page: ").strip()
            said = post(f"{home}api/v1/diary", {"words": "coffee 2"})
            assert "caffeine, 2 cups" in said["said"]
            assert json.load(urllib.request.urlopen(f"{home}api/v1/notices"))["notices"] == []
        finally:
            page.terminate()
    files = [path for path in data.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"records.db", "notify.db"}
    assert [path.name for path in files if path.stat().st_mode & 0o077] == []


def post(url, body):
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    deadline_s = time.monotonic() + 20
    while True:
        try:
            return json.load(urllib.request.urlopen(request))
        except OSError:
            assert time.monotonic() < deadline_s
            time.sleep(0.2)
