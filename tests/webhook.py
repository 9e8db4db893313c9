"""A webhook on this machine: it keeps what it gets, and answers as it is told to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

OK = 200


@dataclass
class Webhook:
    """What was received, and how to answer: a status, ``"hang"``, ``"drip"``, or something to do first."""

    port: int = 0
    answer: int | str = OK
    first: Callable[[], None] = lambda: None
    bodies: list[dict[str, str]] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/s3cret-path"


@contextmanager
def webhook() -> Iterator[Webhook]:
    """Run a webhook while the block runs."""
    hook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_json = self.headers["Content-Type"].startswith("application/json")
            hook.bodies.append(json.loads(raw) if is_json else {key: one[0] for key, one in parse_qs(raw).items()})
            hook.references.append(self.headers["X-Idempotency-Key"])
            hook.first()
            if hook.answer == "hang":
                hook.ended.wait(60)
            elif hook.answer == "drip":
                self._drip()
            else:
                self.send_response(int(hook.answer))
                self.send_header("Content-Length", "0")
                self.end_headers()

        def _drip(self) -> None:
            """Send a header byte by byte: no read ever times out."""
            try:
                for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if hook.ended.wait(0.1):
                        return
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hook
    finally:
        hook.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def wait_for(is_so: Callable[[], bool], deadline_s: float = 30.0) -> None:
    """Look again until something is so."""
    give_up_s = time.monotonic() + deadline_s
    while not is_so():
        assert time.monotonic() < give_up_s, "it did not come about"
        time.sleep(0.05)
