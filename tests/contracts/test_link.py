"""A link is a link: what the seam promises, of each kind."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from aquiver.driver import Ask, Listen, Read, Write
from aquiver.errors import LinkLost
from collector.links import Link, Notification
from collector.links.ble import connect, find
from collector.links.scripted import Answer, ScriptedLink
from collector.virtual.counter import BATTERY, CONTROL, DONE, NUMBERS, START, STOP, Counting
from tests.air import FAST, alone, collect

ABSENT = "00002a37-0000-1000-8000-00805f9b34fb"
N_NUMBERS = 5

Opening = Callable[[], AbstractAsyncContextManager[Link]]


@asynccontextmanager
async def over_the_air() -> AsyncIterator[Link]:
    async with alone() as radio:
        found = await find(radio.backends, Counting(), None, None, FAST)
        async with connect(radio.backends, found, FAST) as link:
            yield Dropping(link, lambda: radio.drop_link("band"))


class Dropping:
    """A link that loses its wearable after the numbers the script knows."""

    def __init__(self, link: Link, drop: Callable[[], None]) -> None:
        self._link = link
        self._drop = drop
        self.perform = link.perform

    async def notifications(self) -> AsyncIterator[Notification]:
        n_heard = 0
        async for notification in self._link.notifications():
            n_heard += 1
            if n_heard <= N_NUMBERS:
                yield notification
            if n_heard == N_NUMBERS:
                self._drop()


@asynccontextmanager
async def from_a_script() -> AsyncIterator[Link]:
    numbers = [Notification(NUMBERS, n.to_bytes(4, "little"), float(n)) for n in range(N_NUMBERS)]
    yield ScriptedLink([Answer(request, data) for request, data in CONVERSATION.items()], numbers)


CONVERSATION = {
    Listen(NUMBERS): b"",
    Ask(CONTROL, START, reply_on=CONTROL): START + DONE,
    Read(BATTERY): bytes([80]),
    Write(CONTROL, STOP): b"",
}


@pytest.fixture(params=[over_the_air, from_a_script])
def opening(request: pytest.FixtureRequest) -> Opening:
    return request.param


async def test_each_request_has_its_answer(opening: Opening):
    async with opening() as link:
        for request, answer in CONVERSATION.items():
            assert await link.perform(request) == answer


@pytest.mark.parametrize("request_", [Write(CONTROL, b"\xee"), Read(ABSENT), Read(NUMBERS)])
async def test_a_refused_request_loses_the_link(opening: Opening, request_):
    async with opening() as link:
        with pytest.raises(LinkLost):
            await link.perform(request_)


async def test_notifications_come_in_order_without_replies_until_the_link_is_lost(opening: Opening):
    heard: list[Notification] = []
    async with opening() as link:
        for request in list(CONVERSATION)[:2]:
            await link.perform(request)
        with pytest.raises(LinkLost):
            await collect(link.notifications(), heard)
    assert [(each.characteristic, int.from_bytes(each.data, "little")) for each in heard] == [
        (NUMBERS, number) for number in range(N_NUMBERS)
    ]
    assert [each.arrival_s for each in heard] == sorted(each.arrival_s for each in heard)
