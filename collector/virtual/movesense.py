"""The firmware of a virtual Movesense. Format: firmware_docs/movesense.md.

It spells its bytes itself, on purpose: constants shared with the driver would hide a slip in either.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from aquiver.body import Site
from aquiver.model import Channel, Modality, Signal, Unit
from collector.simulation.body import Body
from collector.virtual.crystal import PERFECT, Crystal
from collector.virtual.firmware import Characteristic, Said
from collector.virtual.outbox import Drop, Outbox

SERVICE = "34802252-7185-4d5d-b431-630e7050e8f0"
COMMAND = "34800001-7185-4d5d-b431-630e7050e8f0"
DATA = "34800002-7185-4d5d-b431-630e7050e8f0"
_BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
_BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"

_RATES = (13, 26, 52, 104, 208, 416, 833, 1666)
_MS2_PER_STEP = 0.000244 * 9.807
_AXES = tuple(Channel(axis, 0.000244) for axis in ("x", "y", "z"))
_OK, _BAD_REQUEST, _NOT_FOUND = 200, 400, 404


@dataclass(slots=True)
class _Subscription:
    """What runs under one reference. Its packets have ``n_samples`` each: 4 up to 52 Hz, and then twice as many."""

    signal: Signal
    with_gyroscope: bool
    n_samples: int
    origin_s: float
    next_sample: int = 0


class VirtualMovesense:
    """A Movesense on a body. ``mtu`` is what the link agreed on; packets that do not fit are sent in two parts."""

    name = "Movesens"
    service = SERVICE
    table = (
        Characteristic(SERVICE, COMMAND, frozenset({"write"})),
        Characteristic(SERVICE, DATA, frozenset({"notify"})),
        Characteristic(_BATTERY_SERVICE, _BATTERY, frozenset({"read", "notify"})),
    )

    def __init__(
        self,
        body: Body,
        site: Site,
        *,
        mtu: int = 161,
        crystal: Crystal = PERFECT,
        drop: Drop | None = None,
        battery_percent: int = 80,
    ) -> None:
        self._body = body
        self._site = site
        self._mtu = mtu
        self._crystal = crystal
        self._outbox = Outbox(drop)
        self._battery = bytes([battery_percent])
        self._subscriptions: dict[int, _Subscription] = {}

    def read(self, _: str) -> bytes:
        """Answer a read: the battery."""
        return self._battery

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        """Take a command: subscribe or unsubscribe. Each is answered with a status."""
        if characteristic != COMMAND:
            return ()
        match tuple(data):
            case (1, reference, *path):
                status = self._subscribe(reference, bytes(path).decode(errors="replace"), now_s)
            case (2, reference) if reference in self._subscriptions:
                status = _OK
                del self._subscriptions[reference]
            case (2, reference):
                status = _NOT_FOUND
            case (_, reference, *_):
                status = _BAD_REQUEST
            case _:
                return ()
        return (Said(DATA, struct.pack("<BBH", 1, reference, status)),)

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the packets whose last sample has been taken."""
        timed = sorted(
            (one for reference in self._subscriptions for one in self._packets(reference, now_s)),
            key=lambda one: one[0],
        )
        return self._outbox.feed(Said(DATA, part) for _, packet in timed for part in self._parts(packet))

    def disconnected(self) -> None:
        """Forget the subscriptions."""
        self._subscriptions = {}

    def _subscribe(self, reference: int, path: str, now_s: float) -> int:
        match path.split("/"):
            case ["", "Meas", "Acc" | "IMU6" as sensor, rate] if rate in map(str, _RATES):
                rate_hz = self._crystal.rate_hz(float(rate))
                signal = Signal(Modality.ACCELEROMETER, rate_hz, Unit.G, 32767, _AXES)
                n_samples = max(4, round(int(rate) / 13))
                self._subscriptions[reference] = _Subscription(signal, sensor == "IMU6", n_samples, now_s)
                return _OK
            case _:
                return _NOT_FOUND

    def _packets(self, reference: int, now_s: float) -> Iterator[tuple[float, bytes]]:
        """Give the packets that are due, each with the time of its last sample."""
        one = self._subscriptions[reference]
        while (last_s := one.origin_s + (one.next_sample + one.n_samples - 1) / one.signal.rate_hz) <= now_s:
            samples = self._body.sense(self._site, one.signal, one.origin_s, one.next_sample, one.n_samples)
            first_ns = self._crystal.ns(one.origin_s + one.next_sample / one.signal.rate_hz)
            floats = [step * _MS2_PER_STEP for step in samples.ravel().tolist()]
            if one.with_gyroscope:
                floats += [0.0] * len(floats)
            head = struct.pack("<BBI", 2, reference, first_ns // 1_000_000 % 2**32)
            yield last_s, head + struct.pack(f"<{len(floats)}f", *floats)
            one.next_sample += one.n_samples

    def _parts(self, packet: bytes) -> Iterator[bytes]:
        """Give a packet, in two parts if one notification cannot hold it."""
        longest = self._mtu - 3
        yield packet[:longest]
        if len(packet) > longest:
            yield bytes([3, packet[1]]) + packet[longest:]
