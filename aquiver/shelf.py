"""The shelf: one recording per night and band, ``recordings/<night>/<site>-<device>.edf``."""

from contextlib import suppress
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from aquiver.body import Site
from aquiver.errors import RecordingError
from aquiver.model import Chunk, Message, Twitch
from aquiver.nights import night_of
from aquiver.recording import RecordingWriter

_LONGEST_WAIT_S = 4.0  # by the clock of any band: one that went away again must not keep the others' samples waiting
_GATHER_S = 2.0  # a band's streams begin within so much; a file must know all its signals before the first sample


class Shelf:
    """Put chunks and twitches into the recordings they belong to."""

    def __init__(self, folder: Path, zone: ZoneInfo) -> None:
        self._folder = folder
        self._zone = zone
        self._writers: dict[tuple[str, str], RecordingWriter] = {}
        self._gathering: dict[tuple[str, str], list[Chunk]] = {}
        self._left: set[Path] = set()

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
                self._mark(message)

    def rest(self) -> None:
        """Close every recording and drop what was held, for the disk takes no more; what comes later goes on with them."""
        self._gathering.clear()
        writers = list(self._writers.values())
        self._writers.clear()
        for writer in writers:
            with suppress(OSError):
                writer.close()

    def settle(self) -> None:
        """Begin every recording that waits, with the signals known so far: nobody says more."""
        while self._gathering:
            self._begin(next(iter(self._gathering)))

    def close(self) -> None:
        """Close every recording, with what was still held."""
        self.settle()
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def _put_chunk(self, chunk: Chunk) -> None:
        key = (night_of(chunk.clock.time_of(chunk.first_sample), self._zone), chunk.stream.device)
        self._close_older(key)
        self._begin_overdue(chunk.end_s)
        if self._is_appended(key, chunk):
            return
        held = self._gathering.setdefault(key, [])
        held.append(chunk)
        if chunk.end_s - held[0].clock.time_of(held[0].first_sample) >= _GATHER_S or chunk.is_last:
            self._begin(key)

    def _mark(self, twitch: Twitch) -> None:
        """Mark a twitch in its recording, also in one that was begun before a restart; without one do nothing."""
        key = (twitch.night, twitch.device)
        path = self._path(twitch.night, twitch.site, twitch.device, 1)
        if key not in self._writers and key not in self._gathering and path not in self._left and path.exists():
            self._writers[key] = RecordingWriter.resume(path)
        if key in self._writers:
            self._writers[key].mark(twitch)

    def _is_appended(self, key: tuple[str, str], chunk: Chunk) -> bool:
        """Append to the recording in use, unless there is none or it cannot take the chunk and must be left."""
        writer = self._writers.get(key)
        if writer is None:
            return False
        try:
            writer.append(chunk)
        except RecordingError:  # the band came back with other signals, or after half a day
            self._left.add(self._writers.pop(key).path)
            writer.close()
            return False
        return True

    def _begin_overdue(self, now_s: float) -> None:
        for key, held in tuple(self._gathering.items()):
            since_s = held[0].clock.time_of(held[0].first_sample)
            if abs(now_s - since_s) >= _LONGEST_WAIT_S:  # a clock that was set back must not wait for itself
                self._begin(key)

    def _begin(self, key: tuple[str, str]) -> None:
        held = self._gathering.pop(key)
        self._writers[key] = self._open(key[0], held)
        for chunk in held:
            self._put_chunk(chunk)

    def _open(self, night: str, held: list[Chunk]) -> RecordingWriter:
        streams = tuple(sorted({chunk.stream for chunk in held}, key=lambda stream: stream.modality))
        start_s = min(chunk.clock.time_of(chunk.first_sample) for chunk in held)
        for number in count(1):
            path = self._path(night, streams[0].site, streams[0].device, number)
            if path in self._left:
                continue
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                return RecordingWriter.create(path, streams, start_s, self._zone)
            writer = RecordingWriter.resume(path)
            if set(streams) <= set(writer.streams):
                return writer
            self._left.add(path)
            writer.close()
        raise AssertionError("numbers never end")

    def _path(self, night: str, site: Site, device: str, number: int) -> Path:
        """Give the first file's name, or that of one for a band that came back with other signals the same night."""
        suffix = "" if number == 1 else f".{number}"
        return self._folder / night / f"{site}-{device}{suffix}.edf"

    def _close_older(self, key: tuple[str, str]) -> None:
        for night, device in [other for other in self._writers if other[1] == key[1] and other[0] < key[0]]:
            self._writers.pop((night, device)).close()
