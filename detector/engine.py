"""The engine: everything decided, without a bus."""

from collections import Counter
from typing import Self
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from aquiver.accounts import Entry
from aquiver.errors import StoreError
from aquiver.model import Chunk, Record, SpanReason, Stream
from aquiver.nights import night_of
from detector.decision import Decision, Piece
from detector.ledger import Ledger
from detector.methods import METHOD_VERSION
from detector.snapshot import from_bytes, to_bytes
from detector.watch import Watch

_LONGEST_PAUSE_S = 12 * 3600.0  # a longer one is a day without the band, not a gap in a night


class _State(Struct):
    version: str
    mains_hz: float | None
    watches: dict[str, Watch] = field(default_factory=dict)  # the run in progress, by wearer, device and modality
    ledgers: dict[str, Ledger] = field(default_factory=dict)  # over all runs, by the name of the stream


class Engine:
    """Turn chunks into records: the same chunks give the same records, however they are cut or interrupted.

    A stream that no method can judge has no twitches, and all its time is excluded as unsuitable.
    """

    def __init__(self, zone: ZoneInfo, mains_hz: float | None = 50.0) -> None:
        self._zone = zone
        self._state = _State(METHOD_VERSION, mains_hz)

    @classmethod
    def restore(cls, data: bytes, zone: ZoneInfo) -> Self:
        """Go on where a snapshot was taken.

        Raises:
            StoreError: the bytes are no snapshot, or one of another version of the methods.
        """
        state = from_bytes(data, _State)
        if state.version != METHOD_VERSION:
            raise StoreError(f"The detector's snapshot is of {state.version}, not of {METHOD_VERSION}.")
        engine = cls(zone)
        engine._state = state
        return engine

    def snapshot(self) -> bytes:
        """Give everything that is remembered, as bytes."""
        return to_bytes(self._state)

    def forget(self, wearer: str) -> None:
        """Forget a wearer: runs in progress, and what was counted so far."""
        for known in (self._state.watches, self._state.ledgers):
            for key in [key for key in known if key.startswith(f"{wearer}/")]:
                del known[key]

    def feed(self, chunk: Chunk) -> list[Record]:
        """Take the next chunk of a stream, and give what is decided by it.

        A new run, or the last chunk of one, ends the run: what is left of it is decided with what is there.
        """
        key = _key(chunk.stream)
        watch = self._state.watches.get(key)
        if watch is not None and watch.absorb(chunk):
            return []
        records: list[Record] = []
        account = self._ledger(chunk.stream).account
        if watch is None or watch.run != chunk.run or watch.stream != chunk.stream:
            records += self._end(key)
            records += self._resume(chunk)
            account.begin_run()
            watch = self._state.watches[key] = Watch.begin(chunk, self._state.mains_hz)
        watch.settle(account, self._zone)
        account.take(chunk.clock, watch.expected, chunk.first_sample, chunk.end_sample, self._zone)
        records += self._write(watch.feed(chunk, self._zone), watch.stream, watch.run)
        if chunk.is_last:
            records += self._end(key)
        return records

    def settle(self) -> Counter[Entry]:
        """Give what became of how many samples since last asked."""
        for watch in self._state.watches.values():
            watch.settle(self._ledger(watch.stream).account, self._zone)
        entries: Counter[Entry] = Counter()
        for stream, ledger in self._state.ledgers.items():
            entries.update(ledger.account.settle(stream))
        return entries

    def finish(self) -> list[Record]:
        """End every run: no more chunks follow."""
        return [record for key in tuple(self._state.watches) for record in self._end(key)]

    def _end(self, key: str) -> list[Record]:
        watch = self._state.watches.pop(key, None)
        if watch is None:
            return []
        watch.settle(self._ledger(watch.stream).account, self._zone)
        records = self._write(watch.finish(self._zone), watch.stream, watch.run)
        return [*records, *self._ledger(watch.stream).close(watch.stream)]

    def _resume(self, chunk: Chunk) -> list[Record]:
        """Count the time since the run before as lost, if it lies within one night."""
        end_s, start_s = self._ledger(chunk.stream).end_s, chunk.clock.time_of(chunk.follows)
        if end_s is None or not 1 / chunk.stream.rate_hz <= start_s - end_s < _LONGEST_PAUSE_S:
            return []
        if night_of(end_s, self._zone) != night_of(start_s, self._zone):
            return []
        pause = Piece(chunk.follows, end_s, start_s, start_s - end_s, SpanReason.GAP)
        return self._write([Decision((pause,))], chunk.stream, chunk.run)

    def _write(self, decisions: list[Decision], stream: Stream, run: str) -> list[Record]:
        ledger = self._ledger(stream)
        return [record for decision in decisions for record in ledger.write(decision, stream, run, self._zone)]

    def _ledger(self, stream: Stream) -> Ledger:
        ledger = self._state.ledgers.get(stream.name)
        if ledger is None:
            ledger = self._state.ledgers[stream.name] = Ledger()
        return ledger


def _key(stream: Stream) -> str:
    return f"{stream.wearer}/{stream.device}/{stream.modality}"
