"""The embedded broker: it comes back, it goes with us, and its port is free or refused with words."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from aquiver.bus import open_bus
from aquiver.bus import port as port_module
from aquiver.bus.broker import embedded_broker
from aquiver.bus.login import Login
from aquiver.errors import BusError, SettingsError
from aquiver.model import Parcel, Status
from aquiver.passwords import password_of
from tests.samples import a_status
from tests.servers import needs_mosquitto

ALONE = """
import asyncio, sys
from pathlib import Path
from aquiver.bus.broker import embedded_broker
async def main():
    async with embedded_broker("embedded:", Path(sys.argv[1])) as url:
        print(url, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


def login(folder) -> Login:
    return Login("collector", password_of("collector", folder))


def brokers_with(folder) -> list[int]:
    """Find the mosquitto processes that run with the configuration in a folder."""
    said = subprocess.run(["pgrep", "-f", f"mosquitto -c {folder}/broker"], capture_output=True, text=True, check=False)
    return [int(pid) for pid in said.stdout.split()]


def until(is_so, deadline_s: float = 5.0) -> None:
    give_up_s = time.monotonic() + deadline_s
    while not is_so():
        assert time.monotonic() < give_up_s
        time.sleep(0.05)


@pytest.mark.service
@needs_mosquitto
async def test_a_broker_that_was_killed_is_started_again_and_the_bus_comes_back(tmp_path):
    async with embedded_broker("embedded:", tmp_path) as url, open_bus(url, "both", login(tmp_path)) as bus:
        async with bus.subscribe(Status) as batches, asyncio.timeout(20):
            await bus.publish(Parcel(a_status(n_malformed=1)))
            assert (await anext(batches))[0].message.n_malformed == 1
            os.kill(brokers_with(tmp_path)[0], signal.SIGKILL)
            heard = 1
            while heard != 2:
                await bus.publish(Parcel(a_status(n_malformed=2)))
                try:
                    async with asyncio.timeout(0.5):
                        heard = (await anext(batches))[-1].message.n_malformed
                except TimeoutError:
                    continue


@pytest.mark.service
@needs_mosquitto
def test_a_broker_goes_with_the_process_that_started_it_however_that_ends(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", ALONE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("mqtt://127.0.0.1:")
    assert brokers_with(tmp_path)
    process.kill()
    process.communicate()
    until(lambda: not brokers_with(tmp_path))


async def test_a_taken_port_is_passed_over_or_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("AQUIVER_BROKER", "amqtt")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setattr(port_module, "DEFAULT_PORT", port)
        async with embedded_broker("embedded:", tmp_path) as url:
            assert port < int(url.rsplit(":", 1)[1]) < port + 20
        with pytest.raises(BusError, match=f"port {port} is taken"):
            async with embedded_broker(f"embedded:{port}", tmp_path):
                pass
        monkeypatch.setattr(port_module, "_N_PORTS", 1)
        with pytest.raises(BusError, match="no free port"):
            async with embedded_broker("embedded:", tmp_path):
                pass


async def test_brokers_that_start_at_once_take_ports_of_their_own(tmp_path):
    """In the moment between the look and the first breath of a broker, its port looks free."""
    all_up = asyncio.Barrier(3)

    async def url_of(number: int) -> str:
        async with embedded_broker("embedded:", tmp_path / str(number)) as url:
            await all_up.wait()
            return url

    urls = await asyncio.gather(*map(url_of, range(3)))
    assert len(set(urls)) == 3


@pytest.mark.parametrize("url", ["embedded:abc", "embedded:-1"])
async def test_a_port_is_a_number(tmp_path, url):
    with pytest.raises(BusError, match="is no port"):
        async with embedded_broker(url, tmp_path):
            pass


async def test_an_unknown_bus_is_refused():
    with pytest.raises(SettingsError, match="is no bus"):
        async with open_bus("kafka://x", "me"):
            pass


async def test_publishing_waits_for_a_broker(monkeypatch):
    async with open_bus("mqtt://127.0.0.1:9", "me") as bus:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await bus.publish(Parcel(a_status()))
