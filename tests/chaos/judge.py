"""The judge: is everything that had reached the collector there, once, and are the records the undisturbed ones?

Undisturbed means: a fresh engine, fed with the very chunks that the collector had committed, in their order. It cannot
mean the night without kills: a collector that is killed hears nothing until it is up again, and begins another run.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from aquiver.commands.books import read_books
from aquiver.commands.replay import _lasting
from aquiver.model import Record, Span, Tally, Twitch
from aquiver.store import open_store
from detector.engine import Engine
from tests.chaos import witness
from tests.chaos.gauge import is_drained
from tests.chaos.house import ZONE

_FOR_EVER_S = 1e11


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; ``violations`` is empty where all is well."""

    n_received: int
    n_lost_by_radio: int
    n_lost_after: int
    n_records: int
    n_runs: int
    violations: tuple[str, ...]


def judge(folder: Path) -> Verdict:
    """Hold the books and the store of a house against its witness."""
    chunks = list(witness.chunks(folder / "spool.db"))
    engine = Engine(ZONE)
    expected = [record for chunk in chunks for record in engine.feed(chunk)]
    n_received = sum(chunk.n_samples for chunk in chunks)
    books = read_books(folder, ZONE)
    balances = [balance for night in books.nights() for balance in books.balances(night)]
    n_confirmed = sum(balance.confirmed for balance in balances)
    wrong = [f"{one.stream}, {one.night}: {fault}" for one in balances for fault in one.faults()]
    wrong += _differences(expected, _kept(folder))
    if not is_drained(folder):
        wrong.append(f"messages are left under way: {books.lags}")
    if sum(balance.received for balance in balances) != n_received:
        wrong.append("the collector's account is not what its witness saw")
    return Verdict(
        n_received=n_received,
        n_lost_by_radio=sum(chunk.n_lost for chunk in chunks),
        n_lost_after=n_received - n_confirmed,
        n_records=len(_lasting(expected)),
        n_runs=len({chunk.run for chunk in chunks}),
        violations=tuple(wrong + ([f"{n_received - n_confirmed} samples lost"] if n_received != n_confirmed else [])),
    )


def _kept(folder: Path) -> list[Record]:
    store = open_store("sqlite:", folder)
    try:
        return [one for kind in (Twitch, Span, Tally) for one in store.read(kind, "me", -_FOR_EVER_S, _FOR_EVER_S)]
    finally:
        store.close()


def _differences(expected: list[Record], kept: list[Record]) -> Iterator[str]:
    """Compare the records as bytes."""
    wanted = Counter(msgspec.json.encode(record) for record in _lasting(expected))
    found = Counter(msgspec.json.encode(record) for record in kept)
    for name, records in (("missing in the store", wanted - found), ("only in the store", found - wanted)):
        if records:
            yield f"{records.total()} records are {name}, as {next(iter(records)).decode()}"
