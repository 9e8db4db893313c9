"""A real InfluxDB for tests: Debian's 1.6.7 behind a shim, or the server that $AQUIVER_TEST_INFLUX names.

1.6.7 lacks only ``/api/v2/write``, which 1.8 has; the shim rewrites it to ``/write``. Where 2.x answers otherwise (nothing
for what only deletes; 422 and a ``message`` for a partial write), the shim says it as 2.x does. Whoever names a server of their own
gives a bucket for tests alone: everything in it is erased. As in

    AQUIVER_TEST_INFLUX=influx://127.0.0.1:8086/tests AQUIVER_INFLUX_TOKEN=... pytest tests/store tests/contracts
"""

import atexit
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from aquiver.model import MarkKind
from aquiver.store import open_store
from tests.free_port import free_port
from tests.servers import needs_influxd

OTHER = os.environ.get("AQUIVER_TEST_INFLUX")
PRECISIONS = {"ns": "n", "us": "u", "ms": "ms", "s": "s"}
_numbers = count(1)

needs_influx = needs_influxd if OTHER is None else pytest.mark.service


@dataclass
class Trouble:
    """What the shim does instead of what it is asked: a status with words, or silence; ``n`` times."""

    status: int = 503
    words: str = "busy"
    n: int = 1
    pause_s: float = 0.0
    passes_on: bool = False  # the server gets it all the same: the answer is what is lost
    code: str = ""  # as InfluxDB 2 says it


def new_bucket() -> str:
    """Give the URL of an empty bucket."""
    if OTHER is not None:
        empty(OTHER)
        return OTHER
    name = f"test_{next(_numbers)}"
    ask(local(), f"CREATE DATABASE {name}")
    return f"influx://127.0.0.1:{shim().server_port}/{name}"


def empty(url: str) -> None:
    store = open_store(url, Path("/nonexistent"))
    for wearer in store.wearers():
        store.erase(wearer)
    for kind in MarkKind:  # a mark makes no wearer
        store._server.ask(f"DELETE FROM {kind}")
    store.close()


def ask(port: int, question: str, **more: str) -> dict:
    with urllib.request.urlopen(
        f"http://127.0.0.1:{port}/query?{urlencode(more)}", urlencode({"q": question}).encode()
    ) as answer:
        return json.load(answer)


@cache
def local() -> int:
    """Start influxd for as long as these tests run, and give its port."""
    folder, port = Path(tempfile.mkdtemp(prefix="aquiver-influx-")), free_port()
    server = Influxd(folder, port)
    server.start()
    atexit.register(_end, server, folder, os.getpid())
    return port


def _end(server: "Influxd", folder: Path, owner: int) -> None:
    """End the server with the tests, and not with a process that one of them forked."""
    if os.getpid() == owner:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


class Influxd:
    """A server on a port and in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self.port = folder, port

    def start(self) -> None:
        conf = self._folder / "influxd.conf"
        conf.write_text(
            f'reporting-disabled = true\nbind-address = "127.0.0.1:{free_port()}"\n'
            f'[meta]\ndir = "{self._folder}/meta"\n'
            f'[data]\ndir = "{self._folder}/data"\nwal-dir = "{self._folder}/wal"\nquery-log-enabled = false\n'
            f'[http]\nbind-address = "127.0.0.1:{self.port}"\nlog-enabled = false\n'
            "[monitor]\nstore-enabled = false\n[continuous_queries]\nenabled = false\n"
        )
        self._process = subprocess.Popen(
            ["influxd", "run", "-config", str(conf)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a signal that a test sends to its group is not meant for it
        )
        deadline_s = time.monotonic() + 30
        while time.monotonic() < deadline_s:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ping"):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("influxd does not answer")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@cache
def shim() -> "Shim":
    started = Shim(local())
    atexit.register(started.shutdown)
    return started


class Shim(ThreadingHTTPServer):
    """InfluxDB 1.6.7 with the way in of 1.8 and 2; and, when asked, a server in trouble."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.behind = port
        self.trouble: Trouble | None = None
        self.seen: list[dict[str, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request, client_address) -> None:
        """A client that went away is no news."""


class _Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Shim

    def do_GET(self) -> None:
        self._pass_on("GET", self.path, b"")

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append(dict(self.headers))
        if parts.path != "/api/v2/write":
            return self._pass_on("POST", self.path, body)
        given = parse_qs(parts.query)
        precision = PRECISIONS[given["precision"][0]]
        path = f"/write?db={quote(given['bucket'][0])}&precision={precision}"
        trouble = self.server.trouble
        if trouble is None or trouble.n == 0:
            return self._pass_on("POST", path, body)
        trouble.n -= 1
        if trouble.passes_on:
            self._behind("POST", path, body, dict(self.headers))
        time.sleep(trouble.pause_s)
        said = {"code": trouble.code, "message": trouble.words} if trouble.code else {"error": trouble.words}
        return self._answer(trouble.status, json.dumps(said).encode())

    def _pass_on(self, method: str, path: str, body: bytes) -> None:
        self._answer(*_as_2(path, body, *self._behind(method, path, body, dict(self.headers))))

    def _behind(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        try:
            connection = HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
            kept = {name: headers[name] for name in ("Content-Type", "Content-Encoding") if name in headers}
            connection.request(method, path, body, kept)
            answer = connection.getresponse()
            found = answer.status, answer.read()
            connection.close()
        except OSError:
            return 502, b'{"error": "the server behind is gone"}'
        return found

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is http.server's
        """Say nothing."""


def _as_2(path: str, body: bytes, status: int, answer: bytes) -> tuple[int, bytes]:
    """Say an answer as InfluxDB 2 does, where that differs."""
    said = json.loads(answer or b"{}")
    if status == 400 and "partial write" in said.get("error", ""):
        words = {"code": "unprocessable entity", "message": f"failure writing points to database: {said['error']}"}
        return 422, json.dumps(words).encode()
    question = parse_qs(body.decode(), keep_blank_values=True).get("q", [""])[0] if path.startswith("/query") else ""
    only_deletes = question.startswith("DELETE") and not any("error" in one for one in said.get("results", ()))
    return (status, b"{}\n") if only_deletes and status == 200 else (status, answer)
