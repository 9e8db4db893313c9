"""Withdrawing: a broker of the wearer's own forgets what it retains of them."""

import asyncio
from dataclasses import replace

import click

from aquiver.commands.notifying import memory_of
from aquiver.commands.services import bus_for
from aquiver.erasure import Wish
from aquiver.errors import AquiverError
from aquiver.model import Message, Parcel, Position, Status
from aquiver.settings import Settings
from aquiver.wire import topic_of
from dashboards.home.service import forget

_BROKER_S = 5.0  # so long the broker has to answer
_LAST = Position(journal="erase", consumer="erase", next_number=0)


def withdraw(settings: Settings, wish: Wish, wearers: list[str]) -> None:
    """Have a broker of the wearer's own forget what it retains; the embedded one has ended, and kept nothing."""
    if settings.bus.startswith("embedded:"):
        return
    try:
        n_topics = asyncio.run(_withdrawn(settings, wish))
        if wish.night is None:
            asyncio.run(_taken_out(settings, wearers))
    except (TimeoutError, AquiverError):
        click.echo(f"the broker {settings.bus} does not answer: what it retains (band states) is still there")
    else:
        click.echo(f"{n_topics} retained messages withdrawn from the broker")


async def _withdrawn(settings: Settings, wish: Wish) -> int:
    """Withdraw what is retained and meant, and give its number.

    A message of our own that comes back shows that a broker is there, and that all it retained came before.
    """
    topics: dict[str, Message] = {}
    async with asyncio.timeout(_BROKER_S), bus_for(settings, "collector") as bus:
        async with bus.subscribe(Status, Position) as batches:
            await bus.publish(Parcel(_LAST))
            async for batch in batches:
                topics |= {topic_of(one.message): one.message for one in batch if _is_retained_for(one.message, wish)}
                if any(one.message == _LAST for one in batch):
                    break
        for message in (*topics.values(), _LAST):
            await bus.withdraw(message)
    return len(topics)


async def _taken_out(settings: Settings, wearers: list[str]) -> None:
    """Take wearers out of Home Assistant, where they were ever described to it."""
    for wearer in wearers:
        memory = memory_of(replace(settings, wearer=wearer))
        try:
            if memory.described():
                async with asyncio.timeout(_BROKER_S):
                    await forget(wearer, settings.home_assistant or "homeassistant", settings.bus, memory)
        finally:
            memory.close()


def _is_retained_for(message: Message, wish: Wish) -> bool:
    """Tell whether a retained message goes. Positions are nobody's: they go with everything."""
    if isinstance(message, Position):
        return wish.wearer is None and message != _LAST
    return isinstance(message, Status) and wish.night is None and wish.includes(message.wearer, None)
