"""Who may say and hear what: on a real broker, with mosquitto's own clients, as a stranger on this machine would try."""

import asyncio
import os
import stat
import subprocess
from functools import partial
from pathlib import Path

import pytest

from aquiver.bus import open_bus
from aquiver.bus.broker import embedded_broker
from aquiver.bus.broker_files import Listener, write_reader
from aquiver.bus.login import Login
from aquiver.bus.rights import RIGHTS
from aquiver.errors import SettingsError
from aquiver.model import (
    Answer,
    Chunk,
    Entry,
    Fault,
    Glimpse,
    Heard,
    Heartbeat,
    Note,
    Notice,
    Parcel,
    Position,
    Span,
    Status,
    Tally,
    Trial,
    Twitch,
)
from aquiver.passwords import ensure_passwords, password_of
from aquiver.wire import KINDS, MAX_PAYLOAD_BYTES, encode
from tests.free_port import free_port
from tests.samples import (
    a_chunk,
    a_fault,
    a_glimpse,
    a_heard,
    a_heartbeat,
    a_note,
    a_notice,
    a_span,
    a_status,
    a_tally,
    a_trial,
    a_twitch,
    an_answer,
    an_entry,
)
from tests.servers import needs_mosquitto, needs_mosquitto_clients

pytestmark = [pytest.mark.service, needs_mosquitto, needs_mosquitto_clients]
MESSAGES = {
    Chunk: a_chunk(),
    Status: a_status(),
    Twitch: a_twitch(),
    Span: a_span(),
    Tally: a_tally(),
    Position: Position("j", "detector", 7),
    Heartbeat: a_heartbeat("detector"),
    Fault: a_fault(reporter="detector"),
    Notice: a_notice(),
    Note: a_note(),
    Answer: an_answer(),
    Trial: a_trial(),
    Entry: an_entry(),
    Heard: a_heard(),
    Glimpse: a_glimpse(),
}
MAY_SAY = {
    "owner": set(MESSAGES),
    "collector": {Chunk, Status},
    "detector": {Twitch, Span, Tally, Glimpse, Position, Heartbeat, Fault},
    "judge": {Notice},
    "diary": {Note, Answer, Trial, Entry},
    "home": {Entry},
    "notify": {Heard},
    **{account: set() for account in ("recorder", "view", "page", "reader")},
}


class Shell:
    """Mosquitto's clients as one account, or as nobody, against one broker."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._port = url.rsplit(":", 1)[1]

    def environment(self, account: str | None) -> dict[str, str]:
        """Give the settings of an account to mosquitto's clients the way a person does."""
        home = self._folder / f"home-{account}"
        home.mkdir(exist_ok=True)
        who = "" if account is None else f"-u {account}\n-P {password_of(account, self._folder)}\n"
        for name in ("mosquitto_sub", "mosquitto_pub"):
            (home / name).write_text(f"-h 127.0.0.1\n-p {self._port}\n{who}")
        return {**os.environ, "XDG_CONFIG_HOME": str(home)}

    async def hear(self, account: str | None, topic: str, wait_s: int = 2) -> list[str]:
        """Give the topics an account hears in so long; what is retained comes at once."""
        command = ("mosquitto_sub", "-v", "-W", str(wait_s), "-F", "%t", "-t", topic)
        return (await self._run(account, *command)).split()

    async def say(self, account: str | None, topic: str, payload: bytes) -> None:
        """Publish, retained, so that who comes later hears whether it arrived."""
        await self._run(account, "mosquitto_pub", "-r", "-t", topic, "-s", payload=payload)

    async def _run(self, account: str | None, *command: str, payload: bytes = b"") -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=self.environment(account),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        said, _ = await asyncio.wait_for(process.communicate(payload), 30)
        return said.decode()


def test_every_kind_and_every_account_is_tried_here():
    assert set(MESSAGES) == set(KINDS.values())
    assert set(MAY_SAY) == set(RIGHTS)


@pytest.fixture(params=["mosquitto", "amqtt"])
async def shell(request, tmp_path, monkeypatch):
    monkeypatch.setenv("AQUIVER_BROKER", request.param)
    async with embedded_broker(f"embedded:{free_port()}", tmp_path) as url:
        yield Shell(tmp_path, url)


async def test_a_stranger_can_neither_say_nor_hear_anything(shell):
    topic, payload = encode(Parcel(a_status()))
    await shell.say("collector", topic, payload)
    await shell.say(None, *encode(Parcel(a_twitch())))
    assert await shell.hear("reader", "aquiver/v1/#") == [topic]
    assert await shell.hear(None, "aquiver/v1/#") == []
    assert await shell.hear(None, "#") == []


@pytest.mark.parametrize("account", RIGHTS)
async def test_each_account_says_what_is_its_own_and_nothing_else(shell, account):
    for message in MESSAGES.values():
        await shell.say(account, *encode(Parcel(message)))
    heard = set(await shell.hear("reader", "aquiver/v1/#"))
    assert heard == {encode(Parcel(MESSAGES[kind]))[0] for kind in MAY_SAY[account]}


async def test_nobody_confirms_or_reports_in_anothers_name(shell):
    """A confirmation makes a sender forget: with it, samples could be lost."""
    for message in (Position("j", "recorder", 9), a_heartbeat("recorder"), a_fault(reporter="recorder")):
        for account in ("collector", "detector", "view", "page", "notify", "reader"):
            await shell.say(account, *encode(Parcel(message)))
    assert await shell.hear("reader", "aquiver/v1/#") == []


async def test_the_collector_hears_no_samples_and_no_counts_but_tallies(shell):
    await shell.say("collector", *encode(Parcel(a_chunk())))
    await shell.say("detector", *encode(Parcel(a_twitch())))
    assert await shell.hear("collector", "aquiver/v1/+/chunk/#") == []
    assert await shell.hear("collector", "aquiver/v1/+/twitch/#") == []
    assert len(await shell.hear("reader", "aquiver/v1/#")) == 2


async def test_a_wrong_password_is_nobody(shell, tmp_path):
    await shell.say("collector", *encode(Parcel(a_status())))
    (tmp_path / "secrets" / "reader").write_text("wrong\n")
    assert await shell.hear("reader", "aquiver/v1/#") == []


async def test_a_payload_larger_than_any_of_ours_is_not_carried(tmp_path, monkeypatch):
    monkeypatch.setenv("AQUIVER_BROKER", "mosquitto")
    async with embedded_broker(f"embedded:{free_port()}", tmp_path) as url:
        shell = Shell(tmp_path, url)
        await shell.say("collector", "aquiver/v1/me/status/left_calf/a", b"x" * (MAX_PAYLOAD_BYTES + 1))
        await shell.say("collector", "aquiver/v1/me/status/left_calf/b", b"x" * (MAX_PAYLOAD_BYTES // 2))
        assert await shell.hear("reader", "aquiver/v1/#") == ["aquiver/v1/me/status/left_calf/b"]


async def test_secrets_are_their_owners_alone(shell, tmp_path):
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    for path in [*(tmp_path / "secrets").iterdir(), *(tmp_path / "broker").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


async def test_a_password_that_others_may_read_is_refused(tmp_path):
    ensure_passwords(["view"], tmp_path / "secrets")
    (tmp_path / "secrets" / "view").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        password_of("view", tmp_path)


async def test_listening_along_needs_one_line_without_a_password(tmp_path):
    async with embedded_broker(f"embedded:{free_port()}", tmp_path):
        (place,) = {path.parent for path in tmp_path.rglob("mosquitto_sub")}
        command = ("mosquitto_sub", "-v", "-W", "2", "-F", "%t", "-t", "aquiver/v1/#")
        shell = Shell(tmp_path, (tmp_path / "broker" / "url").read_text().strip())
        await shell.say("collector", *encode(Parcel(a_status())))
        environment = {**os.environ, "XDG_CONFIG_HOME": str(place)}
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=subprocess.PIPE)
        said, _ = await process.communicate()
        assert said.decode().split() == [encode(Parcel(a_status()))[0]]


def test_a_reader_over_tls_is_told_whom_to_trust(tmp_path):
    place = write_reader(tmp_path, Listener("box.lan", 8883, tmp_path / "certificates"), "pw")
    assert f"--cafile {tmp_path}/certificates/ca.crt" in (place / "mosquitto_sub").read_text()


@pytest.mark.parametrize("url", ["mqtt://192.168.1.5", "mqtt://box.lan:1883", "mqtt://[fe80::1]:1883"])
async def test_another_machine_without_tls_is_refused_with_what_to_write_instead(url):
    with pytest.raises(SettingsError, match=r'Use bus = "mqtts://.*:8883", with bus_ca'):
        async with open_bus(url, "me"):
            pass


async def test_a_password_in_the_url_is_refused_and_not_repeated():
    with pytest.raises(SettingsError, match="AQUIVER_BUS_PASSWORD") as refusal:
        async with open_bus("mqtts://me:hunter2@box.lan", "me"):
            pass
    assert "hunter2" not in str(refusal.value)
    assert "hunter2" not in repr(Login("me", "hunter2"))


async def test_a_wrong_password_is_said_once_and_not_shown(shell, tmp_path, caplog):
    url = (tmp_path / "broker" / "url").read_text().strip()
    async with open_bus(url, "me", Login("view", "hunter2")):
        await asyncio.sleep(2.5)
    warnings = [
        one.getMessage() for one in caplog.records if one.name == "aquiver.bus.mqtt" and one.levelname == "WARNING"
    ]
    assert len(warnings) == 1
    assert "trying again" in warnings[0]
    assert "hunter2" not in caplog.text


async def test_a_port_that_is_none_is_refused():
    with pytest.raises(SettingsError, match="Port"):
        async with open_bus("mqtt://127.0.0.1:99999", "me"):
            pass


async def test_an_authority_that_cannot_be_read_is_refused(tmp_path):
    for path in (tmp_path / "none.crt", tmp_path / "junk.crt"):
        (tmp_path / "junk.crt").write_text("junk")
        with pytest.raises(SettingsError, match="bus_ca"):
            async with open_bus("mqtts://127.0.0.1", "me", Login("me", "x", str(path))):
                pass


async def test_a_password_that_is_made_after_a_service_started_is_found(tmp_path):
    port = free_port()
    look = partial(password_of, "collector", tmp_path)
    async with open_bus(f"mqtt://127.0.0.1:{port}", "me", Login("collector", look(), look=look)) as bus:
        async with embedded_broker(f"embedded:{port}", tmp_path), asyncio.timeout(20):
            await bus.publish(Parcel(a_status()))
