"""The server: uvicorn inside our loop, without its signal handlers, on a port that is free."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from aquiver.errors import SettingsError

_N_TRIED = 20  # ports after the one that was asked for
_BACKLOG = 128
_SEND_BYTES = 1 << 17  # for each viewer: one that is slow must not see old seconds out of the system's own queue
_GOODBYE_S = 1  # a viewer that does not say goodbye holds up no night's end


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program."""
        yield


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Serve an app while the block runs."""
    config = uvicorn.Config(
        app,
        http="h11",
        ws="websockets-sansio",
        ws_max_size=1 << 12,  # what a viewer says is short
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,  # an address may hold a key
        server_header=False,
        timeout_graceful_shutdown=_GOODBYE_S,
    )
    server = _Server(config)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[listener]), name="page")
        try:
            yield
        finally:
            server.should_exit = True


def listen_on(host: str, port: int) -> socket.socket:
    """Take the port, or the next one that is free; the port 0 is any.

    Raises:
        SettingsError: none of them can be had.
    """
    for tried in range(port, port + _N_TRIED if port else 1):
        try:
            return _bound(host, tried)
        except OSError as error:
            reason = error.strerror or str(error)
    raise SettingsError(f"the page cannot listen on {host}:{port} ({reason}); choose another with --listen HOST:PORT")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BYTES)
        listener.bind((host, port))
        listener.listen(_BACKLOG)  # so that the address is good from the moment it is told, and nobody else's
    except OSError:
        listener.close()
        raise
    return listener
