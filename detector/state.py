"""The detector's state on disk: engine, positions, accounts and outgoing records, always of the same moment."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from aquiver import accounts
from aquiver.accounts import Entry
from aquiver.journal import Journal, connect
from aquiver.model import Record
from detector.account import EXCLUDED, MISSING, TAKEN

ABANDONED = EXCLUDED + "update"  # of the program, to methods that cannot go on where the old ones were
_LOG = logging.getLogger(__name__)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS engine (id INTEGER PRIMARY KEY CHECK (id = 0), snapshot BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS taken (journal TEXT PRIMARY KEY, next_number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS repeats (id INTEGER PRIMARY KEY CHECK (id = 0), n INTEGER NOT NULL);
"""
_ADD_REPEATS = "INSERT INTO repeats VALUES (0, ?) ON CONFLICT (id) DO UPDATE SET n = n + excluded.n"


class State:
    """What the detector knew when it last committed."""

    def __init__(self, path: Path | str) -> None:
        self._connection = connect(path)
        self._connection.executescript(_SCHEMA)
        accounts.create(self._connection)
        self.journal = Journal(self._connection)

    def snapshot(self) -> bytes | None:
        """Give the engine's last snapshot, if there is one."""
        row = self._connection.execute("SELECT snapshot FROM engine").fetchone()
        return None if row is None else bytes(row[0])

    def next_numbers(self) -> dict[str, int]:
        """Give what had been taken from each journal."""
        return dict(self._connection.execute("SELECT journal, next_number FROM taken").fetchall())

    def commit(
        self,
        records: Sequence[Record],
        snapshot: bytes,
        next_numbers: Mapping[str, int],
        entries: Mapping[Entry, int],
        n_repeats: int = 0,
    ) -> None:
        """Keep all of it in one transaction: after a crash it still belongs together.

        ``n_repeats`` is how many parcels came again since the last commit, and were passed over.
        """
        with self.journal.transaction(records) as connection:
            dropped = self.journal.shed()
            connection.execute("INSERT OR REPLACE INTO engine VALUES (0, ?)", (snapshot,))
            connection.executemany("INSERT OR REPLACE INTO taken VALUES (?, ?)", list(next_numbers.items()))
            accounts.add(connection, entries)
            connection.execute(_ADD_REPEATS, (n_repeats,))
        if dropped:
            text = "the outbox is full: %d records were dropped unconfirmed, the oldest first"
            _LOG.error(text, len(dropped))

    def abandon(self) -> None:
        """Close the account of what an engine that cannot go on had taken and not decided."""
        found = accounts.read(self._connection)
        undecided: Counter[Entry] = Counter()
        for (stream, night, what), n in found.items():
            if what != MISSING:
                undecided[stream, night, ABANDONED] += n if what == TAKEN else -n
        with self.journal.transaction([]) as connection:
            accounts.add(connection, undecided)
            connection.execute("DELETE FROM engine")

    def replace_snapshot(self, snapshot: bytes | None) -> None:
        """Put another snapshot in the place of the last, or none: the engine then begins anew."""
        self._connection.execute("DELETE FROM engine")
        if snapshot is not None:
            self._connection.execute("INSERT INTO engine VALUES (0, ?)", (snapshot,))

    def close(self) -> None:
        """Close the file."""
        self.journal.close()
