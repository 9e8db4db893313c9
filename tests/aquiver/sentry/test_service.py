"""The sentry tells: the bus, again and again, and a file; and it hears its own words of before."""

import asyncio
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import pytest

from aquiver.bus.local import LocalBus
from aquiver.complaints import Task, complain, settle
from aquiver.model import Fault, FaultKind, Heartbeat, Parcel, ServiceState
from aquiver.sentry import service
from aquiver.sentry.book import Book, Cover
from aquiver.sentry.card import Card, read_cards
from aquiver.sentry.judge import Judge
from aquiver.sentry.limits import LIMITS
from aquiver.sentry.pulse import beating, will_of
from aquiver.sentry.service import Sentry


@pytest.fixture(autouse=True)
def _no_complaints():
    yield
    for task in Task:
        settle(task)


@asynccontextmanager
async def a_sentry(folder, bus, pulse_s: float = 0.1):
    will = will_of("view")
    book = Book(Cover("me", ZoneInfo("UTC"), "view"))
    async with beating(bus, will, pulse_s):
        async with Sentry(Judge("view", LIMITS.faster(20)), book, bus, Card(folder, "view")).at_work() as sentry:
            yield sentry


async def next_fault(batches, is_open: bool) -> Fault:
    async with asyncio.timeout(10):
        while True:
            for parcel in await anext(batches):
                if parcel.message.is_open is is_open:
                    return parcel.message


async def test_a_complaint_of_the_disk_is_told_and_taken_back(tmp_path, monkeypatch):
    monkeypatch.setattr(service, "ROUND_S", 0.05)
    bus = LocalBus()
    async with bus.subscribe(Fault) as batches, a_sentry(tmp_path, bus) as sentry:
        complain(Task.STORE, "disk is full")
        fault = await next_fault(batches, is_open=True)
        assert (fault.kind, fault.subject, fault.reason) == (FaultKind.DISK_REFUSES, "store", "disk is full")
        async with asyncio.timeout(5):
            while [card.faults for card in read_cards(tmp_path)] != [(fault,)]:
                await asyncio.sleep(0.02)
        assert sentry.open == [fault]
        settle(Task.STORE)
        assert (await next_fault(batches, is_open=False)).key == fault.key


async def test_what_is_open_and_what_is_over_is_said_again(tmp_path, monkeypatch):
    """A broker that was restarted has forgotten it, and one word may go down with a connection."""
    monkeypatch.setattr(service, "ROUND_S", 0.05)
    monkeypatch.setattr(service, "_REPEAT_S", 0.1)
    bus = LocalBus()
    async with bus.subscribe(Fault) as batches, a_sentry(tmp_path, bus):
        complain(Task.STATE, "full")
        assert [await next_fault(batches, is_open=True) for _ in range(3)][-1].subject == "state"
        settle(Task.STATE)
        assert len({(await next_fault(batches, is_open=False)).until_s for _ in range(3)}) == 1


async def test_leaving_closes_what_is_open_and_takes_the_card_away(tmp_path, monkeypatch):
    monkeypatch.setattr(service, "ROUND_S", 0.05)
    bus = LocalBus()
    async with bus.subscribe(Fault) as batches:
        async with a_sentry(tmp_path, bus):
            complain(Task.SPOOL, "full")
            await next_fault(batches, is_open=True)
        assert (await next_fault(batches, is_open=False)).subject == "spool"
    assert read_cards(tmp_path) == []


async def test_a_fault_of_ones_own_from_before_a_restart_is_closed(tmp_path, monkeypatch):
    monkeypatch.setattr(service, "ROUND_S", 0.05)
    bus = LocalBus()
    before = Fault("me", "2026-11-22", "view", "store", FaultKind.DISK_REFUSES, "store", None, 5.0, None, "full")
    await bus.publish(Parcel(before))
    async with bus.subscribe(Fault) as batches, a_sentry(tmp_path, bus):
        over = await next_fault(batches, is_open=False)
    assert (over.key, over.since_s) == (before.key, 5.0)


async def test_a_service_that_ends_says_goodbye():
    bus = LocalBus()
    async with bus.subscribe(Heartbeat) as batches:
        async with beating(bus, will_of("detector"), 5.0):
            assert (await anext(batches))[0].message.state is ServiceState.RUNNING
        assert (await anext(batches))[0].message.state is ServiceState.ENDED
