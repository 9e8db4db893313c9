"""An open band: whatever home-made wearable speaks our own profile. Format: firmware_docs/open_band.md."""

import struct
from collections.abc import Generator, Mapping, Sequence

import numpy as np

from aquiver.driver import Ask, Await, Conversation, Decoder, Frame, Listen, Read, Request, Write
from aquiver.errors import AquiverError, DecodeError, LinkLost
from aquiver.model import Channel, Modality, Samples, Signal, Unit
from collector.devices.open_band_description import Described, described


def _uuid(short: int) -> str:
    return f"cac8{short:04x}-538e-4cc6-bd6b-da2ce21dd146"


SERVICE = _uuid(0x0001)
DESCRIPTION = _uuid(0x0002)
DATA = _uuid(0x0003)
CONTROL = _uuid(0x0004)

_START, _STOP = b"\x01", b"\x02"
_OK = 0
_REPLY_BYTES = 2
_MOST_PARTS = 4  # until the reply, with what comes in between
_REASONS: Mapping[int, tuple[type[AquiverError], str]] = {
    1: (DecodeError, "it does not know the command"),
    2: (LinkLost, "its sensor does not answer"),
    3: (LinkLost, "the connection's messages are too short for one sample; it needs a larger MTU"),
    4: (LinkLost, "its battery is too low"),
    5: (LinkLost, "it is charging; take it off the charger"),
}

_PACKET = struct.Struct("<BII")  # signal, number of the first sample, its time in us
_NUMBER_AT, _SAMPLES_AT = 1, _PACKET.size
_WRAP = 2**32
_NS_PER_US = 1000
_NS_PER_S = 1e9

_USUAL = (
    Described(Signal(Modality.EMG, 500.0, Unit.MICROVOLT, 32767, tuple(Channel(name, 0.1) for name in "1234")), 2, 25),
    Described(
        Signal(Modality.ACCELEROMETER, 100.0, Unit.G, 32767, tuple(Channel(axis, 1 / 2048) for axis in "xyz")), 2, 10
    ),
)


class OpenBand:
    """The driver. What a band measures it says itself, anew with each connection."""

    name = "open_band"
    service = SERVICE
    name_prefixes = ()  # it advertises its service, and its name is its maker's choice
    is_service_shared = False
    hears = (DATA,)
    keep_awake: tuple[float, Write] | None = None
    unknowns: Mapping[str, str] = {}  # one for all, and nobody writes in it

    def converse(self) -> Conversation:
        """Learn what the band measures, listen, and start it."""
        signals = described((yield Read(DESCRIPTION)))
        yield Listen(CONTROL)
        yield Listen(DATA)
        yield from _started()
        return OpenBandDecoder(signals)

    def assume(self, _told: Mapping[str, str], /) -> Decoder:
        """Give a decoder for the reference band, four channels of EMG and acceleration, until it hears a description."""
        return OverheardOpenBand(_USUAL)

    def farewell(self) -> tuple[Write, ...]:
        """Stop streaming."""
        return (Write(CONTROL, _STOP),)


class OpenBandDecoder:
    """Reads the packets of one connection."""

    def __init__(self, signals: Sequence[Described]) -> None:
        self._describe(signals)

    def _describe(self, signals: Sequence[Described]) -> None:
        self._tracks = tuple(_Track(each) for each in signals)
        self._signals = tuple(each.signal for each in signals)

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List what the band described."""
        return self._signals

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a packet."""
        if characteristic == CONTROL:
            _watch_for_stop(data)
        if characteristic != DATA:
            return ()
        if len(data) < _SAMPLES_AT:
            raise DecodeError(f"byte {len(data)}: the packet ends within its header")
        index, number, time_us = _PACKET.unpack_from(data)
        if index >= len(self._tracks):
            raise DecodeError(f"byte 0: signal {index}; only {len(self._tracks)} are described")
        return (self._tracks[index].feed(number, time_us, data[_SAMPLES_AT:]),)


class OverheardOpenBand(OpenBandDecoder):
    """Reads the packets of a connection that somebody else set up."""

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a packet; learn from the description."""
        if characteristic == DESCRIPTION:
            self._describe(described(data))
        return super().decode(characteristic, data)


class _Track:
    """Follow one signal: what it sends is in order, so both numbers go on where 32 bits end."""

    def __init__(self, of: Described) -> None:
        self._of = of
        self._next: int | None = None
        self._time_us = 0

    def feed(self, number: int, time_us: int, payload: bytes) -> Frame:
        """Give the frame of a packet; one that is refused leaves no trace, so that it counts as lost with the next."""
        samples = self._samples(payload)
        n_lost = 0 if self._next is None else (number - self._next) % _WRAP
        if n_lost >= _WRAP // 2:
            raise DecodeError(f"byte {_NUMBER_AT}: sample {number} comes again: {self._expected} was expected")
        first = number if self._next is None else self._next + n_lost
        self._time_us = time_us if self._next is None else _nearest(time_us, self._time_us)
        self._next = first + len(samples)
        rest_ns = round((len(samples) - 1) / self._of.signal.rate_hz * _NS_PER_S)
        stamp_ns = self._time_us * _NS_PER_US
        return Frame(self._of.signal.modality, samples, n_lost, first, stamp_ns + rest_ns, stamp_ns=stamp_ns)

    @property
    def _expected(self) -> int:
        return (self._next or 0) % _WRAP

    def _samples(self, payload: bytes) -> Samples:
        """Read signed little-endian integers, shape (n, channels)."""
        size, n_bytes = self._of.sample_bytes, self._of.n_bytes
        n_samples, odd = divmod(len(payload), size)
        if odd:
            where = _SAMPLES_AT + len(payload) - odd
            raise DecodeError(f"byte {where}: the last sample is cut off after {odd} of {size} bytes")
        if not 1 <= n_samples <= self._of.most_samples:
            raise DecodeError(f"byte {_SAMPLES_AT}: {n_samples} samples; 1 to {self._of.most_samples} are described")
        digits = np.frombuffer(payload, np.uint8).astype(np.int64).reshape(n_samples, -1, n_bytes)
        values = digits @ (1 << 8 * np.arange(n_bytes))
        samples: Samples = (values - (values >> (8 * n_bytes - 1) << 8 * n_bytes)).astype(np.int32)
        limit = self._of.signal.limit
        if samples.max() > limit or samples.min() < -limit - 1:  # one further down: so are two's complements
            beyond = int(np.argmax(np.maximum(samples, -1 - samples)))
            raise DecodeError(
                f"byte {_SAMPLES_AT + n_bytes * beyond}: a value of {samples.flat[beyond]}; the limit is {limit}"
            )
        return samples


def _nearest(time_us: int, before_us: int) -> int:
    """Give the time nearest to the one before that ends in these 32 bits: its 32 bits last 71 minutes.

    >>> _nearest(5, 2**32 - 5) - 2**32
    5
    """
    step_us = (time_us - before_us) % _WRAP
    return before_us + (step_us if step_us < _WRAP // 2 else step_us - _WRAP)


def _started() -> Generator[Request, bytes, None]:
    """Ask for the start, and insist on a yes."""
    request: Request = Ask(CONTROL, _START, reply_on=CONTROL)
    for _ in range(_MOST_PARTS):
        reply = yield request
        if reply[:1] == _START:
            return _accept(reply)
        request = Await(CONTROL)  # a late answer to something else
    raise DecodeError("no reply to the start")


def _accept(reply: bytes) -> None:
    if len(reply) != _REPLY_BYTES:
        raise DecodeError(f"byte {min(len(reply), _REPLY_BYTES)}: a reply of {len(reply)} bytes, not {_REPLY_BYTES}")
    if reply[1] != _OK:
        error, words = _REASONS.get(reply[1], (DecodeError, "its reason is unknown to us"))
        raise error(f"the band refused to start with status {reply[1]}: {words}")


def _watch_for_stop(data: bytes) -> None:
    """Say so when the band stopped by itself, and why."""
    if len(data) == _REPLY_BYTES and data[:1] == _STOP and data[1] != _OK:
        _, words = _REASONS.get(data[1], (DecodeError, "its reason is unknown to us"))
        raise DecodeError(f"byte 1: the band stopped by itself: {words}")
