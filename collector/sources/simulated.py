"""A source of simulated samples: a body, listened to without any wearable."""

import asyncio
import math
from collections.abc import AsyncGenerator, Sequence

from aquiver.body import Site
from aquiver.driver import Frame
from aquiver.model import BandState, Channel, Modality, Signal, Unit
from collector.devices.myo import EMG_SIGNAL
from collector.simulation.body import Body
from collector.sources import Arrived, Event, Opened, Progress

FRAME_S = 0.1
LATENCY_S = 0.02  # a quiet radio: every frame arrives this long after its last sample

# What sensors give, by a word for settings and tests.
SIGNALS = {
    "emg-1000": Signal(Modality.EMG, 1000.0, Unit.MICROVOLT, 32767, (Channel("1", 0.1),)),
    "emg-myo": EMG_SIGNAL,
    "acc-polar": Signal(
        Modality.ACCELEROMETER, 52.0, Unit.G, 7995, tuple(Channel(axis, 0.001) for axis in ("x", "y", "z"))
    ),
}


class SimulatedSource:
    """One band on a simulated body, from ``start_s`` on for ``duration_s`` (None: without end).

    ``pace`` is wall time per simulated second: 1 runs with the clock, 0 as fast as it can. Arrival times are
    simulated in either case, so that the events do not depend on the machine.
    """

    def __init__(
        self,
        body: Body,
        site: Site,
        signals: Sequence[Signal],
        start_s: float,
        duration_s: float | None = None,
        pace: float = 1.0,
    ) -> None:
        self._body = body
        self._site = site
        self._signals = tuple(signals)
        self._start_s = start_s
        self._n_frames = math.inf if duration_s is None else math.floor(duration_s / FRAME_S + 1e-9)
        self._pace = pace

    async def events(self) -> AsyncGenerator[Event, None]:
        """Give the events of the one connection this source has; its end is the end of the simulation."""
        yield Progress(BandState.CONNECTING, "simulated body")
        yield Opened(self._signals)
        yield Progress(BandState.STREAMING)
        began_s = asyncio.get_running_loop().time()
        index = 0
        while index < self._n_frames:
            index += 1
            await self._wait_until(began_s + index * FRAME_S * self._pace)
            for signal in self._signals:
                yield self._arrived(signal, index - 1)

    async def _wait_until(self, due_s: float) -> None:
        """Wait for the loop's clock, not for a length: delays do not add up over a night."""
        await asyncio.sleep(due_s - asyncio.get_running_loop().time() if self._pace else 0)

    def _arrived(self, signal: Signal, index: int) -> Arrived:
        first, end = (math.floor(number * FRAME_S * signal.rate_hz + 1e-6) for number in (index, index + 1))
        samples = self._body.sense(self._site, signal, self._start_s, first, end - first)
        last_s = self._start_s + (end - 1) / signal.rate_hz
        return Arrived(Frame(signal.modality, samples, count=first), last_s + LATENCY_S)
