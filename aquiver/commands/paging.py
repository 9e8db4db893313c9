"""The page in a running program: fed from the bus and the store, served until the block ends."""

import asyncio
import os
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from aquiver.bus import Bus
from aquiver.commands.bedside import acts_of
from aquiver.commands.desk import works_of
from aquiver.complaints import Task
from aquiver.errors import SettingsError
from aquiver.loopback import is_loopback
from aquiver.model import Kept, Span, Tally, Twitch
from aquiver.nights import end_of, night_of, start_of
from aquiver.passwords import ensure_passwords, secrets_folder
from aquiver.patience import until_done
from aquiver.sentry.service import Sentry
from aquiver.settings import Settings
from aquiver.store import Store, open_store
from dashboards.page.app import KEY_PATH, create_app
from dashboards.page.given import Given
from dashboards.page.guard import Guard, names_of_this_machine
from dashboards.page.live.events import Now
from dashboards.page.live.pump import Pump
from dashboards.page.server import listen_on, serving
from dashboards.page.state import Morning, tonight_of
from dashboards.page.vigil import Vigil

_KEY = "page-key"
_LOOK_S = 0.5
_RECALL_S = 5.0  # the page waits so long for what is kept of the night


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is. ``link`` has the key in it where one is needed, and is shown once: when the key was made."""

    url: str
    link: str = ""

    @property
    def shown(self) -> str:
        """Give what a person opens."""
        return self.link or self.url


@asynccontextmanager
async def page_on(bus: Bus, sentry: Sentry, settings: Settings, config: Path | None = None) -> AsyncIterator[Address]:
    """Serve the page while the block runs.

    Raises:
        SettingsError: it cannot listen where the settings say.
    """
    host, port = split_listen(settings.page.listen)
    listener = listen_on(host, port)
    key, is_new = ("", False) if is_loopback(host) else _key(settings)
    shown_host = f"[{host}]" if ":" in host else host
    url = f"http://{shown_host}:{listener.getsockname()[1]}/"
    link = f"{url.rstrip('/')}{KEY_PATH}?key={key}" if is_new else ""
    store = open_store(settings.store, settings.folder, settings.store_ca)
    try:
        given = _given(settings, config, store)
        guard = Guard(key, names_of_this_machine() | {host} if key else frozenset())
        async with serving(create_app(given, guard), listener), asyncio.TaskGroup() as tasks:
            recalling = tasks.create_task(_recall(settings, store, given.vigil), name="page recalls")
            await asyncio.wait({recalling}, timeout=_RECALL_S)
            running = [
                recalling,
                tasks.create_task(_listen(bus, given.pump), name="page hears"),
                tasks.create_task(_look(sentry, given.vigil), name="page looks"),
                tasks.create_task(given.pump.run(), name="page tells"),
            ]
            try:
                yield Address(url, link)
            finally:
                for task in running:
                    task.cancel()
    finally:
        store.close()


def _given(settings: Settings, config: Path | None, store: Store) -> Given:
    """Give what the page needs, with nothing of the night in it yet."""
    night = night_of(time.time(), settings.zone)
    vigil = Vigil(settings.wearer, night)
    morning = Morning(settings.page.morning, settings.zone, {band.device: band.battery_h for band in settings.band})
    pump = Pump(vigil, lambda: Now(tonight_of(vigil.evening, morning, time.time())))
    works, acts = works_of(store, settings), acts_of(settings, config, vigil.evening, lambda: pump.streams)
    return Given(
        settings.wearer, settings.zone, store, vigil, pump, morning, time.time, version("aquiver"), works, acts
    )


def split_listen(listen: str) -> tuple[str, int]:
    """Give host and port of ``HOST:PORT``.

    >>> split_listen("127.0.0.1:8737"), split_listen("[::1]:80")
    (('127.0.0.1', 8737), ('::1', 80))

    Raises:
        SettingsError: it is no such thing.
    """
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or int(port) >= 1 << 16:
        raise SettingsError(f'"{listen}" is no place to listen; write it as "127.0.0.1:8737" or "0.0.0.0:8737"')
    return host, int(port)


def open_browser(address: Address, environment: Mapping[str, str] = os.environ) -> None:
    """Open the page in the person's browser, where there is a person and a screen."""
    if is_screen_here(environment, sys.platform) and sys.stdout.isatty():
        webbrowser.open(address.shown)


def is_screen_here(environment: Mapping[str, str], platform: str) -> bool:
    """Tell whether a browser would be seen by who started this.

    >>> is_screen_here({"DISPLAY": ":0"}, "linux"), is_screen_here({}, "linux"), is_screen_here({"CI": "1"}, "darwin")
    (True, False, False)
    """
    if environment.get("CI") or environment.get("SSH_CONNECTION"):
        return False
    return platform != "linux" or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _key(settings: Settings) -> tuple[str, bool]:
    """Give the key of the page, and whether it was made just now."""
    folder = secrets_folder(settings.folder)
    is_new = not (folder / _KEY).exists()
    return ensure_passwords((_KEY,), folder)[_KEY], is_new


async def _recall(settings: Settings, store: Store, vigil: Vigil) -> None:
    """Take in the night so far. While the store does not give it that is a fault, and the page goes on without."""
    since_s = start_of(vigil.evening.night, settings.zone)
    until_s = end_of(vigil.evening.night, settings.zone)
    found: list[Kept] = []

    def read() -> None:
        each = (store.read(kind, settings.wearer, since_s, until_s) for kind in (Tally, Span, Twitch))
        found[:] = [record for records in each for record in records]

    await until_done(read, Task.READ)
    for record in found:
        vigil.feed(record)


async def _listen(bus: Bus, pump: Pump) -> None:
    async with bus.subscribe() as batches:
        async for batch in batches:
            for parcel in batch:
                pump.feed(parcel.message)


async def _look(sentry: Sentry, vigil: Vigil) -> None:
    while True:
        vigil.evening.see(sentry.open)
        await asyncio.sleep(_LOOK_S)
