"""A recorder that holds a few samples, until it knows all signals of their band, does not hold them for ever."""

import asyncio
from zoneinfo import ZoneInfo

from aquiver.bus.local import LocalBus
from aquiver.model import Parcel, Place, Position
from aquiver.recorder import Recorder
from aquiver.shelf import Shelf
from aquiver.store import open_store
from tests.samples import a_chunk

UTC = ZoneInfo("UTC")


async def test_a_band_that_said_little_is_confirmed_although_the_courier_says_it_again_and_again(tmp_path):
    """Half a second of samples, then nothing more: the same chunks come again every half second."""
    bus, shelf, store = LocalBus(), Shelf(tmp_path, UTC), open_store("sqlite:", tmp_path)
    parcels = [Parcel(a_chunk(20 * number), Place("j", number + 1, 1)) for number in range(5)]
    async with bus.subscribe(Position) as words, Recorder(store, shelf, bus).at_work():

        async def repeat() -> None:
            while True:
                await bus.publish(*parcels)
                await asyncio.sleep(0.5)

        async with asyncio.TaskGroup() as tasks:
            repeating = tasks.create_task(repeat())
            async with asyncio.timeout(20):
                word = (await anext(words))[-1].message
            repeating.cancel()
    assert (word.consumer, word.next_number) == ("recorder", 6)
    shelf.close()
    store.close()
