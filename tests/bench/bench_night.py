"""A night through aquiver detect, against edfio reading and scaling it: .venv/bin/python -m tests.bench.bench_night [HOURS].

The night is 8 channels x 1 kHz x 8 h, written by the project's own writer as it would grow. Every task runs in a process
of its own, which tells its processor time and its peak memory; ratios are of medians in one run.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import edfio
import numpy as np
from click.testing import CliRunner

from aquiver.__main__ import cli
from aquiver.body import Site
from aquiver.model import Channel, Chunk, Clock, Modality, Signal, Stream, Unit
from aquiver.recording import RecordingWriter, open_recording
from tests.bench.targets import Target, print_targets

RATE_HZ = 1000.0
N_CHANNELS = 8
HOURS = 8.0
N_REPEATS = 3
START_S = 1_795_345_200.0
STEP_S = 60.0
SIGNAL = Signal(Modality.EMG, RATE_HZ, Unit.MICROVOLT, 32767, tuple(Channel(str(n), 0.1) for n in range(N_CHANNELS)))
STREAM = Stream("me", "band", Site.LEFT_CALF, SIGNAL)


def write_night(path: Path, hours: float) -> None:
    """Quiet noise of 4 uV with ten potentials a minute, and a contraction of 3 s every two minutes."""
    rng = np.random.default_rng(1)
    with RecordingWriter.create(path, (STREAM,), START_S, ZoneInfo("UTC")) as writer:
        for minute in range(round(hours * 60)):
            n = round(STEP_S * RATE_HZ)
            values = rng.standard_normal((n, N_CHANNELS), np.float32) * 40
            for start in rng.integers(0, n - 20, 10):
                values[start : start + 12] += 800 * np.sin(np.arange(12) / 2)[:, np.newaxis] * rng.random(N_CHANNELS)
            if minute % 2:
                values[30_000:33_000] *= 12
            samples = np.clip(values, -32767, 32767).astype(np.int32)
            clock = Clock(0, START_S, RATE_HZ)
            writer.append(Chunk(STREAM, "run", minute * n, minute * n, clock, samples))


def read_with_edfio(path: Path) -> float:
    """Read and scale every channel."""
    signals = edfio.read_edf(path).signals
    return sum(
        float(signal.data[-1]) for signal in signals if signal.label.startswith("EMG") and "reach" not in signal.label
    )


def read_with_aquiver(path: Path) -> float:
    """Read every chunk as integers, as the detector takes them."""
    return float(sum(chunk.n_samples for chunk in open_recording(path).chunks_as("file", "band", Site.LEFT_CALF)))


def read_and_scale(path: Path) -> float:
    """The same, and scaled as edfio does it."""
    scales = np.array([channel.scale for channel in SIGNAL.channels])
    chunks = open_recording(path).chunks_as("file", "band", Site.LEFT_CALF)
    return sum(float((chunk.samples * scales)[-1, 0]) for chunk in chunks)


def detect(path: Path) -> float:
    """The whole command."""
    done = CliRunner().invoke(cli, ["detect", str(path), "--site", "left_calf", "--json"], catch_exceptions=False)
    return float(json.loads(done.stdout)["count"])


def nothing(_path: Path) -> float:
    """Only what is imported: its memory is in every other row."""
    return 0.0


TASKS: dict[str, Callable[[Path], float]] = {
    "only the imports": nothing,
    "edfio reads and scales": read_with_edfio,
    "aquiver reads": read_with_aquiver,
    "aquiver reads and scales": read_and_scale,
    "aquiver detect": detect,
}


def measure(task: str, path: Path) -> tuple[float, float]:
    """Run a task in a process of its own; give its seconds and its peak memory in MB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_night", "--task", task, path],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, megabytes, _ = done.stdout.split()
    return float(seconds), float(megabytes)


def work(task: str, path: Path) -> None:
    """Be that process."""
    start_s = time.process_time()
    result = TASKS[task](path)
    seconds = time.process_time() - start_s
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, result)


def main() -> None:
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else HOURS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "night.edf"
        start_s = time.perf_counter()
        write_night(path, hours)
        written_s = time.perf_counter() - start_s
        size_mb = path.stat().st_size / 1e6
        print(
            f"A night of {hours:g} h, {N_CHANNELS} channels x {RATE_HZ:g} Hz: {size_mb:.0f} MB, written in {written_s:.0f} s"
        )
        measure("aquiver reads", path)  # the file comes to lie in memory
        rows = {task: [measure(task, path) for _ in range(N_REPEATS)] for task in TASKS}
    medians = {task: median(seconds for seconds, _ in found) for task, found in rows.items()}
    edfio_s = medians["edfio reads and scales"]
    print(f"{'median of ' + str(N_REPEATS):28}{'seconds':>9}{'of edfio':>10}{'peak MB':>9}")
    for task, found in rows.items():
        peak_mb = max(megabytes for _, megabytes in found)
        print(f"{task:28}{medians[task]:9.2f}{medians[task] / edfio_s:10.2f}{peak_mb:9.0f}")
    peak_mb = max(megabytes for _, megabytes in rows["aquiver detect"])
    ratio = medians["aquiver detect"] / edfio_s
    print_targets(
        [
            Target("aquiver detect, over edfio", ratio, "x", most=4.0),
            Target("peak memory of aquiver detect", peak_mb, "MB", most=300.0),
        ]
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--task"]:
        work(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
