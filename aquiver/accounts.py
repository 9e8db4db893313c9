"""Accounts: how many samples of each stream and night went where, kept in the database of the work they count.

They are written in the same transaction as the work, so that they can be neither ahead of it nor behind.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

from aquiver.model import Chunk, Clock
from aquiver.nights import end_of, night_of

Entry = tuple[str, str, str]  # stream, night, what became of the samples
_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    stream TEXT NOT NULL, night TEXT NOT NULL, what TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (stream, night, what)
) WITHOUT ROWID;
"""
_ADD = """
INSERT INTO account VALUES (?, ?, ?, ?) ON CONFLICT (stream, night, what) DO UPDATE SET n = n + excluded.n
"""


def create(connection: sqlite3.Connection) -> None:
    """Make room for accounts in a database."""
    connection.executescript(_SCHEMA)


def add(connection: sqlite3.Connection, entries: Mapping[Entry, int]) -> None:
    """Add to the accounts, within the caller's transaction."""
    connection.executemany(_ADD, [(*entry, n) for entry, n in entries.items() if n])


def read(connection: sqlite3.Connection) -> Counter[Entry]:
    """Give all accounts; none where the database is older than they are."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'account'").fetchone():
        return Counter()
    rows = connection.execute("SELECT stream, night, what, n FROM account")
    return Counter({(stream, night, what): n for stream, night, what, n in rows})


def erase(connection: sqlite3.Connection, is_meant: Callable[[str, str], bool]) -> None:
    """Erase the accounts of wearers and nights that are meant."""
    rows = [(stream, night) for stream, night, _ in read(connection)]
    meant = [row for row in set(rows) if is_meant(row[0].split("/", maxsplit=1)[0], row[1])]
    if meant:
        connection.executemany("DELETE FROM account WHERE stream = ? AND night = ?", meant)


def count(chunk: Chunk, received: str, lost: str, zone: ZoneInfo) -> Counter[Entry]:
    """Count a chunk's samples, and those missing before it, into the nights they belong to."""
    entries: Counter[Entry] = Counter()
    for night, start, stop in nights_in(chunk.clock, chunk.follows, chunk.end_sample, zone):
        n_lost = max(0, min(stop, chunk.first_sample) - start)
        entries[chunk.stream.name, night, lost] += n_lost
        entries[chunk.stream.name, night, received] += stop - start - n_lost
    return +entries


def nights_in(clock: Clock, start: int, stop: int, zone: ZoneInfo) -> Iterator[tuple[str, int, int]]:
    """Divide the samples from ``start`` to ``stop`` into nights: (night, first, after).

    >>> noon_s = 1795345200.0  # 2026-11-22 12:00 in Berlin
    >>> list(nights_in(Clock(0, noon_s - 1.0, 100.0), 50, 150, ZoneInfo("Europe/Berlin")))
    [('2026-11-21', 50, 100), ('2026-11-22', 100, 150)]
    """
    while start < stop:
        night = night_of(clock.time_of(start), zone)
        noon_s = end_of(night, zone)
        after = clock.sample + math.ceil((noon_s - clock.time_s) * clock.rate_hz)
        after = min(stop, max(after, start + 1))
        yield night, start, after
        start = after
