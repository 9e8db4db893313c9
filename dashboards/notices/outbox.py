"""The outbox: messages on their way, one row for each channel and matter, on disk until they are settled.

A row is written with the decision to tell, in one transaction; it says *sent* only after the channel took it. Killed
between the two, the message goes out again under the same reference: at least once, and known as one.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aquiver.journal import connect
from aquiver.scrubbing import scrub
from dashboards.notices.lifecycle import Told
from dashboards.notices.matter import Matter, Sort

_SCHEMA = """
CREATE TABLE IF NOT EXISTS told (
    wearer TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL, time_s REAL NOT NULL,
    PRIMARY KEY (wearer, key)
);
CREATE TABLE IF NOT EXISTS letter (
    reference TEXT PRIMARY KEY, wearer TEXT NOT NULL, key TEXT NOT NULL, channel TEXT NOT NULL, sort TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL, n_attempts INTEGER NOT NULL,
    written_s REAL NOT NULL, next_s REAL NOT NULL, error TEXT NOT NULL
);
"""
_FIRST_WAIT_S = 30.0
_LONGEST_WAIT_S = 3600.0
GIVE_UP_S = 72 * 3600.0  # a notice speaks of weeks; three days late is still of use, later is not
_COLUMNS = "reference, key, channel, sort, title, text, state, n_attempts, written_s, next_s, error"


class LetterState(StrEnum):
    """How a message to one channel stands."""

    WAITING = "waiting"
    SENT = "sent"
    GAVE_UP = "gave_up"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one channel. ``reference`` is its idempotency key."""

    reference: str
    key: str
    channel: str
    sort: Sort
    title: str
    text: str
    state: LetterState = LetterState.WAITING
    n_attempts: int = 0
    written_s: float = 0.0
    next_s: float = 0.0
    error: str = ""


def wait_after(n_attempts: int) -> float:
    """Give the time until the next attempt: it doubles, up to an hour.

    >>> [wait_after(n) for n in (1, 2, 3, 20)]
    [30.0, 60.0, 120.0, 3600.0]
    """
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** min(n_attempts - 1, 20))


class Outbox:
    """One wearer's messages under way and told."""

    def __init__(self, path: Path | str, wearer: str) -> None:
        self._wearer = wearer
        self._connection = connect(path)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(_SCHEMA)

    def told(self) -> list[Told]:
        """List what was handed over for sending."""
        rows = self._connection.execute("SELECT key, kind, about, time_s FROM told WHERE wearer = ?", (self._wearer,))
        return [Told(*row) for row in rows]

    def hand_over(self, matter: Matter, channels: Sequence[str], now_s: float, title: str) -> None:
        """Keep that a matter is told, and its message to each channel, in one step. A second time changes nothing."""
        rows = [self._row(matter, channel, now_s, title) for channel in channels]
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            told = (self._wearer, matter.key, matter.kind, matter.about, now_s)
            self._connection.execute("INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?, ?)", told)
            if rows:  # with no channel there is nobody to write to; told it is all the same
                marks = ", ".join("?" * len(rows[0]))
                self._connection.executemany(f"INSERT OR IGNORE INTO letter VALUES ({marks})", rows)  # noqa: S608  # marks only
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def waiting(self, now_s: float) -> list[Letter]:
        """List the messages whose next attempt is due."""
        query = f"SELECT {_COLUMNS} FROM letter WHERE wearer = ? AND state = ? AND next_s <= ? ORDER BY written_s"  # noqa: S608
        return self._letters(query, (self._wearer, LetterState.WAITING, now_s))

    def letters(self) -> list[Letter]:
        """List all messages, oldest first."""
        query = f"SELECT {_COLUMNS} FROM letter WHERE wearer = ? ORDER BY written_s, channel"  # noqa: S608
        return self._letters(query, (self._wearer,))

    def erase(self, night: str | None = None) -> None:
        """Erase all of the wearer, or all that speaks of one night, sent or not, from the file itself."""
        meant = "wearer = :wearer AND (:night IS NULL OR instr(key, :night) > 0)"
        for table in ("told", "letter"):
            words = {"wearer": self._wearer, "night": night}
            self._connection.execute(f"DELETE FROM {table} WHERE {meant}", words)  # noqa: S608  # ours
        scrub(self._connection)

    def begin(self, letter: Letter, now_s: float) -> None:
        """Keep that an attempt is made: a crash in it counts as one, and is waited for like one."""
        n_attempts = letter.n_attempts + 1
        change = "UPDATE letter SET n_attempts = ?, next_s = ? WHERE reference = ?"
        self._connection.execute(change, (n_attempts, now_s + wait_after(n_attempts), letter.reference))

    def settle(self, letter: Letter, state: LetterState) -> None:
        """Keep that nothing more is to be done about a message."""
        change = "UPDATE letter SET state = ?, error = '' WHERE reference = ?"
        self._connection.execute(change, (state, letter.reference))

    def fail(self, letter: Letter, error: str, now_s: float) -> None:
        """Keep why an attempt failed; after three days it was the last."""
        state = LetterState.GAVE_UP if now_s - letter.written_s > GIVE_UP_S else LetterState.WAITING
        change = "UPDATE letter SET state = ?, error = ? WHERE reference = ?"
        self._connection.execute(change, (state, error, letter.reference))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _row(self, matter: Matter, channel: str, now_s: float, title: str) -> tuple[str | float, ...]:
        name = f"{self._wearer}|{matter.key}|{channel}"
        reference = hashlib.sha256(name.encode()).hexdigest()[:12]
        head = (reference, self._wearer, matter.key, channel, matter.sort.value, title, matter.text)
        return (*head, LetterState.WAITING.value, 0, now_s, now_s, "")

    def _letters(self, query: str, values: tuple[str | float, ...]) -> list[Letter]:
        rows = self._connection.execute(query, values).fetchall()
        return [Letter(**{**dict(row), "sort": Sort(row["sort"]), "state": LetterState(row["state"])}) for row in rows]
