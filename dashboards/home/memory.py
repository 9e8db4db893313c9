"""What Home Assistant was told, on disk: totals that never go down, and how the device was described last."""

from pathlib import Path

from aquiver.journal import connect
from aquiver.scrubbing import scrub

_SCHEMA = """
CREATE TABLE IF NOT EXISTS home_total (name TEXT PRIMARY KEY, total INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS home_description (wearer TEXT PRIMARY KEY, text TEXT NOT NULL);
"""
_RAISE = """
INSERT INTO home_total VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET total = max(total, excluded.total) RETURNING total
"""


class Memory:
    """One wearer's last words to Home Assistant."""

    def __init__(self, path: Path | str, wearer: str) -> None:
        self._wearer = wearer
        self._connection = connect(path)
        self._connection.executescript(_SCHEMA)

    def at_least(self, name: str, total: int) -> int:
        """Give the total to tell: this one, or what was told before if that was more.

        Home Assistant takes a total that goes down for a new meter, and would count all of it again.
        """
        (highest,) = self._connection.execute(_RAISE, (f"{self._wearer}/{name}", total)).fetchall()[0]
        return int(highest)

    def described(self) -> str:
        """Give the last description; empty if there was none."""
        query = "SELECT text FROM home_description WHERE wearer = ?"
        row = self._connection.execute(query, (self._wearer,)).fetchone()
        return "" if row is None else str(row[0])

    def describe(self, text: str) -> None:
        """Keep a description."""
        self._connection.execute("INSERT OR REPLACE INTO home_description VALUES (?, ?)", (self._wearer, text))

    def erase(self) -> None:
        """Forget what was told of this wearer, in the file itself too."""
        self._connection.execute("DELETE FROM home_description WHERE wearer = ?", (self._wearer,))
        name = f"{self._wearer}/"
        self._connection.execute("DELETE FROM home_total WHERE substr(name, 1, ?) = ?", (len(name), name))
        scrub(self._connection)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
