"""An examination: a connection to a band that is there to see whether the band keeps the rules."""

import asyncio
from contextlib import aclosing, suppress

from aquiver.driver import Decoder, Driver, Read
from aquiver.errors import DecodeError, LinkLost
from collector.conformance import Evidence, Heard
from collector.links import Notification
from collector.links.ble import DEFAULT_TIMINGS, BleLink, Radio, Timings, connect, find
from collector.sources.wearable import BATTERY, converse

_UNDER_WAY_S = 0.5  # after the stop: what was in queues and in the air
_AFTER_STOP_S = 1.0


async def examine(
    radio: Radio,
    driver: Driver,
    address: str | None,
    name: str | None,
    listen_s: float,
    timings: Timings = DEFAULT_TIMINGS,
) -> Evidence:
    """Start a band, listen to it for ``listen_s``, and stop it; give what was seen.

    Raises:
        LinkLost: it was not found, or did not let us connect.
    """
    found = await find(radio, driver, address, name, timings)
    async with connect(radio, found, timings) as link:
        try:
            decoder = await converse(link, driver)
            mtu = link.mtu(driver.hears[0])
        except LinkLost as lost:
            return Evidence(refusal=str(lost))
        heard, loss = await _hear(link, listen_s)
        after, loss = ([], loss) if loss else await _heard_after_stop(link, driver)
        return Evidence(
            decoder.signals,
            tuple(_decoded(decoder, one) for one in heard),
            mtu,
            await _battery(link),
            sum(one.characteristic in driver.hears for one in after),
            loss=loss,
        )


async def _hear(link: BleLink, for_s: float) -> tuple[list[Notification], str]:
    """Give what comes within a time; and why the link ended, if it did."""
    heard: list[Notification] = []
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(for_s), aclosing(link.notifications()) as notifications:
                async for one in notifications:
                    heard.append(one)  # noqa: PERF401  # what came before a loss counts
    except LinkLost as lost:
        return heard, str(lost)
    return heard, ""


async def _heard_after_stop(link: BleLink, driver: Driver) -> tuple[list[Notification], str]:
    try:
        for write in driver.farewell():
            await link.perform(write)
    except LinkLost as lost:
        return [], str(lost)
    await _hear(link, _UNDER_WAY_S)
    return await _hear(link, _AFTER_STOP_S)


async def _battery(link: BleLink) -> bytes:
    try:
        return await link.perform(Read(BATTERY)) if "read" in link.offers(BATTERY) else b""
    except LinkLost:  # refused, or gone
        return b""


def _decoded(decoder: Decoder, one: Notification) -> Heard:
    try:
        return Heard(len(one.data), one.arrival_s, decoder.decode(one.characteristic, one.data))
    except DecodeError as error:
        return Heard(len(one.data), one.arrival_s, error=str(error))
