"""The firmware of a virtual Polar Verity Sense. Format: firmware_docs/polar.md.

It spells its bytes itself, on purpose: constants shared with the driver would hide a slip in either.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import replace

from aquiver.body import Site
from aquiver.model import Channel, Modality, Signal, Unit
from collector.simulation.body import Body
from collector.virtual import pmd
from collector.virtual.crystal import PERFECT, Crystal
from collector.virtual.firmware import Characteristic, Said
from collector.virtual.outbox import Drop, Outbox

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
_BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
_BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"

RAW = 0x80  # older firmware: integers of the sensor, and a factor in the reply to start
MILLI_G = 0x81  # newer firmware: mG

_RATE_HZ = 52.0
_FACTOR_G = 0.000244
_AXES = ("x", "y", "z")
_SIGNALS = {
    RAW: Signal(Modality.ACCELEROMETER, _RATE_HZ, Unit.G, 32767, tuple(Channel(axis, _FACTOR_G) for axis in _AXES)),
    MILLI_G: Signal(Modality.ACCELEROMETER, _RATE_HZ, Unit.G, 7995, tuple(Channel(axis, 0.001) for axis in _AXES)),
}
_FACTOR = {RAW: b"\x05\x01" + struct.pack("<f", _FACTOR_G), MILLI_G: b""}

_FEATURES = bytes.fromhex("0F 6E 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00")
_OFFERED = {0: b"\x34\x00", 1: b"\x10\x00", 2: b"\x08\x00", 4: b"\x03"}  # 52 Hz, 16 bits, 8 g, 3 channels
_REFUSED = {0: 8, 1: 7, 2: 9, 4: 11}  # the status that names the setting
_ACCELEROMETER = 2
_OK, _BAD_OPCODE, _NOT_SUPPORTED, _BAD_PARAMETER, _ALREADY, _MTU_TOO_SMALL = 0, 1, 3, 5, 6, 10
_SMALLEST_MTU = 231  # frames are 226 to 228 bytes
_SAMPLES_PER_FRAME = 36


class VirtualPolar:
    """A Verity Sense on a body's arm. ``frame_type`` picks the firmware; ``mtu`` is what the link agreed on."""

    name = "Sense V"
    service = SERVICE
    table = (
        Characteristic(SERVICE, CONTROL, frozenset({"read", "write", "indicate"})),
        Characteristic(SERVICE, DATA, frozenset({"notify"})),
        Characteristic(_BATTERY_SERVICE, _BATTERY, frozenset({"read", "notify"})),
    )

    def __init__(
        self,
        body: Body,
        site: Site,
        *,
        frame_type: int = MILLI_G,
        mtu: int = 247,
        crystal: Crystal = PERFECT,
        drop: Drop | None = None,
        battery_percent: int = 80,
    ) -> None:
        self._body = body
        self._site = site
        self._frame_type = frame_type
        self._signal = replace(_SIGNALS[frame_type], rate_hz=crystal.rate_hz(_RATE_HZ))
        self._mtu = mtu
        self._crystal = crystal
        self._outbox = Outbox(drop)
        self._values = {CONTROL: _FEATURES, _BATTERY: bytes([battery_percent])}
        self._origin_s: float | None = None
        self._next = 0
        self._is_heard = True

    def read(self, characteristic: str) -> bytes:
        """Answer a read: the features, or the battery."""
        return self._values[characteristic]

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        """Take a command to the control point; every one is answered."""
        if characteristic != CONTROL or not data:
            return ()
        self._skip_unheard(now_s)
        operation, measurement = data[0], data[1] if len(data) > 1 else 0
        commands = {1: self._settings, 2: self._start, 3: self._stop}
        if operation not in commands:
            status, parameters = _BAD_OPCODE, b""
        elif measurement != _ACCELEROMETER:
            status, parameters = _NOT_SUPPORTED, b""
        else:
            status, parameters = commands[operation](data[2:], now_s)
        return (Said(CONTROL, bytes([0xF0, operation, measurement, status, 0]) + parameters),)

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the frames whose last sample has been taken."""
        return self._outbox.feed(Said(DATA, frame) for frame in self._frames(now_s))

    def disconnected(self) -> None:
        """Forget nothing: a Polar goes on measuring for nobody until it is told to stop."""
        self._is_heard = False

    def _settings(self, _: bytes, __: float) -> tuple[int, bytes]:
        return _OK, b"".join(bytes([kind, 1]) + value for kind, value in _OFFERED.items())

    def _start(self, wanted: bytes, now_s: float) -> tuple[int, bytes]:
        if self._mtu < _SMALLEST_MTU:
            return _MTU_TOO_SMALL, b""
        if self._origin_s is not None:
            return _ALREADY, b""
        if status := _refusal(wanted):
            return status, b""
        self._origin_s, self._next = now_s, 0
        return _OK, _FACTOR[self._frame_type]

    def _stop(self, _: bytes, __: float) -> tuple[int, bytes]:
        if self._origin_s is None:
            return _ALREADY, b""
        self._origin_s = None
        return _OK, b""

    def _skip_unheard(self, now_s: float) -> None:
        """Drop what was measured while nobody was connected."""
        if not self._is_heard and self._origin_s is not None:
            self._next = self._n_taken(self._origin_s, now_s)
        self._is_heard = True

    def _n_taken(self, origin_s: float, now_s: float) -> int:
        return math.floor((now_s - origin_s) * self._signal.rate_hz) + 1

    def _frames(self, now_s: float) -> Iterator[bytes]:
        if self._origin_s is None or not self._is_heard:
            return
        while self._n_taken(self._origin_s, now_s) - self._next >= _SAMPLES_PER_FRAME:
            numbers = range(self._next, self._next + _SAMPLES_PER_FRAME)
            samples = self._body.sense(self._site, self._signal, self._origin_s, numbers.start, len(numbers))
            device_ns = [self._crystal.ns(self._origin_s + number / self._signal.rate_hz) for number in numbers]
            yield from pmd.frames(self._frame_type, device_ns, samples, self._mtu - 3)
            self._next = numbers.stop


def _refusal(wanted: bytes) -> int:
    """Give the status for what a start asks for; 0 if it is all on offer.

    A two-byte channel count, as other measurements have it, breaks the reading: the real one refuses it too.
    """
    at = 0
    while at < len(wanted):
        kind = wanted[at]
        if kind not in _OFFERED or wanted[at + 1 : at + 2] != b"\x01":
            return _BAD_PARAMETER
        end = at + 2 + len(_OFFERED[kind])
        if wanted[at + 2 : end] != _OFFERED[kind]:
            return _REFUSED[kind]
        at = end
    return _OK
