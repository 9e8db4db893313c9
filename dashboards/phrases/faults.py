"""Every sentence about a fault: what the machine noticed, and one thing to do. Nothing in it is about the body."""

from collections.abc import Iterable, Mapping

from aquiver.model import Fault, FaultKind, Link
from dashboards.phrases import duration

# {who}: the band's site or the service; {ago}: for how long.
WHAT: Mapping[FaultKind, str] = {
    FaultKind.OUT_OF_REACH: "No samples from {who} for {ago}; the band may be out of range or empty.",
    FaultKind.SILENT: "No samples from {who} for {ago}; the band is connected and says nothing.",
    FaultKind.BATTERY_EMPTY: "No samples from {who} for {ago}; its battery was almost empty.",
    FaultKind.BATTERY_LOW: "The battery of {who} is almost empty.",
    FaultKind.SERVICE_GONE: "The {who} has not been heard from for {ago}.",
    FaultKind.NOT_CONFIRMING: "The {who} lives, but has taken nothing for {ago}.",
    FaultKind.NO_RECORDS: "Samples arrive, but nothing has been counted for {ago}.",
    FaultKind.BROKER_SILENT: "The broker has carried nothing for {ago}.",
    FaultKind.RAW_STOPPED: "Raw samples are not being recorded, so that counts still can be.",
    FaultKind.DISK_REFUSES: "The {who} cannot be written.",
    FaultKind.STORE_SILENT: "The server that keeps the records has neither taken nor given any for {ago}.",
}
ACTION: Mapping[FaultKind, str] = {
    FaultKind.OUT_OF_REACH: "Bring the band near, or charge it.",
    FaultKind.SILENT: "Switch the band off and on.",
    FaultKind.BATTERY_EMPTY: "Charge the band.",
    FaultKind.BATTERY_LOW: "Charge the band before the next night.",
    FaultKind.SERVICE_GONE: "Start it again; what was measured meanwhile is kept.",
    FaultKind.NOT_CONFIRMING: "Restart it; nothing is lost by that.",
    FaultKind.NO_RECORDS: "Restart the detector; nothing is lost by that.",
    FaultKind.BROKER_SILENT: "Start the broker again; what was measured meanwhile is kept.",
    FaultKind.RAW_STOPPED: "Free some space on the disk.",
    FaultKind.DISK_REFUSES: "Free some space on the disk; what was measured meanwhile is kept where there is room.",
    FaultKind.STORE_SILENT: "Start it again; the log says if it refuses. What was measured meanwhile is kept.",
}
NAMES: Mapping[FaultKind, str] = {
    FaultKind.OUT_OF_REACH: "out of reach",
    FaultKind.SILENT: "connected without samples",
    FaultKind.BATTERY_EMPTY: "silent with an empty battery",
    FaultKind.BATTERY_LOW: "battery almost empty",
    FaultKind.SERVICE_GONE: "not heard from",
    FaultKind.NOT_CONFIRMING: "took nothing",
    FaultKind.NO_RECORDS: "counted nothing",
    FaultKind.BROKER_SILENT: "carried nothing",
    FaultKind.RAW_STOPPED: "raw samples not recorded",
    FaultKind.DISK_REFUSES: "disk refused",
    FaultKind.STORE_SILENT: "store did not answer",
}
LINKS: Mapping[Link, str] = {
    Link.SENSOR: "sensor",
    Link.COLLECTOR: "collector",
    Link.BROKER: "broker",
    Link.DETECTOR: "detector",
    Link.STORE: "store",
    Link.VIEW: "view",
}
HEADING = "Faults of the machine"


def what(fault: Fault, now_s: float) -> str:
    """Say what the machine noticed."""
    ago = duration(max(0.0, (fault.until_s or now_s) - fault.since_s))
    who = fault.site.words if fault.site is not None else fault.subject
    return WHAT[fault.kind].format(who=who, ago=ago)


def sentence(fault: Fault, now_s: float) -> str:
    """Say what is broken, at which link, and the one thing to do."""
    return f"[{LINKS[fault.link]}] {what(fault, now_s)} {ACTION[fault.kind]}"


def sentences(faults: Iterable[Fault], now_s: float) -> list[str]:
    """Say several."""
    return [sentence(fault, now_s) for fault in faults]


def summary(faults: Iterable[Fault]) -> list[str]:
    """Say what was broken during a night, for the report: each link and kind once, how often and how long."""
    kinds: dict[tuple[Link, FaultKind, str], list[Fault]] = {}
    for fault in faults:
        who = fault.site.words if fault.site is not None else fault.subject
        kinds.setdefault((fault.link, fault.kind, who), []).append(fault)
    return [_summed(*key, found) for key, found in kinds.items()]


def _summed(link: Link, kind: FaultKind, who: str, found: list[Fault]) -> str:
    ended = [fault.until_s - fault.since_s for fault in found if fault.until_s is not None]
    times = "once" if len(found) == 1 else f"{len(found)} times"
    length = f", {duration(sum(ended))} in all" if len(ended) == len(found) else ", and still when last heard of"
    return f"  [{LINKS[link]}] {NAMES[kind]} ({who}): {times}{length}"
