"""A journal: messages kept on disk, in order, until every consumer has confirmed them.

The collector's spool is a journal of chunks, the detector's outbox a journal of records. Both are bounded: a consumer
that never comes back costs what is oldest, not the disk.
"""

import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aquiver.errors import StoreError
from aquiver.model import Message, Parcel
from aquiver.scrubbing import scrub
from aquiver.wire import decode, encode

_SCHEMA = """
CREATE TABLE IF NOT EXISTS journal_identity (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS parcel (
    number INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, payload BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS cursor (consumer TEXT PRIMARY KEY, next_number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS milestone (number INTEGER PRIMARY KEY, worked_s REAL NOT NULL);
"""
_MILESTONE_S = 300.0  # how finely age is known
_LONGEST_STEP_S = 60.0  # between two appends; longer is a pause, in which nothing grows older
_N_SHED = 1000  # messages dropped at once when there are too many
_VACUUM_BYTES = 32 << 20  # an old backlog leaves so much empty space at most in the file


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a journal keeps for consumers that do not come.

    ``max_work_s`` is counted in time during which the journal grew, by a clock that nobody sets: a wall clock put
    right at boot must not make a night look old.
    """

    max_bytes: int = 4 << 30
    max_work_s: float = 48 * 3600.0


DEFAULT_BOUNDS = Bounds()


def connect(path: Path | str) -> sqlite3.Connection:
    """Open a database whose commits survive a power cut, usable from the event loop and its threads.

    Raises:
        StoreError: it cannot be opened, or is none.
    """
    try:
        connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be opened: {error}") from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"{path}: cannot be used: {error}. Move it away, and a new one is begun.") from error
    return connection


class Journal:
    """Numbered messages on disk. One journal per database; its name is born with the file."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        bounds: Bounds = DEFAULT_BOUNDS,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connection
        self._bounds = bounds
        self._now_s = now_s
        self._appended_s = now_s()
        self._lock = threading.Lock()
        connection.executescript(_SCHEMA)
        _give_back_space(connection)
        self.name = self._identity()
        self._worked_s, self._milestone_s = self._last_milestone()

    def append(self, messages: Iterable[Message]) -> None:
        """Keep messages, in one commit. When it returns they survive a crash."""
        with self.transaction(messages):
            pass

    @contextmanager
    def transaction(self, messages: Iterable[Message]) -> Iterator[sqlite3.Connection]:
        """Keep messages together with whatever the caller writes in the block: all of it, or nothing."""
        rows = [encode(Parcel(message)) for message in messages]
        with self._lock, _committed(self._connection):
            self._connection.executemany("INSERT INTO parcel (topic, payload) VALUES (?, ?)", rows)
            yield self._connection

    def shed(self) -> Sequence[tuple[int, Message]]:
        """Drop what is beyond the bounds, oldest first, and give it; to be called within a transaction."""
        stop = max(self._stop_of_old(), self._stop_of_large())
        if not stop:
            return []
        rows = self._connection.execute(f"{_SELECT} WHERE number < ? ORDER BY number", (stop,)).fetchall()
        self._forget(stop)
        return [(number, decode(topic, payload).message) for number, topic, payload in rows]

    def read(self, first: int, limit: int) -> Sequence[tuple[int, Message]]:
        """Give up to ``limit`` messages from number ``first`` on."""
        query = f"{_SELECT} WHERE number >= ? ORDER BY number LIMIT ?"
        with self._lock:
            rows = self._connection.execute(query, (first, limit)).fetchall()
        return [(number, decode(topic, payload).message) for number, topic, payload in rows]

    def serve(self, consumers: Iterable[str]) -> Mapping[str, int]:
        """Keep messages for these consumers from now on; give the number each has confirmed all before.

        A new one gets all that is kept; one that is served no longer holds nothing up.
        """
        base = self.base
        with self._lock:
            known = dict(self._connection.execute("SELECT consumer, next_number FROM cursor").fetchall())
            cursors = {consumer: max(base, known.get(consumer, base)) for consumer in consumers}
            self._connection.execute("DELETE FROM cursor")
            self._connection.executemany("INSERT INTO cursor VALUES (?, ?)", list(cursors.items()))
        return cursors

    def confirm(self, cursors: Mapping[str, int]) -> None:
        """Note how far each consumer is, and forget what all have confirmed."""
        with self._lock, _committed(self._connection):
            rows = list(cursors.items())
            self._connection.executemany("INSERT OR REPLACE INTO cursor VALUES (?, ?)", rows)
            self._forget(min(cursors.values()))

    def erase(self, is_meant: Callable[[Message], bool]) -> int:
        """Erase messages wherever they stand, and give their number. The others are kept, under new numbers.

        So consumers see that the journal begins later, and ask for nothing that is gone.
        """
        with self._lock:
            rows = self._connection.execute("SELECT topic, payload FROM parcel ORDER BY number").fetchall()
            kept = [row for row in rows if not is_meant(decode(*row).message)]
            if len(kept) < len(rows):
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.execute("DELETE FROM parcel")
                self._connection.executemany("INSERT INTO parcel (topic, payload) VALUES (?, ?)", kept)
                self._connection.execute("COMMIT")
            scrub(self._connection)
        return len(rows) - len(kept)

    @property
    def base(self) -> int:
        """Give the oldest number still kept, or the next one if nothing is."""
        with self._lock:  # over both questions: what is written between them would be passed over, and never sent
            (oldest,) = self._connection.execute("SELECT min(number) FROM parcel").fetchone()
            return int(oldest) if oldest is not None else self._next_number()

    @property
    def next_number(self) -> int:
        """Give the number the next message will get. Numbers are never used twice."""
        with self._lock:
            return self._next_number()

    def close(self) -> None:
        """Close the database, once no thread is at work in it."""
        with self._lock:
            self._connection.close()

    def _next_number(self) -> int:
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'parcel'").fetchone()
        return int(row[0]) + 1 if row else 1

    def _forget(self, stop: int) -> None:
        self._connection.execute("DELETE FROM parcel WHERE number < ?", (stop,))
        self._connection.execute("DELETE FROM milestone WHERE number < ?", (stop,))

    def _stop_of_old(self) -> int:
        """Note how long the journal has been growing; give the number before which all is too old, or 0."""
        now_s = self._now_s()
        self._worked_s += min(now_s - self._appended_s, _LONGEST_STEP_S)
        self._appended_s = now_s
        if self._worked_s - self._milestone_s >= _MILESTONE_S:
            self._milestone_s = self._worked_s
            row = (self._next_number(), self._worked_s)
            self._connection.execute("INSERT OR REPLACE INTO milestone VALUES (?, ?)", row)
        limit_s = self._worked_s - self._bounds.max_work_s
        query = "SELECT max(number) FROM milestone WHERE worked_s < ?"
        (stop,) = self._connection.execute(query, (limit_s,)).fetchone()
        (oldest,) = self._connection.execute("SELECT min(number) FROM parcel").fetchone()
        return int(stop) if stop and oldest is not None and oldest < stop else 0

    def _stop_of_large(self) -> int:
        """Give the number before which messages must go for want of room, or 0."""
        if _size(self._connection) <= self._bounds.max_bytes:
            return 0
        (oldest,) = self._connection.execute("SELECT min(number) FROM parcel").fetchone()
        return 0 if oldest is None else min(int(oldest) + _N_SHED, self._next_number())

    def _last_milestone(self) -> tuple[float, float]:
        (worked_s,) = self._connection.execute("SELECT max(worked_s) FROM milestone").fetchone()
        return (worked_s or 0.0, worked_s or 0.0)

    def _identity(self) -> str:
        row = self._connection.execute("SELECT name FROM journal_identity").fetchone()
        if row is None:
            row = (uuid.uuid4().hex[:12],)
            self._connection.execute("INSERT INTO journal_identity VALUES (?)", row)
        return str(row[0])


_SELECT = "SELECT number, topic, payload FROM parcel"


@contextmanager
def _committed(connection: sqlite3.Connection) -> Iterator[None]:
    """Write what the block writes in one commit, or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _size(connection: sqlite3.Connection) -> int:
    """Count the bytes in use; what was freed in the file is used again."""
    n_pages, n_free, page_bytes = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (n_pages - n_free) * page_bytes


def _give_back_space(connection: sqlite3.Connection) -> None:
    """Shrink a file that an old backlog has left mostly empty."""
    free_bytes = connection.execute("PRAGMA freelist_count").fetchone()[0] * 4096
    if free_bytes > max(_VACUUM_BYTES, _size(connection)):
        connection.execute("VACUUM")
