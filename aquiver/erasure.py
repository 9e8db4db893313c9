"""An erasure: what of a data folder is one wearer's, one night's, or ours at all."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from aquiver.errors import RecordingError
from aquiver.model import Answer, Chunk, Entry, Glimpse, Heard, Heartbeat, Message, Position, Status, Trial
from aquiver.nights import night_of
from aquiver.pillow import pillow_of
from aquiver.recording import open_recording
from aquiver.store import Store

_BACKFILL_LOG = "backfill.json"
_DATABASES = ("records.db", "spool.db", "detector.db", "notify.db")
_OURS = re.compile(
    rf"({'|'.join(map(re.escape, _DATABASES))})(-wal|-shm|-journal)?|{re.escape(_BACKFILL_LOG)}"
    r"|mosquitto\.conf|truth\.json|[a-z]+\.(lock|owner|health\.json|health\.new)"
)
_FOLDERS = ("broker", "secrets")  # of the embedded broker: its files, and the passwords made for it
_RECORDING = re.compile(r".+\.edf(\.new)?")
_NIGHT = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be erased: all of a wearer with their pillow, or one night; without a wearer everything."""

    wearer: str | None
    night: str | None = None

    def includes(self, wearer: str, night: str | None) -> bool:
        """Tell whether something of a wearer's night is meant; None stands for what belongs to no night."""
        if self.wearer is None:
            return True
        if self.night is None:
            return wearer in (self.wearer, pillow_of(self.wearer))
        return (wearer, night) == (self.wearer, self.night)

    def wearers_in(self, kept: Iterable[str]) -> list[str]:
        """Give those of the wearers of whom something is meant."""
        return [one for one in kept if self.includes(one, self.night)]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go. ``unclear`` are recordings that cannot be read, so that nobody knows whose they are: they stay."""

    nights: tuple[tuple[str, str], ...]
    n_records: int
    files: tuple[Path, ...]
    unclear: tuple[Path, ...]

    @property
    def n_bytes(self) -> int:
        """Give the length of the files."""
        return sum(path.stat().st_size for path in self.files if path.exists())


def preview(folder: Path, store: Store, wish: Wish) -> Preview:
    """Look for everything that a wish means; nothing is changed."""
    wearers = wish.wearers_in(store.wearers())
    nights = [(one, night) for one in wearers for night in store.nights(one) if wish.includes(one, night)]
    n_records = sum(store.count(one, wish.night) for one in wearers)
    files, unclear = _recordings(folder / "recordings", wish, has_others=len(wearers) < len(store.wearers()))
    ours = list(_ours(folder)) if wish.wearer is None else list(folder.glob(_BACKFILL_LOG))  # it only saves time
    return Preview(tuple(nights), n_records, (*files, *ours), tuple(unclear))


def remove(files: Iterable[Path], folder: Path) -> None:
    """Remove files, and every folder below the data folder that is empty then."""
    for path in files:
        path.unlink(missing_ok=True)
    for below in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(below.iterdir()):
            below.rmdir()


def remove_traces(folder: Path) -> list[Path]:
    """Remove what is ours at the top of a data folder, and the folder itself if that was all; give what is left."""
    for path in _ours(folder):
        path.unlink(missing_ok=True)
    for name in _FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    left = sorted(folder.iterdir())
    if not left:
        folder.rmdir()
    return left


def matcher(wish: Wish, zone: ZoneInfo) -> Callable[[Message], bool]:
    """Give the question whether a message under way is meant."""

    def is_meant(message: Message) -> bool:
        match message:
            case Position() | Heartbeat():
                return False
            case Chunk():
                night = night_of(message.clock.time_of(message.first_sample), zone)
                return wish.includes(message.stream.wearer, night)
            case Answer() | Trial() | Status() | Entry() | Heard() | Glimpse():
                return wish.includes(message.wearer, None)
            case _:
                return wish.includes(message.wearer, message.night)

    return is_meant


def _ours(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and _OURS.fullmatch(path.name):
            yield path
    for name in _FOLDERS:
        yield from (path for path in sorted((folder / name).rglob("*")) if path.is_file())


def _recordings(folder: Path, wish: Wish, *, has_others: bool) -> tuple[list[Path], list[Path]]:
    """Give the recordings that are meant, and those of which nobody can tell."""
    files: list[Path] = []
    unclear: list[Path] = []
    for path in sorted(folder.glob("*/*")):
        night = path.parent.name
        if not _NIGHT.fullmatch(night) or wish.night not in (None, night):
            continue
        owners = _owners(path)
        if owners is None and (wish.wearer is None or not has_others):
            files.append(path)
        elif owners is None:
            unclear.append(path)
        elif any(wish.includes(owner, night) for owner in owners):
            files.append(path)
    return files, unclear


def _owners(path: Path) -> set[str] | None:
    """Name the wearers of a file; none of it where it is not ours, and None where nobody can tell."""
    if path.name.startswith("simulated-") and path.suffix == ".json":
        return {path.stem.removeprefix("simulated-")}
    if not _RECORDING.fullmatch(path.name):
        return set()
    try:
        return {stream.wearer for stream in open_recording(path).streams} or None
    except RecordingError:
        return None
