"""A simulated band in a process of its own, behind a controller it reaches over a transport, as it would a USB dongle."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from bumble.controller import Controller
from bumble.transport import open_transport
from click.testing import CliRunner

from aquiver.__main__ import cli
from collector.conformance import judge
from collector.devices.open_band import OpenBand
from collector.examination import examine
from collector.links.ble import DEFAULT_TIMINGS
from collector.virtual.radio import virtual_radio

ADDRESS = "C0:A9:01:0E:00:01"
NOBODY = "00:00:00:00:00:00"
START_S = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def simulating(*words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run aquiver simulate while the block runs."""
    command = (sys.executable, "-m", "aquiver", "simulate", *words)
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@pytest.mark.parametrize("who_waits", ["it", "the controller"])
async def test_check_band_finds_the_reference_band_of_another_process_faultless(who_waits):
    """The controller is a virtual one here, in our air; the other process knows nothing of that."""
    port = free_port()
    theirs, ours = (f"tcp-{kind}:127.0.0.1:{port}" for kind in ("server", "client"))
    async with virtual_radio({}) as radio:
        early = None if who_waits == "it" else await open_transport(theirs)
        async with simulating("--ble", "open-band", "--transport", ours if early else theirs):
            async with early or await reached(ours) as hci:
                controller = Controller("dongle", hci.source, hci.sink, link=radio._link, public_address=NOBODY)
                controller.le_acl_data_packet_length = 251
                evidence = await examine(radio.backends, OpenBand(), ADDRESS, None, 5.0, DEFAULT_TIMINGS)
        if early:
            early.server.close()
    assert [verdict for verdict in judge(evidence) if verdict.complaints] == []
    assert sum(bool(one.frames) for one in evidence.heard) > 100


async def reached(transport: str):
    """Wait for the other process to come up."""
    async with asyncio.timeout(START_S):
        while True:
            try:
                return await open_transport(transport)
            except OSError:
                await asyncio.sleep(0.1)


async def test_a_controller_that_goes_away_ends_it_with_one_sentence():
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, simulating("--ble", "open-band", "--transport", f"tcp-client:127.0.0.1:{port}") as process:
        async with asyncio.timeout(START_S):
            _, errors = await process.communicate()
    assert process.returncode == 2
    assert b"the Bluetooth controller is gone" in errors


@pytest.mark.parametrize("transport", ["tcp-client:127.0.0.1:1", "nonsense:0", "tcp-client:x"])
async def test_no_controller_is_told_in_one_sentence(transport):
    async with simulating("--ble", "open-band", "--transport", transport) as process:
        _, errors = await process.communicate()
    assert process.returncode == 2
    assert f"no Bluetooth controller at {transport}".encode() in errors
    assert b"Traceback" not in errors


@pytest.mark.parametrize("words", [[], ["x.edf", "--ble", "myo"], ["--ble", "myo", "--address", "here"]])
def test_a_file_or_a_wearable_is_asked_for(words):
    assert CliRunner().invoke(cli, ["simulate", *words]).exit_code == 2
