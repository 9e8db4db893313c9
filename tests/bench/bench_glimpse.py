"""How long after a twitch begins a view can know of it: a virtual band at its real rate, over the real broker.

The twitch is the one of the simulated body, not the one that was found. All services run in this process.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import numpy as np

from aquiver.bus import Bus
from aquiver.commands.night import demo_settings
from aquiver.commands.services import SERVICES, broker_for, bus_for
from aquiver.model import Glimpse, Modality, Period, Tally, Twitch
from aquiver.settings import Settings
from collector.opening import simulation_in
from detector.score import EMG_TOLERANCE_S, pairs

LENGTH_S = 90.0
KIND = "myo"  # 200 Hz, a packet every 10 ms


@dataclass(slots=True)
class Heard:
    """What came over the bus, and when."""

    glimpses: list[tuple[Glimpse, float]] = field(default_factory=list)
    twitches: dict[int, Twitch] = field(default_factory=dict)
    minutes: dict[float, Tally] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The delays of the glimpses that were true, in seconds, and how many were not or told of what was counted."""

    delays_s: list[float]
    n_glimpses: int
    n_untrue: int
    n_twitches: int
    n_counted: int

    @property
    def words(self) -> str:
        """Say it in a line."""
        p50, p95 = (1000 * float(np.percentile(self.delays_s, share)) for share in (50, 95))
        told = f"{len(self.delays_s)} of {self.n_glimpses} glimpses are true; from the twitch to the message"
        return f"{told} p50 {p50:.0f} ms, p95 {p95:.0f} ms; {self.n_twitches} twitches, {self.n_counted} in the tallies"


async def hear(bus: Bus, heard: Heard) -> None:
    """Keep what is said."""
    async with bus.subscribe(Glimpse, Twitch, Tally) as batches:
        async for batch in batches:
            now_s = time.time()
            for parcel in batch:
                match parcel.message:
                    case Glimpse() as glimpse:
                        heard.glimpses.append((glimpse, now_s))
                    case Twitch() as twitch:
                        heard.twitches[twitch.sample] = twitch
                    case Tally(period=Period.MINUTE, modality=Modality.EMG) as tally:
                        heard.minutes[tally.start_s] = tally


async def listen(length_s: float, seed: int = 1) -> Found:
    """Run one band for so long."""
    heard = Heard()
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(demo_settings(seed, (KIND,)), data=folder)
        began_s = time.time()
        async with AsyncExitStack() as stack:
            settings = replace(settings, bus=await stack.enter_async_context(broker_for(settings)))
            for service in ("recorder", "detector"):
                await stack.enter_async_context(SERVICES[service](settings))
            ear = await stack.enter_async_context(bus_for(settings, "view"))
            async with asyncio.TaskGroup() as tasks:
                hearing = tasks.create_task(hear(ear, heard))
                async with SERVICES["collector"](settings):
                    await asyncio.sleep(length_s)
                await asyncio.sleep(1.0)  # the last run is decided
                hearing.cancel()
        return _compared(heard, settings, began_s)


def _compared(heard: Heard, settings: Settings, began_s: float) -> Found:
    simulation = simulation_in(settings)
    assert simulation is not None
    site = settings.band[0].site
    truth = [one.onset_s for one in simulation.body().truth(site, Modality.EMG, began_s, time.time())]
    mine = [(one, at_s) for one, at_s in heard.glimpses if one.modality is Modality.EMG]
    matched = pairs(truth, [one.onset_s for one, _ in mine], EMG_TOLERANCE_S)
    n_twitches = sum(one.modality is Modality.EMG for one in heard.twitches.values())
    n_counted = sum(tally.n_twitches for tally in heard.minutes.values())
    delays_s = [mine[found][1] - truth[true] for true, found in matched]
    return Found(delays_s, len(mine), len(mine) - len(matched), n_twitches, n_counted)


def main() -> None:
    """Print the line."""
    length_s = float(sys.argv[1]) if len(sys.argv) > 1 else LENGTH_S
    print(f"Glimpses, a virtual {KIND} at its real rate, {length_s:.0f} s: ", end="", flush=True)
    print(asyncio.run(listen(length_s)).words)


if __name__ == "__main__":
    main()
