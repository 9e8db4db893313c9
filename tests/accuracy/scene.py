"""A scene: what was planted, and the samples a device makes of it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aquiver.model import Chunk, Clock, Stream

Times = NDArray[np.float64]

_STEP_S = 10.0


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Something that is no twitch, and when."""

    name: str
    start_s: float
    stop_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Twitches:
    """The truth, one row a twitch: ``sizes`` are peak to peak in the sensor's unit, ``sigmas`` over the local noise.

    ``ideal`` is the chance that an observer would find it who knew its shape and the noise (see ``Skin.truth``).
    """

    onsets_s: Times
    peaks_s: Times
    sizes: Times
    sigmas: Times
    ideal: Times

    def __len__(self) -> int:
        return len(self.peaks_s)


NO_TWITCHES = Twitches(*(np.empty(0) for _ in range(5)))


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One stream's samples, shape (n, channels), with everything that is in them."""

    stream: Stream
    samples: NDArray[np.int32]
    twitches: Twitches = NO_TWITCHES
    disturbances: list[Disturbance] = field(default_factory=list)
    beside: "Scene | None" = None  # another sensor at the same time

    @property
    def length_s(self) -> float:
        return len(self.samples) / self.stream.rate_hz

    def chunks(self) -> list[Chunk]:
        """Cut the samples as they would arrive, in steps of 10 s; of both sensors in turn, where there are two."""
        mine = self._cut()
        if self.beside is None:
            return mine
        return [chunk for pair in zip(self.beside._cut(), mine, strict=True) for chunk in pair]

    def _cut(self) -> list[Chunk]:
        n = round(_STEP_S * self.stream.rate_hz)
        clock = Clock(0, 0.0, self.stream.rate_hz)
        return [
            Chunk(self.stream, "run", first, first, clock, self.samples[first : first + n])
            for first in range(0, len(self.samples), n)
        ]
