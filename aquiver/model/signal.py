"""Signals: what a wearable measures, as streams of chunks."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from aquiver.body import Site

Samples = NDArray[np.int32]


class Modality(StrEnum):
    """What a stream measures."""

    EMG = "emg"
    ACCELEROMETER = "accelerometer"
    ECG = "ecg"


class Unit(StrEnum):
    """The unit of a stream's scaled values; ``count`` where the maker publishes no volts."""

    MICROVOLT = "uV"
    COUNT = "count"
    G = "g"


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: value = ``scale`` x integer + ``offset``, in the stream's unit."""

    name: str
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Signal:
    """What a sensor measures, before it is known who wears it, and where.

    ``limit`` is the largest magnitude of the sensor's integers: a sample that reaches it is saturated.
    """

    modality: Modality
    rate_hz: float
    unit: Unit
    limit: int
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Stream:
    """One signal on one site of one wearer: the key everywhere."""

    wearer: str
    device: str
    site: Site
    signal: Signal

    @property
    def modality(self) -> Modality:
        """Name what is measured."""
        return self.signal.modality

    @property
    def rate_hz(self) -> float:
        """Give the nominal sample rate; the true one is in each chunk's clock."""
        return self.signal.rate_hz

    @property
    def name(self) -> str:
        """Name the stream in one word, for logs and tables.

        >>> signal = Signal(Modality.EMG, 200.0, Unit.COUNT, 128, (Channel("1"),))
        >>> Stream("me", "band-1", Site.LEFT_CALF, signal).name
        'me/left_calf/band-1/emg'
        """
        return f"{self.wearer}/{self.site}/{self.device}/{self.modality}"


@dataclass(frozen=True, slots=True)
class Clock:
    """The straight line from sample numbers to time: ``sample`` happened at ``time_s``."""

    sample: int
    time_s: float
    rate_hz: float

    def time_of(self, sample: int) -> float:
        """Give the UNIX time of a sample number."""
        return self.time_s + (sample - self.sample) / self.rate_hz


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Consecutive samples of one run of one stream, in the sensor's own integers.

    ``samples`` has shape (n, channels). ``follows`` is the number after the previous chunk's last sample:
    ``first_sample - follows`` samples were lost before they reached the collector. ``is_last`` ends the run.
    """

    stream: Stream
    run: str
    first_sample: int
    follows: int
    clock: Clock
    samples: Samples
    is_last: bool = False

    @property
    def n_samples(self) -> int:
        """Count the samples."""
        return len(self.samples)

    @property
    def end_sample(self) -> int:
        """Give the number after the last sample."""
        return self.first_sample + len(self.samples)

    @property
    def n_lost(self) -> int:
        """Count the samples missing before this chunk."""
        return self.first_sample - self.follows

    @property
    def end_s(self) -> float:
        """Give the time at which the last sample ends."""
        return self.clock.time_of(self.end_sample)

    def cut(self, at: int) -> tuple["Chunk", "Chunk"]:
        """Split after ``at`` samples (0 <= at <= n): the same samples, in two chunks.

        >>> signal = Signal(Modality.EMG, 200.0, Unit.COUNT, 128, (Channel("1"),))
        >>> stream = Stream("me", "band-1", Site.LEFT_CALF, signal)
        >>> chunk = Chunk(stream, "r", 10, 8, Clock(10, 0.0, 200.0), np.zeros((5, 1), np.int32))
        >>> [(part.follows, part.first_sample, part.n_samples) for part in chunk.cut(2)]
        [(8, 10, 2), (12, 12, 3)]
        """
        middle = self.first_sample + at
        head = replace(self, samples=self.samples[:at], is_last=False)
        tail = replace(self, first_sample=middle, follows=middle, samples=self.samples[at:])
        return head, tail

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Chunk):
            return NotImplemented
        return self._facts() == other._facts() and np.array_equal(self.samples, other.samples)

    __hash__ = None  # type: ignore[assignment]  # a chunk holds an array

    def _facts(self) -> tuple[object, ...]:
        return (self.stream, self.run, self.first_sample, self.follows, self.clock, self.is_last)
