"""The lock of a data folder: no two processes do the same work in it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from aquiver.errors import DataFolderInUse


@contextmanager
def sole_owner(folder: Path, who: str, parts: tuple[str, ...]) -> Iterator[None]:
    """Own these parts of a data folder while the block runs. The locks die with the process, however it dies.

    Raises:
        DataFolderInUse: another aquiver owns one of them; the text says which.
    """
    os.umask(0o077)  # what is written from here on is health data, and its owner's alone
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        for part in parts:
            held.enter_context(_owned(folder, who, part))
        yield


@contextmanager
def _owned(folder: Path, who: str, part: str) -> Iterator[None]:
    card = folder / f"{part}.owner"
    lock = FileLock(folder / f"{part}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        first = card.read_text().strip() if card.exists() else "another process"
        raise DataFolderInUse(
            f"{folder} is in use by {first}. Stop that one first, or choose another folder with --data."
        ) from error
    try:
        card.write_text(f"{who}, process {os.getpid()}, since {datetime.now().astimezone():%Y-%m-%d %H:%M:%S}\n")
        yield
    finally:
        lock.release()
