"""Chunks are on disk before anyone hears of them."""

import asyncio
import time

import pytest

from aquiver.bus.local import LocalBus
from aquiver.courier import Courier
from aquiver.journal import Journal, connect
from collector.spool import Spool
from tests.samples import a_chunk


@pytest.fixture
def journal(tmp_path):
    opened = Journal(connect(tmp_path / "spool.db"))
    yield opened
    opened.close()


async def test_chunks_of_all_bands_are_committed_together(journal):
    spool = Spool(journal, Courier(journal, LocalBus(), ("detector",)))
    keeping = asyncio.ensure_future(spool.keep())
    await spool.put([a_chunk(0), a_chunk(20)])
    await spool.put([a_chunk(40)])
    async with asyncio.timeout(5):
        while journal.next_number < 4:
            await asyncio.sleep(0.01)
    keeping.cancel()
    assert [message.first_sample for _, message in journal.read(1, 10)] == [0, 20, 40]


class SlowJournal(Journal):
    """A disk that takes its time, and may refuse."""

    is_full = False

    def append(self, messages) -> None:
        time.sleep(0.3)
        if self.is_full:
            raise OSError(28, "No space left on device")
        super().append(messages)


@pytest.mark.parametrize("is_full", [False, True])
async def test_stopping_within_a_commit_keeps_order_and_repeats_nothing(tmp_path, is_full):
    journal = SlowJournal(connect(tmp_path / "spool.db"))
    spool = Spool(journal, Courier(journal, LocalBus(), ("detector",)))
    journal.is_full = is_full
    keeping = asyncio.ensure_future(spool.keep())
    await spool.put([a_chunk(20 * number) for number in range(50)])
    await asyncio.sleep(0.2)
    keeping.cancel()
    await asyncio.sleep(0.4 if is_full else 0)
    journal.is_full = False
    await spool.put([a_chunk(1000)])
    await spool.commit()
    assert [message.first_sample for _, message in journal.read(1, 100)] == list(range(0, 1001, 20))
    journal.close()


async def test_stopping_between_two_commits_loses_nothing(journal):
    spool = Spool(journal, Courier(journal, LocalBus(), ("detector",)))
    keeping = asyncio.ensure_future(spool.keep())
    await spool.put([a_chunk(0)])
    await asyncio.sleep(0)
    keeping.cancel()
    await asyncio.sleep(0)
    await spool.commit()
    assert len(journal.read(1, 10)) == 1
