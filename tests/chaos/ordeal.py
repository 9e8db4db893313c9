"""An ordeal: a house, a network and a schedule, from the first start to a quiet end."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import gauge
from tests.chaos.gauge import Recovery
from tests.chaos.house import House, free_port, wait_until
from tests.chaos.proxy import Proxy, Weather, a_proxy
from tests.chaos.schedule import Event

SETTLE_S = 120.0
_N_GOODBYES = 6
_LOOK_S = 0.2
PROCESSES = {"mosquitto": ("broker", "recorder", "detector", "collector"), "night": ("night",)}
PROCESSES["amqtt"] = PROCESSES["mosquitto"]


@dataclass
class Ordeal:
    """One run of a schedule. ``done`` names what happened, and how often."""

    house: House
    proxy: Proxy
    recovery: Recovery = field(default_factory=Recovery)
    done: dict[str, int] = field(default_factory=dict)
    n_restarts: int = 0
    clock_s: float = 0.0
    _gone: set[str] = field(default_factory=set)

    async def happen(self, event: Event) -> None:
        """Let one thing happen, to its end."""
        self.done[event.what] = self.done.get(event.what, 0) + 1
        if event.what in ("kill", "cut", "network down", "network stalls"):
            self.recovery.begin(time.monotonic(), gauge.committed(self.house.folder))
        match event.what:
            case "kill":
                await asyncio.to_thread(self.house.kill, event.whom)
            case "disk full":
                self.house.starve(event.whom, is_full=True)
                await asyncio.sleep(event.length_s)
                self.house.starve(event.whom, is_full=False)
            case "clock step":
                self.clock_s += event.length_s
                self.house.set_clock(self.clock_s)
            case "band vanishes":
                await self._out_of_range(event)
            case _:
                await self._weather(event)

    async def _out_of_range(self, event: Event) -> None:
        order = self.house.folder / "vanished"
        self._gone.add(event.whom)
        order.write_text(" ".join(self._gone))
        await asyncio.sleep(event.length_s)
        self._gone.discard(event.whom)
        order.write_text(" ".join(self._gone))

    async def _weather(self, event: Event) -> None:
        weather = self.proxy.weather
        match event.what:
            case "network down":
                weather.is_down = True
                self.proxy.cut()
            case "network stalls":
                weather.is_stalled = True
            case "network delays":
                weather.delay_s = 0.2
            case "network doubles":
                weather.doubled = 0.3
            case "network loses":
                weather.lost = 0.2
            case _:
                self.proxy.cut()
        await asyncio.sleep(event.length_s)
        self.proxy.weather = Weather()

    async def watch(self) -> None:
        """Restart what ended by itself, and follow the recovery, until cancelled."""
        while True:
            ended = await asyncio.to_thread(self.house.look_after)
            self.n_restarts += len(ended)
            self.recovery.look(time.monotonic(), await asyncio.to_thread(gauge.decided, self.house.folder))
            await asyncio.sleep(_LOOK_S)

    async def settle(self) -> bool:
        """Let the sun shine, end the collector in order, and wait until nothing is under way."""
        self.proxy.weather = Weather()
        (self.house.folder / "vanished").write_text("")
        n_before = gauge.committed(self.house.folder)
        folder = self.house.folder

        def is_streaming() -> bool:
            return gauge.committed(folder) > n_before and gauge.decided(folder) > n_before

        return await asyncio.to_thread(wait_until, is_streaming, SETTLE_S)


async def run(folder: Path, arrangement: str, seed: int, schedule: list[Event], say: Callable[[str], None]) -> Ordeal:
    """Go through a schedule; at the end nothing runs any more."""
    port = free_port()
    async with AsyncExitStack() as stack:
        proxy, proxy_port = await stack.enter_async_context(a_proxy(port, seed))
        is_night = arrangement == "night"
        bus = f"embedded:{port}" if is_night else f"mqtt://127.0.0.1:{proxy_port}"
        house = House(folder, bus, seed, port, broker="amqtt" if arrangement == "amqtt" else "mosquitto")
        stack.callback(house.end)
        ordeal = Ordeal(house, proxy)
        for name in PROCESSES[arrangement]:
            house.start(name)
        is_up = await asyncio.to_thread(wait_until, lambda: gauge.decided(folder) > 0, SETTLE_S)
        assert is_up, "nothing was decided within two minutes of the start"
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(ordeal.watch())
            await _follow(schedule, ordeal.happen, say)
            is_well = await ordeal.settle()
            watching.cancel()
        say("streaming again" if is_well else "NOT streaming again within two minutes")
        await asyncio.to_thread(_close, house, arrangement)
        return ordeal


async def _follow(
    schedule: list[Event], happen: Callable[[Event], Awaitable[None]], say: Callable[[str], None]
) -> None:
    began_s = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for event in schedule:
            await asyncio.sleep(max(0.0, began_s + event.at_s - time.monotonic()))
            if event.what != "kill":
                say(f"{event.at_s:6.1f} s  {event.what} {event.whom} {event.length_s:+.1f} s")
            tasks.create_task(happen(event))


def _close(house: House, arrangement: str) -> None:
    """End producers before consumers, each in order."""
    if arrangement == "night":
        for _ in range(_N_GOODBYES):
            house.stop("night")
            if gauge.is_drained(house.folder):
                return
            house.start("night")  # what its last second left under way is delivered by the next start
            time.sleep(10.0)
        return
    for _ in range(_N_GOODBYES):
        house.stop("collector")
        if wait_until(lambda: gauge.is_drained(house.folder), 10.0):
            break
        house.start("collector")  # what its last second left in the spool is delivered by the next start
        wait_until(lambda: gauge.is_drained(house.folder), 10.0)
    for name in ("detector", "recorder", "broker"):
        house.stop(name)
