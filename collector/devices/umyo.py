"""Ultimate Robotics uMyo: one EMG channel, and its accelerometer. Format: firmware_docs/umyo.md."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aquiver.driver import Conversation, Decoder, Frame, Listen, Write
from aquiver.errors import DecodeError
from aquiver.model import Channel, Modality, Signal, Unit

SERVICE = "93375900-f229-8b49-b397-44b5899b8601"
TELEMETRY = "fc7a850d-c1a5-f61f-0da7-9995621fbd01"

# The maker says 1150 Hz, the settings of its converter make 1116. Our clocks follow a wearable that is within 2 % of
# its nominal rate; from here they reach both.
_NOMINAL_HZ = 1133.0
_LARGEST = 8191  # 14 bits, once the middle is 0
_MIDDLE = 8192

EMG_SIGNAL = Signal(Modality.EMG, _NOMINAL_HZ, Unit.COUNT, _LARGEST, (Channel("1", offset=float(_MIDDLE)),))
ACCELERATION_SIGNAL = Signal(
    Modality.ACCELEROMETER, 25.0, Unit.G, 32767, tuple(Channel(axis, 2 / 32768) for axis in ("x", "y", "z"))
)

_COUNTER_BYTES = 4
_COUNTER_TURN = 1 << 32
_ACCELERATION_BYTES = 6


@dataclass(frozen=True, slots=True)
class _Layout:
    """A kind of packet: its format byte, if it has one, and its EMG samples; without any it holds the motion."""

    head: bytes
    n_samples: int


_LAYOUTS = {  # by length: no two share one
    20: _Layout(b"", 8),
    36: _Layout(b"", 16),
    52: _Layout(b"", 24),
    60: _Layout(b"", 24),  # an attitude follows
    26: _Layout(b"", 0),
    61: _Layout(b"\x01", 24),  # an attitude follows
    53: _Layout(b"\x02", 24),
    27: _Layout(b"\x03", 0),
}


class Umyo:
    """The driver. It streams to whoever listens, and has no command for anything."""

    name = "umyo"
    service = SERVICE
    is_service_shared = False
    name_prefixes = ("uMyo",)  # it does not advertise its service
    hears = (TELEMETRY,)
    keep_awake: tuple[float, Write] | None = None
    unknowns: Mapping[str, str] = {}  # one for all, and nobody writes in it

    def converse(self) -> Conversation:
        """Listen: that starts the stream. Firmware without it has nothing to listen to, and the link says so."""
        yield Listen(TELEMETRY)
        return UmyoDecoder()

    def assume(self, _told: Mapping[str, str], /) -> Decoder:
        """Give a decoder; every packet says by itself which format it has."""
        return UmyoDecoder()

    def farewell(self) -> tuple[Write, ...]:
        """Say nothing: the stream ends with the link."""
        return ()


class UmyoDecoder:
    """Reads the packets of one connection; its EMG samples are numbered, its motion is not."""

    def __init__(self) -> None:
        self._next: int | None = None

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List the EMG and the acceleration."""
        return EMG_SIGNAL, ACCELERATION_SIGNAL

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a packet; rotation, magnetic field and attitude are passed over."""
        if characteristic != TELEMETRY:
            return ()
        layout = _LAYOUTS.get(len(data))
        if layout is None:
            raise DecodeError(f"byte {len(data)}: a packet of {len(data)} bytes; known are {_known_lengths()}")
        if not data.startswith(layout.head):
            raise DecodeError(f"byte 0: format {data[0]} in a packet of {len(data)} bytes, not {layout.head[0]}")
        payload = data[len(layout.head) :]
        return (self._electric(payload, layout),) if layout.n_samples else (_accelerated(payload),)

    def _electric(self, payload: bytes, layout: _Layout) -> Frame:
        count, n_lost = self._count(int.from_bytes(payload[:_COUNTER_BYTES], "little"), len(layout.head))
        self._next = count + layout.n_samples
        converted = np.frombuffer(payload, "<i2", layout.n_samples, _COUNTER_BYTES).astype(np.int32)
        return Frame(Modality.EMG, (converted - _MIDDLE).reshape(-1, 1), n_lost=n_lost, count=count)

    def _count(self, counter: int, at_byte: int) -> tuple[int, int]:
        """Give the number of the first sample, on beyond the turn of the counter, and how many are missing before it.

        What lies up to half a turn behind is old: it comes twice, or late, after its loss has been counted.
        """
        if self._next is None:
            return counter, 0
        n_ahead = (counter - self._next) % _COUNTER_TURN
        if n_ahead >= _COUNTER_TURN // 2:
            raise DecodeError(f"byte {at_byte}: sample {counter} after sample {(self._next - 1) % _COUNTER_TURN}")
        return self._next + n_ahead, n_ahead


def _accelerated(payload: bytes) -> Frame:
    samples = np.frombuffer(payload[:_ACCELERATION_BYTES], "<i2").astype(np.int32)
    return Frame(Modality.ACCELEROMETER, samples.reshape(1, -1), n_blind=1)


def _known_lengths() -> str:
    return ", ".join(str(length) for length in sorted(_LAYOUTS))
