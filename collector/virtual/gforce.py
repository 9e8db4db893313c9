"""The firmware of a virtual gForcePro+. Format: firmware_docs/gforce.md.

It spells its bytes itself, on purpose: constants shared with the driver would hide a slip in either.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from aquiver.body import Site
from aquiver.model import Channel, Modality, Signal, Unit
from collector.simulation.body import Body
from collector.virtual.crystal import PERFECT, Crystal
from collector.virtual.firmware import Characteristic, Said
from collector.virtual.outbox import Drop, Outbox

SERVICE = "0000ffd0-0000-1000-8000-00805f9b34fb"
_GATT_SERVICE = "f000ffd0-0451-4000-b000-000000000000"
COMMAND = "f000ffe1-0451-4000-b000-000000000000"
DATA = "f000ffe2-0451-4000-b000-000000000000"

_CHANNELS = tuple(Channel(str(number)) for number in range(1, 9))
_AXES = tuple(Channel(axis, 1 / 65536) for axis in ("x", "y", "z"))
_RATES = {8: (500, 650, 1000), 12: (500,)}  # by bits
_ACCELERATION_FLAG, _EMG_FLAG = 0x01, 0x80
_OK, _UNKNOWN, _BAD_PARAMETER = 0, 1, 2


@dataclass(slots=True)
class _Session:
    """What a gForce knows until its link ends."""

    n_bits: int = 8
    rate: int = 500
    is_numbered: bool = False
    flags: int = 0
    origin_s: float = 0.0
    n_said: int = 0
    n_packages: dict[int, int] = field(default_factory=dict)


class VirtualGForce:
    """A gForcePro+ on a body's limb. ``resolutions`` are the bits its firmware offers; ``mtu`` what the link agreed on."""

    name = "gForce V"
    service = SERVICE
    table = (
        Characteristic(_GATT_SERVICE, COMMAND, frozenset({"write", "notify"})),
        Characteristic(_GATT_SERVICE, DATA, frozenset({"notify"})),
    )

    def __init__(
        self,
        body: Body,
        site: Site,
        *,
        resolutions: tuple[int, ...] = (8, 12),
        mtu: int = 247,
        crystal: Crystal = PERFECT,
        drop: Drop | None = None,
    ) -> None:
        self._body = body
        self._site = site
        self._resolutions = resolutions
        self._mtu = mtu
        self._crystal = crystal
        self._outbox = Outbox(drop)
        self._is_off = False
        self._session = _Session()

    def read(self, _: str) -> bytes:
        """Answer a read: there is nothing to read."""
        return b""

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        """Take a command; each is answered with a code, but for the last."""
        if characteristic != COMMAND or not data or self._is_off:
            return ()
        session, code = self._session, _OK
        match tuple(data):
            case (0x26, 0 | 1 as is_numbered):
                session.is_numbered = bool(is_numbered)
            case (0x3F, low, high, 0xFF, 0, 128, n_bits) if self._offers(n_bits, low | high << 8):
                session.n_bits, session.rate = n_bits, low | high << 8
            case (0x4F, flags, _, _, _):
                session.flags, session.origin_s, session.n_packages = flags, now_s, {}
            case (0x1D, *_):
                self._is_off = True
                return ()
            case (0x26 | 0x3F | 0x4F, *_):
                code = _BAD_PARAMETER
            case _:
                code = _UNKNOWN
        return (Said(COMMAND, bytes([code, data[0]])),)

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the packages whose last sample has been taken, in order."""
        session = self._session
        timed: list[tuple[float, bytes]] = []
        if session.flags & _EMG_FLAG and not self._is_off:
            timed += self._electric(now_s)
        if session.flags & _ACCELERATION_FLAG and not self._is_off:
            timed += self._accelerated(now_s)
        timed.sort(key=lambda one: one[0])
        return self._outbox.feed(Said(DATA, part) for _, body in timed for part in self._parts(self._numbered(body)))

    def disconnected(self) -> None:
        """Forget everything."""
        self._session = _Session()

    def _offers(self, n_bits: int, rate: int) -> bool:
        return n_bits in self._resolutions and rate in _RATES[n_bits]

    def _electric(self, now_s: float) -> Iterator[tuple[float, bytes]]:
        """Give the EMG packages that are due, each with the time of its last sample."""
        zero = 128 if self._session.n_bits == 8 else 2048  # noqa: PLR2004  # spelt, not shared
        rate_hz = self._crystal.rate_hz(float(self._session.rate))
        signal = Signal(Modality.EMG, rate_hz, Unit.COUNT, zero - 1, _CHANNELS)
        n_samples, letter = (16, "B") if zero == 128 else (8, "H")  # noqa: PLR2004
        for time_s, rows in self._taken(_EMG_FLAG, signal, n_samples, now_s):
            yield time_s, struct.pack(f"<B{8 * n_samples}{letter}", 8, *(value + zero for value in rows))

    def _accelerated(self, now_s: float) -> Iterator[tuple[float, bytes]]:
        signal = Signal(Modality.ACCELEROMETER, self._crystal.rate_hz(50.0), Unit.G, 16 * 65536, _AXES)
        for time_s, values in self._taken(_ACCELERATION_FLAG, signal, 1, now_s):
            yield time_s, struct.pack("<B3i", 1, *values)

    def _taken(self, flag: int, signal: Signal, n_samples: int, now_s: float) -> Iterator[tuple[float, list[int]]]:
        """Give the samples of each package of a stream, with the time of the last."""
        session = self._session
        first = session.n_packages.get(flag, 0)
        end = max(first, math.floor((now_s - session.origin_s) * signal.rate_hz / n_samples))
        session.n_packages[flag] = end
        rows = self._body.sense(self._site, signal, session.origin_s, first * n_samples, (end - first) * n_samples)
        for number in range(first, end):
            start = (number - first) * n_samples
            time_s = session.origin_s + (number + 1) * n_samples / signal.rate_hz
            yield time_s, rows[start : start + n_samples].ravel().tolist()

    def _numbered(self, body: bytes) -> bytes:
        """Give a package its number, if it was asked to. One counter numbers all types."""
        if not self._session.is_numbered:
            return body
        number = self._session.n_said % 256
        self._session.n_said += 1
        return bytes([body[0] | 0x80, number]) + body[1:]

    def _parts(self, package: bytes) -> Iterator[bytes]:
        """Give a package, in parts if one notification cannot hold it."""
        longest = self._mtu - 3
        if len(package) <= longest:
            yield package
            return
        chunks = [package[at : at + longest - 2] for at in range(0, len(package), longest - 2)]
        for number, chunk in enumerate(chunks, start=1):
            yield bytes([0xFF, len(chunks) - number]) + chunk
