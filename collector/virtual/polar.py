"""The firmware of a virtual Polar: Verity Sense, OH1 or H10. Format: firmware_docs/polar.md.

It spells its bytes itself, on purpose: constants shared with the driver would hide a slip in either.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aquiver.body import Site
from aquiver.model import Signal
from collector.simulation.body import Body
from collector.virtual import pmd
from collector.virtual.crystal import PERFECT, Crystal
from collector.virtual.firmware import Characteristic, Said
from collector.virtual.outbox import Drop, Outbox
from collector.virtual.polar_models import VERITY, Measurement, Model

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
_BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
_BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"

_REFUSED = {0: 8, 1: 7, 2: 9, 4: 11}  # the status that names the setting
_OK, _BAD_OPCODE, _NOT_SUPPORTED, _BAD_PARAMETER, _ALREADY, _MTU_TOO_SMALL = 0, 1, 3, 5, 6, 10
_SMALLEST_MTU = 231  # frames are 226 to 228 bytes
_RATE = 0


@dataclass(slots=True)
class _Stream:
    """A measurement under way, and the first sample that has not been sent yet."""

    of: Measurement
    signal: Signal
    origin_s: float
    next: int = 0

    def n_taken(self, now_s: float) -> int:
        """Count the samples so far."""
        return math.floor((now_s - self.origin_s) * self.signal.rate_hz) + 1


class VirtualPolar:
    """A Polar on a body. ``model`` says which; ``mtu`` is what the link agreed on."""

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
        model: Model = VERITY,
        mtu: int = 247,
        crystal: Crystal = PERFECT,
        drop: Drop | None = None,
        battery_percent: int = 80,
    ) -> None:
        self.name = model.name
        self._body = body
        self._site = site
        self._model = model
        self._mtu = mtu
        self._crystal = crystal
        self._outbox = Outbox(drop)
        self._values = {CONTROL: model.features, _BATTERY: bytes([battery_percent])}
        self._streams: dict[int, _Stream] = {}
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
        elif measurement not in self._model.measurements:
            status, parameters = _NOT_SUPPORTED, b""
        else:
            status, parameters = commands[operation](measurement, data[2:], now_s)
        return (Said(CONTROL, bytes([0xF0, operation, measurement, status, 0]) + parameters),)

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the frames whose last sample has been taken, in order."""
        if not self._is_heard:
            return ()
        timed = [one for stream in self._streams.values() for one in self._frames(stream, now_s)]
        timed.sort(key=lambda one: one[0])
        return self._outbox.feed(Said(DATA, frame) for _, frame in timed)

    def disconnected(self) -> None:
        """Forget nothing: a Polar goes on measuring for nobody until it is told to stop."""
        self._is_heard = False

    def _settings(self, measurement: int, _: bytes, __: float) -> tuple[int, bytes]:
        offered = self._model.measurements[measurement].offered
        return _OK, b"".join(bytes([kind, len(values)]) + b"".join(values) for kind, values in offered.items())

    def _start(self, measurement: int, wanted: bytes, now_s: float) -> tuple[int, bytes]:
        if self._mtu < _SMALLEST_MTU:
            return _MTU_TOO_SMALL, b""
        if measurement in self._streams:
            return _ALREADY, b""
        of = self._model.measurements[measurement]
        chosen = {kind: values[0] for kind, values in of.offered.items()}
        if status := _choose(wanted, of.offered, chosen):
            return status, b""
        rate_hz = self._crystal.rate_hz(float(int.from_bytes(chosen[_RATE], "little")))
        self._streams[measurement] = _Stream(of, replace(of.signal, rate_hz=rate_hz), now_s)
        return _OK, of.on_start

    def _stop(self, measurement: int, _: bytes, __: float) -> tuple[int, bytes]:
        return (_OK if self._streams.pop(measurement, None) else _ALREADY), b""

    def _skip_unheard(self, now_s: float) -> None:
        """Drop what was measured while nobody was connected."""
        if not self._is_heard:
            for stream in self._streams.values():
                stream.next = stream.n_taken(now_s)
        self._is_heard = True

    def _frames(self, stream: _Stream, now_s: float) -> Iterator[tuple[float, bytes]]:
        """Give each full frame with the time of its last sample."""
        rate_hz = stream.signal.rate_hz
        while stream.n_taken(now_s) - stream.next >= stream.of.samples_per_frame:
            numbers = range(stream.next, stream.next + stream.of.samples_per_frame)
            samples = self._body.sense(self._site, stream.signal, stream.origin_s, numbers.start, len(numbers))
            times_s = [stream.origin_s + number / rate_hz for number in numbers]
            device_ns = [self._crystal.ns(time_s) for time_s in times_s]
            for frame in pmd.frames(stream.of.write, device_ns, samples, self._mtu - 3):
                yield times_s[-1], frame
            stream.next = numbers.stop


def _choose(wanted: bytes, offered: Mapping[int, Sequence[bytes]], chosen: dict[int, bytes]) -> int:
    """Take over what a start asks for into ``chosen``; give the status, 0 if it is all on offer.

    A two-byte channel count, as other measurements have it, breaks the reading: the real one refuses it too.
    """
    at = 0
    while at < len(wanted):
        kind = wanted[at]
        if kind not in offered or wanted[at + 1 : at + 2] != b"\x01":
            return _BAD_PARAMETER
        end = at + 2 + len(offered[kind][0])
        if wanted[at + 2 : end] not in offered[kind]:
            return _REFUSED[kind]
        chosen[kind] = wanted[at + 2 : end]
        at = end
    return _OK
