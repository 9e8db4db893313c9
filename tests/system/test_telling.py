"""aquiver run notify, as a process of its own: hears entries, tells channels and Home Assistant, for its wearer alone."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from aquiver.model import Answer, Note, Verb
from aquiver.store import open_store
from tests.free_port import free_port
from tests.samples import a_notice, a_tally
from tests.servers import needs_mosquitto, needs_mosquitto_clients
from tests.webhook import wait_for, webhook

pytestmark = [pytest.mark.service, needs_mosquitto, needs_mosquitto_clients]
AQUIVER = (sys.executable, "-m", "aquiver")


@pytest.fixture
def port():
    """Run a broker of our own."""
    number = free_port()
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    with subprocess.Popen([program, "-p", str(number)], stderr=subprocess.DEVNULL) as broker:
        yield number
        broker.kill()


@contextlib.contextmanager
def notifying(folder, port, wearer, hook):
    """Run the service of one wearer, at an hour at which it may send, whatever the hour is here."""
    now = datetime.now(UTC)
    zone = f"Etc/GMT{now.hour - 12:+d}"  # POSIX signs: in this zone it is noon
    config = folder / f"{wearer}.toml"
    config.write_text(
        f'wearer = "{wearer}"\nbus = "mqtt://127.0.0.1:{port}"\ntimezone = "{zone}"\nhome_assistant = "homeassistant"\n'
        f'[[channel]]\nname = "{wearer}-phone"\ntells = "notices"\n'
    )
    secrets = folder / "secrets"
    secrets.mkdir(exist_ok=True)
    address = secrets / f"channel-{wearer}-phone"
    address.write_text(hook.address)
    address.chmod(0o600)
    command = [*AQUIVER, "run", "notify", "--config", str(config), "--data", str(folder / wearer)]
    (folder / wearer).mkdir(exist_ok=True)
    shutil.copytree(secrets, folder / wearer / "secrets", dirs_exist_ok=True)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert "notify runs" in process.stdout.readline()
        yield process
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0


def said_by(port, wearer, words):
    message = json.dumps({"wearer": wearer, "sender": "phone", "words": words})
    topic = f"aquiver/v1/{wearer}/entry/-/phone"
    subprocess.run(["mosquitto_pub", "-p", str(port), "-t", topic, "-m", message], check=True)


def kept(folder, kind, wearer):
    store = open_store("sqlite:", folder / wearer)
    found = store.read(kind, wearer, 0.0, 1e11)
    store.close()
    return found


def test_two_wearers_on_one_broker_stay_apart(tmp_path, port):
    for wearer in ("anna", "ben"):
        (tmp_path / wearer).mkdir()
    store = open_store("sqlite:", tmp_path / "anna")
    store.write([a_notice(wearer="anna"), a_notice(wearer="ben"), a_tally()])
    store.close()
    with webhook() as annas, webhook() as bens:
        with notifying(tmp_path, port, "anna", annas), notifying(tmp_path, port, "ben", bens):
            wait_for(lambda: len(annas.bodies) == 1)
            for wearer, words in (("anna", "coffee 2"), ("ben", "mute changed")):
                wait_for(lambda wearer=wearer, words=words: _is_kept(tmp_path, port, wearer, words))
            command = [
                "mosquitto_sub",
                "-p",
                str(port),
                "-t",
                "homeassistant/device/+/config",
                "-C",
                "2",
                "-W",
                "20",
                "-v",
            ]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert {"aquiver_anna", "aquiver_ben"} <= set(told.replace("/", " ").split())
        assert bens.bodies == []
        assert "Left calf" in annas.bodies[0]["message"]
    assert {note.words for note in kept(tmp_path, Note, "anna")} == {"coffee 2"}
    assert {answer.verb for answer in kept(tmp_path, Answer, "ben")} == {Verb.MUTE}
    assert kept(tmp_path, Note, "ben") == kept(tmp_path, Answer, "anna") == []


def _is_kept(folder, port, wearer, words):
    """Say it again until it is kept: the service may not listen yet, and QoS 0 promises nothing."""
    said_by(port, wearer, words)
    time.sleep(0.5)
    return bool(kept(folder, Note, wearer) or kept(folder, Answer, wearer))


def test_a_channel_without_an_address_is_refused_in_one_sentence(tmp_path):
    config = tmp_path / "night.toml"
    config.write_text('bus = "mqtt://127.0.0.1:1"\n[[channel]]\nname = "phone"\ntells = "notices"\n')
    command = [*AQUIVER, "run", "notify", "--config", str(config), "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert 'the channel "phone" has no address' in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
