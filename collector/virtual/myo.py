"""The firmware of a virtual Myo. Format: firmware_docs/myo.md.

It spells its bytes itself, on purpose: constants shared with the driver would hide a slip in either.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from aquiver.body import Site
from aquiver.model import Channel, Modality, Signal, Unit
from collector.simulation.body import Body
from collector.virtual.crystal import PERFECT, Crystal
from collector.virtual.firmware import Characteristic, Said
from collector.virtual.outbox import Drop, Outbox


def _uuid(short: int) -> str:
    return f"d506{short:04x}-a904-deb9-4748-2c7f4a124842"


SERVICE = _uuid(0x0001)
INFO, FIRMWARE, COMMAND = _uuid(0x0101), _uuid(0x0201), _uuid(0x0401)
_IMU_SERVICE, IMU, MOTION = _uuid(0x0002), _uuid(0x0402), _uuid(0x0502)
_CLASSIFIER_SERVICE, _CLASSIFIER = _uuid(0x0003), _uuid(0x0103)
_EMG_SERVICE = _uuid(0x0005)
EMG = tuple(_uuid(number << 8 | 0x05) for number in (1, 2, 3, 4))
_BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
_BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"

_NOTIFY, _INDICATE, _READ = frozenset({"notify"}), frozenset({"indicate"}), frozenset({"read"})
_AXES = ("x", "y", "z")
_EMG = Signal(Modality.EMG, 200.0, Unit.COUNT, 127, tuple(Channel(str(number)) for number in range(1, 9)))
_ACCELERATION = Signal(Modality.ACCELEROMETER, 50.0, Unit.G, 32767, tuple(Channel(axis, 1 / 2048) for axis in _AXES))

_STREAMING_EMG_MODES = {2, 3}  # filtered, raw
_STREAMING_IMU_MODES = {1, 3}  # data, data with events
_AWAKE_S = 30.0
_UPRIGHT = (16384, 0, 0, 0)  # the quaternion 1; the virtual band does not know its attitude


@dataclass(slots=True)
class _Session:
    """What a Myo knows until its link ends or it falls asleep."""

    awake_until_s: float = -math.inf
    origin_s: float = 0.0
    emg_mode: int = 0
    imu_mode: int = 0
    n_pairs: int = 0
    n_attitudes: int = 0


class VirtualMyo:
    """A Myo on a body's limb. It falls asleep, and silent, 30 s after it was last told to stay awake."""

    name = "Myo"
    service = SERVICE
    table = (
        Characteristic(SERVICE, INFO, _READ),
        Characteristic(SERVICE, FIRMWARE, _READ),
        Characteristic(SERVICE, COMMAND, frozenset({"write"})),
        Characteristic(_IMU_SERVICE, IMU, _NOTIFY),
        Characteristic(_IMU_SERVICE, MOTION, _INDICATE),
        Characteristic(_CLASSIFIER_SERVICE, _CLASSIFIER, _INDICATE),
        *(Characteristic(_EMG_SERVICE, uuid, _NOTIFY) for uuid in EMG),
        Characteristic(_BATTERY_SERVICE, _BATTERY, frozenset({"read", "notify"})),
    )

    def __init__(
        self,
        body: Body,
        site: Site,
        *,
        crystal: Crystal = PERFECT,
        drop: Drop | None = None,
        battery_percent: int = 80,
    ) -> None:
        self._body = body
        self._site = site
        self._emg = replace(_EMG, rate_hz=crystal.rate_hz(_EMG.rate_hz))
        self._acceleration = replace(_ACCELERATION, rate_hz=crystal.rate_hz(_ACCELERATION.rate_hz))
        self._outbox = Outbox(drop)
        self._values = {
            INFO: bytes.fromhex("01 02 03 04 05 06 00 00 00 00 00 01 02 00 00 00 00 00 00 00"),
            FIRMWARE: struct.pack("<4H", 1, 5, 1970, 2),  # the one seen in the field
            _BATTERY: bytes([battery_percent]),
        }
        self._is_dead = False
        self._session = _Session()

    def read(self, characteristic: str) -> bytes:
        """Answer a read: info, firmware version, or the battery."""
        return self._values[characteristic]

    def write(self, characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        """Take a command; a Myo answers none, and ignores what it does not know."""
        if characteristic != COMMAND or self._is_dead:
            return ()
        session = self._session
        if session.awake_until_s == -math.inf:
            session.awake_until_s = now_s + _AWAKE_S
        match tuple(data):
            case (0x01, 3, emg_mode, imu_mode, _):
                self._session = _Session(session.awake_until_s, now_s, emg_mode, imu_mode)
            case (0x09, 1, 0 | 1):
                session.awake_until_s = now_s + _AWAKE_S
            case (0x04, 0):
                self._is_dead = True  # until it is put on a charger
        return ()

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the notifications whose last sample has been taken, in order."""
        if self._is_dead:
            return ()
        session = self._session
        until_s = min(now_s, session.awake_until_s)
        timed = sorted([*self._emg_due(session, until_s), *self._imu_due(session, until_s)], key=lambda one: one[0])
        if now_s > session.awake_until_s:
            self.disconnected()
        return self._outbox.feed(said for _, said in timed)

    def disconnected(self) -> None:
        """Forget the modes, and that it was told to stay awake."""
        self._session = _Session()

    def _emg_due(self, session: _Session, until_s: float) -> Iterator[tuple[float, Said]]:
        """Give each pair of samples with its time; the four characteristics take turns."""
        if session.emg_mode not in _STREAMING_EMG_MODES:
            return
        first, rate_hz = session.n_pairs, self._emg.rate_hz
        session.n_pairs = max(first, math.floor((until_s - session.origin_s) * rate_hz / 2))
        n_samples = 2 * (session.n_pairs - first)
        samples = self._body.sense(self._site, self._emg, session.origin_s, 2 * first, n_samples)
        for number, pair in enumerate(samples.reshape(-1, 2, 8), first):
            time_s = session.origin_s + 2 * (number + 1) / rate_hz
            yield time_s, Said(EMG[number % len(EMG)], struct.pack("16b", *pair.ravel().tolist()))

    def _imu_due(self, session: _Session, until_s: float) -> Iterator[tuple[float, Said]]:
        """Give each attitude with its time."""
        if session.imu_mode not in _STREAMING_IMU_MODES:
            return
        first, rate_hz = session.n_attitudes, self._acceleration.rate_hz
        session.n_attitudes = max(first, math.floor((until_s - session.origin_s) * rate_hz))
        n_samples = session.n_attitudes - first
        samples = self._body.sense(self._site, self._acceleration, session.origin_s, first, n_samples)
        for number, acceleration in enumerate(samples.tolist(), first):
            time_s = session.origin_s + (number + 1) / rate_hz
            yield time_s, Said(IMU, struct.pack("<10h", *_UPRIGHT, *acceleration, 0, 0, 0))
