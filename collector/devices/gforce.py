"""OYMotion gForcePro+: eight EMG channels. Format: firmware_docs/gforce.md."""

import struct
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from aquiver.driver import Ask, Await, Conversation, Decoder, Frame, Listen, Request, Write
from aquiver.errors import AquiverError, DecodeError, LinkLost, SettingsError
from aquiver.model import Channel, Modality, Samples, Signal, Unit

SERVICE = "0000ffd0-0000-1000-8000-00805f9b34fb"  # advertised; its characteristics are in another
COMMAND = "f000ffe1-0451-4000-b000-000000000000"
DATA = "f000ffe2-0451-4000-b000-000000000000"

# Never 1D, which switches it off.
_NUMBER_PACKAGES = bytes.fromhex("26 01")
_RATE_HZ, _ALL_CHANNELS, _EMG_BYTES = 500, 0xFF, 128
_STREAM_EMG, _STREAM_NOTHING = bytes.fromhex("4F 80 00 00 00"), bytes.fromhex("4F 00 00 00 00")

_OK = 0
_UNKNOWN, _BAD_PARAMETER = 1, 2
_REFUSALS: dict[int, tuple[type[AquiverError], str]] = {
    _UNKNOWN: (DecodeError, "it does not know the command"),
    _BAD_PARAMETER: (DecodeError, "a parameter is wrong"),
    3: (LinkLost, "it failed"),
    4: (LinkLost, "it took too long"),
}
_MOST_BETWEEN = 8  # replies to other commands before the one that is waited for

_PART = 0xFF
_PART_HEAD = 2
_TYPE, _IS_NUMBERED = 0x7F, 0x80
_EMG = 8
_NUMBERS = 256
_PASSED_OVER = {2, 3, 4, 5, 6, 7, 0x0B}  # gyroscope, magnetometer, angles, quaternion, rotation, gesture, status
_ACCELERATION_BYTES = 12
_MOST_G = 16

_N_CHANNELS = 8
_AXES = tuple(Channel(axis, 1 / 65536) for axis in ("x", "y", "z"))
ACCELERATION_SIGNAL = Signal(Modality.ACCELEROMETER, 50.0, Unit.G, _MOST_G * 65536, _AXES)


@dataclass(frozen=True, slots=True)
class Resolution:
    """How finely EMG is digitised. ``zero`` is the maker's own guess of the middle; it is not settled."""

    n_bits: int
    dtype: str

    @property
    def n_bytes(self) -> int:
        """Give the bytes of one sample of one channel."""
        return np.dtype(self.dtype).itemsize

    @property
    def zero(self) -> int:
        """Give what is subtracted, so that integers are signed."""
        return int(2 ** (self.n_bits - 1))

    @property
    def signal(self) -> Signal:
        """Give the EMG: counts, as no volts are settled either."""
        channels = tuple(Channel(str(number), offset=float(self.zero)) for number in range(1, _N_CHANNELS + 1))
        return Signal(Modality.EMG, float(_RATE_HZ), Unit.COUNT, self.zero - 1, channels)

    @property
    def configuration(self) -> bytes:
        """Give the command that sets it."""
        return struct.pack("<BHHBB", 0x3F, _RATE_HZ, _ALL_CHANNELS, _EMG_BYTES, self.n_bits)


# By the maker's own scale a count is 1 uV at 12 bits, and 16 uV at 8: a twitch of 50 uV would be three counts.
FINE, COARSE = Resolution(12, "<u2"), Resolution(8, "u1")
_RESOLUTIONS = {"12": FINE, "8": COARSE}
_CONFIGURE = 0x3F


class GForce:
    """The driver. It asks for EMG alone: who numbers packages of two types, and how, is not known (see the page)."""

    name = "gforce"
    service = SERVICE
    name_prefixes = ("gForce",)
    is_service_shared = False
    hears = (DATA,)
    keep_awake: tuple[float, Write] | None = None
    unknowns: Mapping[str, str] = {  # one for all, and nobody writes in it
        "bits": "8 or 12, of an EMG sample; else as the packages look"
    }

    def converse(self) -> Conversation:
        """Number the packages, choose 12 bits or, where there are none, 8, and start."""
        yield Listen(COMMAND)
        yield Listen(DATA)
        yield Write(COMMAND, _NUMBER_PACKAGES)  # not every firmware answers that
        resolution = FINE
        if (yield from _code_of(FINE.configuration)) in (_UNKNOWN, _BAD_PARAMETER):
            resolution = COARSE
            yield from _accepted(COARSE.configuration)
        yield from _accepted(_STREAM_EMG)
        return GForceDecoder(resolution)

    def assume(self, told: Mapping[str, str], /) -> Decoder:
        """Give a decoder for as many bits as show, and for acceleration that another program asked for."""
        bits = told.get("bits")
        if bits is not None and bits not in _RESOLUTIONS:
            raise SettingsError(f"bits={bits}: a gForce has 8 or 12")
        return OverheardGForce(None if bits is None else _RESOLUTIONS[bits])

    def farewell(self) -> tuple[Write, ...]:
        """Stop streaming."""
        return (Write(COMMAND, _STREAM_NOTHING),)


class GForceDecoder:
    """Reads the packages of one connection."""

    def __init__(
        self, resolution: Resolution, *, has_acceleration: bool = False, n_emg_bytes: int = _EMG_BYTES
    ) -> None:
        self._resolution = resolution
        self._has_acceleration = has_acceleration
        self._n_emg_bytes = n_emg_bytes
        self._joiner = _Joiner()
        self._last_number: int | None = None
        self._n_missing = 0

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List what was asked for."""
        return (self._resolution.signal, ACCELERATION_SIGNAL) if self._has_acceleration else (self._resolution.signal,)

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a notification; other types that are known, and parts before the last, give none."""
        if characteristic != DATA:
            return ()
        if not data:
            raise DecodeError("byte 0: an empty notification")
        package = self._joiner.feed(data) if data[0] == _PART else data
        return self._read(package) if package else ()

    def _read(self, package: bytes) -> tuple[Frame, ...]:
        head = 2 if package[0] & _IS_NUMBERED else 1
        if len(package) < head:
            raise DecodeError("byte 1: the package ends before its number")
        frame = self._frame(package, head)
        self._count(package[1:head])
        if frame is None:
            return ()
        n_missing, self._n_missing = self._n_missing, 0
        n_packet = len(frame.samples)
        return (replace(frame, n_lost=n_missing * n_packet, n_blind=_NUMBERS * n_packet),)

    def _frame(self, package: bytes, head: int) -> Frame | None:
        match package[0] & _TYPE:
            case kind if kind == _EMG:
                return Frame(Modality.EMG, _electric(package, head, self._resolution, self._n_emg_bytes))
            case 0x01:
                frame = Frame(Modality.ACCELEROMETER, _accelerated(package, head))
                return frame if self._has_acceleration else None
            case kind if kind in _PASSED_OVER:
                return None
            case kind:
                raise DecodeError(f"byte 0: unknown type 0x{kind:02x}")

    def _count(self, number: bytes) -> None:
        """Count the packages missing before this one. What was refused is missing too."""
        if not number:
            return
        if number[0] == self._last_number:
            raise DecodeError(f"byte 1: package {number[0]} once more")
        if self._last_number is not None:
            self._n_missing += (number[0] - self._last_number - 1) % _NUMBERS
        self._last_number = number[0]


class OverheardGForce(GForceDecoder):
    """Reads the packages of a connection that somebody else set up, in as many bits as told, heard, or seen.

    In 12 bits the upper byte of a sample is below 16; in 8 bits that would be a sample near the end of its range.
    """

    def __init__(self, resolution: Resolution | None) -> None:
        super().__init__(resolution or FINE, has_acceleration=True)
        self._is_known = resolution is not None

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a notification; learn from the command that chose the resolution."""
        if characteristic == COMMAND and len(data) == len(FINE.configuration) and data[0] == _CONFIGURE:
            self._resolution, self._is_known = _RESOLUTIONS.get(str(data[-1]), FINE), True
        return super().decode(characteristic, data)

    def _frame(self, package: bytes, head: int) -> Frame | None:
        payload = package[head:]
        if package[0] & _TYPE == _EMG and not self._is_known:
            self._resolution = FINE if max(payload[1::2], default=0) < 1 << (FINE.n_bits - 8) else COARSE
            self._is_known = bool(payload)
        if package[0] & _TYPE == _EMG and payload and not len(payload) % (_N_CHANNELS * self._resolution.n_bytes):
            self._n_emg_bytes = len(payload)
        return super()._frame(package, head)


class _Joiner:
    """Joins packages that were sent in parts. Each part tells how many follow."""

    def __init__(self) -> None:
        self._package = b""
        self._n_left = 0
        self._most_left = 1

    def feed(self, part: bytes) -> bytes:
        """Take a part; give the package it completes, else nothing."""
        if len(part) <= _PART_HEAD:
            raise DecodeError(f"byte {len(part)}: a part without content")
        n_left, content = part[1], part[_PART_HEAD:]
        awaited, self._n_left = self._n_left - 1, n_left
        if n_left >= self._most_left:  # a beginning: all packages of a connection are cut alike
            self._package, self._most_left = content, n_left
        elif n_left != awaited:
            self._package = b""
            raise DecodeError(f"byte 1: {n_left} parts follow; parts before are missing")
        elif self._package:  # else its beginning is missing, which was told
            self._package += content
        return b"" if n_left else self._package


def _electric(package: bytes, head: int, resolution: Resolution, n_bytes: int) -> Samples:
    if len(package) != head + n_bytes:
        where = min(len(package), head + n_bytes)
        raise DecodeError(f"byte {where}: EMG of {len(package) - head} bytes, not {n_bytes}")
    counts = np.frombuffer(package, resolution.dtype, offset=head).astype(np.int32)
    if (odd := counts >= 2**resolution.n_bits).any():
        first = int(np.argmax(odd))
        raise DecodeError(f"byte {head + 2 * first}: {counts[first]} is not a number of {resolution.n_bits} bits")
    samples: Samples = (counts - resolution.zero).reshape(-1, _N_CHANNELS)
    return samples


def _accelerated(package: bytes, head: int) -> Samples:
    if len(package) != head + _ACCELERATION_BYTES:
        where = min(len(package), head + _ACCELERATION_BYTES)
        raise DecodeError(f"byte {where}: acceleration of {len(package) - head} bytes, not {_ACCELERATION_BYTES}")
    samples = np.frombuffer(package, "<i4", offset=head).astype(np.int32).reshape(1, -1)
    if (odd := np.abs(samples[0].astype(np.int64)) > ACCELERATION_SIGNAL.limit).any():
        first = int(np.argmax(odd))
        raise DecodeError(f"byte {head + 4 * first}: an acceleration of {samples[0, first] / 65536:g} g")
    return samples


def _accepted(command: bytes) -> Generator[Request, bytes]:
    """Ask for something that must not be refused."""
    code = yield from _code_of(command)
    if code != _OK:
        raise _refusal(command, code)


def _code_of(command: bytes) -> Generator[Request, bytes, int]:
    """Ask, and give the code of the reply: yes, or that it does not know how."""
    request: Request = Ask(COMMAND, command, reply_on=COMMAND)
    for _ in range(_MOST_BETWEEN):
        reply = yield request
        request = Await(COMMAND)
        if reply[1:2] == command[:1]:
            if reply[0] in (_OK, _UNKNOWN, _BAD_PARAMETER):
                return reply[0]
            raise _refusal(command, reply[0])
    raise DecodeError(f"no reply to command {command[0]:02X}")


def _refusal(command: bytes, code: int) -> AquiverError:
    error, words = _REFUSALS.get(code, (DecodeError, "its reason is unknown to us"))
    return error(f"byte 0: the gForce refused command {command[0]:02X} with code {code}: {words}")
