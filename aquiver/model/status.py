"""Status: how a band is doing now."""

from dataclasses import dataclass, field
from enum import StrEnum

from aquiver.body import Site
from aquiver.model.signal import Modality


class BandState(StrEnum):
    """What the collector is doing about a band."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    STREAMING = "streaming"
    LOST = "lost"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """How one stream of a band is doing. ``residual_s`` is the clock model's typical error.

    ``stuck`` names the channels that stand at the end of their range, a fault of the sensor; ``n_stuck`` counts the
    samples taken so.
    """

    newest_sample_s: float | None
    n_samples: int
    n_lost: int
    residual_s: float
    n_stuck: int = 0
    stuck: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How a band is doing now. Judge it by the age of its newest sample, never by ``state`` alone.

    ``rssi_dbm`` is how strongly the band was last heard before it was connected, where that is told; ``n_waiting`` counts
    the chunks of all bands that the collector keeps until they are confirmed.
    """

    wearer: str
    device: str
    site: Site
    time_s: float
    state: BandState
    reason: str
    battery_percent: float | None
    n_malformed: int
    streams: dict[Modality, StreamStatus] = field(default_factory=dict)
    rssi_dbm: float | None = None
    n_waiting: int = 0
