"""How fast the engine is, against its own filters alone: .venv/bin/python -m tests.bench.bench_detector."""

import time
from collections.abc import Callable, Iterator
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np
from scipy import signal

from aquiver.body import Site
from aquiver.model import Channel, Chunk, Clock, Modality, Samples, Signal, Stream, Unit
from detector.dsp.filters import band_pass, notches
from detector.engine import Engine
from tests.bench.targets import Target, print_targets

RATE_HZ = 1000.0
N_CHANNELS = 8
DURATION_S = 60
N_REPEATS = 7
SIGNAL = Signal(Modality.EMG, RATE_HZ, Unit.MICROVOLT, 32767, tuple(Channel(str(n), 0.1) for n in range(N_CHANNELS)))
STREAM = Stream("me", "band", Site.LEFT_CALF, SIGNAL)


def rest() -> Samples:
    """A minute of quiet noise with a potential every 3 s."""
    generator = np.random.default_rng(1)
    samples = generator.normal(0.0, 40.0, (round(DURATION_S * RATE_HZ), N_CHANNELS))
    for start in range(8000, len(samples), 3000):
        samples[start : start + 10] += 500 * np.sin(np.arange(10))[:, np.newaxis]
    return samples.round().astype(np.int32)


def work() -> Samples:
    """A minute in which every second second is a contraction."""
    is_contracted = (np.arange(len(rest())) // round(RATE_HZ)) % 2
    return (rest() * (1 + 9 * is_contracted[:, np.newaxis])).astype(np.int32)


def cut(samples: Samples, n_chunk: int) -> Iterator[Chunk]:
    for first in range(0, len(samples), n_chunk):
        yield Chunk(STREAM, "run", first, first, Clock(0, 1.8e9, RATE_HZ), samples[first : first + n_chunk])


def detect(chunks: list[Chunk]) -> None:
    engine = Engine(ZoneInfo("UTC"))
    for chunk in chunks:
        engine.feed(chunk)


def only_filter(chunks: list[Chunk]) -> None:
    sections = np.vstack([band_pass(RATE_HZ, 20.0, 450.0), notches(RATE_HZ, 50.0)])
    state = np.zeros((len(sections), N_CHANNELS, 2))
    for chunk in chunks:
        _, state = signal.sosfilt(sections, chunk.samples.T.astype(np.float64), axis=-1, zi=state)


def seconds(task: Callable[[list[Chunk]], None], chunks: list[Chunk]) -> float:
    start_s = time.process_time()  # one core, whatever else runs on the machine
    task(chunks)
    return time.process_time() - start_s


def main() -> None:
    rows = [
        ("rest, chunks of 10 s", rest(), 10_000),
        ("rest, chunks of 100 ms", rest(), 100),
        ("rest, chunks of 16", rest(), 16),
    ]
    rows.append(("contractions, chunks of 10 s", work(), 10_000))
    found = []
    print(f"{N_CHANNELS} channels x {RATE_HZ:g} Hz, {DURATION_S} s, median of {N_REPEATS}")
    for name, samples, n_chunk in rows:
        chunks = list(cut(samples, n_chunk))
        pairs = [(seconds(only_filter, chunks), seconds(detect, chunks)) for _ in range(N_REPEATS)]
        ratio = median(filter_s / detect_s for filter_s, detect_s in pairs)
        speed = samples.size / median(detect_s for _, detect_s in pairs) / 1e6
        per_chunk_us = n_chunk * N_CHANNELS / speed
        print(
            f"{name:30} {ratio:.2f} of sosfilt alone, {speed:.1f} M samples x channels / s, {per_chunk_us:.1f} us a chunk"
        )
        if n_chunk == 16:
            found.append(Target(name, per_chunk_us, "us", most=10.0))
    print_targets(found)


if __name__ == "__main__":
    main()
