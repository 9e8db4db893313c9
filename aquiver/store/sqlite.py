"""The store in one SQLite file: safe against kill -9, readable by other programs while we write."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from aquiver.errors import StoreError
from aquiver.model import Answer, Kept, Mark, Tally, Trial
from aquiver.scrubbing import scrub
from aquiver.store.key import KIND_NAMES, key_of, time_of

R = TypeVar("R", bound=Kept)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, wearer TEXT NOT NULL, key TEXT NOT NULL,
    time_s REAL NOT NULL, night TEXT NOT NULL, site TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, wearer, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_by_time ON record (kind, wearer, time_s);
CREATE INDEX IF NOT EXISTS record_of_night ON record (kind, wearer, night, site, key);
"""
_WRITE = "INSERT OR REPLACE INTO record (kind, wearer, key, time_s, night, site, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
_READ = "SELECT body FROM record WHERE kind = ? AND wearer = ? AND time_s >= ? AND time_s < ? ORDER BY time_s, key"
_NIGHTS = """
SELECT DISTINCT night FROM record WHERE wearer = ? AND kind IN ('twitch', 'span', 'tally') ORDER BY night
"""
_MEANT = """
FROM record WHERE wearer = :wearer AND (
    :night IS NULL OR night = :night OR (kind IN ('notice', 'answer') AND instr(body, :night) > 0)
)
"""
_OF_NIGHTS = """
WITH whole AS (
    SELECT DISTINCT night, site FROM record WHERE kind = 'tally' AND wearer = :wearer AND key LIKE '%/night/%'
)
SELECT body FROM record WHERE kind = 'tally' AND wearer = :wearer
AND (key LIKE '%/night/%' OR (night, site) NOT IN (SELECT night, site FROM whole)) ORDER BY time_s, key
"""


class SqliteStore:
    """Records as rows: what is searched for in columns, the whole as JSON."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.Lock()  # a writer's thread may still be at work when its owner closes
        try:
            self._connection = _opened(path)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: cannot be opened as a store: {error}") from error

    def write(self, records: Sequence[Kept]) -> None:
        """Keep records, all or none."""
        try:
            with self._lock, self._connection:
                self._connection.executemany(_WRITE, [_row(record) for record in records])
        except sqlite3.Error as error:
            raise StoreError(f"the store could not be written: {error}") from error

    def draw(self, marks: Sequence[Mark]) -> None:
        """Let marks go: nobody draws from this file."""

    def redraw(self, wearer: str, marks: Sequence[Mark]) -> None:
        """Let marks go: nobody draws from this file."""

    def read(self, kind: type[R], wearer: str, since_s: float, until_s: float) -> list[R]:
        """Give one wearer's records of a kind, in order of time."""
        rows = self._connection.execute(_READ, (KIND_NAMES[kind], wearer, since_s, until_s))
        return [msgspec.json.decode(body, type=kind) for (body,) in rows]

    def night_tallies(self, wearer: str) -> list[Tally]:
        """Give one wearer's tallies of whole nights, and all of a site's night that has none."""
        rows = self._connection.execute(_OF_NIGHTS, {"wearer": wearer})
        return [msgspec.json.decode(body, type=Tally) for (body,) in rows]

    def wearers(self) -> list[str]:
        """List the wearers of whom something is kept."""
        return [wearer for (wearer,) in self._connection.execute("SELECT DISTINCT wearer FROM record ORDER BY wearer")]

    def nights(self, wearer: str) -> list[str]:
        """List the nights of which something was measured, oldest first; a note alone makes no night."""
        rows = self._connection.execute(_NIGHTS, (wearer,))
        return [night for (night,) in rows]

    def count(self, wearer: str, night: str | None = None) -> int:
        """Count what ``erase`` would erase."""
        meant = {"wearer": wearer, "night": night}
        (n_records,) = self._connection.execute(f"SELECT count(*) {_MEANT}", meant).fetchone()  # ours
        return int(n_records)

    def erase(self, wearer: str, night: str | None = None) -> int:
        """Erase all of a wearer, or one night, and rewrite the file without it."""
        try:
            with self._lock:
                with self._connection:
                    meant = {"wearer": wearer, "night": night}
                    n_records = self._connection.execute(f"DELETE {_MEANT}", meant).rowcount  # ours
                scrub(self._connection)
        except sqlite3.Error as error:
            raise StoreError(f"the store could not be erased: {error}") from error
        return n_records

    def close(self) -> None:
        """Close the file, once no thread is at work in it."""
        with self._lock:
            self._connection.close()


def _opened(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, timeout=10.0)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _row(record: Kept) -> tuple[str, str, str, float, str, str, str]:
    kind, wearer, key = key_of(record)
    body = msgspec.json.encode(record).decode()
    night = "" if isinstance(record, Answer | Trial) else record.night
    site = "" if isinstance(record, Answer | Trial) else record.site or ""
    return kind, wearer, key, time_of(record), night, site, body
