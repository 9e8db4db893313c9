"""docs/messages.md is the contract: it names every kind of message, every field and every value."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from aquiver.body import Region, Site
from aquiver.model import (
    BandState,
    Block,
    Experiment,
    FaultKind,
    Label,
    Link,
    Modality,
    NoticeKind,
    NoticeState,
    Period,
    Place,
    Receipt,
    ServiceState,
    SpanReason,
    StreamStatus,
    Subject,
    Verb,
)
from aquiver.wire import KINDS, _ChunkOnWire

TEXT = (Path(__file__).parents[2] / "docs" / "messages.md").read_text()
NAMED = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]+)`", TEXT))))


@pytest.mark.parametrize(
    "kind", [*KINDS.values(), Experiment, Block, StreamStatus, Place, Receipt], ids=lambda kind: kind.__name__
)
def test_every_field_of_a_message_is_named(kind):
    names = _ChunkOnWire.__struct_fields__ if kind is KINDS["chunk"] else [one.name for one in fields(kind)]
    examples = set(re.findall(r'"([a-z_]+)":', TEXT))
    assert set(names) <= NAMED | examples


@pytest.mark.parametrize(
    "values",
    [
        *(KINDS, BandState, Label, NoticeKind, NoticeState, Period, Region, SpanReason, Subject, Verb),
        *(Link, FaultKind, ServiceState),
    ],
)
def test_every_value_is_named(values):
    assert set(values) <= NAMED


def test_every_site_and_modality_can_be_read_from_the_page():
    words = {word for site in Site for word in [site.removeprefix("left_").removeprefix("right_")]}
    assert words | {Modality.EMG, Modality.ACCELEROMETER} <= NAMED
