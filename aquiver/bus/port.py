"""The port of the embedded broker: free, and claimed before anyone listens on it."""

import getpass
import re
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from aquiver.errors import BusError

HOST = "127.0.0.1"
DEFAULT_PORT = 1883
_N_PORTS = 20


@contextmanager
def claimed_port(wanted: str) -> Iterator[int]:
    """Own a port while the block runs: the wanted one, or with no wish 1883 or the next that is free.

    Between the look and the broker's first breath another night that starts would see the port as free too; so it is
    claimed by a lock that dies with this process.

    Raises:
        BusError: the wanted port is none or taken, or no port is free.
    """
    if wanted and not wanted.isdigit():
        raise BusError(f'bus = "embedded:{wanted}": "{wanted}" is no port; use "embedded:" or "embedded:1884"')
    candidates = [int(wanted)] if wanted else range(DEFAULT_PORT, DEFAULT_PORT + _N_PORTS)
    for port in candidates:
        with _claim(port) as is_ours:
            if is_ours and is_free(port):
                yield port
                return
    if wanted:
        raise BusError(f'port {wanted} is taken; use bus = "embedded:" to have a free one found')
    raise BusError(f"no free port for the broker between {DEFAULT_PORT} and {DEFAULT_PORT + _N_PORTS - 1}")


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


@contextmanager
def _claim(port: int) -> Iterator[bool]:
    user = re.sub(r"\W", "_", getpass.getuser())
    lock = FileLock(Path(tempfile.gettempdir()) / f"aquiver-{user}-{port}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
