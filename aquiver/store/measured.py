"""Lines of twitches, spans and tallies, of which a month has a million: what repeats is spelled once. Pure.

``point`` says what a line is made of. Measurement, tags, texts and the beginning of the key are the same for all records
of one band, night and kind, and are kept; of a record itself only its numbers and its body are spelled.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from zlib import crc32
from zoneinfo import ZoneInfo

import msgspec

from aquiver.body import Site
from aquiver.model import Modality, Period, Span, SpanReason, Tally, Twitch
from aquiver.model.rate import rates
from aquiver.store.spelling import head_of, nanoseconds, text_of

_TALLY_NS, _MOMENT_NS = 1_000_000, 1_000  # what is below these comes from a record's key
_QUARTER_S = 900  # every zone's offset is a multiple of it, so that within one no local day begins
_NAMES = {reason: f"{reason}_s=" for reason in SpanReason}
_encode = msgspec.json.Encoder().encode
_Place = tuple[str, str, Site, Modality, str]  # wearer, device, site, modality, night


def measured_line(record: Twitch | Span | Tally) -> bytes:
    """Give a measured record as a line."""
    match record:
        case Tally():
            start, fields, moment_ns = _tally(record)
        case Twitch():
            start, fields, moment_ns = _twitch(record)
        case Span():
            start, fields, moment_ns = _span(record)
    body = _encode(record).replace(b"\\", rb"\\").replace(b'"', rb"\"")
    return b'%b%bbody="%b" %d' % (start, fields.encode(), body, moment_ns)


def _tally(tally: Tally) -> tuple[bytes, str, int]:
    """Spell counts with the time they were counted in. Each reason is there, so that a later tally leaves none behind."""
    start, crc, tail = _start_of_tally(_place(tally), tally.period)
    key = f"{tally.start_s:.0f}{tail}"
    fields = (
        f"{_number('analysable_s=', tally.analysable_s)}{_excluded(tally.excluded_s) if tally.excluded_s else _NONE}"
        f"{_number('n_large=', tally.n_large)}{_number('floor=', tally.floor)}{_rates(tally.n_twitches, tally.analysable_s)}"
        f"is_final={'t' if tally.is_final else 'f'},{_day(tally.start_s // _QUARTER_S, tally.zone)}"
    )
    return start, fields, nanoseconds(tally.start_s) + crc32(key.encode(), crc) % _TALLY_NS


def _excluded(lost: Mapping[SpanReason, float]) -> str:
    each = "".join([_number(_NAMES[reason], seconds) for reason, seconds in lost.items()])
    return f"{_number('excluded_s=', sum(lost.values()))}{each}{_zeros(frozenset(lost))}"


@lru_cache(maxsize=8192)
def _rates(n_twitches: int, analysable_s: float) -> str:
    """Spell a count and its rate: a minute is most often whole, and its count small."""
    told = {"n_twitches": n_twitches, **rates(n_twitches, analysable_s)}
    return "".join(_number(f"{name}=", value) for name, value in told.items())


def _twitch(twitch: Twitch) -> tuple[bytes, str, int]:
    start, crc = _start_of_twitch(_place(twitch), twitch.channel)
    key = f"{twitch.run}/{twitch.sample}/{twitch.channel}"
    numbers = f"{_number('amplitude=', twitch.amplitude)}{_number('snr=', twitch.snr)}"
    texts = f'label="{twitch.label.value}",unit="{twitch.unit.value}",'
    fields = f"{numbers}{_number('duration_s=', twitch.duration_s)}{texts}"
    return start, fields, nanoseconds(twitch.onset_s) + crc32(key.encode(), crc) % _MOMENT_NS


def _span(span: Span) -> tuple[bytes, str, int]:
    start, crc = _start_of_span(_place(span), span.reason)
    key = f"{span.run}/{span.sample}/{span.reason.value}"
    fields = _number("duration_s=", span.stop_s - span.start_s)
    return start, fields, nanoseconds(span.start_s) + crc32(key.encode(), crc) % _MOMENT_NS


def _place(record: Twitch | Span | Tally) -> _Place:
    return record.wearer, record.device, record.site, record.modality, record.night


@lru_cache(maxsize=4096)
def _start_of_tally(place: _Place, period: Period) -> tuple[bytes, int, str]:
    _, _, site, _, night = place
    return *_start("tally", place, after=("period", period), key=f"{period}/"), f"/{night}/{site}"


@lru_cache(maxsize=4096)
def _start_of_twitch(place: _Place, channel: str) -> tuple[bytes, int]:
    return _start("twitch", place, before=("channel", channel))


@lru_cache(maxsize=4096)
def _start_of_span(place: _Place, reason: SpanReason) -> tuple[bytes, int]:
    return _start("span", place, after=("reason", reason))


def _start(
    name: str, place: _Place, before: tuple[str, str] = ("", ""), after: tuple[str, str] = ("", ""), key: str = ""
) -> tuple[bytes, int]:
    """Spell a line up to its first number, and sum up the key as far as it goes (see ``key_of``)."""
    wearer, device, site, modality, night = place
    where = (("device", device), ("modality", modality), ("region", site.region), ("site", site))
    head = head_of(name, (before, *where, after, ("wearer", wearer)))
    texts = f'night="{text_of(night)}",region_f="{site.region}",site_f="{site}",'
    return f"{head} {texts}".encode(), crc32(f"{name}\0{wearer}\0{device}/{modality}/{key}".encode())


@lru_cache(maxsize=256)
def _zeros(there: frozenset[SpanReason]) -> str:
    return "".join(f"{name}0.0," for reason, name in _NAMES.items() if reason not in there)


@lru_cache(maxsize=4096)
def _day(quarter: float, zone: str) -> str:
    """Spell the local date of a quarter of an hour: where a person was, whatever the zone of who looks at it."""
    if not zone:
        return ""
    day = datetime.fromtimestamp(quarter * _QUARTER_S, UTC).astimezone(ZoneInfo(zone)).date()
    return f'day="{day.isoformat()}",'


def _number(start: str, value: float | None) -> str:
    """Spell a float's field; one that is missing, infinite or no number has none, as InfluxDB knows no such value."""
    return f"{start}{float(value)!r}," if value is not None and math.isfinite(value) else ""


_NONE = _excluded({})
