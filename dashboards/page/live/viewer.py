"""A viewer: one browser that looks on, behind a bounded queue of its own. Pure but for the waiting."""

import asyncio
from collections import deque

CAPACITY = 96  # frames and events: about two seconds of a band with two streams; who is slower loses the oldest


class Viewer:
    """What waits for one viewer. It never holds up the others, and never grows."""

    def __init__(self) -> None:
        self.device: str | None = None
        self.is_hidden = False
        self.n_lost = 0
        self._waiting: deque[str | bytes] = deque()
        self._has_some = asyncio.Event()

    def offer(self, *items: str | bytes) -> None:
        """Put frames (bytes) or events (text) in the queue; where it is full the oldest go, frames first, and are counted."""
        for item in items:
            if len(self._waiting) >= CAPACITY:
                self._lose_one()
            self._waiting.append(item)
        self._has_some.set()

    def hide(self, is_hidden: bool) -> None:  # noqa: FBT001  # what the browser says of itself
        """Know whether anyone sees it; nothing is sent to where nobody looks."""
        self.is_hidden = is_hidden
        if is_hidden:
            self._waiting.clear()

    async def next(self) -> str | bytes:
        """Wait for what is next."""
        while not self._waiting:
            self._has_some.clear()
            await self._has_some.wait()
        return self._waiting.popleft()

    def _lose_one(self) -> None:
        oldest = next((place for place, item in enumerate(self._waiting) if isinstance(item, bytes)), 0)
        del self._waiting[oldest]
        self.n_lost += 1
