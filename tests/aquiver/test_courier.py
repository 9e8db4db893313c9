"""A journal arrives whole, whatever the bus loses or repeats."""

import asyncio
import random

from aquiver import courier as courier_module
from aquiver import lane as lane_module
from aquiver.bus.local import LocalBus
from aquiver.courier import Courier
from aquiver.inbox import Inbox, Verdict
from aquiver.journal import Journal, connect
from aquiver.model import Parcel, Position, Twitch
from tests.samples import a_twitch

N_MESSAGES = 200


class LossyBus(LocalBus):
    """Loses a share of what is published, and repeats another."""

    def __init__(self, loss: float, repeats: float) -> None:
        super().__init__()
        self._random = random.Random(1)
        self._loss = loss
        self._repeats = repeats

    async def publish(self, *parcels: Parcel) -> None:
        if self._random.random() >= self._loss:
            await super().publish(*parcels)
        if self._random.random() < self._repeats:
            await super().publish(*parcels)


async def _consume(bus, name: str, taken: list[int], count: int) -> None:
    inbox = Inbox(name, {})
    async with bus.subscribe(Twitch) as batches:
        async for batch in batches:
            taken += [one.message.sample for one in batch if inbox.admit(one.place) is Verdict.TAKE]
            for position in inbox.positions():
                await bus.publish(Parcel(position))
            if len(taken) >= count:
                return


async def _carry(bus, tmp_path, consumers: tuple[str, ...], monkeypatch) -> dict[str, list[int]]:
    monkeypatch.setattr(lane_module, "PATIENCE_S", 0.05)
    monkeypatch.setattr(lane_module, "REST_S", 0.01)
    monkeypatch.setattr(courier_module, "REST_S", 0.01)
    journal = Journal(connect(tmp_path / "j.db"))
    journal.append([a_twitch(sample=sample) for sample in range(N_MESSAGES)])
    taken = {name: [] for name in consumers}
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        for name in consumers:
            tasks.create_task(_consume(bus, name, taken[name], N_MESSAGES))
        await asyncio.sleep(0)
        async with Courier(journal, bus, consumers).at_work():
            while any(len(numbers) < N_MESSAGES for numbers in taken.values()):
                await asyncio.sleep(0.01)
    journal.close()
    return taken


async def test_everything_arrives_once_and_in_order(tmp_path, monkeypatch):
    taken = await _carry(LocalBus(), tmp_path, ("one",), monkeypatch)
    assert taken["one"] == list(range(N_MESSAGES))


async def test_a_bus_that_loses_and_repeats_loses_nothing(tmp_path, monkeypatch):
    taken = await _carry(LossyBus(loss=0.1, repeats=0.1), tmp_path, ("one", "two"), monkeypatch)
    assert taken == {"one": list(range(N_MESSAGES)), "two": list(range(N_MESSAGES))}


async def test_nothing_is_forgotten_before_every_consumer_has_confirmed(tmp_path):
    bus, journal = LocalBus(), Journal(connect(tmp_path / "j.db"))
    journal.append([a_twitch(sample=sample) for sample in range(10)])
    async with Courier(journal, bus, ("one", "two")).at_work():
        await bus.publish(Parcel(Position(journal.name, "one", 11)))
        await asyncio.sleep(0.05)
        assert journal.base == 1
        await bus.publish(Parcel(Position(journal.name, "two", 5)))
        await asyncio.sleep(0.05)
        assert journal.base == 5
    journal.close()


async def test_drained_waits_for_the_last_confirmation(tmp_path):
    bus, journal = LocalBus(), Journal(connect(tmp_path / "j.db"))
    journal.append([a_twitch()])
    async with Courier(journal, bus, ("one",)).at_work() as courier, asyncio.timeout(5):
        waiting = asyncio.ensure_future(courier.drained())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await bus.publish(Parcel(Position(journal.name, "one", 2)))
        await waiting
    journal.close()


async def test_positions_of_other_journals_and_consumers_are_passed_over(tmp_path):
    bus, journal = LocalBus(), Journal(connect(tmp_path / "j.db"))
    journal.append([a_twitch()])
    async with Courier(journal, bus, ("one",)).at_work():
        await bus.publish(Parcel(Position("another", "one", 2)))
        await bus.publish(Parcel(Position(journal.name, "stranger", 2)))
        await asyncio.sleep(0.05)
        assert journal.base == 1
    journal.close()


async def test_a_position_beyond_the_journal_is_not_believed(tmp_path):
    bus, journal = LocalBus(), Journal(connect(tmp_path / "j.db"))
    journal.append([a_twitch()])
    async with Courier(journal, bus, ("one",)).at_work():
        await bus.publish(Parcel(Position(journal.name, "one", 10**9)))
        await asyncio.sleep(0.05)
        journal.append([a_twitch(sample=2)])
        assert journal.base == 1
    journal.close()
