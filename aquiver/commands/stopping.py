"""Stopping: Ctrl-C and SIGTERM ask for an orderly end; a second one does not wait for it."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_INTERRUPTED = 130


@contextmanager
def stop_on_signal() -> Iterator[asyncio.Event]:
    """Give an event that the first signal sets. A second one ends the process where it stands; the disk is safe."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        if stop.is_set():
            os._exit(_INTERRUPTED)
        stop.set()

    before = {number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(ask)) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
