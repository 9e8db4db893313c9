"""Listening along with one command: JSON lines, by kind and site."""

import asyncio
import json
import os
import sys

import pytest

from aquiver.bus import open_bus
from aquiver.bus.broker import embedded_broker
from aquiver.bus.login import Login
from aquiver.commands.listen import bus_url
from aquiver.errors import BusError
from aquiver.model import Parcel
from aquiver.passwords import password_of
from aquiver.settings import Settings
from tests.free_port import free_port
from tests.samples import a_chunk, a_status, a_twitch
from tests.servers import needs_mosquitto, needs_mosquitto_clients


async def heard(folder, *options: str) -> list[dict]:
    """Give what the command prints while services speak."""
    command = (sys.executable, "-m", "aquiver", "listen", "--data", str(folder), "--for", "6", *options)
    async with embedded_broker(f"embedded:{free_port()}", folder) as url:
        buses = [open_bus(url, name, Login(name, password_of(name, folder))) for name in ("collector", "detector")]
        async with buses[0] as collector, buses[1] as detector:
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
            while process.returncode is None:
                await collector.publish(Parcel(a_chunk()))
                await collector.publish(Parcel(a_status()))
                await detector.publish(Parcel(a_twitch()))
                try:
                    await asyncio.wait_for(process.wait(), 0.3)
                except TimeoutError:
                    continue
            said = (await process.stdout.read()).decode()
    assert process.returncode == 0
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.service
@needs_mosquitto
async def test_everything_is_a_json_object_a_line_and_samples_are_summed_up(tmp_path):
    lines = await heard(tmp_path)
    assert {line["message"] for line in lines} == {"chunk", "status", "twitch"}
    assert next(line for line in lines if line["message"] == "chunk")["n_samples"] == 20


@pytest.mark.service
@needs_mosquitto
async def test_only_what_was_asked_for_is_printed(tmp_path):
    lines = await heard(tmp_path, "--kind", "twitch", "--site", "left_calf")
    assert {line["message"] for line in lines} == {"twitch"}
    assert await heard(tmp_path, "--kind", "twitch", "--site", "trunk") == []


@pytest.mark.service
@needs_mosquitto
@needs_mosquitto_clients
async def test_the_line_for_a_shell_works_as_it_is_printed(tmp_path):
    async with embedded_broker(f"embedded:{free_port()}", tmp_path) as url:
        command = (sys.executable, "-m", "aquiver", "listen", "--shell", "--data", str(tmp_path))
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        line = (await process.communicate())[0].decode().strip()
        assert password_of("reader", tmp_path) not in line
        async with open_bus(url, "collector", Login("collector", password_of("collector", tmp_path))) as collector:
            await collector.publish(Parcel(a_status()))
            shell = await asyncio.create_subprocess_shell(
                f"{line} -C 1 -W 10", stdout=asyncio.subprocess.PIPE, env=os.environ
            )
            said, _ = await shell.communicate()
    assert said.startswith(b"aquiver/v1/me/status/left_calf/band-1 {")


def test_without_a_night_there_is_nothing_to_listen_to(tmp_path):
    with pytest.raises(BusError, match="no night was ever recorded"):
        bus_url(Settings(data=str(tmp_path)))
