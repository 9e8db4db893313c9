"""The plainest wearable: it counts. Its firmware and its driver show what the two sides of one are."""

from dataclasses import dataclass

import numpy as np

from aquiver.driver import Ask, Conversation, Decoder, Frame, Listen, Write
from aquiver.errors import DecodeError
from aquiver.model import Channel, Modality, Signal, Unit
from collector.virtual.firmware import Characteristic, Said
from collector.virtual.refusal import Refused

SERVICE = "c0c00000-0000-4000-8000-000000000000"
NUMBERS = "c0c00001-0000-4000-8000-000000000000"
CONTROL = "c0c00002-0000-4000-8000-000000000000"
BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"

STOP, START, GARBLE = b"\x00", b"\x01", b"\x02"  # anything else is refused
DONE = b"\x00"
NUMBER_BYTES = 4

_TABLE = (
    Characteristic(SERVICE, NUMBERS, frozenset({"notify"})),
    Characteristic(SERVICE, CONTROL, frozenset({"write", "indicate"})),
    Characteristic(BATTERY_SERVICE, BATTERY, frozenset({"read", "notify"})),
)


class Counter:
    """Firmware that sends the numbers from 0 on. ``heard`` keeps every command since it was made."""

    def __init__(self, name: str = "Counter", rate_hz: float = 100.0, battery_percent: int = 80) -> None:
        self.name = name
        self.service = SERVICE
        self.table = _TABLE
        self.heard: list[bytes] = []
        self._rate_hz = rate_hz
        self._battery_percent = battery_percent
        self._start_s: float | None = None
        self._n_sent = 0
        self._width = NUMBER_BYTES

    def read(self, _characteristic: str) -> bytes:
        """Give the battery; nothing else can be read."""
        return bytes([self._battery_percent])

    def write(self, _characteristic: str, data: bytes, now_s: float) -> tuple[Said, ...]:
        """Start, stop, or begin to send numbers cut short; each is confirmed."""
        if data not in (STOP, START, GARBLE):
            raise Refused
        self.heard.append(data)
        self._width = 1 if data == GARBLE else NUMBER_BYTES
        self._start_s, self._n_sent = (None if data == STOP else now_s), 0
        return (Said(CONTROL, data + DONE),)

    def due(self, now_s: float) -> tuple[Said, ...]:
        """Give the numbers that are due."""
        if self._start_s is None:
            return ()
        first, self._n_sent = self._n_sent, int((now_s - self._start_s) * self._rate_hz)
        numbers = range(first, self._n_sent)
        return tuple(Said(NUMBERS, number.to_bytes(NUMBER_BYTES, "little")[: self._width]) for number in numbers)

    def disconnected(self) -> None:
        """Stop."""
        self._start_s = None


@dataclass(frozen=True, slots=True)
class Counting:
    """Driver of a Counter. ``command`` is what it starts it with."""

    command: bytes = START
    keep_awake: tuple[float, Write] | None = None
    name: str = "counter"
    service: str = SERVICE
    is_service_shared: bool = False
    name_prefixes: tuple[str, ...] = ()
    hears: tuple[str, ...] = (NUMBERS,)

    def converse(self) -> Conversation:
        """Listen and start."""
        yield Listen(NUMBERS)
        answer = yield Ask(CONTROL, self.command, reply_on=CONTROL)
        if answer != self.command + DONE:
            raise DecodeError(f"the counter answered {answer.hex()}")
        return Numbers()

    def assume(self) -> Decoder:
        """Give a decoder; there is but one format."""
        return Numbers()

    def farewell(self) -> tuple[Write, ...]:
        """Stop."""
        return (Write(CONTROL, STOP),)


class Numbers:
    """Decoder of a Counter's notifications."""

    signals = (Signal(Modality.ACCELEROMETER, 100.0, Unit.COUNT, 2**31 - 1, (Channel("number"),)),)

    def __init__(self) -> None:
        self._next = 0

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the number as one sample."""
        if characteristic != NUMBERS:
            return ()
        if len(data) != NUMBER_BYTES:
            raise DecodeError(f"a number has {NUMBER_BYTES} bytes, not {len(data)}")
        number = int.from_bytes(data, "little")
        n_lost, self._next = number - self._next, number + 1
        return (Frame(Modality.ACCELEROMETER, np.array([[number]], np.int32), n_lost=n_lost, count=number),)
