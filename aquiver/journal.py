"""A journal: messages kept on disk, in order, until every consumer has confirmed them.

The collector's spool is a journal of chunks, the detector's outbox a journal of records.
"""

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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
"""


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

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        connection.executescript(_SCHEMA)
        self.name = self._identity()

    def append(self, messages: Iterable[Message]) -> None:
        """Keep messages, in one commit. When it returns they survive a crash."""
        with self.transaction(messages):
            pass

    @contextmanager
    def transaction(self, messages: Iterable[Message]) -> Iterator[sqlite3.Connection]:
        """Keep messages together with whatever the caller writes in the block: all of it, or nothing."""
        rows = [encode(Parcel(message)) for message in messages]
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._connection.executemany("INSERT INTO parcel (topic, payload) VALUES (?, ?)", rows)
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def read(self, first: int, limit: int) -> Sequence[tuple[int, Message]]:
        """Give up to ``limit`` messages from number ``first`` on."""
        query = "SELECT number, topic, payload FROM parcel WHERE number >= ? ORDER BY number LIMIT ?"
        with self._lock:
            rows = self._connection.execute(query, (first, limit)).fetchall()
        return [(number, decode(topic, payload).message) for number, topic, payload in rows]

    def confirm(self, next_number: int) -> None:
        """Forget everything before ``next_number``."""
        with self._lock:
            self._connection.execute("DELETE FROM parcel WHERE number < ?", (next_number,))

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
        with self._lock:
            (oldest,) = self._connection.execute("SELECT min(number) FROM parcel").fetchone()
        return int(oldest) if oldest is not None else self.next_number

    @property
    def next_number(self) -> int:
        """Give the number the next message will get. Numbers are never used twice."""
        with self._lock:
            row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'parcel'").fetchone()
        return int(row[0]) + 1 if row else 1

    def close(self) -> None:
        """Close the database, once no thread is at work in it."""
        with self._lock:
            self._connection.close()

    def _identity(self) -> str:
        row = self._connection.execute("SELECT name FROM journal_identity").fetchone()
        if row is None:
            row = (uuid.uuid4().hex[:12],)
            self._connection.execute("INSERT INTO journal_identity VALUES (?)", row)
        return str(row[0])
