"""Scrubbing: what was deleted from a database is gone from its file, too."""

import sqlite3


def scrub(connection: sqlite3.Connection) -> None:
    """Rewrite a database without what was deleted, and empty its log. No transaction may be open.

    SQLite only marks deleted rows as free; their bytes stay in the file until they are overwritten.
    """
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
