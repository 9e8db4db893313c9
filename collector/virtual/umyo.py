"""The firmware of a virtual uMyo, as it streams by default (profile S2). Format: firmware_docs/umyo.md.

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

SERVICE = "93375900-f229-8b49-b397-44b5899b8601"
TELEMETRY = "fc7a850d-c1a5-f61f-0da7-9995621fbd01"
_NAME = "fc7a850d-c1a5-f61f-0da7-9995621fbd02"

_EMG = Signal(Modality.EMG, 1116.0, Unit.COUNT, 8191, (Channel("1"),))  # what its converter's settings make
_ACCELERATION = Signal(
    Modality.ACCELEROMETER, 25.0, Unit.G, 32767, tuple(Channel(axis, 1 / 16384) for axis in ("x", "y", "z"))
)
_ZERO = 8192
_SAMPLES_PER_PACKET = 24
_SAMPLES_KEPT = 256  # 32 chunks of 8: older ones are overwritten while nobody listens
_STILL = (0, 0, 0, 0, 0, 0)  # rotation and magnetic field
_UPRIGHT = (32767, 0, 0, 0)  # the quaternion 1; the virtual band does not know its attitude


class VirtualUmyo:
    """A uMyo on a body's limb. ``has_format_byte`` picks the firmware, ``first_count`` its age."""

    name = "uMyo-A1"
    service = SERVICE
    table = (
        Characteristic(SERVICE, TELEMETRY, frozenset({"read", "notify"})),
        Characteristic(SERVICE, _NAME, frozenset({"read", "write_command", "notify"})),
    )

    def __init__(
        self,
        body: Body,
        site: Site,
        *,
        has_format_byte: bool = True,
        first_count: int = 0,
        crystal: Crystal = PERFECT,
        drop: Drop | None = None,
    ) -> None:
        self._body = body
        self._site = site
        self._heads = (b"\x02", b"\x03") if has_format_byte else (b"", b"")
        self._first_count = first_count
        self._emg = replace(_EMG, rate_hz=crystal.rate_hz(_EMG.rate_hz))
        self._acceleration = replace(_ACCELERATION, rate_hz=crystal.rate_hz(_ACCELERATION.rate_hz))
        self._outbox = Outbox(drop)
        self._values = {TELEMETRY: b"", _NAME: b"uMyo-A1B2".ljust(16, b"\0")}
        self._origin_s: float | None = None
        self._next_sample = 0
        self._next_motion = 0
        self._is_heard = True

    def read(self, characteristic: str) -> bytes:
        """Answer a read: the packet sent last, or the name."""
        return self._values[characteristic]

    def write(self, _characteristic: str, _data: bytes, _now_s: float) -> tuple[Said, ...]:
        """Take a write, and keep the name: only the maker's app gives another."""
        return ()

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the packets whose last sample has been taken, in order; of those nobody heard, what was kept."""
        if self._origin_s is None:
            self._origin_s = now_s
        if not self._is_heard:
            self._skip_unheard(now_s - self._origin_s)
        motion, emg = self._motion_due(self._origin_s, now_s), self._emg_due(self._origin_s, now_s)
        said = tuple(one for _, one in sorted([*motion, *emg], key=lambda timed: timed[0]))
        if said:
            self._values[TELEMETRY] = said[-1].data
        return self._outbox.feed(said)

    def disconnected(self) -> None:
        """Forget nothing: it goes on counting."""
        self._is_heard = False

    def _skip_unheard(self, age_s: float) -> None:
        n_kept = math.floor(age_s * self._emg.rate_hz) // 8 * 8 - _SAMPLES_KEPT
        self._next_sample = max(self._next_sample, n_kept)
        self._next_motion = math.floor(age_s * self._acceleration.rate_hz)
        self._is_heard = True

    def _emg_due(self, origin_s: float, now_s: float) -> Iterator[tuple[float, Said]]:
        """Give each packet of EMG with the time of its last sample."""
        n_taken, first = math.floor((now_s - origin_s) * self._emg.rate_hz), self._next_sample
        n_packets = (n_taken - first) // _SAMPLES_PER_PACKET
        self._next_sample += n_packets * _SAMPLES_PER_PACKET
        samples = self._body.sense(self._site, self._emg, origin_s, first, self._next_sample - first)
        numbers = range(first, self._next_sample, _SAMPLES_PER_PACKET)
        for number, packet in zip(numbers, samples.reshape(-1, _SAMPLES_PER_PACKET) + _ZERO, strict=True):
            count = (self._first_count + number) & 0xFFFFFFFF
            data = self._heads[0] + struct.pack("<I24h", count, *packet.tolist())
            yield origin_s + (number + _SAMPLES_PER_PACKET) / self._emg.rate_hz, Said(TELEMETRY, data)

    def _motion_due(self, origin_s: float, now_s: float) -> Iterator[tuple[float, Said]]:
        """Give each packet of motion with its time."""
        first, rate_hz = self._next_motion, self._acceleration.rate_hz
        self._next_motion = math.floor((now_s - origin_s) * rate_hz)
        samples = self._body.sense(self._site, self._acceleration, origin_s, first, self._next_motion - first)
        for number, acceleration in enumerate(samples.tolist(), first):
            data = self._heads[1] + struct.pack("<13h", *acceleration, *_STILL, *_UPRIGHT)
            yield origin_s + (number + 1) / rate_hz, Said(TELEMETRY, data)
