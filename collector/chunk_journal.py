"""The collector's journal: chunks, each counted in the transaction that keeps it."""

import logging
import sqlite3
from collections import Counter
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from aquiver import accounts
from aquiver.accounts import Entry
from aquiver.journal import DEFAULT_BOUNDS, Bounds, Journal
from aquiver.model import Chunk, Message

RECEIVED = "received"
LOST_BY_RADIO = "lost by radio"
DROPPED = "dropped"
_LOG = logging.getLogger(__name__)


class ChunkJournal(Journal):
    """A journal of chunks that says what it received, what the radio lost, and what it had to drop unconfirmed."""

    def __init__(self, connection: sqlite3.Connection, zone: ZoneInfo, bounds: Bounds = DEFAULT_BOUNDS) -> None:
        super().__init__(connection, bounds)
        self._zone = zone
        accounts.create(connection)

    def append(self, messages: Iterable[Message]) -> None:
        """Keep chunks and count them; drop the oldest where the bounds ask for it, and count those too."""
        chunks = [message for message in messages if isinstance(message, Chunk)]
        entries: Counter[Entry] = Counter()
        for chunk in chunks:
            entries.update(accounts.count(chunk, RECEIVED, LOST_BY_RADIO, self._zone))
        with self.transaction(chunks) as connection:
            dropped = [message for _, message in self.shed() if isinstance(message, Chunk)]
            for chunk in dropped:
                entries.update(self._dropped(chunk))
            accounts.add(connection, entries)
        if dropped:
            text = "the spool is full: %d unconfirmed chunks were dropped, the oldest first; the ledger counts them"
            _LOG.error(text, len(dropped))

    def _dropped(self, chunk: Chunk) -> Counter[Entry]:
        counted = accounts.count(chunk, DROPPED, LOST_BY_RADIO, self._zone)
        return Counter({entry: n for entry, n in counted.items() if entry[2] == DROPPED})
