"""While InfluxDB is away no service ends: each waits, says so as a fault, and goes on by itself. Against the real server."""

import asyncio
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from aquiver.bus.local import LocalBus
from aquiver.bus.login import NOBODY
from aquiver.commands.ground import store_trouble
from aquiver.commands.judging import judge_nights
from aquiver.complaints import complaints
from aquiver.model import FaultKind, Heard, Link, Note, Parcel, Period, Twitch
from aquiver.recorder import Recorder
from aquiver.sentry.disk import refused
from aquiver.settings import Settings
from aquiver.store import open_store
from dashboards.home.memory import Memory
from dashboards.home.service import Home
from dashboards.notices.outbox import Outbox
from dashboards.notices.service import Notifier, Wearer
from dashboards.notices.window import Window
from tests.free_port import free_port
from tests.influx import Shim, ask, local
from tests.samples import NOW_S, a_note, a_tally, a_twitch, an_entry
from tests.servers import needs_influxd

pytestmark = needs_influxd
UTC = ZoneInfo("UTC")
NAME = "outage"


class Front(Shim):
    """A server that can be away, and back."""

    def leave(self) -> None:
        self.behind = free_port()

    def come_back(self) -> None:
        self.behind = local()


@pytest.fixture
def front():
    ask(local(), f"CREATE DATABASE {NAME}")
    one = Front(local())
    yield one
    one.shutdown()
    one.server_close()
    ask(local(), f"DROP DATABASE {NAME}")
    assert dict(complaints) == {}, "a fault was not taken back"


@pytest.fixture
def url(front):
    return f"influx://127.0.0.1:{front.server_port}/{NAME}"


@pytest.fixture
def store(url, tmp_path):
    opened = open_store(url, tmp_path)
    yield opened
    opened.close()


def said() -> set[tuple[str, str]]:
    """Give what the sentry would say is broken."""
    return {(finding.link, finding.kind) for finding in refused(complaints)}


AWAY = {(Link.STORE, FaultKind.STORE_SILENT)}


async def until(is_so) -> None:
    async with asyncio.timeout(15):
        while not is_so():
            await asyncio.sleep(0.02)


async def test_the_recorder_waits_and_then_keeps_everything_once(front, store):
    bus = LocalBus()
    front.leave()
    async with Recorder(store, None, bus).at_work():
        await bus.publish(Parcel(a_note()))
        await until(lambda: said() == AWAY)
        front.come_back()
        await until(lambda: not said())
    assert store.read(Note, "me", 0, 2 * NOW_S) == [a_note()]


async def test_the_notifier_goes_on_and_says_which_entries_are_not_kept(front, store, tmp_path):
    outbox, bus = Outbox(tmp_path / "notify.db", "me"), LocalBus()
    wearer = Wearer("me", UTC, Window.parse("09:00-20:00"))
    notifier = Notifier(wearer, store, outbox, [], lambda _: [], lambda: NOW_S)
    front.leave()
    async with bus.subscribe(Heard) as heard, notifier.at_work(bus):
        await until(lambda: said() == AWAY)
        await bus.publish(Parcel(an_entry("coffee 1")))
        (first,) = await anext(aiter(heard))
        front.come_back()
        await bus.publish(Parcel(an_entry("coffee 2")))
        (second,) = await anext(aiter(heard))
        await until(lambda: not said())
    outbox.close()
    assert (first.message.is_kept, second.message.is_kept) == (False, True)
    assert "InfluxDB" in first.message.said
    assert [note.words for note in store.read(Note, "me", 0, 2 * NOW_S)] == ["coffee 2"]


async def test_home_assistant_is_told_what_is_known_and_all_of_it_once_the_store_is_back(front, store, tmp_path):
    store.write([replace(a_tally(NOW_S - 3600.0, n_twitches=5), period=Period.NIGHT)])
    memory, bus = Memory(tmp_path / "notify.db", "me"), LocalBus()
    home = Home("me", UTC, "homeassistant", store, memory, lambda: NOW_S, tell_s=0.05)
    front.leave()
    async with home.at_work(bus, f"mqtt://127.0.0.1:{free_port()}", NOBODY):
        assert said() == AWAY
        assert len(home.texts()) == 1  # that it lives
        front.come_back()
        await until(lambda: any('"total": 5' in text for text in home.texts().values()))
        await until(lambda: not said())
    memory.close()


async def test_the_judge_waits_and_then_judges(front, url, tmp_path):
    settings = Settings(store=url, data=str(tmp_path), wearer="me")
    front.leave()
    async with judge_nights(settings, LocalBus()):
        await until(lambda: said() == AWAY)
        front.come_back()
        await until(lambda: not said())


def test_a_check_before_sleep_says_that_the_store_is_away(front, url, tmp_path):
    front.leave()
    words, _ = store_trouble(Settings(store=url, data=str(tmp_path)), NOW_S)
    assert "InfluxDB" in words


async def test_an_outage_is_logged_once_and_not_every_second(front, store, caplog):
    bus = LocalBus()
    front.leave()
    async with Recorder(store, None, bus).at_work():
        await bus.publish(Parcel(a_twitch(wearer="anna")), Parcel(a_note()))
        await until(lambda: said() == AWAY)
        await asyncio.sleep(2.5)
        front.come_back()
        await until(lambda: not said())
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
    assert store.read(Twitch, "anna", 0, 2 * NOW_S) == []  # a measured record comes with a place in a journal alone
