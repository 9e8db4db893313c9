"""Channels reach a person or say why not, in a bounded time, without a secret."""

import asyncio
import subprocess
import sys
import time

import pytest

from aquiver.errors import ChannelFailed, SettingsError
from aquiver.settings import ChannelSettings
from dashboards.channels import open_ways
from dashboards.channels.desktop import Desktop
from dashboards.channels.push import Push
from dashboards.notices.matter import Sort
from dashboards.notices.outbox import Letter
from tests.servers import needs_dbus, needs_notify_send
from tests.webhook import webhook

LETTER = Letter("3f2a91bc", "changed/x", "phone", Sort.NOTICES, "A title", "Some text µ.")


@pytest.fixture
def hook():
    with webhook() as one:
        yield one


async def test_a_json_webhook_gets_title_text_and_reference(hook):
    await Push(hook.address).send(LETTER)
    (body,) = hook.bodies
    assert (body["title"], body["message"]) == ("A title", "Some text µ.")
    assert hook.references == ["3f2a91bc"]


async def test_a_form_webhook_gets_them_too(hook):
    await Push(f"form://127.0.0.1:{hook.port}/x?a=b").send(LETTER)
    assert hook.bodies[0]["message"] == "Some text µ."
    assert hook.references == ["3f2a91bc"]


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
async def test_a_refusal_is_a_failure_that_holds_no_secret(hook, status):
    hook.answer = status
    with pytest.raises(ChannelFailed) as failed:
        await Push(hook.address.replace("json://", "json://user:s3cret-word@")).send(LETTER)
    assert "s3cret" not in str(failed.value)
    assert str(status) in str(failed.value)


async def test_nobody_there_is_a_failure_that_holds_no_secret():
    with pytest.raises(ChannelFailed) as failed:
        await Push("json://user:s3cret-word@127.0.0.1:9/s3cret-path").send(LETTER)
    assert "s3cret" not in str(failed.value)
    assert str(failed.value)


async def test_a_target_that_hangs_times_out(hook):
    hook.answer = "hang"
    began_s = time.monotonic()
    with pytest.raises(ChannelFailed):
        await Push(f"{hook.address}?rto=1").send(LETTER)
    assert time.monotonic() - began_s < 20


async def test_a_target_that_drips_for_ever_is_ended_at_the_deadline(hook):
    hook.answer = "drip"
    with pytest.raises(ChannelFailed, match="no answer within 4 s"):
        await Push(hook.address, within_s=4.0).send(LETTER)


async def test_what_is_no_address_is_said_without_it():
    with pytest.raises(ChannelFailed, match=r"^not an address of a push service \(tgramm://\.\.\.\)$"):
        await Push("tgramm://123456789:s3cret").send(LETTER)


def secret_in(folder, text, mode=0o600):
    path = folder / "secrets" / "channel-phone"
    path.parent.mkdir()
    path.write_text(text)
    path.chmod(mode)
    return path


PHONE = ChannelSettings("phone", "notices")


def test_the_address_is_read_from_the_secrets_of_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("AQUIVER_SECRETS", raising=False)
    secret_in(tmp_path, "json://127.0.0.1/x\n")
    (way,) = open_ways([PHONE], tmp_path)
    assert (way.name, way.sort) == ("phone", Sort.NOTICES)


def test_the_environment_goes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("AQUIVER_CHANNEL_PHONE", "json://127.0.0.1/y")
    assert open_ways([PHONE], tmp_path)[0].channel._address == "json://127.0.0.1/y"


def test_a_folder_of_secrets_may_be_given(tmp_path, monkeypatch):
    (tmp_path / "channel-phone").write_text("json://127.0.0.1/z")
    monkeypatch.setenv("AQUIVER_SECRETS", str(tmp_path))
    assert open_ways([PHONE], tmp_path / "data")[0].channel._address == "json://127.0.0.1/z"


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [
        ("json://127.0.0.1/s3cret", 0o644, "chmod 600"),
        ("s3cret without scheme", 0o600, "has no address"),
        ("json://s3cret\njson://b", 0o600, "has no address"),
        ("", 0o600, "has no address"),
    ],
)
def test_a_secret_that_is_none_or_open_to_others_is_refused_unsaid(tmp_path, monkeypatch, text, mode, says):
    monkeypatch.delenv("AQUIVER_SECRETS", raising=False)
    secret_in(tmp_path, text, mode)
    with pytest.raises(SettingsError, match=says) as error:
        open_ways([PHONE], tmp_path)
    assert "s3cret" not in str(error.value)


def test_a_missing_address_names_the_file_and_the_variable(tmp_path, monkeypatch):
    monkeypatch.delenv("AQUIVER_SECRETS", raising=False)
    with pytest.raises(SettingsError, match=r"channel-phone.*\$AQUIVER_CHANNEL_PHONE"):
        open_ways([PHONE], tmp_path)


SERVER = """
import asyncio, sys
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method

class Notifications(ServiceInterface):
    @dbus_method()
    def Notify(self, app: "s", id: "u", icon: "s", title: "s", text: "s", actions: "as", hints: "a{sv}", ms: "i") -> "u":
        print(app, title, text, hints["x-aquiver-reference"].value, hints["suppress-sound"].value, sep="|", flush=True)
        return 7

    @dbus_method()
    def GetServerInformation(self) -> "ssss":
        return ["test", "test", "1", "1.2"]

    @dbus_method()
    def GetCapabilities(self) -> "as":
        return ["body"]

async def main():
    bus = await MessageBus().connect()
    bus.export("/org/freedesktop/Notifications", Notifications("org.freedesktop.Notifications"))
    await bus.request_name("org.freedesktop.Notifications")
    print("up", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def session_bus(monkeypatch):
    """Run a session bus of our own."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().strip())
        yield
        daemon.terminate()


@needs_dbus
@needs_notify_send
def test_the_desktop_shows_a_message_silently(session_bus):
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout.readline() == "up\n"
        asyncio.run(Desktop().send(LETTER))
        assert server.stdout.readline() == "aquiver|A title|Some text µ.|3f2a91bc|True\n"
        server.terminate()


@needs_dbus
@needs_notify_send
async def test_a_machine_without_a_desktop_says_so(session_bus):
    with pytest.raises(ChannelFailed, match=r"."):
        await Desktop().send(LETTER)


async def test_a_machine_without_notify_send_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ChannelFailed, match="libnotify-bin"):
        await Desktop().send(LETTER)
