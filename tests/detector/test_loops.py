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

from aquiver.model import Samples
from detector.dsp.compiling import CHOICE, PLAIN, loops
from detector.dsp.context import slow_share, step_size
from detector.dsp.energy import SlidingEnergy
from detector.dsp.faults import FaultFinder
from detector.dsp.filters import Cascade, band_pass, notches
from detector.dsp.floor import NoiseFloor
from detector.dsp.hysteresis import Hysteresis
from detector.dsp.recurrence import _matched, recurrences
from detector.dsp.sizes import sizes
from detector.engine import Engine
from detector.methods.survey import Surveyor
from detector.methods.tile import Scanner
from tests.detector.planted import UTC, a_chunk, a_stream, an_accelerometer, noise, plant

pytest.importorskip("numba", reason="numba is not installed: nothing is compiled here")

from detector.dsp.kernel_ranks import median_power, room_for  # only where numba is
from detector.dsp.kernel_recurrence import matched

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
@given(seeds, st.integers(1, 3), st.integers(1, 20), st.integers(0, 300))
def test_shapes_that_come_again_have_the_same_bits(seed: int, n_axes: int, n_half: int, beside: int) -> None:
    wave = np.random.default_rng(seed).normal(0.0, 4.0, (n_axes, 400))
    wave[:, 200:230] = wave[:, 60:90]
    at = n_half + beside % (400 - 2 * n_half)
    kernel_found, plain_found = both(lambda: recurrences(wave, at, n_half, 4.0, 15))
    assert kernel_found == plain_found
    assert bits(matched(wave, at, n_half)) == bits(_matched(wave, at, n_half))


def eventful(seed: int, n_channels: int) -> Samples:
    """Noise of 64 blocks with contractions, bursts, stretches at the limit, sparks, and lanes that stand still."""
    rng = np.random.default_rng(seed)
    loudness = rng.choice([1.0, 1.0, 1.0, 6.0], 64).repeat(N_BLOCK)[:, np.newaxis]
    raw = 300.0 + rng.normal(0.0, 40.0, (64 * N_BLOCK, n_channels)) * loudness
    for start in rng.integers(0, len(raw) - 60, 40):
        raw[start : start + 4, rng.integers(n_channels)] *= 20.0
    for start in rng.integers(0, len(raw) - 60, 4):
        raw[start : start + 60, rng.integers(n_channels)] = 7.0
        raw[start + rng.integers(60), rng.integers(n_channels)] = 1e6
    return np.clip(raw, -3000, 3000).astype(np.int32)


@few
@given(seeds, st.sampled_from([1, 3, 8]), st.booleans(), st.lists(st.integers(1, 63), max_size=4))
def test_tiles_have_the_same_bits(seed: int, n_channels: int, is_vector: bool, cuts: list[int]) -> None:
    raw = eventful(seed, n_channels)
    sections = np.vstack([band_pass(200.0, 20.0, 95.0), notches(200.0, 50.0)])
    n_lanes = 1 if is_vector else n_channels

    def task() -> list[object]:
        faults = FaultFinder.begin(3000, 20, N_BLOCK, is_vector=is_vector)
        floor = NoiseFloor.begin(n_lanes, n_channels // n_lanes, N_BLOCK)
        surveyor = Surveyor.begin(faults, floor, np.full((n_lanes, 1), 0.5), loudest_rest=20.0)
        gate = Hysteresis.begin(n_lanes, on=6.0, off=2.0, tail=0.1, n_decay=20.0, n_merge=3, position=100)
        cascade, energy = Cascade.begin(sections), SlidingEnergy.begin(n_lanes, 5)
        scanner = Scanner(np.full((n_channels, 1), 0.1), cascade, energy, surveyor, gate)
        before, found = np.zeros((n_channels, 30)), []
        for part in np.split(raw, sorted({cut * N_BLOCK for cut in cuts})):
            tile = scanner.scan(part, before)
            before = tile.samples[:, -30:].copy()
            found += [*bits(tile.samples, tile.survey), *tile.bursts, tile.survey.weights().tobytes()]
        return [*found, *bits(cascade, energy, faults, floor, surveyor.was_faulty, surveyor.newest_floor, gate)]

    compiled, plain = both(task)
    if platform.machine() not in {"x86_64", "AMD64"}:
        pytest.skip("scipy may be built with fused multiply-adds here")
    assert compiled == plain


@few
@given(seeds, st.integers(1, 300), st.sampled_from([0.0, 1.0, 40.0]))
def test_medians_of_powers_are_medians(seed: int, n: int, spread: float) -> None:
    """However they are spread: their logarithms decide whether the first guess is good."""
    rng = np.random.default_rng(seed)
    powers = np.exp(rng.normal(0.0, spread, n)) * rng.choice([0.0, 1.0, 1.0, 1.0], n)
    assert median_power(powers, room_for(n)) == np.median(powers)


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
@given(seeds, st.integers(0, 999), st.sampled_from([200.0, 250.0, 1000.0]))
def test_surroundings_have_the_same_bits(seed: int, at: int, rate_hz: float) -> None:
    raw = np.random.default_rng(seed).normal(0.0, 4.0, 1000).cumsum()
    compiled, plain = both(lambda: (slow_share(raw, at, 9.0, rate_hz), step_size(raw, at, rate_hz)))
    assert compiled == plain


@few
@given(seeds, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.integers(61, 100)), max_size=9))
def test_sizes_have_the_same_bits(seed: int, cuts: list[tuple[int, int, int]]) -> None:
    samples = np.random.default_rng(seed).normal(0.0, 4.0, (5, 100))
    compiled, plain = both(lambda: [sizes(samples, cuts, n_channels) for n_channels in (1, 2)])
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
    wanted = "bits or medians"
    command = [sys.executable, "-m", "pytest", __file__, "-k", wanted, "-p", "no:cacheprovider"]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_loops_are_compiled_anew_when_any_of_their_files_has_changed() -> None:
    script = (
        "from detector.dsp.compiling import loops, sources; "
        "print(len(sources()), {loops().scan._cache._cache_file._source_stamp == sources()})"
    )
    environment = {**os.environ, CHOICE: ""}
    done = subprocess.run([sys.executable, "-c", script], check=True, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["27", "{True}"]


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
