"""The plan of a recording of ours: which column holds what, so that every sample has its fixed place in the file.

Beside its channels each stream has one column ``reach``: how far into this record it has been delivered, 0 where
nothing was. It is written after the samples, so a torn append is never taken for samples; no value of the sensor
has to be given up for "not there", and a viewer draws the places without samples as a flat line at zero.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np

from aquiver.model import Channel, Modality, Stream
from aquiver.recording.edf import STILL_GROWING, Column, Header, number_text
from aquiver.recording.facts import Description
from aquiver.recording.integers import range_of, write_integers
from aquiver.recording.tal import write_start

_NOTE_BYTES_PER_S = 480  # a clock and a gap every second, and a twitch; two and three divide it
_LONGEST_S = 60  # of a data record: what a torn one may cost
_EDF_LIMIT = 32767
_LABEL_CHARS = 16
_UNKNOWN_DATE = "01.01.85"  # EDF+ specification 2.1.3.3; two digits of a year reach from 1985 to 2084
_FIRST_YEAR, _LAST_YEAR = 1985, 2084
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WORDS = {Modality.EMG: "EMG", Modality.ACCELEROMETER: "ACC", Modality.ECG: "ECG"}


@dataclass(frozen=True, slots=True)
class Lane:
    """Where one stream lies: its channels' columns, its reach, and how many slots each record has for it."""

    stream: Stream
    columns: tuple[int, ...]
    reach: int
    n_slots: int
    axis_hz: float

    def seconds(self, slot: int) -> float:
        """Give the time of a slot on the file's axis, from its start."""
        return slot / self.axis_hz


@dataclass(frozen=True, slots=True)
class Plan:
    """The layout of one recording.

    ``origin_s`` is the UNIX time of slot 0: the start's whole second. ``fill`` is a record without its annotations.
    """

    header: Header
    lanes: tuple[Lane, ...]
    origin_s: int
    fill: bytes

    @property
    def notes(self) -> int:
        """Give the column of the annotations: the last one."""
        return len(self.header.columns) - 1

    @property
    def note_bytes(self) -> int:
        """Give the room for annotations in a record."""
        return self.header.columns[-1].n_samples * self.header.sample_bytes

    def record(self, number: int) -> bytes:
        """Give a record that holds its start, and fill."""
        page = self.page_start(number)
        return self.fill + page + bytes(self.note_bytes - len(page))

    def page_start(self, number: int) -> bytes:
        """Give the list that opens a record's annotations."""
        return write_start(number * self.header.record_s)


def draw(description: Description) -> Plan:
    """Lay out a recording.

    Raises:
        ValueError: there is no stream, or a channel's scale cannot be said in an EDF header.
    """
    if not description.streams:
        raise ValueError("a recording needs a stream")
    rates_hz = [stream.rate_hz for stream in description.streams]
    record_s = _record_s(rates_hz)
    slots = [max(1, round(rate_hz * record_s)) for rate_hz in rates_hz]
    largest = max(*(stream.signal.limit for stream in description.streams), *slots)
    is_bdf = largest > _EDF_LIMIT
    columns: list[Column] = []
    lanes: list[Lane] = []
    for stream, n_slots in zip(description.streams, slots, strict=True):
        first = len(columns)
        columns += [*_channel_columns(stream, n_slots, is_bdf=is_bdf), _reach_column(stream, n_slots)]
        lanes.append(Lane(stream, tuple(range(first, len(columns) - 1)), len(columns) - 1, n_slots, n_slots / record_s))
    columns.append(_notes_column(record_s, is_bdf=is_bdf))
    header = _header(description, record_s, tuple(columns), is_bdf=is_bdf)
    return Plan(header, tuple(lanes), math.floor(description.start_s), _fill(header, lanes))


def _record_s(rates_hz: list[float]) -> int:
    """Give the shortest whole length of a record in which every stream has a whole number of samples.

    A rate that has none within a minute is rounded to whole samples a second: the file's axis is nominal anyway.
    """
    seconds = math.lcm(*map(_denominator, rates_hz))
    return seconds if seconds <= _LONGEST_S else 1


def _denominator(rate_hz: float) -> int:
    fraction = Fraction(rate_hz).limit_denominator(_LONGEST_S)
    return fraction.denominator if math.isclose(fraction, rate_hz) else 1


def _channel_columns(stream: Stream, n_slots: int, *, is_bdf: bool) -> list[Column]:
    lowest, highest = range_of(3 if is_bdf else 2)
    # One further down than up: sensors differ in whether their limit itself is a value below zero.
    digital_min = max(lowest, -stream.signal.limit - 1)
    digital_max = min(highest, stream.signal.limit)
    return [_channel_column(stream, channel, (digital_min, digital_max), n_slots) for channel in stream.signal.channels]


def _channel_column(stream: Stream, channel: Channel, digital: tuple[int, int], n_slots: int) -> Column:
    physical_min, physical_max = (channel.scale * limit + channel.offset for limit in digital)
    if number_text(physical_min) == number_text(physical_max):
        raise ValueError(f"the scale of {channel.name!r} is too fine for the 8 characters of an EDF header")
    label = _label(stream, channel.name)
    return Column(label, stream.signal.unit, physical_min, physical_max, *digital, n_samples=n_slots)


def _reach_column(stream: Stream, n_slots: int) -> Column:
    return Column(_label(stream, "reach"), "sample", 0, n_slots, 0, n_slots, n_samples=1)


def _notes_column(record_s: int, *, is_bdf: bool) -> Column:
    sample_bytes = 3 if is_bdf else 2
    name = "BDF Annotations" if is_bdf else "EDF Annotations"
    return Column(name, "", -1, 1, *range_of(sample_bytes), n_samples=record_s * _NOTE_BYTES_PER_S // sample_bytes)


def _label(stream: Stream, name: str) -> str:
    word = _WORDS[stream.modality]
    label = name if name.upper().startswith(word) else f"{word} {name}"
    return "".join(c if " " <= c <= "~" else "?" for c in label)[:_LABEL_CHARS].strip()


def _header(description: Description, record_s: int, columns: tuple[Column, ...], *, is_bdf: bool) -> Header:
    start = datetime.fromtimestamp(math.floor(description.start_s), ZoneInfo(description.zone))
    is_dated = _FIRST_YEAR <= start.year <= _LAST_YEAR
    long_date = f"{start.day:02}-{_MONTHS[start.month - 1]}-{start.year}" if is_dated else "X"
    return Header(
        is_bdf=is_bdf,
        patient="X X X X",
        recording=f"Startdate {long_date} X X aquiver",
        date=f"{start:%d.%m.%y}" if is_dated else _UNKNOWN_DATE,
        time=f"{start:%H.%M.%S}",
        variant="BDF+C" if is_bdf else "EDF+C",
        n_records=STILL_GROWING,
        record_s=record_s,
        columns=columns,
    )


def _fill(header: Header, lanes: list[Lane]) -> bytes:
    """Give a record's samples before they come: each channel's integer nearest to zero in its unit."""
    parts: list[bytes] = []
    for lane in lanes:
        for column, channel in zip(lane.columns, lane.stream.signal.channels, strict=True):
            place = header.columns[column]
            zero = min(max(round(-channel.offset / channel.scale), place.digital_min), place.digital_max)
            parts.append(write_integers(np.full(place.n_samples, zero, np.int32), header.sample_bytes))
        parts.append(bytes(header.sample_bytes))
    return b"".join(parts)
