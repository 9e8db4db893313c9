"""A witness: what the collector had committed, told by its database itself.

A trigger copies every chunk in the transaction that keeps it, so the copy holds exactly what had reached the collector
when it was killed, and stays when the chunk is confirmed and forgotten.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from aquiver.journal import connect
from aquiver.model import Chunk
from aquiver.wire import decode
from collector.chunk_journal import ChunkJournal

_TRIGGER = """
CREATE TABLE witness (number INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL);
CREATE TRIGGER watch AFTER INSERT ON parcel BEGIN
    INSERT INTO witness VALUES (new.number, new.topic, new.payload);
END;
"""


def install(path: Path, zone: ZoneInfo) -> None:
    """Make a spool with a witness in it, before its collector starts."""
    connection = connect(path)
    journal = ChunkJournal(connection, zone)
    connection.executescript(_TRIGGER)
    journal.close()


def chunks(path: Path) -> Iterator[Chunk]:
    """Give every chunk that was ever committed, in order."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for topic, payload in connection.execute("SELECT topic, payload FROM witness ORDER BY number"):
        message = decode(topic, payload).message
        assert isinstance(message, Chunk)
        yield message
    connection.close()
