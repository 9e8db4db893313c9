"""A point: a record as one line of InfluxDB's line protocol. Pure.

A point is one by its measurement, tags and time. All three come from the record alone, so that writing a record again
writes the same point again. The whole record stands in the field ``body``; the other fields are there to be drawn.
Numbers are written as floats, always: InfluxDB refuses a field that changes its type.
"""

import math
import re
from datetime import UTC, datetime
from functools import lru_cache
from zlib import crc32
from zoneinfo import ZoneInfo

import msgspec

from aquiver.model import Answer, Fault, Kept, Note, Notice, Span, SpanReason, Tally, Trial, Twitch
from aquiver.store.key import KIND_NAMES, key_of, time_of

LATEST_NS = 9_200_000_001_000_000_000  # what InfluxDB can tell apart fits 64 bits
SPREAD_S = 1.0  # a point's time is never further from its record's
_LIMIT_S = 9_200_000_000
_NS = 1_000_000_000
_STEP_NS = {Twitch: 1_000, Span: 1_000, Tally: 1_000_000}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\%]")
_encode = msgspec.json.Encoder().encode


def line_of(record: Kept) -> bytes:
    """Give a record as a line.

    >>> line_of(Answer("me", "a1", 5.0, "mute", "changed"))[:46]
    b'answer,wearer=me verb="mute",body="{\\\\"wearer\\\\":'
    """
    body = _encode(record).replace(b"\\", rb"\\").replace(b'"', rb"\"")
    head = f'{_head(record)} {_fields(record)}body="'
    return b'%b%b" %d' % (head.encode(), body, moment_of(record))


def moment_of(record: Kept) -> int:
    """Give the time of a record's point in ns.

    It is the record's own, to the microsecond (tally: millisecond; what people say, notices and faults: second).
    What is below comes from the record's key, so that two at one moment are two points.
    """
    step_ns = _STEP_NS.get(type(record), _NS)
    key = "\0".join(key_of(record))
    own_ns = _stepped(time_of(record), step_ns)
    return own_ns + crc32(key.encode()) % step_ns


def nanoseconds(time_s: float) -> int:
    """Give a UNIX time in ns, within what InfluxDB can tell apart.

    >>> nanoseconds(1.5), nanoseconds(-math.inf)
    (1500000000, -9200000000000000000)
    """
    return round(max(-_LIMIT_S, min(time_s, _LIMIT_S)) * 1_000_000) * 1_000


def tag_of(text: str) -> str:
    r"""Give a tag's value as it is kept: what a line cannot hold stands as a number.

    >>> tag_of("a\nb"), tag_of("left calf")
    ('a%0Ab', 'left calf')
    """
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", text)


def _stepped(time_s: float, step_ns: int) -> int:
    own_ns = nanoseconds(time_s)
    return own_ns if step_ns < _NS else own_ns - own_ns % step_ns


def _head(record: Kept) -> str:
    match record:
        case Twitch():
            tags = (("channel", record.channel), *_place(record))
        case Span():
            tags = (*_place(record), ("reason", record.reason))
        case Tally():
            tags = (*_place(record), ("period", record.period))
        case Fault():
            tags = (("fault", record.kind), ("reporter", record.reporter), ("subject", record.subject))
        case Notice() | Note() | Answer() | Trial():
            tags = ()
    return _spelled(KIND_NAMES[type(record)], (*tags, ("wearer", record.wearer)))


def _place(record: Twitch | Span | Tally) -> tuple[tuple[str, str], ...]:
    return (
        ("device", record.device),
        ("modality", record.modality),
        ("region", record.site.region),
        ("site", record.site),
    )


@lru_cache(maxsize=1024)
def _spelled(name: str, tags: tuple[tuple[str, str], ...]) -> str:
    """Spell measurement and tags; an empty tag is left out, as InfluxDB takes none."""
    return ",".join((name, *(f"{key}={_escaped(value)}" for key, value in tags if value)))


def _escaped(value: str) -> str:
    return tag_of(value).replace(",", r"\,").replace("=", r"\=").replace(" ", r"\ ")


def _fields(record: Kept) -> str:
    match record:
        case Twitch():
            return (
                f"{_where(record)}amplitude={_number(record.amplitude)},snr={_number(record.snr)},"
                f'duration_s={_number(record.duration_s)},label="{record.label}",unit="{record.unit}",'
            )
        case Span():
            return f"{_where(record)}duration_s={_number(record.stop_s - record.start_s)},"
        case Tally():
            return f"{_where(record)}{_counts(record)}"
        case Notice():
            where = f'night="{_text(record.night)}",region_f="{record.region}",site_f="{record.site}",'
            return f'{where}kind="{record.kind}",state="{record.state}",'
        case Note():
            amount = f"amount={_number(record.amount)}," if record.amount is not None else ""
            removed = f"is_removed={'t' if record.is_removed else 'f'},"
            return f'night="{_text(record.night)}",subject="{record.subject}",{removed}{amount}'
        case Answer():
            return f'verb="{record.verb}",'
        case Trial():
            return f"is_stopped={'t' if record.is_stopped else 'f'},"
        case Fault():
            is_open = "t" if record.is_open else "f"
            return f'night="{_text(record.night)}",link="{record.link}",is_open={is_open},'


def _where(record: Twitch | Span | Tally) -> str:
    return f'night="{_text(record.night)}",region_f="{record.site.region}",site_f="{record.site}",'


def _counts(tally: Tally) -> str:
    """Spell counts with the time they were counted in. Each reason is there, so that a later tally leaves none behind."""
    large = f"n_large={tally.n_large}.0," if tally.n_large is not None else ""
    day = f'day="{_day_of(tally.start_s // 60, tally.zone)}",' if tally.zone else ""
    lost = tally.excluded_s
    reasons = "".join(f"{reason}_s={_number(lost.get(reason, 0.0))}," for reason in SpanReason)
    return (
        f"analysable_s={_number(tally.analysable_s)},excluded_s={_number(sum(lost.values()))},{reasons}"
        f"n_twitches={tally.n_twitches}.0,{large}floor={_number(tally.floor)},"
        f"is_final={'t' if tally.is_final else 'f'},{day}"
    )


@lru_cache(maxsize=4096)
def _day_of(minute: float, zone: str) -> str:
    """Give the local date of a minute: where a person was, whatever the zone of who looks at it."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(ZoneInfo(zone)).date().isoformat()


def _number(value: float) -> str:
    """Spell a float; InfluxDB knows none that is infinite or no number, the body says what it was."""
    return repr(float(value)) if math.isfinite(value) else "0.0"


def _text(value: str) -> str:
    return tag_of(value).replace('"', r"\"")
