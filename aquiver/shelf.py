"""The shelf: one recording per night and band, ``recordings/<night>/<site>-<device>.edf``."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from aquiver.model import Chunk, Message, Stream, Twitch
from aquiver.nights import night_of
from aquiver.recording import RecordingWriter

_GATHER_S = 2.0  # a band's streams begin within so much; a file must know all its signals before the first sample


class Shelf:
    """Put chunks and twitches into the recordings they belong to."""

    def __init__(self, folder: Path, zone: ZoneInfo) -> None:
        self._folder = folder
        self._zone = zone
        self._writers: dict[tuple[str, str], RecordingWriter] = {}
        self._gathering: dict[tuple[str, str], list[Chunk]] = {}

    @property
    def is_waiting(self) -> bool:
        """Tell whether chunks are held in memory until all signals of their band are known."""
        return bool(self._gathering)

    def put(self, message: Message) -> None:
        """Write a chunk, or mark a twitch. Writing again what is already there changes nothing.

        Raises:
            RecordingError: the recording cannot take it.
            OSError: the disk refused.
        """
        match message:
            case Chunk():
                self._put_chunk(message)
            case Twitch():
                writer = self._writers.get((message.night, message.device))
                if writer is not None:
                    writer.mark(message)

    def close(self) -> None:
        """Close every recording, with what was still held."""
        for key in list(self._gathering):
            self._begin(key)
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def _put_chunk(self, chunk: Chunk) -> None:
        key = (night_of(chunk.clock.time_of(chunk.first_sample), self._zone), chunk.stream.device)
        self._close_older(key)
        writer = self._writers.get(key)
        if writer is not None and chunk.stream in writer.streams:
            writer.append(chunk)
            return
        if writer is not None:  # the band came back with other signals
            self._writers.pop(key).close()
        held = self._gathering.setdefault(key, [])
        held.append(chunk)
        if chunk.end_s - held[0].clock.time_of(held[0].first_sample) >= _GATHER_S or chunk.is_last:
            self._begin(key)

    def _begin(self, key: tuple[str, str]) -> None:
        held = self._gathering.pop(key)
        writer = self._writers[key] = self._open(key[0], held)
        for chunk in held:
            writer.append(chunk)

    def _open(self, night: str, held: list[Chunk]) -> RecordingWriter:
        streams = tuple(sorted({chunk.stream for chunk in held}, key=lambda stream: stream.modality))
        start_s = min(chunk.clock.time_of(chunk.first_sample) for chunk in held)
        for path in self._paths(night, streams[0]):
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                return RecordingWriter.create(path, streams, start_s, self._zone)
            writer = RecordingWriter.resume(path)
            if set(streams) <= set(writer.streams):
                return writer
            writer.close()
        raise AssertionError("paths never end")

    def _paths(self, night: str, stream: Stream) -> Iterator[Path]:
        """Give the file's name, then names for a band that came back with other signals in the same night."""
        folder = self._folder / night
        yield folder / f"{stream.site}-{stream.device}.edf"
        for number in count(2):
            yield folder / f"{stream.site}-{stream.device}.{number}.edf"

    def _close_older(self, key: tuple[str, str]) -> None:
        for night, device in [other for other in self._writers if other[1] == key[1] and other[0] < key[0]]:
            self._writers.pop((night, device)).close()
