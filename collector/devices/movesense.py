"""Movesense: its accelerometer, or its ECG. Format: firmware_docs/movesense.md."""

import struct
from collections.abc import Generator, Mapping, Sequence

from aquiver.driver import Ask, Await, Conversation, Decoder, Frame, Listen, Request, Write
from aquiver.errors import DecodeError
from aquiver.model import Signal
from collector.devices.gsp import ACCELERATION, HEAD_BYTES, Resource
from collector.devices.gsp_reader import PACKET, RESULT, SECOND_PART, Reader
from collector.devices.movesense_overheard import COMMAND, DATA, SUBSCRIBE, UNKNOWNS, OverheardMovesense

SERVICE = "34802252-7185-4d5d-b431-630e7050e8f0"

_UNSUBSCRIBE = 2
_MOST_BETWEEN = 8  # messages between a command and its result

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
    unknowns = UNKNOWNS

    def __init__(self, resources: Sequence[Resource] = (ACCELERATION,)) -> None:
        self._resources = dict(enumerate(resources, start=1))

    def converse(self) -> Conversation:
        """Subscribe. Its range stays as it is: values come in m/s2, whatever the range."""
        yield Listen(DATA)
        for reference, resource in self._resources.items():
            yield from _subscribed(reference, resource.path)
        return MovesenseDecoder(self._resources)

    def assume(self, told: Mapping[str, str], /) -> Decoder:
        """Give a decoder for packets of any subscription, told by its path, heard, or seen by the packets' form."""
        return OverheardMovesense(told)

    def farewell(self) -> tuple[Write, ...]:
        """End the subscriptions."""
        return tuple(Write(COMMAND, bytes([_UNSUBSCRIBE, reference])) for reference in self._resources)


class MovesenseDecoder:
    """Reads the packets of one connection: ``resources`` by the references they were subscribed under."""

    def __init__(self, resources: Mapping[int, Resource]) -> None:
        self._readers = {reference: Reader(resource) for reference, resource in resources.items()}
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
        if kind not in (RESULT, PACKET, SECOND_PART):
            raise DecodeError(f"byte 0: unknown kind of message {kind}")
        if kind == RESULT or reference not in self._readers:
            return ()
        reader = self._readers[reference]
        return reader.first(data) if kind == PACKET else reader.second(data)


def _subscribed(reference: int, path: str) -> Generator[Request, bytes]:
    """Subscribe, and wait for the result: packets of an earlier subscription may come before it."""
    request: Request = Ask(COMMAND, bytes([SUBSCRIBE, reference]) + path.encode(), reply_on=DATA)
    for _ in range(_MOST_BETWEEN):
        answer = yield request
        request = Await(DATA)
        if answer[:HEAD_BYTES] == bytes([RESULT, reference]):
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
