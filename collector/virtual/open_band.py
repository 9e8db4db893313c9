"""The firmware of the reference open band: four channels of EMG, and acceleration. Format: firmware_docs/open_band.md.

It spells its bytes itself, on purpose: constants shared with the driver would hide a slip in either.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from aquiver.body import Site
from aquiver.model import Channel, Modality, Samples, Signal, Unit
from collector.simulation.body import Body
from collector.virtual.crystal import PERFECT, Crystal
from collector.virtual.firmware import Characteristic, Said
from collector.virtual.outbox import Drop, Outbox
from collector.virtual.refusal import Refused


def _uuid(short: int) -> str:
    return f"cac8{short:04x}-538e-4cc6-bd6b-da2ce21dd146"


def _assigned(short: int) -> str:
    return f"0000{short:04x}-0000-1000-8000-00805f9b34fb"


SERVICE, DESCRIPTION, DATA, CONTROL = (_uuid(number) for number in (1, 2, 3, 4))
_BATTERY_SERVICE, BATTERY = _assigned(0x180F), _assigned(0x2A19)
_INFORMATION_SERVICE = _assigned(0x180A)
_MAKER, _MODEL, _FIRMWARE = _assigned(0x2A29), _assigned(0x2A24), _assigned(0x2A26)

_READ = frozenset({"read"})
_LIMIT = 32767
EMG = Signal(Modality.EMG, 500.0, Unit.MICROVOLT, _LIMIT, tuple(Channel(str(number), 0.1) for number in (1, 2, 3, 4)))
ACCELERATION = Signal(
    Modality.ACCELEROMETER, 100.0, Unit.G, _LIMIT, tuple(Channel(axis, 1 / 2048) for axis in ("x", "y", "z"))
)
_MOST_SAMPLES = (25, 10)  # a packet: 50 ms of EMG, 100 ms of acceleration

_ABOUT_SIGNALS = (
    struct.pack("<BBxx", 1, 2)  # version 1, two signals
    + struct.pack("<4BIIfIHxx", 1, 1, 4, 16, 500, 1, 0.1, _LIMIT, _MOST_SAMPLES[0])  # EMG in uV
    + struct.pack("<4BIIfIHxx", 2, 2, 3, 16, 100, 1, 1 / 2048, _LIMIT, _MOST_SAMPLES[1])  # acceleration in g
)
_HEADER_BYTES = 9
_ATT_BYTES = 3
_OK, _UNKNOWN = 0, 1
_INVALID_LENGTH = 0x0D
_WRAP = 2**32


@dataclass(slots=True)
class _Track:
    """One signal as this wearable's crystal takes it, and the first sample that has not been sent yet."""

    index: int
    signal: Signal
    n_in_packet: int
    next: int = 0


class VirtualOpenBand:
    """An open band on a body's limb; ``mtu`` is what the link agreed on. It takes samples only while it streams."""

    name = "OpenBand"
    service = SERVICE
    table = (
        Characteristic(SERVICE, DESCRIPTION, _READ),
        Characteristic(SERVICE, DATA, frozenset({"notify"})),
        Characteristic(SERVICE, CONTROL, frozenset({"write", "indicate"})),
        Characteristic(_BATTERY_SERVICE, BATTERY, frozenset({"read", "notify"})),
        Characteristic(_INFORMATION_SERVICE, _MAKER, _READ),
        Characteristic(_INFORMATION_SERVICE, _MODEL, _READ),
        Characteristic(_INFORMATION_SERVICE, _FIRMWARE, _READ),
    )

    def __init__(
        self,
        body: Body,
        site: Site,
        *,
        mtu: int = 247,
        crystal: Crystal = PERFECT,
        drop: Drop | None = None,
        battery_percent: int = 80,
    ) -> None:
        self._body = body
        self._site = site
        self._crystal = crystal
        self._outbox = Outbox(drop)
        self._room = mtu - _ATT_BYTES - _HEADER_BYTES
        self._values = {
            DESCRIPTION: _ABOUT_SIGNALS,
            BATTERY: bytes([battery_percent]),
            _MAKER: b"aquiver",
            _MODEL: b"reference open band",
            _FIRMWARE: b"1.0",
        }
        self._origin_s: float | None = None
        self._tracks: tuple[_Track, ...] = ()

    def read(self, characteristic: str) -> bytes:
        """Answer a read: the description, the battery, or what it is."""
        return self._values[characteristic]

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        """Take a command; every one is answered, and a start always begins anew."""
        if characteristic != CONTROL:
            return ()
        match tuple(data):
            case (0x01,):
                self._origin_s = now_s
                self._tracks = self._begun()
            case (0x02,):
                self._origin_s = None
            case ():
                raise Refused(_INVALID_LENGTH)
            case (0x03,):
                pass  # it has no light to blink
            case _:
                return (Said(CONTROL, bytes([data[0], _UNKNOWN])),)
        return (Said(CONTROL, bytes([data[0], _OK])),)

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the packets whose last sample has been taken, in order."""
        if self._origin_s is None:
            return ()
        origin_s = self._origin_s
        timed = sorted(one for track in self._tracks for one in self._packets(track, origin_s, now_s))
        return self._outbox.feed(Said(DATA, packet) for _, packet in timed)

    def disconnected(self) -> None:
        """Stop, as nobody listens."""
        self._origin_s = None

    def _begun(self) -> tuple[_Track, ...]:
        """Begin both signals at sample 0."""
        return tuple(
            _Track(index, replace(signal, rate_hz=self._crystal.rate_hz(signal.rate_hz)), self._n_fitting(signal, most))
            for index, (signal, most) in enumerate(zip((EMG, ACCELERATION), _MOST_SAMPLES, strict=True))
        )

    def _n_fitting(self, signal: Signal, most: int) -> int:
        return min(most, self._room // (2 * len(signal.channels)))

    def _packets(self, track: _Track, origin_s: float, now_s: float) -> Iterator[tuple[float, bytes]]:
        """Give each full packet with the time of its last sample."""
        rate_hz = track.signal.rate_hz
        n_taken = math.floor((now_s - origin_s) * rate_hz) + 1
        n_packets = max(0, (n_taken - track.next) // track.n_in_packet)
        first, track.next = track.next, track.next + n_packets * track.n_in_packet
        samples = self._body.sense(self._site, track.signal, origin_s, first, track.next - first)
        for number in range(first, track.next, track.n_in_packet):
            part = samples[number - first : number - first + track.n_in_packet]
            last_s = origin_s + (number + track.n_in_packet - 1) / rate_hz
            yield last_s, self._packet(track.index, number, origin_s + number / rate_hz, part)

    def _packet(self, index: int, number: int, time_s: float, samples: Samples) -> bytes:
        time_us = self._crystal.ns(time_s) // 1000 % _WRAP
        return struct.pack("<BII", index, number % _WRAP, time_us) + samples.astype("<i2").tobytes()
