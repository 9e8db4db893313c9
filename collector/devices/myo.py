"""Thalmic Myo: eight EMG channels, and its accelerometer. Format: firmware_docs/myo.md."""

import struct
from collections.abc import Mapping

import numpy as np

from aquiver.driver import Conversation, Decoder, Frame, Listen, Read, Write
from aquiver.errors import DecodeError
from aquiver.model import Channel, Modality, Signal, Unit


def _uuid(short: int) -> str:
    return f"d506{short:04x}-a904-deb9-4748-2c7f4a124842"


SERVICE = _uuid(0x0001)
FIRMWARE = _uuid(0x0201)
COMMAND = _uuid(0x0401)
IMU = _uuid(0x0402)
EMG = (_uuid(0x0105), _uuid(0x0205), _uuid(0x0305), _uuid(0x0405))  # they take turns

EMG_SIGNAL = Signal(Modality.EMG, 200.0, Unit.COUNT, 127, tuple(Channel(str(number)) for number in range(1, 9)))
ACCELERATION_SIGNAL = Signal(
    Modality.ACCELEROMETER, 50.0, Unit.G, 32767, tuple(Channel(axis, 1 / 2048) for axis in ("x", "y", "z"))
)

# Never 04 00, the deep sleep: only a charger ends it.
_NEVER_SLEEP, _MAY_SLEEP = bytes.fromhex("09 01 01"), bytes.fromhex("09 01 00")
_STREAM = bytes.fromhex("01 03 02 01 00")  # EMG with mains removed, IMU data, no classifier
_ALL_OFF = bytes.fromhex("01 03 00 00 00")
_AWAKE_EVERY_S = 10.0  # it sleeps after 30 s without

_KNOWN_MAJOR = 1
_SAMPLES_PER_TURN = 2
_N_BLIND = 4 * _SAMPLES_PER_TURN  # after four lost turns the next is the one expected
_EMG_BYTES, _IMU_BYTES = 16, 20
_ACCELERATION = slice(8, 14)  # after the quaternion, before the gyroscope


class Myo:
    """The driver. The modes end with every link, so each connection sets them again."""

    name = "myo"
    service = SERVICE
    is_service_shared = False
    name_prefixes = ()  # it advertises its service, and its name is the owner's choice
    hears = (*EMG, IMU)
    keep_awake: tuple[float, Write] | None = (_AWAKE_EVERY_S, Write(COMMAND, _NEVER_SLEEP))
    unknowns: Mapping[str, str] = {}  # one for all, and nobody writes in it

    def converse(self) -> Conversation:
        """Check the firmware, listen to all four EMG characteristics (one alone gives 50 Hz), and start."""
        _check_version((yield Read(FIRMWARE)))
        for characteristic in (*EMG, IMU):
            yield Listen(characteristic)
        yield Write(COMMAND, _NEVER_SLEEP)
        yield Write(COMMAND, _STREAM)
        return MyoDecoder()

    def assume(self, _told: Mapping[str, str], /) -> Decoder:
        """Give a decoder; a Myo has but one format."""
        return MyoDecoder()

    def farewell(self) -> tuple[Write, ...]:
        """Stop streaming, and allow sleep."""
        return Write(COMMAND, _ALL_OFF), Write(COMMAND, _MAY_SLEEP)


class MyoDecoder:
    """Reads the notifications of one connection. It has no counter and no clock: order is all there is."""

    def __init__(self) -> None:
        self._next_turn: int | None = None

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List the EMG and the acceleration."""
        return EMG_SIGNAL, ACCELERATION_SIGNAL

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a notification.

        An EMG characteristic out of turn shows what was lost, but for multiples of four notifications;
        what is lost of the acceleration shows nowhere.
        """
        if characteristic in EMG:
            return (self._electric(EMG.index(characteristic), data),)
        if characteristic == IMU:
            return (_accelerated(data),)
        return ()

    def _electric(self, turn: int, data: bytes) -> Frame:
        if len(data) != _EMG_BYTES:  # the turn is not taken: its samples count as lost with the next notification
            raise DecodeError(f"byte {min(len(data), _EMG_BYTES)}: EMG of {len(data)} bytes, not {_EMG_BYTES}")
        n_skipped = 0 if self._next_turn is None else (turn - self._next_turn) % len(EMG)
        self._next_turn = (turn + 1) % len(EMG)
        samples = np.frombuffer(data, np.int8).astype(np.int32).reshape(_SAMPLES_PER_TURN, -1)
        return Frame(Modality.EMG, samples, n_lost=_SAMPLES_PER_TURN * n_skipped, n_blind=_N_BLIND)


def _accelerated(data: bytes) -> Frame:
    if len(data) != _IMU_BYTES:
        raise DecodeError(f"byte {min(len(data), _IMU_BYTES)}: IMU data of {len(data)} bytes, not {_IMU_BYTES}")
    samples = np.frombuffer(data[_ACCELERATION], "<i2").astype(np.int32).reshape(1, -1)
    return Frame(Modality.ACCELEROMETER, samples, n_blind=1)


def _check_version(data: bytes) -> None:
    """Refuse firmware nobody has described: its bytes might mean something else."""
    if len(data) != struct.calcsize("<4H"):
        raise DecodeError(f"byte {len(data)}: a firmware version of {len(data)} bytes, not 8")
    major, minor, patch, _ = struct.unpack("<4H", data)
    if major != _KNOWN_MAJOR:
        raise DecodeError(f"byte 0: Myo firmware {major}.{minor}.{patch}; only 1.x is known")
