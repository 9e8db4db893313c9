"""The card: a small file by which a process says that it lives and what it sees to be broken, without any bus.

``aquiver health`` reads it, and so can a container's health check or a watching script.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from aquiver.model import Fault

_STALE_S = 15.0  # it is written every second
_SUFFIX = ".health.json"


@dataclass(frozen=True, slots=True)
class Health:
    """What a card says. ``machine_s`` is the machine's own clock, which nobody sets; it begins with the machine."""

    service: str
    time_s: float
    machine_s: float
    faults: tuple[Fault, ...]

    def is_fresh(self, machine_s: float) -> bool:
        """Tell whether it was written just now, by a process of this start of the machine."""
        return 0 <= machine_s - self.machine_s < _STALE_S


class Card:
    """One service's card in the data folder."""

    def __init__(self, folder: Path, service: str) -> None:
        self._path = folder / f"{service}{_SUFFIX}"
        self._service = service
        self._lock = threading.Lock()  # a writing thread may outlive the task that began it
        self._is_removed = False

    def write(self, faults: Sequence[Fault]) -> None:
        """Write it anew, in one step. On a full disk the old one stays, and goes stale."""
        health = Health(self._service, time.time(), time.monotonic(), tuple(faults))
        new = self._path.with_suffix(".new")
        with self._lock, suppress(OSError):
            if not self._is_removed:
                new.write_bytes(msgspec.json.encode(health))
                new.replace(self._path)

    def remove(self) -> None:
        """Take it away: the service ended."""
        with self._lock, suppress(OSError):
            self._is_removed = True
            self._path.unlink(missing_ok=True)


def read_cards(folder: Path) -> list[Health]:
    """Give the cards in a data folder that can be read."""
    found = []
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        with suppress(OSError, msgspec.MsgspecError):
            found.append(msgspec.json.decode(path.read_bytes(), type=Health))
    return found
