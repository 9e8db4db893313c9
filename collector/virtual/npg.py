"""The firmware of a virtual NPG Lite with the maker's Bluetooth sketch. Format: firmware_docs/npg.md.

It spells its bytes itself, on purpose: constants shared with the driver would hide a slip in either.
"""

import math
import struct
from collections.abc import Iterator

from aquiver.body import Site
from aquiver.model import Channel, Modality, Signal, Unit
from collector.simulation.body import Body
from collector.virtual.crystal import PERFECT, Crystal
from collector.virtual.firmware import Characteristic, Said
from collector.virtual.outbox import Drop, Outbox

SERVICE = "4fafc201-1fb5-459e-8fcc-c5c9c331914b"
DATA = "beb5483e-36e1-4688-b7f5-ea07361b26a8"
CONTROL = "0000ff01-0000-1000-8000-00805f9b34fb"
_BATTERY = "f633d0ec-46b4-43c1-a39f-1ca06d0602e1"

_ZERO = 2048


class VirtualNpg:
    """An NPG Lite on a body's limb. ``n_blocks`` is 10, and 1 in old sketches."""

    name = "NPG-Lite"
    service = SERVICE
    table = (
        Characteristic(SERVICE, DATA, frozenset({"notify"})),
        Characteristic(SERVICE, CONTROL, frozenset({"read", "write", "notify"})),
        Characteristic(SERVICE, _BATTERY, frozenset({"read", "notify"})),
    )

    def __init__(
        self,
        body: Body,
        site: Site,
        *,
        n_channels: int = 3,
        n_blocks: int = 10,
        crystal: Crystal = PERFECT,
        drop: Drop | None = None,
        battery_percent: int = 80,
    ) -> None:
        self._body = body
        self._site = site
        channels = tuple(Channel(str(number)) for number in range(1, n_channels + 1))
        self._signal = Signal(Modality.EMG, crystal.rate_hz(500.0), Unit.COUNT, 2047, channels)
        self._block = struct.Struct(f">B{n_channels}H")
        self._n_blocks = n_blocks
        self._outbox = Outbox(drop)
        self._values = {CONTROL: b"NPG-LITE", _BATTERY: bytes([battery_percent])}
        self._origin_s: float | None = None
        self._n_packets = 0

    def read(self, characteristic: str) -> bytes:
        """Answer a read: what was written or answered last, or the battery."""
        return self._values[characteristic]

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        """Take a command, in letters of any case; questions are answered by a notification, and for who reads next."""
        if characteristic != CONTROL:
            return ()
        self._values[CONTROL] = data
        match data.strip().upper():
            case b"START":
                self._origin_s, self._n_packets = now_s, 0
            case b"STOP":
                self._origin_s = None
            case b"WHORU":
                return self._answer(b"NPG-LITE")
            case b"STATUS":
                return self._answer(b"STOPPED" if self._origin_s is None else b"RUNNING")
            case _:
                return self._answer(b"UNKNOWN COMMAND")
        return ()

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the packets whose last sample has been taken."""
        if self._origin_s is None:
            return ()
        return self._outbox.feed(self._packets(self._origin_s, now_s))

    def disconnected(self) -> None:
        """Stop."""
        self._origin_s = None

    def _answer(self, text: bytes) -> tuple[Said, ...]:
        self._values[CONTROL] = text
        return (Said(CONTROL, text),)

    def _packets(self, origin_s: float, now_s: float) -> Iterator[Said]:
        first = self._n_packets * self._n_blocks
        n_taken = math.floor((now_s - origin_s) * self._signal.rate_hz)
        self._n_packets = max(self._n_packets, n_taken // self._n_blocks)
        samples = self._body.sense(self._site, self._signal, origin_s, first, self._n_packets * self._n_blocks - first)
        raw = (samples + _ZERO).tolist()
        blocks = [self._block.pack(number & 0xFF, *sample) for number, sample in enumerate(raw, first)]
        for at in range(0, len(blocks), self._n_blocks):
            yield Said(DATA, b"".join(blocks[at : at + self._n_blocks]))
