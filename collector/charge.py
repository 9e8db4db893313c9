"""How full a wearable's battery is, asked in passing: connected, read, and left."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from aquiver.driver import Read
from aquiver.errors import LinkLost
from collector.links.ble import DEFAULT_TIMINGS, Found, Radio, Timings, connect
from collector.sources.wearable import BATTERY

_BRIEF = replace(DEFAULT_TIMINGS, connect_s=8.0, operation_s=3.0)
_FULL_PERCENT = 100


async def charge_of(radio: Radio, found: Found, timings: Timings = _BRIEF) -> int | None:
    """Give the battery in percent; None where it is not told, or the wearable lets nobody in."""
    value = b""
    with suppress(LinkLost, TimeoutError):
        async with asyncio.timeout(timings.connect_s + timings.operation_s), connect(radio, found, timings) as link:
            if "read" in link.offers(BATTERY):
                value = await link.perform(Read(BATTERY))
    return value[0] if value and value[0] <= _FULL_PERCENT else None
