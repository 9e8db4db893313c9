"""WitMotion WT901BLE or BWT901BLE5.0: its accelerometer. Format: firmware_docs/witmotion.md."""

import math
from collections.abc import Generator, Mapping, Sequence
from itertools import groupby

import numpy as np

from aquiver.driver import Ask, Await, Conversation, Decoder, Frame, Listen, Request, Write
from aquiver.errors import DecodeError
from aquiver.model import Channel, Modality, Signal, Unit
from collector.devices.witmotion_frames import FRAME_BYTES, HEADS, MOTION, REGISTERS, Framer

SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"  # 9a, where Bluetooth's own have 9b
DATA = "0000ffe4-0000-1000-8000-00805f9a34fb"
COMMAND = "0000ffe9-0000-1000-8000-00805f9a34fb"

SIGNAL = Signal(
    Modality.ACCELEROMETER, 100.0, Unit.G, 32767, tuple(Channel(axis, 16 / 32768) for axis in ("x", "y", "z"))
)

# Twitches are 5 to 45 Hz: 100 samples a second hold them, and the factory's low-pass at 20 Hz does not.
_UNLOCK = bytes.fromhex("FF AA 69 88 B5")
_PASS_42_HZ = bytes.fromhex("FF AA 1F 03 00")
_SEND_100_HZ = bytes.fromhex("FF AA 03 09 00")
_WHICH_RATE = bytes.fromhex("FF AA 27 03 00")
_100_HZ = 9

_N_TRIES = 3
_N_PATIENT = 50  # notifications: 5 s at the factory's 10 Hz, at which every question is answered
_REPLY = REGISTERS + b"\x03\x00"
_REPLY_VALUE = 4
_ACCELERATION = slice(2, 8)


class Witmotion:
    """The driver. Nothing is saved in the wearable: switched off and on, it is as its owner set it."""

    name = "witmotion"
    service = SERVICE
    name_prefixes = ("WT901", "BWT901")
    is_service_shared = False
    hears = (DATA,)
    keep_awake: tuple[float, Write] | None = None
    unknowns: Mapping[str, str] = {}  # one for all, and nobody writes in it

    def converse(self) -> Conversation:
        """Set filter and rate, and look whether it took them.

        At high rates it may leave a question unanswered; that it does not answer says that it sends fast.
        """
        for _ in range(_N_TRIES):
            for command in (_UNLOCK, _PASS_42_HZ, _SEND_100_HZ):
                yield Write(COMMAND, command)
            yield Listen(DATA)  # no earlier: what it still sends at its old rate would be misplaced in time
            rate = yield from _rate_told()
            if rate in {None, _100_HZ}:
                return WitmotionDecoder()
        raise DecodeError(f"byte {_REPLY_VALUE}: the wearable keeps its rate {rate}, and does not take {_100_HZ}")

    def assume(self, _told: Mapping[str, str], /) -> Decoder:
        """Give a decoder; there is but one format, and the rate is taken to be ours."""
        return WitmotionDecoder()

    def farewell(self) -> tuple[Write, ...]:
        """Say nothing: it sends to whoever is connected, and there is no command to stop."""
        return ()


class WitmotionDecoder:
    """Reads the notifications of one connection. No counter, no clock, no checksum: heads are all there is."""

    def __init__(self) -> None:
        self._framer = Framer()
        self._n_skipped = 0

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List the acceleration."""
        return (SIGNAL,)

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the samples a notification completes: a frame for each stretch without a break.

        Bytes that belong to no frame are lost samples, as many as they would at least have been; a notification that
        is lost whole, between two frames, shows nowhere.
        """
        if characteristic != DATA:
            return ()
        pieces = self._framer.feed(data)
        frames: list[Frame] = []
        for is_frame, group in groupby(pieces, key=lambda piece: piece.is_frame):
            found = [piece.data for piece in group]
            if is_frame:
                frames += self._moved([each for each in found if each.startswith(MOTION)])
            else:
                self._n_skipped += sum(map(len, found))
        if pieces and not any(piece.is_frame for piece in pieces):
            raise DecodeError(_complaint(data))
        return tuple(frames)

    def _moved(self, found: Sequence[bytes]) -> tuple[Frame, ...]:
        if not found:
            return ()
        n_lost, self._n_skipped = math.ceil(self._n_skipped / FRAME_BYTES), 0
        accelerations = b"".join(each[_ACCELERATION] for each in found)
        samples = np.frombuffer(accelerations, "<i2").astype(np.int32).reshape(len(found), -1)
        return (Frame(Modality.ACCELEROMETER, samples, n_lost=n_lost, n_blind=1),)


def _rate_told() -> Generator[Request, bytes, int | None]:
    """Ask for the rate register among the samples that keep coming; None if it is not told."""
    framer = Framer()
    heard = yield Ask(COMMAND, _WHICH_RATE, reply_on=DATA)
    for _ in range(_N_PATIENT):
        for piece in framer.feed(heard):
            if piece.is_frame and piece.data.startswith(_REPLY):
                return piece.data[_REPLY_VALUE]
        heard = yield Await(DATA)
    return None


def _complaint(data: bytes) -> str:
    if data.startswith(HEADS) and len(data) > FRAME_BYTES:
        return f"byte {FRAME_BYTES}: a frame ends here, and none begins"
    return "byte 0: these bytes belong to no frame of 55 61 or 55 71"
