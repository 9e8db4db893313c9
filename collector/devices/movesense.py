"""Movesense: its accelerometer, or its ECG. Format: firmware_docs/movesense.md."""

import struct
from collections.abc import Generator, Mapping, Sequence

from aquiver.driver import Ask, Await, Conversation, Decoder, Frame, Listen, Request, Write
from aquiver.errors import DecodeError
from aquiver.model import Signal
from collector.devices.gsp import ACCELERATION, HEAD_BYTES, Resource, is_whole, samples_in, time_ms

SERVICE = "34802252-7185-4d5d-b431-630e7050e8f0"
COMMAND = "34800001-7185-4d5d-b431-630e7050e8f0"
DATA = "34800002-7185-4d5d-b431-630e7050e8f0"

_SUBSCRIBE, _UNSUBSCRIBE = 1, 2  # what we write
_RESULT, _PACKET, _SECOND_PART = 1, 2, 3  # what it says

_SHORTEST_PART = 20  # no link carries less in one notification
_MOST_BETWEEN = 8  # messages between a command and its result
_WRAP_MS = 2**32

_OK = 200
_REFUSALS = {
    400: "it does not understand the command",
    403: "it forbids that",
    404: "it has no such sensor or rate; is its firmware old?",
    503: "it is busy",
    507: "it has no memory left",
}


class Movesense:
    """The driver. It subscribes to ``resources``, one per modality, under the references 1, 2, and so on.

    104 Hz holds the 5 to 45 Hz of twitches, in packets of 102 bytes that every link carries whole; 208 Hz would
    double the packets and add nothing but noise.
    """

    name = "movesense"
    service = SERVICE
    name_prefixes = ("Movesense ",)
    is_service_shared = False
    hears = (DATA,)
    keep_awake: tuple[float, Write] | None = None

    def __init__(self, resources: Sequence[Resource] = (ACCELERATION,)) -> None:
        self._resources = dict(enumerate(resources, start=1))

    def converse(self) -> Conversation:
        """Subscribe. Its range stays as it is: values come in m/s2, whatever the range."""
        yield Listen(DATA)
        for reference, resource in self._resources.items():
            yield from _subscribed(reference, resource.path)
        return MovesenseDecoder(self._resources)

    def assume(self) -> Decoder:
        """Give a decoder for what this driver subscribes to."""
        return MovesenseDecoder(self._resources)

    def farewell(self) -> tuple[Write, ...]:
        """End the subscriptions."""
        return tuple(Write(COMMAND, bytes([_UNSUBSCRIBE, reference])) for reference in self._resources)


class MovesenseDecoder:
    """Reads the packets of one connection: ``resources`` by the references they were subscribed under."""

    def __init__(self, resources: Mapping[int, Resource]) -> None:
        self._readers = {reference: _Reader(resource) for reference, resource in resources.items()}
        self._signals = tuple(resource.signal for resource in resources.values())

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List what was subscribed to."""
        return self._signals

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a packet; results, and references that are not ours, are passed over."""
        if characteristic != DATA:
            return ()
        if len(data) < HEAD_BYTES:
            raise DecodeError(f"byte {len(data)}: the message ends within its header")
        kind, reference = data[:HEAD_BYTES]
        if kind not in (_RESULT, _PACKET, _SECOND_PART):
            raise DecodeError(f"byte 0: unknown kind of message {kind}")
        if kind == _RESULT or reference not in self._readers:
            return ()
        reader = self._readers[reference]
        return reader.first(data) if kind == _PACKET else reader.second(data)


class _Reader:
    """Reads the packets of one resource, and keeps a first part until its second comes."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._part = b""
        self._last_ms: int | None = None

    def first(self, data: bytes) -> tuple[Frame, ...]:
        """Read a packet, or keep its first part."""
        unfinished, self._part = self._part, b""
        if is_whole(self._resource, data):
            return (self._read(data),)
        if len(data) < _SHORTEST_PART:
            raise DecodeError(f"byte {len(data)}: the packet is cut off")
        self._part = data
        if unfinished:
            raise DecodeError(f"byte {len(unfinished)}: the packet before is cut off; no second part of it came")
        return ()

    def second(self, data: bytes) -> tuple[Frame, ...]:
        """Join a second part to its first, and read them."""
        packet, self._part = self._part + data[HEAD_BYTES:], b""
        if len(packet) == len(data) - HEAD_BYTES:
            raise DecodeError("byte 0: a second part, and no first before it")
        if not is_whole(self._resource, packet):
            raise DecodeError(f"byte {len(packet)}: both parts together are cut off")
        return (self._read(packet),)

    def _read(self, packet: bytes) -> Frame:
        samples, signal = samples_in(self._resource, packet), self._resource.signal
        first_ns = self._unwrapped_ms(time_ms(packet)) * 1_000_000
        return Frame(signal.modality, samples, device_ns=first_ns + round((len(samples) - 1) * 1e9 / signal.rate_hz))

    def _unwrapped_ms(self, ms: int) -> int:
        """Give the time of a packet's first sample, counted on where the wearable begins again at 0."""
        if self._last_ms is None:
            self._last_ms = ms
            return ms
        elapsed_ms = (ms - self._last_ms + _WRAP_MS // 2) % _WRAP_MS - _WRAP_MS // 2
        if elapsed_ms <= 0:
            raise DecodeError(
                f"byte {HEAD_BYTES}: {ms} ms is not after {self._last_ms % _WRAP_MS} ms, the packet before"
            )
        self._last_ms += elapsed_ms
        return self._last_ms


def _subscribed(reference: int, path: str) -> Generator[Request, bytes]:
    """Subscribe, and wait for the result: packets of an earlier subscription may come before it."""
    request: Request = Ask(COMMAND, bytes([_SUBSCRIBE, reference]) + path.encode(), reply_on=DATA)
    for _ in range(_MOST_BETWEEN):
        answer = yield request
        request = Await(DATA)
        if answer[:HEAD_BYTES] == bytes([_RESULT, reference]):
            _check(answer, path)
            return
    raise DecodeError(f"no result of the subscription to {path}")


def _check(result: bytes, path: str) -> None:
    if len(result) < HEAD_BYTES + 2:
        raise DecodeError(f"byte {len(result)}: the result has no status")
    (status,) = struct.unpack_from("<H", result, HEAD_BYTES)
    if status != _OK:
        words = _REFUSALS.get(status, "its reason is unknown to us")
        raise DecodeError(f"byte {HEAD_BYTES}: the Movesense refused {path} with status {status}: {words}")
