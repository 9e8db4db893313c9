"""Withdrawing: a broker of the wearer's own forgets what it retains of them.

Each account may say no more than its own messages, so each withdraws what it said.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import click

from aquiver.bus import open_bus
from aquiver.bus.login import Login
from aquiver.commands.notifying import memory_of
from aquiver.erasure import Wish
from aquiver.errors import AquiverError
from aquiver.model import Fault, Heartbeat, Message, Parcel, Position, ServiceState, Status
from aquiver.passwords import password_of
from aquiver.settings import Settings
from aquiver.wire import RETAINED, topic_of
from dashboards.home.service import forget

_BROKER_S = 5.0  # so long the broker has to answer
_ACCOUNTS = ("collector", "detector", "judge", "recorder", "notify", "view")


def withdraw(settings: Settings, wish: Wish, wearers: list[str]) -> None:
    """Have a broker of the wearer's own forget; the embedded one has ended, and kept nothing."""
    if settings.bus.startswith("embedded:") or wish.night is not None:
        return
    try:
        n_topics = sum(asyncio.run(_withdrawn(settings, wish, account)) for account in _ACCOUNTS)
        asyncio.run(_taken_out(settings, wearers))
    except (TimeoutError, AquiverError):
        click.echo(f"the broker {settings.bus} does not answer: what it retains (band states) is still there")
    else:
        click.echo(f"{n_topics} retained messages withdrawn from the broker")


async def _withdrawn(settings: Settings, wish: Wish, account: str) -> int:
    """Withdraw what one account said, is retained and meant, and give its number.

    A heartbeat of our own that comes back shows that a broker is there, and that all it retained came before.
    """
    last = Heartbeat(account, "erase", 0.0, ServiceState.ENDED)
    is_meant = _question(wish, account)
    topics: dict[str, Message] = {}
    login = Login(account, password_of(account, settings.folder), settings.bus_ca)
    async with asyncio.timeout(_BROKER_S), open_bus(settings.bus, f"aquiver-erase-{account}", login) as bus:
        async with bus.subscribe(*RETAINED) as batches:
            await bus.publish(Parcel(last))
            async for batch in batches:
                topics |= {topic_of(one.message): one.message for one in batch if is_meant(one.message)}
                if any(one.message == last for one in batch):
                    break
        for message in topics.values():
            await bus.withdraw(message)
    return sum(message != last for message in topics.values())


def _question(wish: Wish, account: str) -> Callable[[Message], bool]:
    """Ask whether a retained message is this account's, and goes. Positions and heartbeats are nobody's."""

    def is_meant(message: Message) -> bool:
        match message:
            case Status():
                return account == "collector" and wish.includes(message.wearer, None)
            case Fault():
                return message.reporter == account and wish.includes(message.wearer, None)
            case Position():
                return message.consumer == account and wish.wearer is None
            case Heartbeat():
                return message.service == account
            case _:
                return False

    return is_meant


async def _taken_out(settings: Settings, wearers: list[str]) -> None:
    """Take wearers out of Home Assistant, where they were ever described to it."""
    login = Login("notify", password_of("notify", settings.folder), settings.bus_ca)
    prefix = settings.home_assistant or "homeassistant"
    for wearer in wearers:
        memory = memory_of(replace(settings, wearer=wearer))
        try:
            if memory.described():
                async with asyncio.timeout(_BROKER_S):
                    await forget(wearer, prefix, settings.bus, login, memory)
        finally:
            memory.close()
