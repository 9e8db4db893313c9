"""A small disk that a test can fill, where it may mount one."""

import os
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path):
    """Mount a disk of a few MB, where we may."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path, leave_bytes: int) -> None:
    """Fill the disk until no more than so much is free; 0 fills it whole."""
    with (folder / "ballast").open("ab", buffering=0) as file, suppress(OSError):
        while _free(folder) > leave_bytes:
            file.write(b"x" * min(65536, _free(folder) - leave_bytes))


def empty(folder: Path) -> None:
    (folder / "ballast").unlink()


def _free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
