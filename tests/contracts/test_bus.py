"""What every bus promises."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from aquiver.bus import Bus, open_bus
from aquiver.bus.broker import embedded_broker
from aquiver.bus.login import Login
from aquiver.model import Chunk, Parcel, Place, Status, Twitch
from aquiver.passwords import password_of
from tests.samples import a_chunk, a_status, a_twitch
from tests.servers import needs_mosquitto

N_PARCELS = 300


class Speakers:
    """A sender for every kind: a broker lets each account say only what is its own."""

    def __init__(self, collector: Bus, detector: Bus) -> None:
        self._by_kind = {Chunk: collector, Status: collector, Twitch: detector}

    async def publish(self, *parcels: Parcel) -> None:
        await self._by_kind[type(parcels[0].message)].publish(*parcels)


@asynccontextmanager
async def _two(url: str, folder: Path) -> AsyncIterator[tuple[Speakers, Bus]]:
    async with AsyncExitStack() as stack:
        buses = [
            await stack.enter_async_context(open_bus(url, account, Login(account, password_of(account, folder))))
            for account in ("collector", "detector", "view")
        ]
        yield Speakers(*buses[:2]), buses[2]


@pytest.fixture(params=["local", "amqtt", pytest.param("mosquitto", marks=[pytest.mark.service, needs_mosquitto])])
async def buses(request, tmp_path, monkeypatch):
    async with AsyncExitStack() as stack:
        url = f"local:{tmp_path}"
        if request.param != "local":
            monkeypatch.setenv("AQUIVER_BROKER", request.param)
            url = await stack.enter_async_context(embedded_broker("embedded:", tmp_path))
        yield await stack.enter_async_context(_two(url, tmp_path))


async def _next(batches) -> Parcel:
    async with asyncio.timeout(5):
        return (await anext(batches))[0]


async def _until_heard(sender: Speakers, parcel: Parcel, batches) -> Parcel:
    """Publish until it arrives: a bus may lose what is said before the subscription stands."""
    for _ in range(20):
        await sender.publish(parcel)
        try:
            async with asyncio.timeout(0.5):
                return (await anext(batches))[0]
        except TimeoutError:
            continue
    raise AssertionError("nothing is heard")


async def test_what_is_published_arrives_unchanged(buses):
    sender, reader = buses
    async with reader.subscribe(Chunk) as batches:
        parcel = Parcel(a_chunk(), Place("j", 3, 1))
        assert await _until_heard(sender, parcel, batches) == parcel


async def test_order_is_kept(buses):
    sender, reader = buses
    heard: list[int] = []
    async with reader.subscribe(Twitch) as batches:
        await _until_heard(sender, Parcel(a_twitch(sample=0)), batches)
        for sample in range(1, N_PARCELS):
            await sender.publish(Parcel(a_twitch(sample=sample)))
        async with asyncio.timeout(10):
            while not heard or heard[-1] != N_PARCELS - 1:
                heard += [parcel.message.sample for parcel in await anext(batches)]
    assert heard == sorted(heard)
    assert set(heard) >= set(range(1, N_PARCELS))


async def test_many_at_once_arrive_unchanged_and_in_order(buses):
    sender, reader = buses
    parcels = [Parcel(a_chunk(20 * number), Place("j", number, 1, ("one",))) for number in range(1, 101)]
    heard: list[Parcel] = []
    async with reader.subscribe(Chunk) as batches:
        await _until_heard(sender, Parcel(a_chunk()), batches)
        await sender.publish(*parcels)
        async with asyncio.timeout(10):
            while not heard or heard[-1] != parcels[-1]:
                heard += [one for one in await anext(batches) if one.place is not None]
    assert heard == parcels


async def test_only_the_kinds_asked_for_are_heard(buses):
    sender, reader = buses
    async with reader.subscribe(Twitch) as batches:
        await _until_heard(sender, Parcel(a_twitch()), batches)
        await sender.publish(Parcel(a_chunk()))
        await sender.publish(Parcel(a_twitch(sample=9)))
        heard = await _next(batches)
        while heard.message.sample != 9:
            heard = await _next(batches)
        assert isinstance(heard.message, Twitch)


async def test_the_last_status_is_told_to_who_comes_late(buses):
    sender, reader = buses
    await sender.publish(Parcel(a_status(n_malformed=1)))
    await sender.publish(Parcel(a_status(n_malformed=2)))
    await asyncio.sleep(0.2)  # the broker needs a moment to have it
    async with reader.subscribe(Status) as batches:
        assert (await _next(batches)).message.n_malformed == 2
