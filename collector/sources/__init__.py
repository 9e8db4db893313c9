"""The seam to where samples come from: a wearable, a simulated body."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from aquiver.driver import Frame
from aquiver.model import BandState, Signal


@dataclass(frozen=True, slots=True)
class Progress:
    """The source reached another state on its way to samples. ``rssi_dbm``: how strongly the band was heard just now."""

    state: BandState
    reason: str = ""
    rssi_dbm: float | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection stands, and will deliver these signals."""

    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A frame, and the UNIX time at which it reached this machine."""

    frame: Frame
    arrival_s: float


@dataclass(frozen=True, slots=True)
class Malformed:
    """A notification that broke the wearable's format."""

    reason: str


@dataclass(frozen=True, slots=True)
class Battery:
    """The wearable's battery."""

    percent: float


Event = Progress | Opened | Arrived | Malformed | Battery


class Source(Protocol):
    """Where one band's samples come from."""

    def events(self) -> AsyncGenerator[Event, None]:
        """Give the events of one connection, from looking for the band to losing it.

        Ends when the source has nothing more to give. A source that can come back is asked again.

        Raises:
            LinkLost: the band is not there, or went away.
        """
        ...
