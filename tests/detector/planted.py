"""Planted signals: noise of known size with potentials at known times."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from aquiver.body import Site
from aquiver.model import (
    Channel,
    Chunk,
    Clock,
    Modality,
    Period,
    Record,
    Samples,
    Signal,
    SpanReason,
    Stream,
    Tally,
    Twitch,
    Unit,
)
from detector.engine import Engine

START_S = 1_800_000_000.0  # a whole hour of UNIX time
UTC = ZoneInfo("UTC")
Floats = NDArray[np.float64]


def a_stream(
    rate_hz: float = 500.0,
    n_channels: int = 1,
    *,
    unit: Unit = Unit.MICROVOLT,
    scale: float = 0.1,
    modality: Modality = Modality.EMG,
    limit: int = 32767,
    site: Site = Site.LEFT_CALF,
) -> Stream:
    channels = tuple(Channel(str(number + 1), scale) for number in range(n_channels))
    return Stream("me", "band", site, Signal(modality, rate_hz, unit, limit, channels))


def an_accelerometer(rate_hz: float = 100.0, scale: float = 0.0001) -> Stream:
    return a_stream(rate_hz, 3, unit=Unit.G, scale=scale, modality=Modality.ACCELEROMETER)


def noise(rate_hz: float, duration_s: float, rms: float, n_channels: int = 1, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).normal(0.0, rms, (round(rate_hz * duration_s), n_channels))


def potential(rate_hz: float, generator: np.random.Generator) -> Floats:
    """A potential of 1-3 phases in 8-20 ms, 1 peak to peak."""
    n_samples = max(2, round(generator.uniform(0.008, 0.020) * rate_hz))
    at = (np.arange(n_samples) + generator.uniform(0.2, 0.8)) / n_samples
    shape = np.sin(np.pi * generator.integers(1, 4) * at) * np.sqrt(np.sin(np.pi * at))
    sign = float(generator.choice((-1, 1)))
    return np.asarray(sign * shape / np.ptp(np.append(shape, 0.0)))


@dataclass(frozen=True, slots=True)
class Planted:
    samples: Floats  # (n, channels)
    truth_s: list[float]  # the middles, from the start


def plant(rest: Floats, rate_hz: float, times_s: list[float], sizes: list[float], channel: int = 0) -> Planted:
    """Add a potential at each time, of each size peak to peak, to one channel."""
    generator = np.random.default_rng(2)
    samples, truth_s = rest.copy(), []
    for time_s, size in zip(times_s, sizes, strict=True):
        shape = size * potential(rate_hz, generator)
        first = round(time_s * rate_hz)
        samples[first : first + len(shape), channel] += shape
        truth_s.append((first + len(shape) / 2) / rate_hz)
    return Planted(samples, truth_s)


def a_chunk(stream: Stream, values: Floats, first_sample: int = 0, run: str = "run", start_s: float = START_S) -> Chunk:
    """One chunk of values in the stream's unit; sample 0 is at ``start_s``."""
    signal = stream.signal
    integers = np.round(values / signal.channels[0].scale)
    samples: Samples = np.clip(integers, -signal.limit, signal.limit).astype(np.int32)
    return Chunk(stream, run, first_sample, first_sample, Clock(0, start_s, signal.rate_hz), samples)


def with_hole(chunk: Chunk, start: int, stop: int) -> list[Chunk]:
    """The chunk without the samples from ``start`` to ``stop``."""
    head, rest = chunk.cut(start)
    lost, tail = rest.cut(stop - start)
    return [head, replace(tail, follows=lost.first_sample)]


def decided(*chunks: Chunk, zone: ZoneInfo = UTC) -> list[Record]:
    """All records of some chunks, to the end."""
    engine = Engine(zone)
    return [record for chunk in chunks for record in engine.feed(chunk)] + engine.finish()


def twitches(records: list[Record]) -> list[Twitch]:
    return [record for record in records if isinstance(record, Twitch)]


def peaks_s(records: list[Record]) -> list[float]:
    return [twitch.peak_s - START_S for twitch in twitches(records)]


def newest(records: list[Record], period: Period) -> list[Tally]:
    """The last tally of each period."""
    tallies = [record for record in records if isinstance(record, Tally) and record.period is period]
    return list({(tally.site, tally.start_s): tally for tally in tallies}.values())


def night(records: list[Record]) -> Tally:
    (tally,) = newest(records, Period.NIGHT)
    return tally


def excluded_s(records: list[Record], reason: SpanReason) -> float:
    return night(records).excluded_s.get(reason, 0.0)


def total_s(tallies: list[Tally]) -> float:
    return sum(tally.analysable_s + sum(tally.excluded_s.values()) for tally in tallies)
