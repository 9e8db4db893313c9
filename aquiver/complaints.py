"""Complaints: what this process cannot do just now because a disk or a server refuses. One board for all its services.

It is the one thing a process shares without being handed it: the disk is everybody's, and whoever meets its refusal
is far from whoever tells the wearer.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Task(StrEnum):
    """Work that a disk or a server can refuse, in the words of the log."""

    SPOOL = "the spool cannot be written"
    STATE = "the detector's state cannot be written"
    STORE = "the store cannot be written"
    RAW = "raw samples are not recorded"
    READ = "the store cannot be read"
    TAKES = "the store's server takes no records"
    GIVES = "the store's server gives no records"


_OPEN: dict[str, str] = {}
complaints: Mapping[str, str] = MappingProxyType(_OPEN)


def complain(task: str, reason: str) -> None:
    """Say that a task is refused, and why."""
    _OPEN[task] = reason


def settle(task: str) -> None:
    """Say that a task is done again."""
    _OPEN.pop(task, None)
