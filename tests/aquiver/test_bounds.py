"""A journal is bounded; a consumer that lags holds up nobody; what is dropped is said and counted."""

import asyncio
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from aquiver import accounts
from aquiver.bus.local import LocalBus
from aquiver.courier import Courier
from aquiver.inbox import Inbox, Verdict
from aquiver.journal import Bounds, Journal, connect
from aquiver.lane import WINDOW
from aquiver.model import Parcel, Position, Twitch
from collector.chunk_journal import DROPPED, RECEIVED, ChunkJournal
from tests.samples import a_chunk, a_twitch

UTC = ZoneInfo("UTC")


@pytest.fixture
def connection(tmp_path):
    opened = connect(tmp_path / "j.db")
    yield opened
    opened.close()


def test_a_spool_that_is_too_large_drops_its_oldest_and_counts_them(connection, caplog):
    journal = ChunkJournal(connection, UTC, Bounds(max_bytes=300_000))
    for start in range(0, 4000, 100):
        journal.append([a_chunk(20 * number) for number in range(start, start + 100)])
    counts: Counter[str] = Counter()
    for (_, _, what), n in accounts.read(connection).items():
        counts[what] += n
    n_kept = journal.next_number - journal.base
    assert counts[RECEIVED] == 4000 * 20
    assert counts[DROPPED] == (4000 - n_kept) * 20
    assert 0 < n_kept < 4000
    assert connection.execute("PRAGMA page_count").fetchone()[0] * 4096 < 600_000
    assert "the spool is full" in caplog.text


def test_a_spool_drops_what_is_older_than_its_hours_of_work(connection):
    now_s = [0.0]
    journal = Journal(connection, Bounds(max_work_s=3600.0), lambda: now_s[0])
    for number in range(200):
        with journal.transaction([a_twitch(sample=number)]):
            journal.shed()
        now_s[0] += 60.0
    kept_s = 60.0 * (journal.next_number - journal.base)
    assert 3600.0 <= kept_s <= 3600.0 + 2 * 300.0


def test_a_pause_makes_nothing_older(connection):
    now_s = [0.0]
    journal = Journal(connection, Bounds(max_work_s=3600.0), lambda: now_s[0])
    for number in range(20):
        with journal.transaction([a_twitch(sample=number)]):
            assert not journal.shed()
        now_s[0] += 86_400.0


def test_the_age_of_work_outlives_a_restart(connection):
    now_s = [0.0]
    for number in range(200):
        journal = Journal(connection, Bounds(max_work_s=3600.0), lambda: now_s[0])
        for part in range(6):
            now_s[0] += 60.0
            with journal.transaction([a_twitch(sample=10 * number + part)]):
                journal.shed()
    assert journal.next_number - journal.base < 200


def test_an_old_backlog_does_not_keep_its_room(tmp_path):
    journal = Journal(connect(tmp_path / "j.db"))
    journal.append([a_chunk(20 * number, n=2000) for number in range(4500)])
    journal.serve(["one"])
    journal.confirm({"one": journal.next_number})
    journal.close()
    assert (tmp_path / "j.db").stat().st_size > 32e6
    Journal(connect(tmp_path / "j.db")).close()
    assert (tmp_path / "j.db").stat().st_size < 1e6


def test_cursors_outlive_a_restart_and_one_no_longer_served_holds_nothing(connection):
    journal = Journal(connection)
    journal.append([a_twitch(sample=number) for number in range(10)])
    assert journal.serve(["one", "two"]) == {"one": 1, "two": 1}
    journal.confirm({"one": 8, "two": 3})
    again = Journal(connection)
    assert again.serve(["one", "two"]) == {"one": 8, "two": 3}
    again.confirm(again.serve(["one"]))
    assert again.base == 8


async def consume(bus, name: str, taken: list[int], delay_s: float = 0.0) -> None:
    inbox = Inbox(name, {})
    async with bus.subscribe(Twitch) as batches:
        async for batch in batches:
            taken += [one.message.sample for one in batch if inbox.admit(one.place) is Verdict.TAKE]
            await asyncio.sleep(delay_s)
            for position in inbox.positions():
                await bus.publish(Parcel(position))


async def until(is_so) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.01)


async def test_a_target_that_is_away_holds_up_no_other_and_gets_all_when_it_comes(connection):
    bus, journal = LocalBus(), Journal(connection)
    n = 4 * WINDOW
    journal.append([a_twitch(sample=number) for number in range(n)])
    quick, late = [], []
    async with asyncio.TaskGroup() as tasks, Courier(journal, bus, ("quick", "late")).at_work():
        first = tasks.create_task(consume(bus, "quick", quick))
        await until(lambda: len(quick) == n)
        assert journal.base == 1
        second = tasks.create_task(consume(bus, "late", late))
        await until(lambda: len(late) == n)
        await until(lambda: journal.base == journal.next_number)
        first.cancel()
        second.cancel()
    assert quick == late == list(range(n))


async def test_a_slow_target_does_not_slow_the_others(connection):
    bus, journal = LocalBus(), Journal(connection)
    n = 3 * WINDOW
    journal.append([a_twitch(sample=number) for number in range(n)])
    quick, slow = [], []
    async with asyncio.TaskGroup() as tasks:
        readers = [tasks.create_task(consume(bus, "quick", quick)), tasks.create_task(consume(bus, "slow", slow, 0.5))]
        await asyncio.sleep(0)
        async with Courier(journal, bus, ("quick", "slow")).at_work():
            await until(lambda: len(quick) == n)
            assert len(slow) <= 2 * WINDOW
            await until(lambda: len(slow) == n)
        for reader in readers:
            reader.cancel()
    assert quick == slow == list(range(n))


async def test_a_target_that_lost_its_memory_is_sent_what_is_still_kept(connection):
    """A recorder keeps no position: after a restart it begins with what it is sent, and asks where that is not all."""
    bus, journal = LocalBus(), Journal(connection)
    journal.append([a_twitch(sample=number) for number in range(10)])
    journal.serve(["one", "two"])
    async with Courier(journal, bus, ("one", "two")).at_work(), bus.subscribe(Twitch) as batches:
        await bus.publish(Parcel(Position(journal.name, "one", 11)))
        await asyncio.sleep(0.3)
        await bus.publish(Parcel(Position(journal.name, "one", 4, is_request=True)))
        again: list[int] = []
        async with asyncio.timeout(10):
            while not again or again[-1] != 9:
                again += [
                    one.message.sample for one in await anext(batches) if "two" not in one.place.to and one.place.to
                ]
        assert again == list(range(3, 10))
