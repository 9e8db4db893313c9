"""The lock of a data folder: one aquiver at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from aquiver.errors import DataFolderInUse


@contextmanager
def sole_owner(folder: Path, who: str) -> Iterator[None]:
    """Own a data folder while the block runs. The lock dies with the process, however it dies.

    Raises:
        DataFolderInUse: another aquiver owns it; the text says which.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    card = folder / "owner"
    try:
        with FileLock(folder / "lock").acquire(timeout=0):
            card.write_text(f"{who}, process {os.getpid()}, since {datetime.now().astimezone():%Y-%m-%d %H:%M:%S}\n")
            yield
    except Timeout as error:
        first = card.read_text().strip() if card.exists() else "another process"
        raise DataFolderInUse(
            f"{folder} is in use by {first}. Stop that one first, or choose another folder with --data."
        ) from error
