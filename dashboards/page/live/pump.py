"""The pump: one for all viewers. It gathers what comes and hands it out at most twenty times a second."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from aquiver.model import Chunk, Message, Stream
from dashboards.page.live.events import Event, event_of, streams_told
from dashboards.page.live.lately import Lately
from dashboards.page.live.viewer import Viewer
from dashboards.page.vigil import Vigil

ROUND_S = 0.05
_STATE_EVERY = 20  # rounds: how tonight stands is told once a second
MOST_VIEWERS = 64
_ENCODER = msgspec.json.Encoder()


class Pump:
    """Feed the vigil and the viewers. ``state`` gives how tonight stands, as it is told to every viewer."""

    def __init__(self, vigil: Vigil, state: Callable[[], Event]) -> None:
        self.viewers: list[Viewer] = []
        self._vigil = vigil
        self._state = state
        self._lately = Lately()
        self._events: list[str] = []
        self._is_watched = asyncio.Event()
        self._n_told = 0

    @property
    def streams(self) -> Sequence[Stream]:
        """Give every stream that was heard."""
        return self._lately.streams

    def feed(self, message: Message) -> None:
        """Take a message into account, and have it told to who looks on."""
        if isinstance(message, Chunk):
            if message.stream.wearer == self._vigil.wearer:
                self._lately.feed(message)
            return
        is_news = self._vigil.feed(message)
        if is_news and self.viewers and (event := event_of(message)) is not None:
            self._events.append(_text(event))

    @contextmanager
    def watched_by(self, viewer: Viewer) -> Iterator[None]:
        """Tell a viewer everything from now on, while the block runs."""
        self.viewers.append(viewer)
        self._is_watched.set()
        try:
            yield
        finally:
            self.viewers.remove(viewer)

    def welcome(self, viewer: Viewer) -> None:
        """Tell a viewer how it stands, and show the last seconds of the band it chose."""
        viewer.offer(self._streams(), self._told_state())
        if viewer.device is not None:
            viewer.offer(*self._lately.all_of(viewer.device))

    async def run(self) -> None:
        """Hand out until cancelled; rest while nobody looks."""
        n_rounds = 0
        while True:
            if not self.viewers:
                self._is_watched.clear()
                await self._is_watched.wait()
                self._lately.fresh(())
            await asyncio.sleep(ROUND_S)
            n_rounds += 1
            self._hand_out(is_state_due=n_rounds % _STATE_EVERY == 0)

    def _hand_out(self, *, is_state_due: bool) -> None:
        watched = {viewer.device for viewer in self.viewers if viewer.device is not None and not viewer.is_hidden}
        frames, events = self._lately.fresh(watched), self._events
        self._events = []
        if len(self._lately.streams) > self._n_told:
            self._n_told = len(self._lately.streams)
            events.insert(0, self._streams())
        if is_state_due:
            events.append(self._told_state())
        for viewer in self.viewers:
            if not viewer.is_hidden:
                viewer.offer(*events, *frames.get(viewer.device or "", ()))

    def _streams(self) -> str:
        return _text(streams_told(self._lately.streams))

    def _told_state(self) -> str:
        return _text(self._state())


def _text(event: Event) -> str:
    return _ENCODER.encode(event).decode()
