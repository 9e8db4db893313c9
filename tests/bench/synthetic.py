"""Synthetic bands at real rates: what a Myo and a Verity Sense say, without a body and without Bluetooth."""

from collections.abc import Iterator

import numpy as np

from aquiver.body import Site
from aquiver.model import Channel, Chunk, Clock, Modality, Signal, Stream, Unit
from collector.devices.myo import EMG_SIGNAL

BEGAN_S = 1_795_388_400.0  # 2026-11-22 23:00 UTC
_ACCELERATION = tuple(Channel(axis, 0.001) for axis in ("x", "y", "z"))
MYO = (EMG_SIGNAL, Signal(Modality.ACCELEROMETER, 50.0, Unit.G, 32767, _ACCELERATION))
VERITY = (Signal(Modality.ACCELEROMETER, 52.0, Unit.G, 7995, _ACCELERATION),)
_CHUNK_S = {50.0: 0.1, 52.0: 36 / 52.0, 200.0: 0.1}  # as they come: a Verity's frame holds 36 samples
_POOL = 4096  # samples of noise, used again and again


def streams_of(device: str, signals: tuple[Signal, ...], site: Site = Site.LEFT_CALF) -> list[Stream]:
    """Give the streams of one band."""
    return [Stream("me", device, site, signal) for signal in signals]


def chunks_of(stream: Stream, length_s: float, chunk_s: float | None = None, run: str = "r") -> Iterator[Chunk]:
    """Give a stream's chunks over so many seconds: noise, and a twitch-like burst every seven seconds."""
    n = round((chunk_s or _CHUNK_S[stream.rate_hz]) * stream.rate_hz)
    rest = _rest(stream)
    clock = Clock(0, BEGAN_S, stream.rate_hz)
    for first in range(0, round(length_s * stream.rate_hz), n):
        start = first % (_POOL - n) if n < _POOL else 0
        samples = rest[start : start + n] if n < _POOL else np.resize(rest, (n, rest.shape[1]))
        yield Chunk(stream, run, first, first, clock, samples)


def _rest(stream: Stream) -> np.ndarray:
    chance = np.random.default_rng(len(stream.signal.channels))
    spread = 2.0 if stream.modality is Modality.EMG else 8.0
    noise = chance.normal(0.0, spread, (_POOL, len(stream.signal.channels)))
    every = round(7 * stream.rate_hz)
    for start in range(every, _POOL, every):
        noise[start : start + 3, 0] += 20 * spread
    return np.round(noise).astype(np.int32)
