"""The firmware of a virtual Ganglion. Format: firmware_docs/ganglion.md.

It spells its bytes itself, on purpose: constants shared with the driver would hide a slip in either.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

from aquiver.body import Site
from aquiver.model import Channel, Modality, Signal, Unit
from collector.simulation.body import Body
from collector.virtual.crystal import PERFECT, Crystal
from collector.virtual.firmware import Characteristic, Said
from collector.virtual.ganglion_packer import DifferencePacker, Packer, ValuePacker
from collector.virtual.outbox import Drop, Outbox

SERVICE = "0000fe84-0000-1000-8000-00805f9b34fb"
DATA = "2d30c082-f39f-4ce6-923f-3484ea480596"
COMMAND = "2d30c083-f39f-4ce6-923f-3484ea480596"
_DISCONNECT = "2d30c084-f39f-4ce6-923f-3484ea480596"
_INFORMATION_SERVICE = "0000180a-0000-1000-8000-00805f9b34fb"
SOFTWARE = "00002a28-0000-1000-8000-00805f9b34fb"

_REVISIONS = {2: b"2.0.1", 3: b"3.0.2"}
_PACKERS: dict[int, type[DifferencePacker | ValuePacker]] = {2: DifferencePacker, 3: ValuePacker}
_EMG = Signal(
    Modality.EMG, 200.0, Unit.MICROVOLT, 8388607, tuple(Channel(name, 0.0018699498629276496) for name in "1234")
)
_GREETING = (b"\xceOpenBCI Ganglion v", b"\xcf LIS2DH ID: 0x33\n")  # parts of a message, and its last part


class VirtualGanglion:
    """A Ganglion on a body's limb. ``firmware`` is 2 or 3; ``revision`` is what it says of itself, true or not."""

    name = "Ganglion"
    service = SERVICE
    table = (
        Characteristic(SERVICE, DATA, frozenset({"read", "notify"})),
        Characteristic(SERVICE, COMMAND, frozenset({"write", "write_command"})),
        Characteristic(SERVICE, _DISCONNECT, frozenset({"write", "write_command"})),
        Characteristic(_INFORMATION_SERVICE, SOFTWARE, frozenset({"read"})),
    )

    def __init__(
        self,
        body: Body,
        site: Site,
        *,
        firmware: int = 3,
        revision: bytes | None = None,
        crystal: Crystal = PERFECT,
        drop: Drop | None = None,
    ) -> None:
        self._body = body
        self._site = site
        self._emg = replace(_EMG, rate_hz=crystal.rate_hz(_EMG.rate_hz))
        self._packer_kind = _PACKERS[firmware]
        self._outbox = Outbox(drop)
        self._values = {SOFTWARE: revision or _REVISIONS[firmware], DATA: b""}
        self._has_accelerometer = True
        self._packer: Packer | None = None
        self._origin_s = 0.0
        self._n_taken = 0

    def read(self, characteristic: str) -> bytes:
        """Answer a read: the software revision."""
        return self._values[characteristic]

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        """Take a command of one letter; only a reset is answered, in messages."""
        if characteristic != COMMAND:
            return ()
        match data:
            case b"b" if self._packer is None:
                self._packer = self._packer_kind(has_accelerometer=self._has_accelerometer)
                self._origin_s, self._n_taken = now_s, 0
            case b"s":
                self._packer = None
            case b"n" | b"N":
                self._has_accelerometer = data == b"n"
            case b"v":
                self.disconnected()
                return tuple(Said(DATA, part) for part in _GREETING)
        return ()

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the packets whose last sample has been taken."""
        return self._outbox.feed(Said(DATA, packet) for packet in self._packets(now_s))

    def disconnected(self) -> None:
        """Reset, as the board does with every connection."""
        self._packer, self._has_accelerometer = None, True

    def _packets(self, now_s: float) -> Iterator[bytes]:
        if self._packer is None:
            return
        first = self._n_taken
        self._n_taken = max(first, math.floor((now_s - self._origin_s) * self._emg.rate_hz))
        samples = self._body.sense(self._site, self._emg, self._origin_s, first, self._n_taken - first)
        for sample in samples.tolist():
            if (packet := self._packer.feed(sample)) is not None:
                yield packet
