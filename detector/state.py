"""The detector's state on disk: engine, positions and outgoing records, always of the same moment."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aquiver.journal import Journal, connect
from aquiver.model import Record

_SCHEMA = """
CREATE TABLE IF NOT EXISTS engine (id INTEGER PRIMARY KEY CHECK (id = 0), snapshot BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS taken (journal TEXT PRIMARY KEY, next_number INTEGER NOT NULL);
"""


class State:
    """What the detector knew when it last committed."""

    def __init__(self, path: Path | str) -> None:
        self._connection = connect(path)
        self._connection.executescript(_SCHEMA)
        self.journal = Journal(self._connection)

    def snapshot(self) -> bytes | None:
        """Give the engine's last snapshot, if there is one."""
        row = self._connection.execute("SELECT snapshot FROM engine").fetchone()
        return None if row is None else bytes(row[0])

    def next_numbers(self) -> dict[str, int]:
        """Give what had been taken from each journal."""
        return dict(self._connection.execute("SELECT journal, next_number FROM taken").fetchall())

    def commit(self, records: Sequence[Record], snapshot: bytes, next_numbers: Mapping[str, int]) -> None:
        """Keep all three in one transaction: after a crash they still belong together."""
        with self.journal.transaction(records) as connection:
            connection.execute("INSERT OR REPLACE INTO engine VALUES (0, ?)", (snapshot,))
            connection.executemany("INSERT OR REPLACE INTO taken VALUES (?, ?)", list(next_numbers.items()))

    def replace_snapshot(self, snapshot: bytes | None) -> None:
        """Put another snapshot in the place of the last, or none: the engine then begins anew."""
        self._connection.execute("DELETE FROM engine")
        if snapshot is not None:
            self._connection.execute("INSERT INTO engine VALUES (0, ?)", (snapshot,))

    def close(self) -> None:
        """Close the file."""
        self.journal.close()
