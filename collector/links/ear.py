"""What a link has heard and nobody has taken yet."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager

from aquiver.errors import LinkLost
from collector.links import Notification

N_WAITING = 4096  # notifications; 20 s of the fastest wearable


class Replies:
    """The one reply that is waited for, or why it will not come."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes | LinkLost] = asyncio.Queue(1)

    def offer(self, reply: bytes | LinkLost) -> bool:
        """Take a reply; False if there is one already."""
        if self._queue.full():
            return False
        self._queue.put_nowait(reply)
        return True

    async def first(self) -> bytes:
        """Wait for the reply.

        Raises:
            LinkLost: the link ended first.
        """
        reply = await self._queue.get()
        if isinstance(reply, LinkLost):
            raise reply
        return reply


class Ear:
    """Notifications on their way from the radio's callback to their listener.

    ``N_WAITING`` can wait. One more ends the link, after what has been heard: many wearables do not number their
    samples, so that a dropped notification could not be seen.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ended: LinkLost | None = None
        self._waiting: asyncio.Queue[Notification | LinkLost] = asyncio.Queue(N_WAITING + 1)  # one place for the end
        self._replies: dict[str, Replies] = {}

    @property
    def is_open(self) -> bool:
        """Say whether nothing has ended it yet, as far as we were told."""
        return self._ended is None

    def hear(self, characteristic: str, data: bytes) -> None:
        """Enqueue, for who asked or for who listens."""
        if self._ended is not None:
            return
        replies = self._replies.get(characteristic)
        if replies is not None and replies.offer(data):
            return
        if self._waiting.qsize() >= N_WAITING:
            self.end(f"{N_WAITING} notifications were waiting: this machine is too slow, or was asleep")
        else:
            self._waiting.put_nowait(Notification(characteristic, data, self._clock()))

    def end(self, reason: str) -> None:
        """Let nothing more in. The first reason stays."""
        if self._ended is None:
            self._ended = LinkLost(reason)
            self._waiting.put_nowait(self._ended)
            for replies in self._replies.values():
                replies.offer(self._ended)

    def ensure_open(self) -> None:
        """Raise LinkLost once it has ended."""
        if self._ended is not None:
            raise LinkLost(*self._ended.args)

    @contextmanager
    def expecting(self, characteristic: str, *, is_late: bool = False) -> Iterator[Replies]:
        """Keep the next notification of a characteristic for who asks; who is late may have one that waits already."""
        replies = self._replies[characteristic] = Replies()
        if is_late:
            self._hand_over(characteristic, replies)
        try:
            yield replies
        finally:
            del self._replies[characteristic]

    def _hand_over(self, characteristic: str, replies: Replies) -> None:
        for _ in range(self._waiting.qsize()):
            heard = self._waiting.get_nowait()
            is_theirs = isinstance(heard, LinkLost) or heard.characteristic == characteristic
            if not is_theirs or not replies.offer(heard if isinstance(heard, LinkLost) else heard.data):
                self._waiting.put_nowait(heard)

    async def notifications(self, silence_s: float) -> AsyncGenerator[Notification]:
        """Give what was heard, in order.

        Raises:
            LinkLost: the link ended, or nothing came for ``silence_s``.
        """
        while True:
            try:
                async with asyncio.timeout(silence_s):
                    heard = await self._waiting.get()
            except TimeoutError as error:
                raise LinkLost(f"the wearable has been silent for {silence_s:g} s") from error
            if isinstance(heard, LinkLost):
                raise heard
            yield heard
