"""A back-fill's log: which days a server was given, and with what in them; so that a second run goes on."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from aquiver.errors import StoreError
from aquiver.model import Kept
from aquiver.passwords import write_private

_FILE = "backfill.json"
_Digests = dict[str, dict[str, str]]  # target and wearer -> day -> digest


class BackfillLog:
    """What was written of one wearer into one target; kept in the data folder, as it is of no use elsewhere."""

    def __init__(self, folder: Path, target: str, wearer: str) -> None:
        self._path = folder / _FILE
        self._all = _read(self._path)
        self._mine = self._all.setdefault(f"{target} {wearer}", {})

    def has(self, day: str, digest: str) -> bool:
        """Tell whether a day was written with just these records."""
        return self._mine.get(day) == digest

    def add(self, day: str, digest: str) -> None:
        """Remember that a day was written."""
        self._mine[day] = digest
        write_private(self._path, msgspec.json.encode(self._all).decode())


def digest_of(records: Sequence[Kept]) -> str:
    """Give what differs as soon as any record does."""
    return hashlib.blake2b(msgspec.json.encode(records), digest_size=12).hexdigest()


def _read(path: Path) -> _Digests:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Digests)
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreError(f"{path}: cannot be read ({error}). Delete it: then every night is written again") from error
