"""The engine against other people's detectors, as ratios: make bench, or .venv/bin/python -m tests.bench.bench_peers.

8 channels x 1 kHz for a minute. The peers take the whole minute at once, filter it and look for onsets, offline; the engine
takes it as it arrives, in chunks of 16 samples and of 10 s, and does everything that it does. A peer that is not installed
is skipped. Each repeat runs every task once; a ratio is the median over the repeats, of processor time: every task keeps one
core busy, and what else runs on the machine shall not count.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from statistics import median
from types import ModuleType
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from aquiver.body import Site
from aquiver.model import Channel, Chunk, Clock, Modality, Samples, Signal, Stream, Unit
from detector.engine import Engine
from tests.bench.targets import Target, print_targets

RATE_HZ = 1000.0
N_CHANNELS = 8
DURATION_S = 60
N_REPEATS = 5
N_CHUNK = 16
MILLION = 1e6
LEAST = {"obspy": 1.3, "biosppy": 40.0, "neurokit2": 1000.0}
SIGNAL = Signal(Modality.EMG, RATE_HZ, Unit.MICROVOLT, 32767, tuple(Channel(str(n), 0.1) for n in range(N_CHANNELS)))
STREAM = Stream("me", "band", Site.LEFT_CALF, SIGNAL)

Floats = NDArray[np.float64]
Task = Callable[[], object]


def rest() -> Samples:
    """A minute of quiet noise with a potential every 3 s."""
    samples = np.random.default_rng(1).normal(0.0, 40.0, (round(DURATION_S * RATE_HZ), N_CHANNELS))
    for start in range(8000, len(samples), 3000):
        samples[start : start + 10] += 500 * np.sin(np.arange(10))[:, np.newaxis]
    return samples.round().astype(np.int32)


def cut(samples: Samples, n_chunk: int) -> list[Chunk]:
    clock = Clock(0, 1.8e9, RATE_HZ)
    return [
        Chunk(STREAM, "run", first, first, clock, samples[first : first + n_chunk])
        for first in range(0, len(samples), n_chunk)
    ]


def engine(chunks: list[Chunk]) -> None:
    fresh = Engine(ZoneInfo("UTC"))
    for chunk in chunks:
        fresh.feed(chunk)


def obspy_task(channels: Floats) -> Task:
    """Band-pass, recursive STA/LTA of 12 ms over 30 s, trigger: all in C."""
    filters, trigger = import_module("obspy.signal.filter"), import_module("obspy.signal.trigger")

    def run() -> None:
        for channel in channels:
            band = filters.bandpass(channel, 20.0, 450.0, RATE_HZ, corners=4)
            trigger.trigger_onset(trigger.recursive_sta_lta(band, 12, 30_000), 4.0, 2.0)

    return run


def biosppy_tasks(channels: Floats) -> Iterator[tuple[str, Task]]:
    """Onset detectors behind a band-pass, with the thresholds of their examples."""
    emg = import_module("biosppy.signals.emg")
    calm = {"rest": {"mean": 0.0, "std_dev": 4.0, "var": 16.0}, "sampling_rate": RATE_HZ}
    active = {"threshold": 5, "active_state_duration": 10}
    detectors = {
        "find_onsets": partial(emg.find_onsets, sampling_rate=RATE_HZ),
        "hodges_bui": partial(emg.hodges_bui_onset_detector, **calm, size=12, threshold=5),
        "bonato": partial(emg.bonato_onset_detector, **calm, **active, samples_above_fail=3, fail_size=10),
        "solnik": partial(emg.solnik_onset_detector, **calm, **active),
    }
    sections = signal.butter(4, (20.0, 450.0), "bandpass", fs=RATE_HZ, output="sos")
    for name, detector in detectors.items():
        yield f"biosppy {name}", partial(_each, detector, sections, channels)


def neurokit_task(channels: Floats) -> Task:
    """emg_process on one channel."""
    neurokit2: ModuleType = import_module("neurokit2")
    return partial(neurokit2.emg_process, channels[0], sampling_rate=int(RATE_HZ))


def _each(detector: Callable[..., object], sections: Floats, channels: Floats) -> None:
    for channel in channels:
        detector(signal=signal.sosfilt(sections, channel))


def peers(channels: Floats) -> dict[str, Task]:
    """Every peer that is installed, by name."""
    found: dict[str, Task] = {}
    makers: dict[str, Callable[[], dict[str, Task]]] = {
        "obspy": lambda: {"obspy filter, STA/LTA, trigger": obspy_task(channels)},
        "biosppy": lambda: dict(biosppy_tasks(channels)),
        "neurokit2": lambda: {"neurokit2 emg_process": neurokit_task(channels)},
    }
    for name, make in makers.items():
        try:
            found |= make()
        except ImportError as error:
            print(f"{name} is skipped: {error}")
    return found


def rates(tasks: dict[str, Task], sizes: dict[str, int]) -> dict[str, list[float]]:
    """Run each task once a repeat; give millions of samples x channels a second."""
    measured: dict[str, list[float]] = {name: [] for name in tasks}
    for repeat in range(N_REPEATS + 1):
        for name, task in tasks.items():
            start_s = time.process_time()
            task()
            seconds = time.process_time() - start_s
            if repeat:  # the first one compiles, and fills caches
                measured[name].append(sizes.get(name, DURATION_S * RATE_HZ * N_CHANNELS) / seconds / MILLION)
    return measured


def targets(measured: dict[str, list[float]], small: str, large: str) -> Iterator[Target]:
    """Give the figures that have a target: the peers take all at once, so they are held against chunks of 10 s."""
    yield Target(f"a chunk of {N_CHUNK}", N_CHUNK * N_CHANNELS / median(measured[small]), "us", most=10.0)
    for name, least in LEAST.items():
        speeds = [each for peer, each in measured.items() if peer.startswith(name)]
        if speeds:
            fastest = max(speeds, key=median)
            ratio = median(mine / its for mine, its in zip(measured[large], fastest, strict=True))
            yield Target(f"{large}, over {name}'s fastest", ratio, "x", least=least)


def main() -> None:
    warnings.simplefilter("ignore")
    samples = rest()
    channels = np.ascontiguousarray(samples.T * 0.1)
    small, large = f"aquiver, chunks of {N_CHUNK}", "aquiver, chunks of 10 s"
    others = peers(channels)
    tasks = {small: partial(engine, cut(samples, N_CHUNK)), large: partial(engine, cut(samples, 10_000)), **others}
    measured = rates(tasks, {"neurokit2 emg_process": round(DURATION_S * RATE_HZ)})
    print(f"{N_CHANNELS} channels x {RATE_HZ:g} Hz, {DURATION_S} s, median of {N_REPEATS}")
    print(f"{'':34}{'M samples x ch / s':>20}{small:>24}{large:>26}")
    for name, speeds in measured.items():
        ratios = [median(mine / its for mine, its in zip(measured[way], speeds, strict=True)) for way in (small, large)]
        print(f"{name:34}{median(speeds):20.3f}{ratios[0]:22.2f} x{ratios[1]:24.2f} x")
    print_targets(targets(measured, small, large))


if __name__ == "__main__":
    main()
