"""The firmware of a virtual WitMotion. Format: firmware_docs/witmotion.md.

It spells its bytes itself, on purpose: constants shared with the driver would hide a slip in either.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import replace

from aquiver.body import Site
from aquiver.model import Channel, Modality, Signal, Unit
from collector.simulation.body import Body
from collector.virtual.crystal import PERFECT, Crystal
from collector.virtual.firmware import Characteristic, Said
from collector.virtual.outbox import Drop, Outbox
from collector.virtual.refusal import Refused

SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"
DATA = "0000ffe4-0000-1000-8000-00805f9a34fb"
COMMAND = "0000ffe9-0000-1000-8000-00805f9a34fb"

_ACCELERATION = Signal(
    Modality.ACCELEROMETER, 100.0, Unit.G, 32767, tuple(Channel(axis, 1 / 2048) for axis in ("x", "y", "z"))
)
_RATE, _LOCK, _READ, _UNLOCKED_BY = 0x03, 0x69, 0x27, 0xB588
_RATES_HZ = {1: 0.2, 2: 0.5, 3: 1.0, 4: 2.0, 5: 5.0, 6: 10.0, 7: 20.0, 8: 50.0, 9: 100.0, 11: 200.0}
_FACTORY = {_RATE: 6, 0x1F: 4, 0x40: 2512, 0x64: 398}  # 10 Hz, low-pass 20 Hz, 25.12 degrees, 3.98 V
_UNLOCKED_S = 10.0
_READ_NOT_PERMITTED = 0x02
_GROUPED_FROM_HZ = 100.0  # slower, each frame goes at once


class VirtualWitmotion:
    """A WT901BLE on a body's limb. ``notification_bytes`` is how its stream of frames is cut, 8 frames as seen in use."""

    name = "WT901BLE"
    service = SERVICE
    table = (
        Characteristic(SERVICE, DATA, frozenset({"notify"})),
        Characteristic(SERVICE, COMMAND, frozenset({"write", "write_command"})),
    )

    def __init__(
        self,
        body: Body,
        site: Site,
        *,
        notification_bytes: int = 160,
        crystal: Crystal = PERFECT,
        drop: Drop | None = None,
    ) -> None:
        self._body = body
        self._site = site
        self._notification_bytes = notification_bytes
        self._crystal = crystal
        self._outbox = Outbox(drop)
        self._registers = dict(_FACTORY)
        self._unlocked_until_s = -math.inf
        self._origin_s: float | None = None
        self._n_taken = 0
        self._waiting = b""

    def read(self, characteristic: str) -> bytes:  # noqa: ARG002  # none can be read
        """Answer a read; there is nothing to read."""
        raise Refused(_READ_NOT_PERMITTED)

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        """Take a command to a register; it is locked but for 10 s after the key was written to it."""
        if characteristic != COMMAND or len(data) != struct.calcsize("<HBH") or data[:2] != b"\xff\xaa":
            return ()
        _, register, value = struct.unpack("<HBH", data)
        if register == _READ:
            return self._tell(value)
        if register == _LOCK:
            self._unlocked_until_s = now_s + _UNLOCKED_S if value == _UNLOCKED_BY else -math.inf
        elif now_s <= self._unlocked_until_s:
            self._registers[register] = value
            if register == _RATE:
                self._origin_s, self._n_taken = now_s, 0
        return ()

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the notifications that are full; at low rates all that is there. It streams from the first call on."""
        rate_hz = _RATES_HZ.get(self._registers[_RATE])
        if rate_hz is None:  # told to be silent
            return ()
        self._waiting += b"".join(self._frames(now_s, self._crystal.rate_hz(rate_hz)))
        return self._outbox.feed(self._cut(is_all=rate_hz < _GROUPED_FROM_HZ))

    def disconnected(self) -> None:
        """Stop sampling; the registers keep what they were told until it is switched off."""
        self._origin_s, self._n_taken, self._waiting = None, 0, b""

    def _tell(self, register: int) -> tuple[Said, ...]:
        """Put eight registers into the stream, and send it at once."""
        values = [self._registers.get(register + nth, 0) for nth in range(8)]
        self._waiting += struct.pack("<BBH8H", 0x55, 0x71, register, *values)
        return self._outbox.feed(self._cut(is_all=True))

    def _frames(self, now_s: float, rate_hz: float) -> Iterator[bytes]:
        if self._origin_s is None:
            self._origin_s = now_s
        first = self._n_taken
        self._n_taken = max(first, math.floor((now_s - self._origin_s) * rate_hz))
        signal = replace(_ACCELERATION, rate_hz=rate_hz)
        samples = self._body.sense(self._site, signal, self._origin_s, first, self._n_taken - first)
        for sample in samples.tolist():
            yield struct.pack("<BB9h", 0x55, 0x61, *sample, 0, 0, 0, 0, 0, 0)

    def _cut(self, *, is_all: bool) -> Iterator[Said]:
        size = self._notification_bytes
        while len(self._waiting) >= size or (is_all and self._waiting):
            piece, self._waiting = self._waiting[:size], self._waiting[size:]
            yield Said(DATA, piece)
