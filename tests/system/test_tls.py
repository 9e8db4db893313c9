"""Over a network only with TLS: a broker whose files aquiver wrote, and certificates of our own making."""

import asyncio
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from aquiver.__main__ import cli
from aquiver.bus import open_bus
from aquiver.bus.broker import mosquitto_path, mosquitto_running
from aquiver.bus.login import Login
from aquiver.model import Parcel, Status
from aquiver.passwords import password_of
from tests.free_port import free_port
from tests.samples import a_status
from tests.servers import _needs, needs_mosquitto

pytestmark = [pytest.mark.service, needs_mosquitto, _needs("openssl", "openssl")]


@asynccontextmanager
async def a_broker(folder: Path):
    """Run mosquitto with the files that ``aquiver broker`` writes; give its URL for this machine."""
    port = free_port()
    done = CliRunner().invoke(
        cli, ["broker", str(folder), "--host", "localhost.lan", "--host", "127.0.0.1", "--port", str(port)]
    )
    assert done.exit_code == 0, done.output
    assert f'bus = "mqtts://localhost.lan:{port}"' in done.output
    async with mosquitto_running(mosquitto_path(), folder / "mosquitto.conf", "127.0.0.1", port):
        yield f"mqtts://127.0.0.1:{port}"


def login(folder: Path, account: str, authority: Path | None = None) -> Login:
    return Login(account, password_of(account, folder), str(authority or folder / "certificates" / "ca.crt"))


async def is_heard(url: str, speaker: Login, hearer: Login, wait_s: float) -> bool:
    async with open_bus(url, "a", speaker) as out, open_bus(url, "b", hearer) as into:
        async with into.subscribe(Status) as batches:
            try:
                async with asyncio.timeout(wait_s):
                    await out.publish(Parcel(a_status()))
                    return (await anext(batches))[0].message == a_status()
            except TimeoutError:
                return False


async def test_over_tls_services_meet(tmp_path):
    async with a_broker(tmp_path) as url:
        assert await is_heard(url, login(tmp_path, "collector"), login(tmp_path, "view"), 20)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # paho leaves sockets that failed
async def test_a_broker_whose_authority_is_not_trusted_is_told_nothing(tmp_path, caplog):
    other = tmp_path / "other"
    done = CliRunner().invoke(cli, ["broker", str(other), "--host", "box.lan"])
    assert done.exit_code == 0, done.output
    async with a_broker(tmp_path / "ours") as url:
        stranger = login(tmp_path / "ours", "collector", other / "certificates" / "ca.crt")
        assert not await is_heard(url, stranger, stranger, 4)
    assert "certificate verify failed" in caplog.text


async def test_without_tls_nothing_is_heard_on_its_port(tmp_path):
    async with a_broker(tmp_path) as url:
        plain = url.replace("mqtts", "mqtt")
        assert not await is_heard(plain, login(tmp_path, "collector"), login(tmp_path, "view"), 4)


def test_writing_a_brokers_files_again_keeps_passwords_and_certificates(tmp_path):
    words = ["broker", str(tmp_path), "--host", "box.lan"]
    first = CliRunner().invoke(cli, words)
    kept = {path: path.read_bytes() for name in ("secrets", "certificates") for path in (tmp_path / name).iterdir()}
    assert CliRunner().invoke(cli, words).output == first.output
    assert {path: path.read_bytes() for path in kept} == kept
    assert {path.name for path in (tmp_path / "certificates").iterdir()} == {"ca.crt", "server.crt", "server.key"}


def test_a_certificate_names_the_hosts(tmp_path):
    CliRunner().invoke(cli, ["broker", str(tmp_path), "--host", "box.lan", "--host", "192.168.1.5"])
    command = ["openssl", "x509", "-in", tmp_path / "certificates" / "server.crt", "-noout", "-text"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "DNS:box.lan" in said
    assert "IP Address:192.168.1.5" in said


def test_without_a_host_a_broker_is_for_this_machine_alone(tmp_path):
    done = CliRunner().invoke(cli, ["broker", str(tmp_path)])
    assert 'bus = "mqtt://127.0.0.1:1883"' in done.output
    text = (tmp_path / "mosquitto.conf").read_text()
    assert "listener 1883 127.0.0.1" in text
    assert "allow_anonymous false" in text
    assert not (tmp_path / "certificates").exists()


def test_a_bad_host_name_is_one_sentence(tmp_path):
    done = CliRunner().invoke(cli, ["broker", str(tmp_path), "--host", "box lan,evil"])
    assert "openssl could not make a certificate" in str(done.exception)


async def test_a_broker_runs_until_it_is_asked_to_end_and_refuses_a_taken_port(tmp_path):
    port = free_port()
    command = (sys.executable, "-m", "aquiver", "broker", str(tmp_path), "--port", str(port), "--run")
    first = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    async with open_bus(f"mqtt://127.0.0.1:{port}", "a", await until_made(tmp_path, "collector")) as bus:
        async with asyncio.timeout(30):
            await bus.publish(Parcel(a_status()))
        second = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        _, wrong = await asyncio.wait_for(second.communicate(), 30)
        assert (second.returncode, f"port {port} is taken" in wrong.decode()) == (2, True)
    first.terminate()
    began_s = time.monotonic()
    assert await asyncio.wait_for(first.wait(), 20) == 0
    assert time.monotonic() - began_s < 3.0


async def until_made(folder: Path, account: str) -> Login:
    """Wait until the broker has made its passwords."""
    async with asyncio.timeout(30):
        while password_of(account, folder) is None:
            await asyncio.sleep(0.1)
    return login(folder, account)
