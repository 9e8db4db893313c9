"""The disk, and the store's server: complaints of this process as findings. Pure."""

from collections.abc import Iterator, Mapping

from aquiver.complaints import Task
from aquiver.model import FaultKind, Link
from aquiver.sentry.finding import Finding

_FINDINGS: Mapping[str, tuple[Link, FaultKind, str]] = {
    Task.SPOOL: (Link.COLLECTOR, FaultKind.DISK_REFUSES, "spool"),
    Task.STATE: (Link.DETECTOR, FaultKind.DISK_REFUSES, "state"),
    Task.STORE: (Link.STORE, FaultKind.DISK_REFUSES, "store"),
    Task.READ: (Link.STORE, FaultKind.DISK_REFUSES, "store"),
    Task.TAKES: (Link.STORE, FaultKind.STORE_SILENT, "store"),
    Task.GIVES: (Link.STORE, FaultKind.STORE_SILENT, "store"),
    Task.RAW: (Link.STORE, FaultKind.RAW_STOPPED, "recordings"),
}


def refused(complaints: Mapping[str, str]) -> Iterator[Finding]:
    """Say what is refused.

    >>> [(finding.link.value, finding.subject) for finding in refused({Task.STORE: "disk is full"})]
    [('store', 'store')]
    """
    for task, reason in complaints.items():
        link, kind, subject = _FINDINGS.get(task, (Link.STORE, FaultKind.DISK_REFUSES, "disk"))
        yield Finding(link, kind, subject, reason=reason)
