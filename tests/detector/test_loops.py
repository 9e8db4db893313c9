"""The compiled loops and the plain ones: the same numbers, to the last bit."""

import os
import platform
import subprocess
import sys
from collections.abc import Callable
from typing import TypeVar

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.dsp.compiling import CHOICE, PLAIN, loops
from detector.dsp.context import slow_share, step_size
from detector.dsp.energy import SlidingEnergy
from detector.dsp.faults import FaultFinder
from detector.dsp.filters import Cascade, band_pass, notches
from detector.dsp.floor import NoiseFloor
from detector.dsp.hysteresis import Hysteresis
from detector.dsp.sweep import sweep
from detector.engine import Engine
from detector.methods.survey import Surveyor
from tests.detector.planted import UTC, a_chunk, a_stream, an_accelerometer, noise, plant

pytest.importorskip("numba", reason="numba is not installed: nothing is compiled here")

_Found = TypeVar("_Found")
few = settings(max_examples=20, deadline=None)
seeds = st.integers(0, 2**32 - 1)
N_BLOCK = 50


def both(task: Callable[[], _Found]) -> tuple[_Found, _Found]:
    """What a task gives with compiled loops, and without."""
    found = []
    for choice in ("", PLAIN):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(CHOICE, choice)
            loops.cache_clear()
            assert (loops() is None) == (choice == PLAIN)
            found.append(task())
    loops.cache_clear()
    return found[0], found[1]


def bits(*parts: object) -> list[object]:
    """Arrays and states as bytes."""
    plain = [msgspec.structs.asdict(part) if isinstance(part, msgspec.Struct) else {"": part} for part in parts]
    values = [value for part in plain for value in part.values()]
    return [value.tobytes() if isinstance(value, np.ndarray) else value for value in values]


@few
@given(seeds, st.sampled_from([1, 3, 8]), st.booleans())
def test_sweeps_have_the_same_bits(seed: int, n_channels: int, is_vector: bool) -> None:
    raw = np.random.default_rng(seed).normal(300.0, 40.0, (4 * N_BLOCK, n_channels)).astype(np.int32)
    sections = np.vstack([band_pass(200.0, 20.0, 95.0), notches(200.0, 50.0)])

    def task() -> list[object]:
        cascade, energy = Cascade.begin(sections), SlidingEnergy.begin(1 if is_vector else n_channels, 5)
        swept = [sweep(part, np.full((n_channels, 1), 0.1), cascade, energy, N_BLOCK) for part in np.split(raw, [150])]
        arrays = [getattr(one, name) for one in swept for name in ("filtered", "energy", "medians")]
        return bits(*arrays, cascade, energy)

    compiled, plain = both(task)
    if platform.machine() not in {"x86_64", "AMD64"}:
        pytest.skip("scipy may be built with fused multiply-adds here")
    assert compiled == plain


@few
@given(seeds, st.booleans())
def test_faults_are_the_same(seed: int, is_vector: bool) -> None:
    samples = np.random.default_rng(seed).choice([-100, -3, 0, 0, 0, 1, 99, 100], (6 * N_BLOCK, 3)).astype(np.int32)
    samples[80:130] = 7

    def task() -> list[object]:
        finder = FaultFinder.begin(100, 20, N_BLOCK, is_vector=is_vector)
        found = [finder.update(part) for part in np.split(samples, [N_BLOCK, 2 * N_BLOCK])]
        return bits(*[flags for one in found for flags in (one.saturated, one.flat)], finder)

    compiled, plain = both(task)
    assert compiled == plain


@few
@given(seeds)
def test_floors_have_the_same_bits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    medians, are_sound = rng.gamma(2.0, 3.0, (2, 300)), rng.random((2, 300)) < 0.7

    def task() -> list[object]:
        floor = NoiseFloor.begin(2, 1, N_BLOCK)
        levels = [floor.update(medians[:, at], are_sound[:, at]) for at in (slice(0, 1), slice(1, 300))]
        return bits(*[level for one in levels for level in (one.block, one.rest, one.floor)], floor)

    compiled, plain = both(task)
    assert compiled == plain


@few
@given(seeds)
def test_surveys_have_the_same_bits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    samples = rng.normal(0.0, 40.0, (60 * N_BLOCK, 2)).round().astype(np.int32)
    samples[40 * N_BLOCK : 42 * N_BLOCK] *= 6
    samples[50 * N_BLOCK + 7, 1] = 1000
    medians = rng.gamma(9.0, 1.0, (2, 60)) * np.where(np.arange(60) < 45, 1.0, rng.choice([1.0, 90.0]))

    def task() -> list[object]:
        faults, floor = FaultFinder.begin(1000, 20, N_BLOCK, is_vector=False), NoiseFloor.begin(2, 1, N_BLOCK)
        surveyor = Surveyor.begin(faults, floor, np.array([[0.5], [0.1]]), loudest_rest=20.0)
        first = surveyor.update(samples[:N_BLOCK], medians[:, :1])
        surveyor.restart(3)
        rest = surveyor.update(samples[N_BLOCK:], medians[:, 1:])
        arrays = [
            flags for one in (first, rest) for flags in (one.searched, one.loud, one.floor, *one.why_not.values())
        ]
        return [*bits(*arrays, surveyor.was_faulty, floor), rest.weights.tobytes(), rest.levels, rest.rest]

    compiled, plain = both(task)
    assert compiled == plain


@few
@given(seeds, st.integers(0, 999), st.sampled_from([200.0, 250.0, 1000.0]))
def test_surroundings_have_the_same_bits(seed: int, at: int, rate_hz: float) -> None:
    raw = np.random.default_rng(seed).normal(0.0, 4.0, 1000).cumsum()
    compiled, plain = both(lambda: (slow_share(raw, at, 9.0, rate_hz), step_size(raw, at, rate_hz)))
    assert compiled == plain


@few
@given(seeds)
def test_bursts_are_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.gamma(1.0, 1.0, (3, 8, N_BLOCK)) * rng.choice([0.2, 1.0, 30.0], (3, 8, 1))
    weights = rng.choice([0.0, 0.5, 1.0], (3, 8))

    def task() -> list[object]:
        gate = Hysteresis.begin(3, on=3.0, off=1.0, tail=0.1, n_decay=20.0, n_merge=3, position=100)
        found = [gate.update(scores[:, at], weights[:, at]) for at in (slice(0, 1), slice(1, 8))]
        return [*found, *bits(gate), gate.finish()]

    compiled, plain = both(task)
    assert compiled == plain


@pytest.mark.parametrize("is_still", [True, False])
def test_engines_remember_the_same_and_take_over_from_each_other(is_still: bool) -> None:
    emg = plant(noise(200.0, 20.0, 4.0, 2), 200.0, [8.0, 14.0], [90.0, 90.0]).samples
    chunk = (
        a_chunk(an_accelerometer(200.0), emg[:, [0, 1, 1]] / 1000.0) if is_still else a_chunk(a_stream(200.0, 2), emg)
    )
    head, tail = chunk.cut(2001)

    def first() -> tuple[list[object], bytes]:
        engine = Engine(UTC)
        return [*engine.feed(head)], engine.snapshot()

    (records, snapshot), (plain_records, plain_snapshot) = both(first)
    assert (records, snapshot) == (plain_records, plain_snapshot)

    def second() -> list[object]:
        engine = Engine.restore(snapshot, UTC)
        return [*engine.feed(tail), *engine.finish()]

    compiled, plain = both(second)
    assert compiled == plain


def test_the_loops_mean_the_same_uncompiled() -> None:
    """Machine code cannot be traced: this runs every line of the loops as Python."""
    if os.environ.get("NUMBA_DISABLE_JIT"):
        pytest.skip("this is that run")
    wanted = "bits or faults_are or bursts_are"
    command = [sys.executable, "-m", "pytest", __file__, "-k", wanted, "-p", "no:cacheprovider"]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_loops_are_compiled_anew_when_any_of_their_files_has_changed() -> None:
    script = (
        "from detector.dsp.compiling import loops, sources; "
        "print(len(sources()), {loops().sweep._cache._cache_file._source_stamp == sources()})"
    )
    environment = {**os.environ, CHOICE: ""}
    done = subprocess.run([sys.executable, "-c", script], check=True, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["4", "{True}"]


def test_a_function_that_cannot_be_kept_on_disk_is_compiled_all_the_same() -> None:
    script = "from detector.dsp.compiling import compiled; print(compiled(lambda x: x + 1)(1))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["2"]


def test_the_first_start_says_why_it_is_silent(tmp_path) -> None:
    command = [sys.executable, "-m", "detector.warm_up"]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), CHOICE: ""}
    runs = [subprocess.run(command, check=True, env=environment, capture_output=True, text=True) for _ in range(2)]
    assert runs[0].stderr.startswith("Compiling the detector, once")
    assert runs[1].stderr == ""
