"""Telling the wearer: the notifier and Home Assistant, opened from the settings. It alone asks what time it is."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from aquiver.bus import Bus
from aquiver.bus.login import Login
from aquiver.commands.keeping import store_of
from aquiver.commands.matters import Matters
from aquiver.passwords import password_of
from aquiver.settings import Settings
from dashboards.channels import Way
from dashboards.home.memory import Memory
from dashboards.home.service import Home
from dashboards.notices.outbox import Outbox
from dashboards.notices.service import Notifier, Wearer
from dashboards.notices.window import Window


def outbox_of(settings: Settings) -> Outbox:
    """Open the messages under way of the wearer in the settings."""
    return Outbox(settings.folder / "notify.db", settings.wearer)


def memory_of(settings: Settings) -> Memory:
    """Open what Home Assistant was told of the wearer in the settings."""
    return Memory(settings.folder / "notify.db", settings.wearer)


def login_of(settings: Settings) -> Login:
    """Give the account under which the wearer is told."""
    return Login("notify", password_of("notify", settings.folder), settings.bus_ca)


@asynccontextmanager
async def tell_wearer(settings: Settings, bus: Bus, ways: Sequence[Way]) -> AsyncIterator[None]:
    """Tell what is due and hear what is said while the block runs; tell Home Assistant where the settings ask for it."""
    wearer = Wearer(settings.wearer, settings.zone, Window.parse(settings.notices.window))
    async with AsyncExitStack() as stack:
        store = stack.enter_context(store_of(settings))
        outbox = outbox_of(settings)
        stack.callback(outbox.close)
        notifier = Notifier(wearer, store, outbox, ways, Matters(store, settings), time.time)
        await stack.enter_async_context(notifier.at_work(bus))
        if settings.home_assistant:
            memory = memory_of(settings)
            stack.callback(memory.close)
            home = Home(settings.wearer, settings.zone, settings.home_assistant, store, memory, time.time)
            await stack.enter_async_context(home.at_work(bus, settings.bus, login_of(settings)))
        yield
