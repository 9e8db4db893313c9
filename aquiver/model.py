"""The words: every value that crosses a border between packages.

Times are UNIX seconds, durations seconds; counts start with ``n_``. A *sample* is one value per channel
at one instant; its number counts from 0 within a *run* of its stream, and a gap is a jump in that numbering.
"""

from dataclasses import dataclass, field, replace
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


class Label(StrEnum):
    """How a twitch stands to its neighbours on the same site (Sleutjes 2016; Kleine 2012)."""

    ISOLATED = "isolated"
    DOUBLET = "doublet"
    GROUPED = "grouped"


class SpanReason(StrEnum):
    """Why a stretch of time cannot be judged.

    ``gap``: no samples. ``warm_up``: the method has not settled, at the start or after a gap. ``edge``: the last
    fraction of a second before a gap or the end. ``contact``: flat. ``unsuitable``: no method for such a signal.
    """

    WARM_UP = "warm_up"
    GAP = "gap"
    MOVEMENT = "movement"
    CONTACT = "contact"
    SATURATED = "saturated"
    NOISE = "noise"
    HEART = "heart"
    EDGE = "edge"
    UNSUITABLE = "unsuitable"


class Period(StrEnum):
    """What a tally covers."""

    MINUTE = "minute"
    HOUR = "hour"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Twitch:
    """One twitch, on the clock and on the body. ``night`` is the evening's local date.

    ``amplitude`` is peak to peak in ``unit``; ``snr`` the same in units of the noise floor.
    """

    wearer: str
    device: str
    site: Site
    modality: Modality
    night: str
    run: str
    sample: int
    onset_s: float
    duration_s: float
    peak_s: float
    channel: str
    amplitude: float
    unit: Unit
    snr: float
    label: Label


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time that was measured but not judged, or not measured at all."""

    wearer: str
    device: str
    site: Site
    modality: Modality
    night: str
    run: str
    sample: int
    start_s: float
    stop_s: float
    reason: SpanReason


@dataclass(frozen=True, slots=True)
class Tally:
    """Twitches and the time they were counted in, for a minute, an hour or a night.

    ``analysable_s`` and ``excluded_s`` add up to the time since the stream appeared in this period.
    A later tally of the same period replaces an earlier one; ``is_final`` says that none will follow.
    """

    wearer: str
    device: str
    site: Site
    modality: Modality
    night: str
    period: Period
    start_s: float
    analysable_s: float
    excluded_s: dict[SpanReason, float]
    n_twitches: int
    floor: float
    unit: Unit
    is_final: bool


class BandState(StrEnum):
    """What the collector is doing about a band."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    STREAMING = "streaming"
    LOST = "lost"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """How one stream of a band is doing. ``residual_s`` is the clock model's typical error."""

    newest_sample_s: float | None
    n_samples: int
    n_lost: int
    residual_s: float


@dataclass(frozen=True, slots=True)
class Status:
    """How a band is doing now. Judge it by the age of its newest sample, never by ``state`` alone."""

    wearer: str
    device: str
    site: Site
    time_s: float
    state: BandState
    reason: str
    battery_percent: float | None
    n_malformed: int
    streams: dict[Modality, StreamStatus] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Position:
    """A consumer's word on a journal: everything before ``next_number`` is safe with me.

    ``is_request`` says that something is missing: send again from there.
    """

    journal: str
    consumer: str
    next_number: int
    is_request: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parcel stands in its sender's journal; ``base`` is the oldest number still kept."""

    journal: str
    number: int
    base: int


Record = Twitch | Span | Tally
Message = Chunk | Record | Status | Position


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message under way, with its place in the sender's journal where it has one."""

    message: Message
    place: Place | None = None
