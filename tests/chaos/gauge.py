"""A gauge on the books: how far collector and detector are, and how long it took to be whole again after a fault."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path


def committed(folder: Path) -> int:
    """Give how many chunks the collector has committed."""
    return _ask(folder / "spool.db", "SELECT coalesce(max(seq), 0) FROM sqlite_sequence")


def decided(folder: Path) -> int:
    """Give how many of them the detector has committed."""
    return _ask(folder / "detector.db", "SELECT coalesce(max(next_number), 1) - 1 FROM taken")


def is_drained(folder: Path) -> bool:
    """Tell whether every consumer has confirmed all that both journals hold."""
    question = "SELECT count(*) FROM parcel"
    return _ask(folder / "spool.db", question) == 0 == _ask(folder / "detector.db", question)


def repeats(folder: Path) -> int:
    """Give how many parcels came again to the detector, and were passed over."""
    return _ask(folder / "detector.db", "SELECT coalesce(max(n), 0) FROM repeats")


def _ask(path: Path, question: str) -> int:
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5.0)
    except sqlite3.OperationalError:
        return -1
    try:
        return int(connection.execute(question).fetchone()[0])
    except sqlite3.OperationalError:  # it does not exist yet
        return -1
    finally:
        connection.close()


@dataclass
class Recovery:
    """After each fault, wait until the detector has decided something that was committed later."""

    waiting: list[tuple[float, int]] = field(default_factory=list)
    took_s: list[float] = field(default_factory=list)

    def begin(self, now_s: float, n_committed: int) -> None:
        """Take note of a fault."""
        self.waiting.append((now_s, n_committed))

    def look(self, now_s: float, n_decided: int) -> None:
        """Take note of how far the detector is."""
        over = [one for one in self.waiting if n_decided > one[1]]
        self.took_s += [now_s - began_s for began_s, _ in over]
        self.waiting = [one for one in self.waiting if one not in over]
