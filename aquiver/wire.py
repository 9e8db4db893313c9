"""The wire: message <-> (topic, bytes). The only place that spells a topic.

Topic: ``aquiver/v1/<wearer>/<kind>/<site>/<device>``; a position, which is no wearer's, is
``aquiver/v1/-/position/<consumer>/<journal>``, many chunks in one message, a bundle, are
``aquiver/v1/-/chunk/-/<journal>``, and a notice has its own kind in the device's place. Chunks are MessagePack around
raw little-endian integers; everything else is JSON, so that a person, Home Assistant or Node-RED can read it. The
contract is docs/messages.md.
Where a message is one speaker's word (positions, heartbeats, faults), the speaker stands in the topic, so that a
broker can hold everyone to their own.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, assert_never

import msgspec
import numpy as np

from aquiver.errors import WireError
from aquiver.model import (
    MEASURES,
    Answer,
    Chunk,
    Clock,
    Entry,
    Fault,
    Glimpse,
    Heard,
    Heartbeat,
    Message,
    Note,
    Notice,
    Parcel,
    Place,
    Position,
    Samples,
    Span,
    Status,
    Stream,
    Tally,
    Trial,
    Twitch,
)

ROOT = "aquiver/v1"
MAX_PAYLOAD_BYTES = 1 << 20  # a second of 64 channels at 2 kHz and 32 bits is half of this

BUNDLE_BYTES = MAX_PAYLOAD_BYTES // 2  # a bundle is closed before it would be larger

KINDS: dict[str, type[Message]] = {
    "chunk": Chunk,
    "twitch": Twitch,
    "span": Span,
    "tally": Tally,
    "status": Status,
    "position": Position,
    "note": Note,
    "answer": Answer,
    "trial": Trial,
    "entry": Entry,
    "heard": Heard,
    "glimpse": Glimpse,
    "notice": Notice,
    "fault": Fault,
    "heartbeat": Heartbeat,
}
RETAINED = (Status, Position, Fault, Heartbeat)  # who comes late is told the last one of each topic
_KIND_OF = {kind: name for name, kind in KINDS.items()}
_INT16_LIMIT = 1 << 15
MAX_WORDS = 500
_LAST_TIME_S = 4_102_444_800.0  # the year 2100


class _ChunkOnWire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A chunk as it travels; ``data`` holds samples x channels integers, little-endian, ``width`` bytes each."""

    stream: Stream
    run: str
    first_sample: int
    follows: int
    clock: Clock
    is_last: bool
    width: int
    data: bytes
    place: Place | None


class _Placed(msgspec.Struct, frozen=True):
    """The part of a JSON payload that says where it stands in its sender's journal."""

    place: Place | None = None


def filter_of(kind: type[Message] | None) -> str:
    """Give the MQTT topic filter of one kind of message, or of everything under our root."""
    return f"{ROOT}/#" if kind is None else f"{ROOT}/+/{_KIND_OF[kind]}/#"


def filter_by(kind: type[Message], speaker: str) -> str:
    """Give the topic filter of what one speaker may say of a kind; the owner may in anyone's name.

    >>> filter_by(Position, "detector"), filter_by(Twitch, "detector")
    ('aquiver/v1/-/position/detector/#', 'aquiver/v1/+/twitch/#')
    """
    name = "+" if speaker == "owner" else speaker
    if kind is Position:
        return f"{ROOT}/-/position/{name}/#"
    if kind is Heartbeat:
        return f"{ROOT}/-/heartbeat/-/{name}"
    return f"{ROOT}/+/fault/{name}/#" if kind is Fault else filter_of(kind)


def topic_of(message: Message) -> str:
    """Give the topic a message travels on."""
    match message:
        case Position():
            wearer, where, which = "-", message.consumer, message.journal
        case Heartbeat():
            wearer, where, which = "-", "-", message.service
        case Fault():
            wearer, where, which = message.wearer, message.reporter, f"{message.kind}-{message.subject}"
        case Chunk():
            wearer, where, which = message.stream.wearer, str(message.stream.site), message.stream.device
        case Notice():
            wearer, where, which = message.wearer, str(message.site), str(message.kind)
        case Twitch() | Span() | Tally() | Status() | Glimpse():
            wearer, where, which = message.wearer, str(message.site), message.device
        case Note():
            wearer, where, which = message.wearer, message.site or "-", message.id
        case Answer() | Trial():
            wearer, where, which = message.wearer, "-", message.id
        case Entry() | Heard():
            wearer, where, which = message.wearer, "-", message.sender
        case _:
            assert_never(message)
    return f"{ROOT}/{wearer}/{_KIND_OF[type(message)]}/{where}/{which}"


def encode(parcel: Parcel) -> tuple[str, bytes]:
    """Give the topic and payload of a parcel."""
    message = parcel.message
    return topic_of(message), _pack(message, parcel.place) if isinstance(message, Chunk) else _text(parcel)


def encode_all(parcels: Sequence[Parcel]) -> Iterator[tuple[str, bytes]]:
    """Give the messages for several parcels: the chunks of one journal that follow each other as bundles."""
    waiting: list[bytes] = []
    journal = ""
    for parcel in parcels:
        topic, payload = encode(parcel)
        ours = parcel.place.journal if parcel.place is not None and isinstance(parcel.message, Chunk) else ""
        if waiting and (ours != journal or not _has_room(waiting, payload)):
            yield _bundle(journal, waiting)
            waiting = []
        if ours:
            waiting, journal = [*waiting, payload], ours
        else:
            yield topic, payload
    if waiting:
        yield _bundle(journal, waiting)


def decode_all(topic: str, payload: bytes) -> list[Parcel]:
    """Give back the parcels in a payload: those of a bundle, or the one.

    Raises:
        WireError: as ``decode``; a bundle is good as a whole or not at all.
    """
    if not topic.startswith(f"{ROOT}/-/chunk/-/"):
        return [decode(topic, payload)]
    _refuse_size(topic, payload)
    try:
        parts = msgspec.msgpack.decode(payload, type=list[bytes])
        parcels = [_unpack(part) for part in parts]
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise WireError(f"{topic}: {error}") from error
    if any(one.place is None or _bundle_topic(one.place.journal) != topic for one in parcels):
        raise WireError(f"{topic}: a bundle of another journal")
    return parcels


def decode(topic: str, payload: bytes) -> Parcel:
    """Give back the parcel in a payload.

    Raises:
        WireError: the bytes are not ours; the text says how. Nothing else escapes, whatever the bytes.
    """
    kind = _kind_in(topic)
    _refuse_size(topic, payload)
    try:
        parcel = _unpack(payload) if kind is Chunk else _parse(payload, kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise WireError(f"{topic}: {error}") from error
    if topic_of(parcel.message) != topic:
        raise WireError(f"{topic}: the payload belongs on {topic_of(parcel.message)}")
    return parcel


def _has_room(waiting: list[bytes], payload: bytes) -> bool:
    return sum(map(len, waiting)) + len(payload) <= BUNDLE_BYTES


def _bundle(journal: str, payloads: list[bytes]) -> tuple[str, bytes]:
    return _bundle_topic(journal), msgspec.msgpack.encode(payloads)


def _bundle_topic(journal: str) -> str:
    return f"{ROOT}/-/chunk/-/{journal}"


def _refuse_size(topic: str, payload: bytes) -> None:
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise WireError(f"{topic}: {len(payload)} bytes, more than the {MAX_PAYLOAD_BYTES} any message of ours has")


def _kind_in(topic: str) -> type[Message]:
    parts = topic.split("/")
    n_parts = 6
    if len(parts) != n_parts or not topic.startswith(f"{ROOT}/") or parts[3] not in KINDS:
        raise WireError(f"{topic}: not a topic of ours")
    return KINDS[parts[3]]


def _text(parcel: Parcel) -> bytes:
    fields: dict[str, Any] = msgspec.to_builtins(parcel.message)
    if isinstance(parcel.message, Tally):
        fields |= parcel.message.rates
    if parcel.place is not None:
        place: dict[str, Any] = msgspec.to_builtins(parcel.place)
        fields["place"] = {name: value for name, value in place.items() if value or name != "to"}
    return msgspec.json.encode(fields)


def _parse(payload: bytes, kind: type[Message]) -> Parcel:
    message: Message = msgspec.json.decode(payload, type=kind)
    if isinstance(message, Note | Answer | Entry):
        _refuse_impossible_words(message)
    return Parcel(message, msgspec.json.decode(payload, type=_Placed).place)


def _pack(chunk: Chunk, place: Place | None) -> bytes:
    width = 2 if chunk.stream.signal.limit < _INT16_LIMIT else 4
    on_wire = _ChunkOnWire(
        stream=chunk.stream,
        run=chunk.run,
        first_sample=chunk.first_sample,
        follows=chunk.follows,
        clock=chunk.clock,
        is_last=chunk.is_last,
        width=width,
        data=chunk.samples.astype(f"<i{width}").tobytes(),
        place=place,
    )
    return msgspec.msgpack.encode(on_wire)


def _unpack(payload: bytes) -> Parcel:
    found = msgspec.msgpack.decode(payload, type=_ChunkOnWire)
    _refuse_impossible(found)
    chunk = Chunk(
        stream=found.stream,
        run=found.run,
        first_sample=found.first_sample,
        follows=found.follows,
        clock=found.clock,
        samples=_samples_in(found),
        is_last=found.is_last,
    )
    return Parcel(chunk, found.place)


def _refuse_impossible(found: _ChunkOnWire) -> None:
    if not 0 <= found.follows <= found.first_sample:
        raise ValueError(f"sample {found.first_sample} cannot follow {found.follows}")
    rates_hz = (found.clock.rate_hz, found.stream.rate_hz)
    if not all(np.isfinite(rate_hz) and rate_hz > 0 for rate_hz in rates_hz) or not np.isfinite(found.clock.time_s):
        raise ValueError("a clock needs a finite time and a rate above zero")
    if found.width not in (2, 4) or not found.stream.signal.channels:
        raise ValueError("a chunk needs channels, of 2 or 4 bytes a sample")


def _refuse_impossible_words(message: Note | Answer | Entry) -> None:
    """Refuse what no wearer means: anyone who may publish can say these, so they are looked at most closely."""
    if len(message.words) > MAX_WORDS:
        raise ValueError(f"more than {MAX_WORDS} letters")
    times_s = (message.time_s, message.until_s if isinstance(message, Answer) else None)
    if not all(time_s is None or 0 <= time_s < _LAST_TIME_S for time_s in times_s):
        raise ValueError("a time must be in UNIX seconds")
    if isinstance(message, Note):
        _ = date.fromisoformat(message.night)
        measure = MEASURES[message.subject]
        if message.amount is not None and not measure.least <= message.amount <= measure.most:
            raise ValueError(f"{message.subject} can be {measure.least:g} to {measure.most:g} {measure.unit}")


def _samples_in(found: _ChunkOnWire) -> Samples:
    n_channels = len(found.stream.signal.channels)
    flat = np.frombuffer(found.data, dtype=f"<i{found.width}").astype(np.int32)
    return flat.reshape(-1, n_channels)
