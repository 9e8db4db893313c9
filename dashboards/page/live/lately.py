"""Lately: the last seconds of every stream, so that who opens the page sees them at once. Pure."""

from collections import deque
from collections.abc import Collection, Iterable

from aquiver.model import Chunk, Stream
from dashboards.page.live.frame import encode_frame, runs_of

KEPT_S = 12.0


class Lately:
    """Keep what was measured in the last seconds of each stream, and what has not been handed out yet."""

    def __init__(self) -> None:
        self.streams: list[Stream] = []
        self._kept: dict[Stream, deque[Chunk]] = {}
        self._new: dict[Stream, list[Chunk]] = {}

    def feed(self, chunk: Chunk) -> None:
        """Keep a chunk, unless it was heard before: a courier may say a thing twice."""
        if not chunk.n_samples:
            return
        kept = self._kept.get(chunk.stream)
        if kept is None:
            self.streams.append(chunk.stream)
            kept = self._kept[chunk.stream] = deque()
        last = kept[-1] if kept else None
        if last is not None and last.run == chunk.run and last.end_sample >= chunk.end_sample:
            return
        if last is not None and last.end_s > chunk.end_s:  # another run, of a clock that was set back
            kept.clear()
            self._new.pop(chunk.stream, None)
        kept.append(chunk)
        while kept[0].end_s < chunk.end_s - KEPT_S:
            kept.popleft()
        new = self._new.setdefault(chunk.stream, [])
        new.append(chunk)
        if new[0].end_s < chunk.end_s - KEPT_S:  # nobody fetches them
            self._new[chunk.stream] = list(kept)

    def fresh(self, devices: Collection[str]) -> dict[str, list[bytes]]:
        """Give the frames of what came of these devices since the last time, and begin anew with all."""
        found: dict[str, list[bytes]] = {}
        for stream, chunks in self._new.items():
            if stream.device in devices:
                found.setdefault(stream.device, []).extend(self._frames(stream, chunks))
        self._new.clear()
        return found

    def all_of(self, device: str) -> list[bytes]:
        """Give the frames of all that is kept of a device."""
        mine = [(stream, kept) for stream, kept in self._kept.items() if stream.device == device]
        return [frame for stream, kept in mine for frame in self._frames(stream, kept)]

    def _frames(self, stream: Stream, chunks: Iterable[Chunk]) -> list[bytes]:
        number = self.streams.index(stream)
        return [encode_frame(number, run) for run in runs_of(list(chunks))]
