"""Words on the bus that nobody should have said: what a program with a stolen password could try."""

import asyncio
from dataclasses import replace

import pytest

from aquiver.bus.local import LocalBus
from aquiver.courier import Courier
from aquiver.journal import Journal, connect
from aquiver.model import Parcel, Position
from aquiver.recorder import Recorder
from aquiver.store import open_store
from tests.samples import a_chunk, a_fault, a_heartbeat, a_status, a_twitch


@pytest.mark.parametrize(
    ("consumer", "next_number"),
    [("detector", 10**9), ("detector", -5), ("somebody", 4), ("recorder", 4)],
    ids=["beyond what was written", "below zero", "of no consumer", "of one of two consumers"],
)
async def test_a_confirmation_that_cannot_be_true_makes_nobody_forget(tmp_path, consumer, next_number):
    journal, bus = Journal(connect(tmp_path / "spool.db")), LocalBus()
    journal.append([a_chunk(20 * n) for n in range(5)])
    async with Courier(journal, bus, ("detector", "recorder")).at_work():
        await bus.publish(Parcel(Position(journal.name, consumer, next_number)))
        await asyncio.sleep(0.1)
        assert journal.base == 1
    journal.close()


async def test_records_without_a_place_and_words_about_the_machine_make_no_records(tmp_path):
    store, bus = open_store("sqlite:", tmp_path), LocalBus()
    async with Recorder(store, None, bus).at_work():
        for message in (a_twitch(), a_status(), a_heartbeat("detector"), replace(a_fault(), wearer="anna")):
            await bus.publish(Parcel(message))
        async with asyncio.timeout(5):
            while not store.wearers():
                await asyncio.sleep(0.02)
    assert store.wearers() == ["anna"]
    store.close()
