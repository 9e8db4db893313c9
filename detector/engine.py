"""The engine: everything decided, without a bus."""

from collections import Counter
from typing import Self
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from aquiver.accounts import Entry
from aquiver.errors import StoreError
from aquiver.model import Chunk, Modality, Record, SpanReason, Stream
from aquiver.nights import night_of
from detector.decision import Decision, Piece
from detector.guard import Guard
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
    guards: dict[str, Guard] = field(default_factory=dict)  # of bands with an accelerometer, by wearer and device


class Engine:
    """Turn chunks into records: the same chunks give the same records, however they are cut or interrupted.

    A stream that no method can judge has no twitches, and all its time is excluded as unsuitable.
    """

    def __init__(self, zone: ZoneInfo, mains_hz: float | None = 50.0) -> None:
        self._zone = zone
        self._state = _State(METHOD_VERSION, mains_hz)
        self._at_hand: dict[int, Watch] = {}  # over electrodes, by the identity of the stream that each watch holds

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
        for known in (self._state.watches, self._state.ledgers, self._state.guards):
            for key in [key for key in known if key.startswith(f"{wearer}/")]:
                del known[key]
        self._at_hand.clear()

    def feed(self, *chunks: Chunk) -> list[Record]:
        """Take the next chunks, and give what is decided by them; those that came together are best given together.

        A new run, or the last chunk of one, ends the run: what is left of it is decided with what is there. What a
        band's electrodes saw is told once its accelerometer has told of the same time: see ``Guard``.
        """
        if len(chunks) == 1:
            watch = self._at_hand.get(id(chunks[0].stream))
            if watch is not None and watch.absorb(chunks[0]):
                return []
        else:
            movement_first = sorted(chunks, key=lambda chunk: chunk.stream.modality is not Modality.ACCELEROMETER)
            chunks = tuple(movement_first)
        records: list[Record] = []
        for chunk in chunks:
            records += self._take(chunk)
        if self._state.guards:
            for band in dict.fromkeys(_band(chunk.stream) for chunk in chunks):
                records += self._let_go(band)
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
        records = [record for key in tuple(self._state.watches) for record in self._end(key)]
        for guard in self._state.guards.values():
            guard.leave()
        return records + [record for band in self._state.guards for record in self._let_go(band)]

    def _take(self, chunk: Chunk) -> list[Record]:
        records = self._decide(chunk)
        if chunk.stream.signal.modality is Modality.ACCELEROMETER:
            self._state.guards.setdefault(_band(chunk.stream), Guard()).hear(chunk)
        return records

    def _decide(self, chunk: Chunk) -> list[Record]:
        key = _key(chunk.stream)
        watch = self._state.watches.get(key)
        if watch is not None and watch.absorb(chunk):
            return []
        records: list[Record] = []
        if watch is None or watch.run != chunk.run or watch.stream != chunk.stream:
            records += self._end(key)
            records += self._resume(chunk)
            watch = self._state.watches[key] = Watch.begin(chunk, self._state.mains_hz)
            if chunk.stream.modality is Modality.EMG:
                self._at_hand[id(chunk.stream)] = watch
        account = self._ledger(chunk.stream).account
        if watch.is_continued_by(chunk):
            first = watch.counted  # what was absorbed is counted with it
        else:
            watch.settle(account, self._zone)
            first = chunk.first_sample
        account.take(chunk.run, chunk.clock, watch.counted, first, chunk.end_sample, self._zone)
        records += self._write(watch.feed(chunk, self._zone), watch.stream, watch.run)
        if chunk.is_last:
            records += self._end(key)
        return records

    def _end(self, key: str) -> list[Record]:
        watch = self._state.watches.pop(key, None)
        if watch is None:
            return []
        self._at_hand.pop(id(watch.stream), None)
        watch.settle(self._ledger(watch.stream).account, self._zone)
        records = self._write(watch.finish(self._zone), watch.stream, watch.run)
        guard = self._guard(watch.stream)
        if guard is not None:
            guard.close(watch.stream, watch.run)
            return records
        return [*records, *self._ledger(watch.stream).close(watch.stream, watch.run)]

    def _let_go(self, band: str) -> list[Record]:
        """Write down what the accelerometer of a band has nothing more to say about."""
        guard, records = self._state.guards.get(band), []
        for hold in [] if guard is None else guard.let_go():
            ledger = self._ledger(hold.stream)
            for decision in hold.waiting:
                records += ledger.write(decision, hold.stream, hold.run, self._zone)
            records += ledger.close(hold.stream, hold.run) if hold.is_over else []
        return records

    def _resume(self, chunk: Chunk) -> list[Record]:
        """Count the time since the run before as lost, if it lies within one night."""
        guard = self._guard(chunk.stream)
        waits_until_s = None if guard is None else guard.end_s(chunk.stream)
        end_s = self._ledger(chunk.stream).end_s if waits_until_s is None else waits_until_s
        start_s = chunk.clock.time_of(chunk.follows)
        if end_s is None or not 1 / chunk.stream.rate_hz <= start_s - end_s < _LONGEST_PAUSE_S:
            return []
        if night_of(end_s, self._zone) != night_of(start_s, self._zone):
            return []
        pause = Piece(chunk.follows, end_s, start_s, start_s - end_s, SpanReason.GAP)
        return self._write([Decision((pause,))], chunk.stream, chunk.run)

    def _write(self, decisions: list[Decision], stream: Stream, run: str) -> list[Record]:
        guard = self._guard(stream)
        if guard is not None:
            guard.hold(stream, run, decisions)
            return []
        if not decisions:
            return []
        ledger = self._ledger(stream)
        return [record for decision in decisions for record in ledger.write(decision, stream, run, self._zone)]

    def _guard(self, stream: Stream) -> Guard | None:
        """Give the guard of a stream of electrodes, if its band has one."""
        if not self._state.guards:
            return None
        return self._state.guards.get(_band(stream)) if stream.modality is Modality.EMG else None

    def _ledger(self, stream: Stream) -> Ledger:
        ledger = self._state.ledgers.get(stream.name)
        if ledger is None:
            ledger = self._state.ledgers[stream.name] = Ledger()
        return ledger


def _key(stream: Stream) -> str:
    return f"{_band(stream)}/{stream.modality}"


def _band(stream: Stream) -> str:
    return f"{stream.wearer}/{stream.device}"
