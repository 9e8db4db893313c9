"""Compiling: the inner loops as machine code, where numba is installed."""

import os
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TypeVar, cast

_Function = TypeVar("_Function", bound=Callable[..., object])
CHOICE = "AQUIVER_LOOPS"
PLAIN = "plain"  # numpy and scipy alone, whatever is installed


@cache
def loops() -> ModuleType | None:
    """Give the module with the compiled loops; None where numpy and scipy do their work, with the same numbers.

    >>> loops() is None or callable(loops().scan)
    True
    """
    if os.environ.get(CHOICE) == PLAIN:
        return None
    try:
        return import_module("detector.dsp.kernel")
    except ImportError:  # no numba, or none that runs here
        return None


def compiled(function: _Function) -> _Function:
    """Compile a function at its first call, once for all processes if a folder can be written to keep it in.

    Fused multiply-adds and other liberties stay forbidden: the sums are those of numpy and scipy to the last bit.
    """
    njit = import_module("numba").njit
    try:
        dispatcher = njit(cache=True, error_model="numpy")(function)
        dispatcher._cache._cache_file._source_stamp = sources()  # noqa: SLF001  # numba looks at a function's own file alone
        _announce(Path(dispatcher.stats.cache_path))
    except (AttributeError, RuntimeError):  # the compiler is switched off; nothing can be written
        dispatcher = njit(error_model="numpy")(function)
    return cast("_Function", dispatcher)


@cache
def sources() -> tuple[tuple[str, float, int], ...]:
    """Tell which files the loops are made of: what was compiled from any other is old.

    They call each other, and hold the constants of the plain parts beside them.
    """
    files = sorted(Path(__file__).parent.glob("*.py"))
    return tuple((file.name, file.stat().st_mtime, file.stat().st_size) for file in files)


@cache
def _announce(folder: Path) -> None:
    """Say why the first seconds are silent."""
    if not any(folder.glob("kernel*.nbi")):
        sys.stderr.write("Compiling the detector, once: this takes up to a minute ...\n")
