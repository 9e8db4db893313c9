"""The store: what is kept of the nights."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import SplitResult, urlsplit

from aquiver.errors import SettingsError
from aquiver.model import Kept, Mark, Tally
from aquiver.passwords import influx_token
from aquiver.store.key import key_of
from aquiver.store.sqlite import SqliteStore

__all__ = ["R", "Store", "key_of", "open_store"]

R = TypeVar("R", bound=Kept)


class Store(Protocol):
    """Keep records and give them back."""

    def write(self, records: Sequence[Kept]) -> None:
        """Keep records. Writing one again changes nothing; a later tally of a period replaces the earlier one.

        Raises:
            StoreError: they could not be kept; none of them counts as written.
        """
        ...

    def draw(self, marks: Sequence[Mark]) -> None:
        """Keep marks where people draw from the store; elsewhere they are let go, as all follows from records.

        A mark is no record: it is neither read, nor counted, nor makes it a night or a wearer.

        Raises:
            StoreError: they could not be kept.
        """
        ...

    def redraw(self, wearer: str, marks: Sequence[Mark]) -> None:
        """Keep these marks of the judge, and no other ones of the wearer; see ``draw``."""
        ...

    def read(self, kind: type[R], wearer: str, since_s: float, until_s: float) -> list[R]:
        """Give one wearer's records of a kind that begin in ``since_s`` <= t < ``until_s``, in order of time."""
        ...

    def night_tallies(self, wearer: str) -> list[Tally]:
        """Give one wearer's tallies of whole nights, and all of a site's night that has none, in order of time."""
        ...

    def wearers(self) -> list[str]:
        """List the wearers of whom something is kept."""
        ...

    def nights(self, wearer: str) -> list[str]:
        """List the nights of which something was measured, oldest first; a note alone makes no night."""
        ...

    def count(self, wearer: str, night: str | None = None) -> int:
        """Count what ``erase`` would erase."""
        ...

    def erase(self, wearer: str, night: str | None = None) -> int:
        """Erase all of a wearer, or one night with every notice and answer that speaks of it; give the number of records.

        Afterwards nothing of it is left in SQLite's files; InfluxDB rewrites its own in its own time.

        Raises:
            StoreError: it could not be erased; nothing was.
        """
        ...

    def close(self) -> None:
        """Close what is open."""
        ...


def open_store(url: str, folder: Path, authority: str = "") -> Store:
    """Open the store behind a URL.

    ``sqlite:`` in the data folder, ``sqlite:PATH``, or ``influx://HOST:PORT/BUCKET`` (``influxs:`` with TLS, trusting the
    certificate of ``authority`` where one is named).

    Raises:
        SettingsError: no store is behind such a URL, or health data would go over a network unprotected.
        StoreError: it is there but cannot be opened.
    """
    parts = urlsplit(url)
    match parts.scheme:
        case "sqlite":
            return SqliteStore(parts.path or folder / "records.db")
        case "influx" | "influxs":
            return _open_influx(parts, folder, authority)
        case scheme:
            raise SettingsError(
                f'store: "{scheme}:" is no store; use "sqlite:", "sqlite:/path/to/file.db" or "influx://HOST:8086/BUCKET"'
            )


def _open_influx(parts: SplitResult, folder: Path, authority: str) -> Store:
    """Import the client only where it is used: it takes as long as all the rest of us."""
    from aquiver.store.influx import InfluxStore  # noqa: PLC0415
    from aquiver.store.influx_server import InfluxServer  # noqa: PLC0415

    return InfluxStore(InfluxServer(parts, partial(influx_token, folder), authority))
