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
CREATE INDEX IF NOT EXISTS record_whole_night ON record (wearer, time_s, key)
    WHERE kind = 'tally' AND key LIKE '%/night/%';
"""
_WRITE = "INSERT OR REPLACE INTO record (kind, wearer, key, time_s, night, site, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
_READ = "SELECT body FROM record WHERE kind = ? AND wearer = ? AND time_s >= ? AND time_s < ? ORDER BY time_s, key"
# A night has hundreds of minutes and a year hundreds of thousands: these go from night to night and look at no minute.
_NIGHTS = """
WITH RECURSIVE each(night) AS (
    SELECT min(night) FROM record WHERE kind = :kind AND wearer = :wearer
    UNION ALL
    SELECT (SELECT min(night) FROM record WHERE kind = :kind AND wearer = :wearer AND night > each.night)
    FROM each WHERE each.night IS NOT NULL
)
SELECT night FROM each WHERE night IS NOT NULL
"""
_WEARERS = """
WITH RECURSIVE each(wearer) AS (
    SELECT min(wearer) FROM record WHERE kind = :kind
    UNION ALL
    SELECT (SELECT min(wearer) FROM record WHERE kind = :kind AND wearer > each.wearer)
    FROM each WHERE each.wearer IS NOT NULL
)
SELECT wearer FROM each WHERE wearer IS NOT NULL
"""
_MEASURED = ("twitch", "span", "tally")
_MEANT = """
FROM record WHERE wearer = :wearer AND (
    :night IS NULL OR night = :night OR (kind IN ('notice', 'answer') AND instr(body, :night) > 0)
)
"""
_WHOLE = """
SELECT time_s, key, night, site, body FROM record INDEXED BY record_whole_night
WHERE kind = 'tally' AND wearer = :wearer AND key LIKE '%/night/%'
"""
_SITE_NIGHTS = """
WITH RECURSIVE pair(both) AS (
    SELECT '          '
    UNION ALL
    SELECT (
        SELECT night || site FROM record INDEXED BY record_of_night WHERE kind = 'tally' AND wearer = :wearer
        AND (night, site, key) > (substr(pair.both, 1, 10), substr(pair.both, 11), char(1114111))
        ORDER BY night, site, key LIMIT 1
    )
    FROM pair WHERE pair.both IS NOT NULL
)
SELECT substr(both, 1, 10), substr(both, 11) FROM pair WHERE both > '          '
"""
_OF_SITE_NIGHT = "SELECT time_s, key, body FROM record WHERE kind = 'tally' AND wearer = ? AND night = ? AND site = ?"


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
        decode = msgspec.json.Decoder(kind).decode
        return [decode(body) for (body,) in rows]

    def night_tallies(self, wearer: str) -> list[Tally]:
        """Give one wearer's tallies of whole nights, and all of a site's night that has none."""
        mine = {"wearer": wearer}
        found = self._connection.execute(_WHOLE, mine).fetchall()
        whole = {(night, site) for _, _, night, site, _ in found}
        rows = [(time_s, key, body) for time_s, key, _, _, body in found]
        for pair in self._connection.execute(_SITE_NIGHTS, mine).fetchall():
            if pair not in whole:
                rows += self._connection.execute(_OF_SITE_NIGHT, (wearer, *pair))
        return [msgspec.json.decode(body, type=Tally) for _, _, body in sorted(rows)]

    def wearers(self) -> list[str]:
        """List the wearers of whom something is kept."""
        each = (self._connection.execute(_WEARERS, {"kind": kind}) for kind in KIND_NAMES.values())
        return sorted({wearer for rows in each for (wearer,) in rows})

    def nights(self, wearer: str) -> list[str]:
        """List the nights of which something was measured, oldest first; a note alone makes no night."""
        each = (self._connection.execute(_NIGHTS, {"wearer": wearer, "kind": kind}) for kind in _MEASURED)
        return sorted({night for rows in each for (night,) in rows})

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
