"""Upside Down Labs NPG Lite: three or six EMG channels. Format: firmware_docs/npg.md."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aquiver.driver import Await, Conversation, Decoder, Frame, Listen, Read, Write
from aquiver.errors import DecodeError
from aquiver.model import Channel, Modality, Samples, Signal, Unit

SERVICE = "4fafc201-1fb5-459e-8fcc-c5c9c331914b"
DATA = "beb5483e-36e1-4688-b7f5-ea07361b26a8"
CONTROL = "0000ff01-0000-1000-8000-00805f9b34fb"

_WHO_ARE_YOU, _START, _STOP = b"WHORU", b"START", b"STOP"
_NAME = b"NPG"

_RATE_HZ = 500.0
_MIDDLE, _LARGEST = 2048, 2047  # 12 bits, once the middle is 0
_LARGEST_RAW = 4095
_COUNTER_TURN = 256
_USUAL_CHANNELS = 3


@dataclass(frozen=True, slots=True)
class _Layout:
    """A kind of packet: blocks of a counter and one sample."""

    n_blocks: int
    n_channels: int

    @property
    def block(self) -> np.dtype[np.void]:
        """Spell one block."""
        return np.dtype([("counter", "u1"), ("sample", ">u2", (self.n_channels,))])


_LAYOUTS = {7: _Layout(1, 3), 70: _Layout(10, 3), 130: _Layout(10, 6)}  # by length


class Npg:
    """The driver. How many channels there are shows in the first packet, so it is waited for."""

    name = "npg"
    service = SERVICE
    is_service_shared = True  # it comes from an example that countless gadgets are made of
    name_prefixes = ("NPG",)
    hears = (DATA,)
    keep_awake: tuple[float, Write] | None = None
    unknowns: Mapping[str, str] = {}  # one for all, and nobody writes in it

    def converse(self) -> Conversation:
        """Make sure of whom we talk to, listen, and start.

        The answer to who it is is read: not every build of its firmware lets anybody listen for it.
        """
        yield Write(CONTROL, _WHO_ARE_YOU)
        _check_name((yield Read(CONTROL)))
        yield Listen(DATA)
        yield Write(CONTROL, _START)
        decoder = NpgDecoder()
        decoder.decode(DATA, (yield Await(DATA)))  # these 20 ms lie before the stream
        return decoder

    def assume(self, _told: Mapping[str, str], /) -> Decoder:
        """Give a decoder; the first packet tells it the channels."""
        return NpgDecoder()

    def farewell(self) -> tuple[Write, ...]:
        """Stop streaming."""
        return (Write(CONTROL, _STOP),)


class NpgDecoder:
    """Reads the packets of one connection. Its channels are those of the first."""

    def __init__(self) -> None:
        self._n_channels: int | None = None
        self._next: int | None = None
        self._last = b""

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List the EMG; until the first packet, of the usual three channels."""
        numbers = range(1, (self._n_channels or _USUAL_CHANNELS) + 1)
        channels = tuple(Channel(str(number), offset=float(_MIDDLE)) for number in numbers)
        return (Signal(Modality.EMG, _RATE_HZ, Unit.COUNT, _LARGEST, channels),)

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a packet; a packet that comes twice in a row is refused."""
        if characteristic != DATA:
            return ()
        layout = self._layout(data)
        if data == self._last:
            raise DecodeError(f"byte 0: the packet of block {data[0]} again")
        blocks = np.frombuffer(data, layout.block)
        samples = _samples(blocks["sample"], layout)
        _check_counters(blocks["counter"], layout)
        n_lost = 0 if self._next is None else _n_lost(data[0] - self._next, layout.n_blocks)
        count = data[0] if self._next is None else self._next + n_lost
        self._n_channels, self._last, self._next = layout.n_channels, data, count + layout.n_blocks
        n_blind = math.lcm(_COUNTER_TURN, layout.n_blocks)
        return (Frame(Modality.EMG, samples, n_lost=n_lost, count=count, n_blind=n_blind),)

    def _layout(self, data: bytes) -> _Layout:
        layout = _LAYOUTS.get(len(data))
        if layout is None:
            known = ", ".join(map(str, _LAYOUTS))
            raise DecodeError(f"byte {len(data)}: a packet of {len(data)} bytes; known are {known}")
        if self._n_channels not in (None, layout.n_channels):
            raise DecodeError(
                f"byte {len(data)}: a packet of {layout.n_channels} channels after one of {self._n_channels}"
            )
        return layout


def _samples(raw: np.ndarray, layout: _Layout) -> Samples:
    """Give signed samples, shape (n, channels); they arrive as positive numbers of 12 bits."""
    if len(beyond := np.argwhere(raw > _LARGEST_RAW)):
        block, channel = beyond[0].tolist()
        at_byte = block * layout.block.itemsize + 1 + 2 * channel
        raise DecodeError(f"byte {at_byte}: {raw[block, channel]} is more than 12 bits hold")
    samples: Samples = raw.astype(np.int32) - _MIDDLE
    return samples


def _check_counters(counters: np.ndarray, layout: _Layout) -> None:
    """Insist that the blocks of a packet follow each other; the counter turns over after 255."""
    jumps = np.flatnonzero(np.diff(counters) != 1)  # of bytes: 0 - 255 is 1
    if len(jumps):
        before = int(jumps[0])
        at_byte = (before + 1) * layout.block.itemsize
        raise DecodeError(f"byte {at_byte}: block {counters[before + 1]} after block {counters[before]} in one packet")


def _n_lost(step: int, n_blocks: int) -> int:
    """Give the least loss that a step of the counter can mean, if packets are lost as a whole.

    With ten blocks in a packet a step of 4 means 260 lost samples: 26 packets, and the counter turned over.
    """
    least = step % _COUNTER_TURN
    turns = range(least, _COUNTER_TURN * n_blocks, _COUNTER_TURN)
    return next((n_lost for n_lost in turns if n_lost % n_blocks == 0), least)


def _check_name(answer: bytes) -> None:
    if not answer.startswith(_NAME):
        raise DecodeError(f"byte 0: it calls itself {answer[:20]!r}, and is no NPG Lite with the Bluetooth sketch")
