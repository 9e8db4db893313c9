"""The supervisor: tells systemd that we are ready, that our loop still turns, and that we stop (sd_notify(3)).

Without systemd there is no socket to tell, and nothing is told.
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_LOG = logging.getLogger(__name__)


@asynccontextmanager
async def supervised() -> AsyncIterator[None]:
    """Say READY, then WATCHDOG twice as often as asked for while the block runs, and STOPPING at its end."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        yield
        return
    _tell(address, "READY=1")
    async with asyncio.TaskGroup() as tasks:
        watchdog = tasks.create_task(_feed_watchdog(address), name="watchdog")
        try:
            yield
        finally:
            watchdog.cancel()
            _tell(address, "STOPPING=1")


async def _feed_watchdog(address: str) -> None:
    """Show from the loop itself that it turns."""
    asked_s = int(os.environ.get("WATCHDOG_USEC") or 0) / 1e6
    while asked_s:
        _tell(address, "WATCHDOG=1")
        await asyncio.sleep(asked_s / 2)


def _tell(address: str, word: str) -> None:
    name = "\0" + address[1:] if address.startswith("@") else address  # Linux's abstract sockets
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.settimeout(0)
            out.connect(name)
            out.send(word.encode())
    except OSError as error:
        _LOG.warning("systemd does not listen at %s: %s", address, error)
