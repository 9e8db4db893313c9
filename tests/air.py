"""A virtual radio with short timings, for tests."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from typing import TypeVar

from collector.links.ble import Timings
from collector.sources import Arrived, Event
from collector.sources.wearable import WearableSource
from collector.virtual.counter import Counter, Counting
from collector.virtual.firmware import Firmware
from collector.virtual.radio import VirtualRadio, virtual_radio

T = TypeVar("T")

ADVERTISING_S = 0.02
SUPERVISION_S = 0.2
FAST = Timings(search_s=2.0, settle_s=0.08, connect_s=2.0, operation_s=1.0, silence_s=1.0)
HASTY = Timings(search_s=1.0, settle_s=0.08, connect_s=2.0, operation_s=1.0, silence_s=0.3)


def air(firmwares: Mapping[str, Firmware], max_mtu: int = 247) -> AbstractAsyncContextManager[VirtualRadio]:
    """Put firmwares on the air, advertising often and giving up soon."""
    return virtual_radio(
        firmwares, advertising_interval_s=ADVERTISING_S, supervision_timeout_s=SUPERVISION_S, max_mtu=max_mtu
    )


def alone(counter: Counter | None = None) -> AbstractAsyncContextManager[VirtualRadio]:
    """Put one counter on the air, as "band"."""
    return air({"band": counter or Counter()})


def source(radio: VirtualRadio, timings: Timings = FAST, driver: Counting | None = None) -> WearableSource:
    """Give a source for the only counter on the air."""
    return WearableSource(driver or Counting(), radio=radio.backends, timings=timings)


async def numbers(wearable: WearableSource, n: int) -> list[int]:
    """Give the first n numbers of a connection, and leave."""
    found: list[int] = []
    async with aclosing(wearable.events()) as events:
        async for event in events:
            found += counts(event)
            if len(found) >= n:
                break
    return found


async def collect(arriving: AsyncIterator[T], into: list[T]) -> None:
    """Keep everything that comes, until the end or the loss."""
    async for each in arriving:
        into.append(each)  # noqa: PERF401  # what came before a loss counts


def counts(event: Event) -> list[int]:
    """Give the number in an event, if it brings one."""
    return [event.frame.count] if isinstance(event, Arrived) and event.frame.count is not None else []
