"""Erasing: what is meant is gone to the last byte, and nothing else is touched."""

import asyncio
import contextlib
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import aiomqtt
import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli
from aquiver.bus import open_bus
from aquiver.bus.broker import embedded_broker
from aquiver.bus.login import Login
from aquiver.errors import AquiverError, DataFolderInUse
from aquiver.journal import Journal, connect
from aquiver.lock import sole_owner
from aquiver.model import Message, Parcel, Position
from aquiver.passwords import password_of, write_private
from aquiver.store import open_store
from aquiver.wire import topic_of
from dashboards.home.memory import Memory
from dashboards.notices.matter import Matter, Sort
from dashboards.notices.outbox import Outbox
from detector.engine import Engine
from detector.state import State
from tests.aquiver.export.nights import NIGHT, OLDER, UTC, chunks, keep, record_raw, records
from tests.samples import a_fault, a_status
from tests.servers import needs_mosquitto


def erase(*words: object):
    return CliRunner().invoke(cli, ["erase", *map(str, words)])


@pytest.fixture
def folder(tmp_path):
    """A data folder after a night of two wearers that was broken off: something is still under way everywhere."""
    data = record_raw(keep(tmp_path / "data", "me", "anna"), "me", "anna")
    (data / "recordings" / NIGHT / "simulated-anna.json").write_text("{}")
    spool = Journal(connect(data / "spool.db"))
    state, engine = State(data / "detector.db"), Engine(UTC)
    for wearer in ("me", "anna"):
        outbox = Outbox(data / "notify.db", wearer)
        for night in (NIGHT, OLDER):
            key = f"persistent/left_calf/{night}/began"
            outbox.hand_over(Matter(Sort.NOTICES, "persistent", "left_calf", key, 0.0, "", wearer), ["mail"], 0.0, "")
        outbox.close()
        spool.append(chunks(wearer))
        for chunk in chunks(wearer):
            engine.feed(chunk)
        state.commit(records(wearer), engine.snapshot(), {}, engine.settle())
    spool.close()
    state.close()
    return data


def bytes_of(folder: Path, word: str) -> int:
    return sum(path.read_bytes().count(word.encode()) for path in folder.rglob("*") if path.is_file())


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_wearer_is_gone_from_every_file_and_the_other_is_whole(folder):
    n_other = bytes_of(folder, "band-me")
    assert bytes_of(folder, "anna") > 100
    done = erase("--data", folder, "--wearer", "anna", "--yes")
    assert done.exit_code == 0, done.output
    assert bytes_of(folder, "anna") == 0
    assert not any("anna" in name for name in names(folder))
    assert bytes_of(folder, "band-me") == n_other


def test_a_wearers_pillow_goes_with_the_wearer_but_not_with_a_night(folder):
    store = open_store("sqlite:", folder)
    store.write([replace(one, wearer="anna-pillow") for one in records("anna")])
    store.close()
    assert erase("--data", folder, "--wearer", "anna", "--night", NIGHT, "--yes").exit_code == 0
    assert bytes_of(folder, "anna-pillow") > 0
    assert erase("--data", folder, "--wearer", "anna", "--yes").exit_code == 0
    assert bytes_of(folder, "anna") == 0


def test_a_night_is_gone_and_the_other_nights_are_whole(folder):
    assert erase("--data", folder, "--wearer", "me", "--night", NIGHT, "--yes").exit_code == 0
    store = open_store("sqlite:", folder)
    assert (store.nights("me"), store.nights("anna")) == ([OLDER], [OLDER, NIGHT])
    store.close()
    outbox = Outbox(folder / "notify.db", "me")
    assert [letter.key for letter in outbox.letters()] == [f"persistent/left_calf/{OLDER}/began"]
    outbox.close()
    state = State(folder / "detector.db")
    assert b"me/left_calf" not in state.snapshot()
    assert b"anna/left_calf" in state.snapshot()
    state.close()


def test_an_older_night_leaves_what_the_detector_remembers_of_the_newest(folder):
    before = State(folder / "detector.db")
    snapshot = before.snapshot()
    before.close()
    assert erase("--data", folder, "--wearer", "me", "--night", OLDER, "--yes").exit_code == 0
    after = State(folder / "detector.db")
    assert after.snapshot() == snapshot
    after.close()


def test_everything_leaves_not_even_the_folder(folder):
    for name in ("mosquitto.conf", "truth.json", "collector.health.json", "notify.health.new", "spool.db-journal"):
        (folder / name).write_text("of a process that was killed")
    (folder / "secrets").mkdir()
    (folder / "secrets" / "reader").write_text("password")
    done = erase("--data", folder, "--everything", "--yes")
    assert done.exit_code == 0, done.output
    assert not folder.exists()
    assert "What aquiver cannot erase: exports" in done.output


def test_what_is_not_ours_in_the_folder_stays_and_is_named(folder):
    (folder / "letter.txt").write_text("mine")
    (folder / "recordings" / NIGHT / "picture.jpg").write_text("mine")
    (folder / "recordings" / "mine.edf").write_text("mine")
    done = erase("--data", folder, "--everything", "--yes")
    left = {"letter.txt", "recordings", f"recordings/{NIGHT}", f"recordings/{NIGHT}/picture.jpg", "recordings/mine.edf"}
    assert names(folder) == left
    assert f"not aquiver's, left alone: {folder / 'letter.txt'}" in done.output


def test_without_a_yes_it_is_said_what_would_go_and_nothing_goes(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*.db")}
    done = erase("--data", folder, "--wearer", "anna")
    assert "2 nights, 7 records, 2 files" in done.output
    assert f"{NIGHT}  anna" in done.output
    assert str(folder / "recordings" / NIGHT / "left_calf-band-anna.edf") in done.output
    assert "Add --yes" in str(done.exception)
    assert {path: path.read_bytes() for path in folder.rglob("*.db")} == before


def test_nothing_is_erased_while_a_night_is_recorded(folder):
    with sole_owner(folder, "aquiver night", ("recorder",)):
        done = erase("--data", folder, "--everything", "--yes")
    assert isinstance(done.exception, DataFolderInUse)
    assert bytes_of(folder, "anna") > 100


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "say what to erase"),
        (("--everything", "--wearer", "me"), "say what to erase"),
        (("--wearer", "nobody"), 'nothing is kept of a wearer "nobody"'),
        (("--night", "2020-01-01"), "nothing of that kind"),
        (("--night", "today"), "is no date"),
    ],
)
def test_what_cannot_be_erased_is_said(folder, words, says):
    done = erase("--data", folder, *words, "--yes")
    assert isinstance(done.exception, AquiverError)
    assert says in str(done.exception)


def test_an_absent_folder_has_nothing_to_erase(tmp_path):
    assert "nothing of that kind" in str(erase("--data", tmp_path / "x", "--everything", "--yes").exception)


def test_a_recording_nobody_can_read_stays_where_it_may_be_anothers(folder):
    torn = folder / "recordings" / NIGHT / "torn.edf"
    torn.write_bytes(b"")
    done = erase("--data", folder, "--wearer", "anna", "--yes")
    assert "cannot be read and may be of another wearer" in done.output
    assert torn.exists()
    assert erase("--data", folder, "--wearer", "me", "--yes").exit_code == 0
    assert not torn.exists()


def test_a_snapshot_of_another_version_is_dropped(folder):
    state = State(folder / "detector.db")
    state.replace_snapshot(b"something else of anna")
    state.close()
    assert erase("--data", folder, "--wearer", "anna", "--yes").exit_code == 0
    assert bytes_of(folder, "anna") == 0


def login(account: str, folder: Path) -> Login:
    return Login(account, password_of(account, folder))


async def _say(url: str, folder: Path, account: str, message: Message) -> None:
    async with open_bus(url, f"test-{account}", login(account, folder)) as bus:
        await bus.publish(Parcel(message))
        await asyncio.sleep(0.3)


async def _retained(port: int, folder: Path) -> set[str]:
    """List the topics of which the broker retains something."""
    found: set[str] = set()
    for account, topics in (("reader", "aquiver/v1/#"), ("home", "homeassistant/#")):
        password = password_of(account, folder)
        async with aiomqtt.Client("127.0.0.1", port, username=account, password=password) as client:
            await client.subscribe(topics)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.7):
                    async for message in client.messages:
                        found.add(str(message.topic))
    return found


@needs_mosquitto
@pytest.mark.service
async def test_a_broker_forgets_what_it_retained(folder, tmp_path):
    async with embedded_broker("embedded:", folder) as url:
        port = int(url.rsplit(":", 1)[1])
        await _say(url, folder, "collector", a_status())
        await _say(url, folder, "recorder", Position("spool-1", "recorder", 3))
        await _say(url, folder, "view", a_fault())
        notify = {"username": "notify", "password": password_of("notify", folder)}
        async with aiomqtt.Client("127.0.0.1", port, **notify) as client:
            await client.publish("homeassistant/device/aquiver_me/config", b"{}", qos=1, retain=True)
        memory = Memory(folder / "notify.db", "me")
        memory.describe('{"cmps": {}}')
        memory.at_least("left_calf", 7)
        memory.close()
        of_the_wearer = {
            "homeassistant/device/aquiver_me/config",
            "aquiver/v1/me/status/left_calf/band-1",
            topic_of(a_fault()),
        }
        position = "aquiver/v1/-/position/recorder/spool-1"
        assert await _retained(port, folder) == {*of_the_wearer, position}
        (tmp_path / "night.toml").write_text(f'bus = "{url}"\n')
        words = ("--config", tmp_path / "night.toml", "--data", folder, "--yes")
        done = await asyncio.to_thread(erase, *words, "--wearer", "me")
        assert "2 retained messages withdrawn" in done.output, (done.output, done.exception)
        assert await _retained(port, folder) == {position}
        kept = {path.name: path.read_text() for path in (folder / "secrets").iterdir()}
        await asyncio.to_thread(erase, *words, "--everything")
        (folder / "secrets").mkdir(parents=True)
        for name, text in kept.items():  # they are gone; a look at the broker needs them once more
            write_private(folder / "secrets" / name, text)
        assert await _retained(port, folder) == set()


def test_a_broker_that_does_not_answer_is_said(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("aquiver.commands.withdrawing._BROKER_S", 0.3)
    (tmp_path / "night.toml").write_text('bus = "mqtt://127.0.0.1:1"\n')
    done = erase("--config", tmp_path / "night.toml", "--data", folder, "--wearer", "anna", "--yes")
    assert (done.exit_code, "does not answer" in done.output) == (0, True)
    assert bytes_of(folder, "anna") == 0


@needs_mosquitto
@pytest.mark.service
def test_after_a_real_night_everything_is_everything(tmp_path):
    """A new kind of file in the data folder must be known to aquiver.erasure."""
    folder = tmp_path / "data"
    command = [sys.executable, "-m", "aquiver", "night", "--demo", "--data", str(folder), "--for", "6"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert {"records.db", "recordings", "spool.db", "detector.db"} <= {path.name for path in folder.iterdir()}
    done = erase("--data", folder, "--everything", "--yes")
    assert (done.exit_code, "left alone" in done.output) == (0, False), done.output
    give_up_s = time.monotonic() + 5
    while folder.exists() and time.monotonic() < give_up_s:
        time.sleep(0.1)
    assert not folder.exists()
