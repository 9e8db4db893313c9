"""A point: a record as one line of InfluxDB's line protocol. Pure.

A point is one by its measurement, tags and time. All three come from the record alone, so that writing a record again
writes the same point again. The whole record stands in the field ``body``; the other fields are there to be drawn.
Numbers are written as floats, always: InfluxDB refuses a field that changes its type.
"""

from zlib import crc32

import msgspec

from aquiver.model import Answer, Fault, Kept, Note, Notice, Span, Tally, Trial, Twitch
from aquiver.store.key import KIND_NAMES, key_of, time_of
from aquiver.store.measured import measured_line
from aquiver.store.spelling import flag_of, head_of, nanoseconds, number_of, text_of

LATEST_NS = 9_200_000_001_000_000_000  # what InfluxDB can tell apart fits 64 bits
SPREAD_S = 1.0  # a point's time is never further from its record's
_NS = 1_000_000_000
_STEP_NS = {Twitch: 1_000, Span: 1_000, Tally: 1_000_000}
_encode = msgspec.json.Encoder().encode
_Other = Notice | Note | Answer | Trial | Fault


def line_of(record: Kept) -> bytes:
    r"""Give a record as a line.

    >>> line_of(Answer("me", "a1", 5.0, "mute", "changed"))[:47]
    b'answer,wearer=me verb="mute",body="{\\"wearer\\":'
    """
    if isinstance(record, Twitch | Span | Tally):
        return measured_line(record)
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


def _stepped(time_s: float, step_ns: int) -> int:
    own_ns = nanoseconds(time_s)
    return own_ns if step_ns < _NS else own_ns - own_ns % step_ns


def _head(record: _Other) -> str:
    match record:
        case Fault():
            tags = (("fault", record.kind), ("reporter", record.reporter), ("subject", record.subject))
            return head_of("fault", (*tags, ("wearer", record.wearer)))
        case _:
            return head_of(KIND_NAMES[type(record)], (("wearer", record.wearer),))


def _fields(record: _Other) -> str:
    match record:
        case Notice():
            where = f'night="{text_of(record.night)}",region_f="{record.region}",site_f="{record.site}",'
            return f'{where}kind="{record.kind}",state="{record.state}",'
        case Note():
            removed = (
                f'night="{text_of(record.night)}",subject="{record.subject}",is_removed={flag_of(record.is_removed)},'
            )
            return f"{removed}{number_of('amount', record.amount)}"
        case Answer():
            return f'verb="{record.verb}",'
        case Trial():
            return f"is_stopped={flag_of(record.is_stopped)},"
        case Fault():
            site = f'site_f="{record.site}",' if record.site else ""
            lasted = number_of("lasted_s", None if record.until_s is None else record.until_s - record.since_s)
            head = f'night="{text_of(record.night)}",link="{record.link}",is_open={flag_of(record.is_open)},'
            return f'{head}{site}{lasted}reason="{text_of(record.reason)}",'
