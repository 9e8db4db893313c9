"""The page as a server: strangers get clean refusals, slow viewers lose frames, and nobody grows."""

import asyncio
import json
import socket
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from aquiver.bus import LocalBus
from aquiver.commands.paging import Address, page_on
from aquiver.commands.services import watch
from aquiver.settings import PageSettings, Settings
from tests.free_port import free_port
from tests.page.fed import Fed

BIG = 100_000_000


@pytest.fixture(scope="module")
def fed(tmp_path_factory):
    running = Fed(tmp_path_factory.mktemp("fed"))
    yield running
    assert running.end() == ""


def live(fed: Fed) -> str:
    return f"{fed.home.replace('http', 'ws', 1)}/api/v1/live"


def pieces():
    for _ in range(BIG // (1 << 20)):
        yield bytes(1 << 20)


@pytest.mark.parametrize("path", ["/api/v1/bands", "/api/v1/diary", "/"])
def test_a_hundred_megabytes_are_a_413_or_no_method(fed, path):
    for content in (bytes(BIG), pieces()):
        answer = httpx.post(
            f"{fed.home}{path}", content=content, headers={"content-type": "application/json"}, timeout=30
        )
        assert answer.status_code in {413, 405}, path
        assert answer.json()["error"]


@pytest.mark.parametrize(
    "path", ["/assets/../../../../etc/passwd", "/../app.py", "/assets/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"]
)
def test_a_path_outside_the_assets_is_a_404(fed, path):
    """Said byte for byte, as no browser would."""
    host, port = fed.home.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        said = b"".join(iter(lambda: line.recv(1 << 16), b""))
    assert said.startswith(b"HTTP/1.1 404 ")
    assert b"root:" not in said


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}])
async def test_another_origins_page_cannot_look_on(fed, headers):
    with pytest.raises(InvalidStatus) as refused:
        await connect(live(fed), additional_headers=headers)
    assert refused.value.response.status_code == 403


async def test_words_that_are_not_understood_end_a_connection(fed):
    async with connect(live(fed)) as line:
        await line.send('{"kind": "erase"}')
        async with asyncio.timeout(5):
            with suppress(ConnectionClosedError):
                async for _ in line:
                    pass
    assert line.close_code == 1003


async def test_the_last_seconds_are_there_at_once(fed):
    await asyncio.sleep(max(0.0, 3 - time.monotonic() % 1))
    async with connect(live(fed)) as line:
        await line.send('{"kind": "watch", "device": "band-1"}')
        async with asyncio.timeout(2):
            while not isinstance(frame := await line.recv(), bytes):
                if json.loads(frame)["kind"] == "streams":
                    assert [one["device"] for one in json.loads(frame)["streams"]] == ["band-0", "band-1", "band-2"]
        assert len(frame) > 16 + 8 * 8 + 1000 * 8 * 2, "less than a second of eight channels"


@asynccontextmanager
async def page_of(folder: Path, listen: str) -> AsyncIterator[Address]:
    """Serve a page in this loop."""
    settings = Settings(wearer="me", timezone="UTC", data=str(folder), page=PageSettings(listen))
    bus = LocalBus()
    async with watch(settings, bus, "view") as sentry, page_on(bus, sentry, settings) as address:
        yield address


async def test_off_loopback_the_key_is_made_shown_once_and_asked_for(tmp_path):
    path = tmp_path / "secrets" / "page-key"
    async with page_of(tmp_path, "0.0.0.0:0") as address:
        link = address.link.replace("0.0.0.0", "127.0.0.1")
        home = link.partition("/key")[0]
        assert link.endswith(f"/key?key={path.read_text().strip()}")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        async with httpx.AsyncClient(base_url=home) as window:
            assert (await window.get("/api/v1/tonight")).status_code == 401
            assert (await window.get(link)).status_code == 303
            assert (await window.get("/api/v1/tonight")).status_code == 200
        with pytest.raises(InvalidStatus):
            await connect(f"{home.replace('http', 'ws', 1)}/api/v1/live")
    async with page_of(tmp_path, "0.0.0.0:0") as address:
        assert address.link == ""
        assert "key" not in address.shown


async def test_a_port_that_is_taken_is_passed_over(tmp_path):
    async with page_of(tmp_path, f"127.0.0.1:{free_port()}") as first:
        listen = first.url.removeprefix("http://").rstrip("/")
        async with page_of(tmp_path, listen) as second:
            assert second.url != first.url
            async with httpx.AsyncClient() as window:
                assert (await window.get(second.url)).status_code == 200


async def test_fifty_viewers_of_whom_twenty_stop_reading_leave_memory_flat(tmp_path):
    """Those who stop lose the oldest and are told so when they read again; those who read lose nothing."""
    fed = Fed(tmp_path, "127.0.0.1:0", 3, 64, 2000)
    lines = [await connect(live(fed), max_queue=1, sock=narrow(fed)) for _ in range(20)]
    lines += [await connect(live(fed), max_size=None) for _ in range(30)]
    for line in lines[:25]:
        await line.send('{"kind": "watch", "device": "band-0"}')
    readers = [Reader(line) for line in lines[20:]]
    await asyncio.sleep(4)
    before_mb, n_before = fed.memory_mb, [reader.n_frames for reader in readers[:5]]
    await asyncio.sleep(6)
    grown_mb, n_after = fed.memory_mb - before_mb, [reader.n_frames for reader in readers[:5]]
    late = [Reader(line) for line in lines[:20]]
    await asyncio.sleep(3)
    fed.kill()
    await asyncio.gather(*(reader.ended() for reader in (*readers, *late)))
    assert grown_mb < 6
    assert all(after > before + 10 for before, after in zip(n_before, n_after, strict=True)), "a reader was held up"
    assert all(reader.n_lost > 0 for reader in late)
    assert all(reader.n_lost == 0 for reader in readers[5:]), "one who only looks on lost something"


def narrow(fed: Fed) -> socket.socket:
    """Give a connection whose system keeps little for it, as a tablet with a poor network."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
    line.connect(("127.0.0.1", int(fed.home.rsplit(":", 1)[1])))
    line.setblocking(False)
    return line


class Reader:
    """Read a connection to its end."""

    def __init__(self, line) -> None:
        self.n_frames = 0
        self.n_lost = 0
        self._task = asyncio.create_task(self._read(line))

    async def ended(self) -> None:
        await self._task

    async def _read(self, line) -> None:
        with suppress(ConnectionClosedError):
            async for item in line:
                if isinstance(item, bytes):
                    self.n_frames += 1
                elif (event := json.loads(item))["kind"] == "lost":
                    self.n_lost += event["n"]
