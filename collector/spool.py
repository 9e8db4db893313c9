"""The spool: chunks are on disk before anyone hears of them."""

import asyncio
import threading
from collections import deque

from aquiver.complaints import Task
from aquiver.courier import Courier
from aquiver.journal import Journal
from aquiver.model import Chunk
from aquiver.patience import until_done

COMMIT_S = 0.02  # group commit: one flush to disk for all bands, at most so much later; a view waits for it, too
_CAPACITY = 1000  # chunks waiting for the disk; when it is full the bands wait, and the radio's queue fills


class Spool:
    """Take chunks from every band, commit them together, and let the courier know."""

    def __init__(self, journal: Journal, courier: Courier) -> None:
        self._journal = journal
        self._courier = courier
        self._waiting: asyncio.Queue[Chunk] = asyncio.Queue(_CAPACITY)
        self._has_some = asyncio.Event()
        self._uncommitted: deque[Chunk] = deque()
        self._writing = threading.Lock()

    async def put(self, chunks: list[Chunk]) -> None:
        """Hand over chunks; waits while the disk is too slow."""
        for chunk in chunks:
            await self._waiting.put(chunk)
            self._has_some.set()

    async def keep(self) -> None:
        """Commit what is waiting, until cancelled."""
        while True:
            await self._has_some.wait()
            await asyncio.sleep(COMMIT_S)
            await self.commit()

    async def commit(self) -> None:
        """Commit what is waiting now. May be cancelled: the next one commits what this one could not, in order."""
        self._has_some.clear()
        while not self._waiting.empty():
            self._uncommitted.append(self._waiting.get_nowait())
        if self._uncommitted:
            await until_done(self._write, Task.SPOOL)
            self._courier.wake()

    def _write(self) -> None:
        """Write what is uncommitted; whoever comes while another is at it waits, and finds the rest."""
        with self._writing:
            batch = list(self._uncommitted)
            if batch:
                self._journal.append(batch)
            for _ in batch:
                self._uncommitted.popleft()
