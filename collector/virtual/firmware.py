"""What the firmware of a virtual wearable does, without any Bluetooth in it.

A firmware is pure: it is told what was written and what time it is, and answers with values and notifications.
``collector.virtual.radio`` puts it on the air. To answer a read or write with an error it raises
``collector.virtual.refusal.Refused``.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One characteristic of the GATT table. ``properties`` are any of read, write, write_command, notify, indicate."""

    service: str
    uuid: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Said:
    """A notification or indication the firmware wants to send."""

    characteristic: str
    data: bytes


class Firmware(Protocol):
    """One virtual wearable. Name and one 128-bit service UUID must fit 31 bytes of advertising together."""

    @property
    def name(self) -> str:
        """Give the advertised name (at most 8 characters fit beside a 128-bit UUID)."""
        ...

    @property
    def service(self) -> str:
        """Give the advertised service UUID."""
        ...

    @property
    def table(self) -> tuple[Characteristic, ...]:
        """List the characteristics, in order; equal neighbours in ``service`` share a service."""
        ...

    def read(self, characteristic: str) -> bytes:
        """Answer a read."""
        ...

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        """Take a write; give what is said in answer."""
        ...

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give everything that is due by now, in order; nothing while not streaming."""
        ...

    def disconnected(self) -> None:
        """Forget what a real wearable forgets when its link ends."""
        ...
