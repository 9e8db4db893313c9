"""A mailbox: the bounded queue of one subscriber."""

import asyncio
from typing import Self

from aquiver.model import Message, Parcel

CAPACITY = 4096  # about two minutes of two bands; a slower reader loses and, where it matters, asks again


class Mailbox:
    """Parcels for one reader. When it is full, what arrives is dropped and counted."""

    def __init__(self, kinds: tuple[type[Message], ...]) -> None:
        self.kinds = kinds
        self.n_dropped = 0
        self._queue: asyncio.Queue[Parcel] = asyncio.Queue(CAPACITY)

    def offer(self, parcel: Parcel) -> None:
        """Put a parcel in, if it is of a kind the reader wants and there is room."""
        if self.kinds and not isinstance(parcel.message, self.kinds):
            return
        if self._queue.full():
            self.n_dropped += 1
            return
        self._queue.put_nowait(parcel)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> list[Parcel]:
        batch = [await self._queue.get()]
        while not self._queue.empty():
            batch.append(self._queue.get_nowait())
        return batch
