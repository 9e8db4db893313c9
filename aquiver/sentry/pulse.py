"""The pulse: a service says every two seconds that it lives, says goodbye when it ends, and leaves a will."""

import asyncio
import os
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from aquiver.bus import Bus
from aquiver.model import Heartbeat, Parcel, ServiceState

PULSE_S = 2.0
_GOODBYE_S = 0.3  # without a broker nobody hears it


def will_of(service: str) -> Heartbeat:
    """Give what the broker shall say when the connection breaks."""
    return Heartbeat(service, f"{os.getpid()}-{uuid.uuid4().hex[:8]}", time.time(), ServiceState.GONE)


@asynccontextmanager
async def beating(bus: Bus, will: Heartbeat, pulse_s: float = PULSE_S) -> AsyncIterator[None]:
    """Say that the service of this will lives, while the block runs."""
    async with asyncio.TaskGroup() as tasks:
        pulse = tasks.create_task(_beat(bus, will, pulse_s), name=f"pulse of {will.service}")
        try:
            yield
        finally:
            pulse.cancel()
            with suppress(TimeoutError):
                async with asyncio.timeout(_GOODBYE_S):
                    await _say(bus, will, ServiceState.ENDED)


async def _beat(bus: Bus, will: Heartbeat, pulse_s: float) -> None:
    while True:
        await _say(bus, will, ServiceState.RUNNING)
        await asyncio.sleep(pulse_s)


async def _say(bus: Bus, will: Heartbeat, state: ServiceState) -> None:
    await bus.publish(Parcel(replace(will, time_s=time.time(), state=state)))
