"""The home service: tells Home Assistant how the bands stand. A thin shell."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from aquiver.bus import Bus
from aquiver.bus.login import Login
from aquiver.bus.plain import Plain, PlainMqtt, open_plain
from aquiver.complaints import Task
from aquiver.model import Parcel, Status, Tally
from aquiver.nights import night_of, start_of
from aquiver.patience import attempt
from aquiver.store import Store
from dashboards.home.discovery import discovery, parts_in, topics_of
from dashboards.home.memory import Memory
from dashboards.home.place import OFFLINE, ONLINE, discovery_topic, service_topic
from dashboards.home.standing import Standing

TELL_S = 30.0
_ALWAYS_S = 1e11


class Home:
    """Tell one wearer's bands to Home Assistant: on every connect, whenever it starts, and every half minute."""

    def __init__(
        self,
        wearer: str,
        zone: ZoneInfo,
        prefix: str,
        store: Store,
        memory: Memory,
        clock: Callable[[], float],
        tell_s: float = TELL_S,
    ) -> None:
        self._wearer = wearer
        self._zone = zone
        self._prefix = prefix
        self._store = store
        self._memory = memory
        self._clock = clock
        self._tell_s = tell_s
        self._standing = Standing(wearer)
        self._is_whole = False  # whether all that was kept before is known

    @asynccontextmanager
    async def at_work(self, bus: Bus, url: str, login: Login) -> AsyncIterator["Home"]:
        """Tell while the block runs; at its end say offline."""
        will = Plain(service_topic(self._wearer), OFFLINE)
        hears = (f"{self._prefix}/status",)
        await self._read(0.0)
        async with (
            bus.subscribe(Status, Tally) as batches,
            open_plain(url, f"aquiver-home-{self._wearer}", login, will, hears) as plain,
            asyncio.TaskGroup() as tasks,
        ):
            working = [
                tasks.create_task(self._listen(batches), name="home listens"),
                tasks.create_task(self._answer(plain), name="home answers"),
                tasks.create_task(self._tell(plain), name="home tells"),
            ]
            try:
                yield self
            finally:
                for task in working:
                    task.cancel()

    def texts(self) -> dict[str, str]:
        """Give what is told now, by topic."""
        now_s = self._clock()
        tonight = night_of(now_s, self._zone)
        told = {service_topic(self._wearer): ONLINE}
        totals = self._standing.totals()
        for place, modalities in self._standing.streams().items():
            mine = {one: self._memory.at_least(f"{place.name}/{one}", totals[place, one]) for one in modalities}
            state = self._standing.state(place, mine, tonight, now_s)
            told[place.state_topic(self._wearer)] = json.dumps(state, ensure_ascii=False)
            told[place.fresh_topic(self._wearer)] = self._standing.fresh(place, now_s)
        return told

    def described(self) -> dict[str, str]:
        """Give the description of the device, by topic."""
        text = discovery(self._wearer, self._standing.streams(), self._memory.described())
        self._memory.describe(text)
        return {discovery_topic(self._prefix, self._wearer): text}

    async def _read(self, since_s: float) -> None:
        """Read what is kept. While the store does not give it, that is a fault; what is heard meanwhile is told."""
        found: list[Tally] = []

        def read() -> None:
            found[:] = self._store.read(Tally, self._wearer, since_s if self._is_whole else 0.0, _ALWAYS_S)

        self._is_whole |= await attempt(read, Task.READ)
        self._standing.feed(found)

    async def _listen(self, batches: AsyncIterator[list[Parcel]]) -> None:
        async for batch in batches:
            self._standing.feed(one.message for one in batch if isinstance(one.message, Status | Tally))

    async def _answer(self, plain: PlainMqtt) -> None:
        """Describe and tell anew on each connect, and when Home Assistant comes up."""
        async for heard in plain.heard():
            if heard is None or heard.text == ONLINE:
                await plain.publish(self.described() | self.texts())

    async def _tell(self, plain: PlainMqtt) -> None:
        before = self.described()
        while True:
            await asyncio.sleep(self._tell_s)
            await self._read(start_of(night_of(self._clock(), self._zone), self._zone))
            now = self.described()
            await plain.publish((now if now != before else {}) | self.texts())
            before = now


async def forget(wearer: str, prefix: str, url: str, login: Login, memory: Memory) -> None:
    """Take a wearer's device out of Home Assistant: its description, and all that was told."""
    parts = parts_in(memory.described()).values()
    told = {topic for part in parts for topic in topics_of(part)}
    taken_back = dict.fromkeys((discovery_topic(prefix, wearer), *sorted(told)), "")
    async with open_plain(url, f"aquiver-home-{wearer}", login, Plain(service_topic(wearer), ""), ()) as plain:
        async for heard in plain.heard():
            if heard is None:
                await plain.publish(taken_back)
                break
    memory.describe("")
