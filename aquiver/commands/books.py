"""The books of a data folder: what its collector and its detector have committed, read while they run."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from aquiver import accounts
from aquiver.accounts import Entry
from aquiver.balance import Balance
from aquiver.errors import StoreError
from aquiver.model import Chunk
from aquiver.wire import decode
from collector.chunk_journal import DROPPED, LOST_BY_RADIO, RECEIVED
from detector.account import EXCLUDED, MISSING, TAKEN, USED

UNDER_WAY = "under way"
_N_TRIES = 20
_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Books:
    """All that was counted, and how many messages each consumer of a journal still has to get."""

    counts: Counter[Entry]
    lags: dict[str, dict[str, int]]

    def nights(self) -> list[str]:
        """List the nights of which something was counted, oldest first."""
        return sorted({night for _, night, _ in self.counts})

    def balances(self, night: str) -> list[Balance]:
        """Give the balance of each stream of a night."""
        streams = sorted({stream for stream, one, _ in self.counts if one == night})
        return [self._balance(stream, night) for stream in streams]

    def _balance(self, stream: str, night: str) -> Balance:
        mine = {what: n for (one, when, what), n in self.counts.items() if (one, when) == (stream, night)}
        return Balance(
            stream,
            night,
            lost_by_radio=mine.get(LOST_BY_RADIO, 0),
            received=mine.get(RECEIVED, 0),
            under_way=mine.get(UNDER_WAY, 0),
            confirmed=mine.get(TAKEN, 0),
            used=mine.get(USED, 0),
            excluded={what.removeprefix(EXCLUDED): n for what, n in mine.items() if what.startswith(EXCLUDED)},
            n_droppable=mine.get(DROPPED, 0),
            missing=mine.get(MISSING, 0),
        )


def read_books(folder: Path, zone: ZoneInfo) -> Books:
    """Read the books of one moment, also while the services write them.

    Raises:
        StoreError: a book is not there or cannot be read.
    """
    for _ in range(_N_TRIES):
        books, is_of_one_moment = _read_once(folder, zone)
        if is_of_one_moment:
            break
        time.sleep(_PAUSE_S)
    return books  # what is between them for so long is missing, not under way: the balance says so


def _read_once(folder: Path, zone: ZoneInfo) -> tuple[Books, bool]:
    """Read the detector's book, then the collector's; tell whether all between them is still there."""
    with _open(folder / "detector.db") as detector, _open(folder / "spool.db") as spool:
        (name,) = spool.execute("SELECT name FROM journal_identity").fetchone()
        found = detector.execute("SELECT next_number FROM taken WHERE journal = ?", (name,)).fetchone()
        taken = found[0] if found else 1
        counts = accounts.read(detector)
        (base,) = spool.execute("SELECT coalesce(min(number), 0) FROM parcel").fetchone()
        (end,) = spool.execute("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence").fetchone()
        was_shed = any(what == DROPPED for _, _, what in accounts.read(spool))
        is_whole = was_shed or found is None or (base or end) <= max(taken, 1)
        counts.update(accounts.read(spool))
        counts.update(_under_way(spool, taken, zone))
        return Books(counts, {"spool": _lags(spool), "outbox": _lags(detector)}), is_whole


def _under_way(spool: sqlite3.Connection, taken: int, zone: ZoneInfo) -> Counter[Entry]:
    """Count the samples in chunks that the detector has not committed."""
    counts: Counter[Entry] = Counter()
    for topic, payload in spool.execute("SELECT topic, payload FROM parcel WHERE number >= ?", (taken,)):
        chunk = decode(topic, payload).message
        if isinstance(chunk, Chunk):
            counted = accounts.count(chunk, UNDER_WAY, LOST_BY_RADIO, zone)
            counts.update({entry: n for entry, n in counted.items() if entry[2] == UNDER_WAY})
    return counts


def _lags(journal: sqlite3.Connection) -> dict[str, int]:
    (end,) = journal.execute("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence").fetchone()
    return {consumer: end - number for consumer, number in journal.execute("SELECT consumer, next_number FROM cursor")}


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """Read a database as it is at this moment, beside whoever writes it."""
    if not path.exists():
        raise StoreError(f"{path} is not there: the ledger needs the data folder of collector and detector")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10.0, isolation_level=None)
    try:
        connection.execute("BEGIN")
        yield connection
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be read: {error}") from error
    finally:
        connection.close()
