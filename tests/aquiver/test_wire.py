"""The wire is faithful, and survives foreign bytes."""

import contextlib
import json

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from aquiver.errors import WireError
from aquiver.model import Chunk, Clock, Parcel, Place, Position
from aquiver.wire import KINDS, MAX_PAYLOAD_BYTES, decode, encode, filter_of
from tests.samples import (
    NOW_S,
    a_chunk,
    a_fault,
    a_glimpse,
    a_heard,
    a_heartbeat,
    a_note,
    a_notice,
    a_signal,
    a_span,
    a_status,
    a_stream,
    a_tally,
    a_trial,
    a_twitch,
    an_answer,
    an_entry,
)

POSITION = Position("j", "detector", 4, is_request=True)
SAID = [a_note(), an_answer(until_s=NOW_S + 60), a_trial(), an_entry(), a_heard(), a_glimpse()]
WATCHED = [a_fault(), a_heartbeat("detector")]
MESSAGES = [a_chunk(), a_twitch(), a_span(), a_tally(), a_status(), a_notice(), POSITION, *SAID, *WATCHED]
places = some.one_of(some.none(), some.builds(Place, some.just("j"), some.integers(0, 2**40), some.integers(0, 2**40)))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
@given(place=places)
def test_what_is_encoded_is_decoded(message, place):
    parcel = Parcel(message, place)
    assert decode(*encode(parcel)) == parcel


def test_every_kind_of_message_is_tried_here():
    assert {type(message) for message in MESSAGES} == set(KINDS.values())


@given(some.lists(some.integers(-(2**15), 2**15 - 1), min_size=1), some.sampled_from([2**15 - 1, 2**23]))
def test_samples_survive_the_wire(values, limit):
    stream = a_stream(a_signal(n_channels=1, limit=limit))
    samples = np.array(values, np.int32).reshape(-1, 1)
    chunk = Chunk(stream, "r", 5, 5, Clock(0, NOW_S, 200.0), samples)
    assert decode(*encode(Parcel(chunk))).message == chunk


def test_wide_samples_take_four_bytes():
    stream = a_stream(a_signal(n_channels=1, limit=2**23))
    samples = np.array([[2**23 - 1], [-(2**23)]], np.int32)
    chunk = Chunk(stream, "r", 0, 0, Clock(0, NOW_S, 200.0), samples)
    assert decode(*encode(Parcel(chunk))).message == chunk


@given(some.binary(max_size=200), some.sampled_from([*KINDS, "banana"]))
def test_random_bytes_are_a_wire_error_and_nothing_else(payload, kind):
    with pytest.raises(WireError):
        decode(f"aquiver/v1/me/{kind}/left_calf/band-1", payload)


@given(
    some.recursive(
        some.none() | some.floats() | some.text(),
        lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    )
)
def test_random_json_is_a_wire_error_and_nothing_else(value):
    with pytest.raises(WireError):
        decode("aquiver/v1/me/twitch/left_calf/band-1", json.dumps(value).encode())


@given(some.integers(0, 400), some.integers(0, 255))
def test_a_damaged_chunk_is_refused_or_still_a_chunk(position, value):
    topic, payload = encode(Parcel(a_chunk()))
    damaged = bytearray(payload)
    damaged[position % len(damaged)] = value
    with contextlib.suppress(WireError):
        assert isinstance(decode(topic, bytes(damaged)).message, Chunk)


@pytest.mark.parametrize(
    "topic", ["aquiver/v1", "aquiver/v2/me/twitch/left_calf/b", "home/x/y/z/a/b", "aquiver/v1/a/b/c/d/e", ""]
)
def test_foreign_topics_are_refused(topic):
    with pytest.raises(WireError, match="not a topic of ours"):
        decode(topic, b"{}")


def test_a_payload_on_the_wrong_topic_is_refused():
    _, payload = encode(Parcel(a_twitch()))
    with pytest.raises(WireError, match="belongs on"):
        decode("aquiver/v1/somebody/twitch/left_calf/band-1", payload)


def test_a_huge_payload_is_refused_unread():
    with pytest.raises(WireError, match="more than"):
        decode("aquiver/v1/me/twitch/left_calf/band-1", b" " * (MAX_PAYLOAD_BYTES + 1))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("follows", 30, "cannot follow"),
        ("follows", -1, "cannot follow"),
        ("clock", {"sample": 0, "time_s": float("nan"), "rate_hz": 200.0}, "finite"),
        ("clock", {"sample": 0, "time_s": 0.0, "rate_hz": 0.0}, "above zero"),
        ("width", 3, "2 or 4"),
        ("data", b"abc", "buffer"),
        ("data", b"abcdef", "reshape"),
        ("surprise", 1, "unknown field"),
    ],
)
def test_an_impossible_chunk_is_refused(field, value, says):
    topic, payload = encode(Parcel(a_chunk(first_sample=20)))
    fields = msgspec.msgpack.decode(payload)
    fields[field] = value
    with pytest.raises(WireError, match=says):
        decode(topic, msgspec.msgpack.encode(fields))


def test_a_person_can_read_a_record():
    topic, payload = encode(Parcel(a_twitch(), Place("j", 3, 1)))
    assert topic == "aquiver/v1/me/twitch/left_calf/band-1"
    fields = json.loads(payload)
    assert fields["amplitude"] == 60.0
    assert fields["place"] == {"journal": "j", "number": 3, "base": 1}


def test_filters_select_one_kind_or_all():
    assert filter_of(Chunk) == "aquiver/v1/+/chunk/#"
    assert filter_of(None) == "aquiver/v1/#"


@pytest.mark.parametrize(
    ("message", "field", "value", "says"),
    [
        (a_note(), "amount", 1e6, "can be 0 to 20 cups"),
        (a_note(), "amount", -1, "can be 0 to 20 cups"),
        (a_note(), "night", "yesterday", "isoformat"),
        (a_note(), "time_s", 1e15, "UNIX seconds"),
        (a_note(), "subject", "chocolate", "enum"),
        (a_note(), "id", "a/b", "belongs on"),
        (an_answer(), "until_s", -1, "UNIX seconds"),
        (an_entry(), "words", "x" * 501, "more than 500"),
        (an_entry(), "time_s", "now", "float"),
    ],
)
def test_what_no_wearer_means_is_refused(message, field, value, says):
    topic, payload = encode(Parcel(message))
    with pytest.raises(WireError, match=says):
        decode(topic, json.dumps(json.loads(payload) | {field: value}).encode())
