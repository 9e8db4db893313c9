"""Polar's control point: commands, and replies put together from their parts. Format: firmware_docs/polar.md."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass

from aquiver.driver import Ask, Await, Request
from aquiver.errors import AquiverError, DecodeError, LinkLost

CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"

# Parameters: their numbers on the wire, and the bytes of one value.
RATE, RESOLUTION, RANGE, CHANNELS, FACTOR = 0, 1, 2, 4, 5
_VALUE_BYTES = {RATE: 2, RESOLUTION: 2, RANGE: 2, 3: 4, CHANNELS: 1, FACTOR: 4, 6: 16}

_REPLY = 0xF0
_STATUS_AT, _MORE_AT, _PARAMETERS_AT = 3, 4, 5
_MOST_PARTS = 8  # of one reply, with what comes in between

OK, ALREADY = 0, 6
_REFUSALS: Mapping[int, tuple[type[AquiverError], str]] = {
    1: (DecodeError, "it does not know the command"),
    2: (DecodeError, "it does not know the measurement"),
    3: (DecodeError, "it has no accelerometer to offer"),
    4: (DecodeError, "the command has the wrong length"),
    5: (DecodeError, "a parameter is wrong"),
    ALREADY: (LinkLost, "it is already in that state"),
    7: (DecodeError, "it does not offer the resolution"),
    8: (DecodeError, "it does not offer the rate"),
    9: (DecodeError, "it does not offer the range"),
    10: (LinkLost, "the connection's messages are too short for its frames (MTU below 231)"),
    11: (DecodeError, "it does not offer the number of channels"),
    12: (LinkLost, "it cannot measure in its present state"),
    13: (LinkLost, "it is charging; take it off the charger"),
    14: (LinkLost, "its memory is full"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the wearable said to a command."""

    operation: int
    status: int
    parameters: bytes = b""


def asked(command: bytes) -> Generator[Request, bytes, Reply]:
    """Ask the control point; give its reply, put together from its parts."""
    parameters = b""
    request: Request = Ask(CONTROL, command, reply_on=CONTROL)
    for _ in range(_MOST_PARTS):
        reply = yield request
        request = Await(CONTROL)
        if reply[:_STATUS_AT] != bytes([_REPLY]) + command[:2]:
            continue  # a late answer to something else, or the news that a measurement ended
        if len(reply) <= _STATUS_AT:
            raise DecodeError(f"byte {_STATUS_AT}: the reply to command {command[0]} has no status")
        parameters += reply[_PARAMETERS_AT:]
        if reply[_STATUS_AT] != OK or not any(reply[_MORE_AT:_PARAMETERS_AT]):
            return Reply(command[0], reply[_STATUS_AT], parameters)
    raise DecodeError(f"no end to the replies to command {command[0]}")


def accepted(reply: Reply) -> bytes:
    """Give the parameters of a reply that says yes."""
    if reply.status == OK:
        return reply.parameters
    error, words = _REFUSALS.get(reply.status, (DecodeError, "its reason is unknown to us"))
    raise error(f"the Polar refused command {reply.operation} with status {reply.status}: {words}")


def parameters_in(parameters: bytes) -> dict[int, list[bytes]]:
    """Read type, count, values; and again. A single byte left over is tolerated: the H10 sends one."""
    found: dict[int, list[bytes]] = {}
    at = 0
    while len(parameters) - at > 1:
        kind, count = parameters[at], parameters[at + 1]
        if kind not in _VALUE_BYTES:
            raise DecodeError(f"byte {_PARAMETERS_AT + at} of the reply: unknown parameter {kind}")
        size, start = _VALUE_BYTES[kind], at + 2
        at = start + count * size
        if at > len(parameters):
            raise DecodeError(f"byte {_PARAMETERS_AT + start} of the reply: parameter {kind} is cut off")
        found[kind] = [parameters[value : value + size] for value in range(start, at, size)]
    return found
