"""A courier that is told to end while it sends does end."""

import asyncio

import pytest

from aquiver.bus import open_bus
from aquiver.model import Parcel
from tests.chaos.house import open_broker
from tests.samples import a_status
from tests.servers import needs_mosquitto

N_TRIES = 300


@pytest.mark.service
@needs_mosquitto
async def test_a_task_that_publishes_can_be_cancelled_at_any_moment(tmp_path):
    async def publish_for_ever(bus) -> None:
        while True:
            await bus.publish(Parcel(a_status()))

    with open_broker(tmp_path / "broker") as url:
        async with open_bus(url, "mouth") as bus:
            await cancel_again_and_again(bus, publish_for_ever)


async def cancel_again_and_again(bus, publish_for_ever) -> None:
    await bus.publish(Parcel(a_status()))
    for nth in range(N_TRIES):
        task = asyncio.create_task(publish_for_ever(bus))
        for _ in range(nth % 7):
            await asyncio.sleep(0)
        await asyncio.sleep(0.0001 * (nth % 5))
        task.cancel()
        async with asyncio.timeout(5):
            with pytest.raises(asyncio.CancelledError):
                await task
