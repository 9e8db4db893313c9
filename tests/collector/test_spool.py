"""Chunks are on disk before anyone hears of them."""

import asyncio

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


async def test_stopping_between_two_commits_loses_nothing(journal):
    spool = Spool(journal, Courier(journal, LocalBus(), ("detector",)))
    keeping = asyncio.ensure_future(spool.keep())
    await spool.put([a_chunk(0)])
    await asyncio.sleep(0)
    keeping.cancel()
    await asyncio.sleep(0)
    await spool.commit()
    assert len(journal.read(1, 10)) == 1
