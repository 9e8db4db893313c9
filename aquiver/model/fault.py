"""Faults: what is broken on the way from the skin to the eye, and the heartbeats by which that is seen."""

from dataclasses import dataclass
from enum import StrEnum

from aquiver.body import Site


class Link(StrEnum):
    """A link of the chain, in the order in which a sample passes it."""

    SENSOR = "sensor"
    COLLECTOR = "collector"
    BROKER = "broker"
    DETECTOR = "detector"
    STORE = "store"
    VIEW = "view"


class FaultKind(StrEnum):
    """What is wrong.

    ``out_of_reach``: the collector cannot reach the band. ``silent``: it is connected and says nothing.
    ``battery_empty``: it fell silent with an empty battery. ``not_confirming``: a service lives, but what it should
    take is not taken. ``no_records``: samples flow and nothing is counted. ``raw_stopped``: raw samples are no
    longer recorded, so that counts still can be. ``disk_refuses``: something that must be kept cannot be written.
    ``store_silent``: the server that keeps the records does not take or give them.
    """

    OUT_OF_REACH = "out_of_reach"
    SILENT = "silent"
    BATTERY_EMPTY = "battery_empty"
    BATTERY_LOW = "battery_low"
    SERVICE_GONE = "service_gone"
    NOT_CONFIRMING = "not_confirming"
    NO_RECORDS = "no_records"
    BROKER_SILENT = "broker_silent"
    RAW_STOPPED = "raw_stopped"
    DISK_REFUSES = "disk_refuses"
    STORE_SILENT = "store_silent"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something of the machine is broken, from ``since_s`` until ``until_s``, or still.

    ``subject`` names the band or the service it is about; ``reporter`` the service that noticed. A later fault with
    the same wearer, reporter, kind and subject replaces the earlier one: so an open one is closed.
    """

    wearer: str
    night: str
    reporter: str
    link: Link
    kind: FaultKind
    subject: str
    site: Site | None
    since_s: float
    until_s: float | None
    reason: str

    @property
    def is_open(self) -> bool:
        """Tell whether it is still so."""
        return self.until_s is None

    @property
    def key(self) -> tuple[str, str]:
        """Give what tells faults apart, whoever noticed them."""
        return self.kind, self.subject


class ServiceState(StrEnum):
    """How a service is. ``gone`` is said by the broker, in its place, when the connection broke."""

    RUNNING = "running"
    ENDED = "ended"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A service lives. ``instance`` is new with every start."""

    service: str
    instance: str
    time_s: float
    state: ServiceState
