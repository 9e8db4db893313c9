"""Lines: records as JSON lines, the way in and out for other programs. The format: docs/records.md."""

import difflib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from aquiver.errors import WireError
from aquiver.model import Modality, Note, Notice, Period, Record, Span, Tally, Twitch, Unit
from aquiver.model.rate import rates
from aquiver.nights import night_of, start_of
from aquiver.pillow import pillow_of
from aquiver.settings import NAME
from aquiver.wire import ROOT, decode

KINDS: Mapping[str, type[Record | Note]] = {
    "tally": Tally,
    "twitch": Twitch,
    "span": Span,
    "note": Note,
    "notice": Notice,
}
_OURS = ("kind", "place", "is_placebo", *rates(0, 0.0))  # on a line, though no field of most records
_LONGEST_S = {Period.MINUTE: 61.0, Period.HOUR: 3601.0, Period.NIGHT: 30 * 3600.0}  # a date of travel is long
_MOST_A_SECOND = 100.0  # no method of ours finds more
_ALIKE = 0.85
_FIRST_NIGHT, _LAST_NIGHT = "1970-01-02", "2199-12-31"
_EARLIEST_S, _LATEST_S = -14 * 3600.0, 36 * 3600.0  # of a night, from noon of its date in UTC, wherever on earth


@dataclass(frozen=True, slots=True)
class Line:
    """A record of one line, and the keys on it that mean nothing here."""

    record: Record | Note
    passed_over: tuple[str, ...]


def read_line(text: str) -> Line:
    """Read one record: a JSON object, or a message as ``aquiver replay`` prints it (topic, space, JSON).

    Raises:
        WireError: it is no record of ours; the text says why.
    """
    if text.startswith(f"{ROOT}/"):
        return Line(_of_message(text), ())
    found = _object_in(text)
    kind = _kind_of(found)
    passed_over = _unknown(found, kind)
    filled = _filled(found, kind)
    try:
        record = msgspec.convert(filled, kind)
    except msgspec.ValidationError as error:
        raise WireError(_in_words(str(error))) from error
    _refuse_impossible(record)
    return Line(record, passed_over)


def _of_message(text: str) -> Record | Note:
    topic, _, payload = text.partition(" ")
    message = decode(topic, payload.encode()).message
    if not isinstance(message, Tally | Twitch | Span | Note | Notice):
        raise WireError(f"{topic}: a {type(message).__name__.lower()} is no record")
    _refuse_impossible(message)
    return message


def _object_in(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_twins)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise WireError("not a JSON object")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _without_twins(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f'"{key}" stands there twice')
        found[key] = value
    return found


def _kind_of(found: Mapping[str, Any]) -> type[Record | Note]:
    """Tell which record is meant. A notice has a ``kind`` of its own, and is known by its receipt."""
    name = "notice" if "receipt" in found else found.get("kind", "tally")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise WireError(f'"kind": {name!r} is no record; known are {", ".join(KINDS)}')
    return kind


def _unknown(found: Mapping[str, Any], kind: type[Record | Note]) -> tuple[str, ...]:
    known = [one.name for one in fields(kind)]
    unknown = [key for key in found if key not in (*known, *_OURS)]
    for key in unknown:
        close = difflib.get_close_matches(key, (*known, *_OURS), n=1, cutoff=_ALIKE)
        if close:
            raise WireError(f'unknown key "{key}"; did you mean "{close[0]}"?')
    return tuple(unknown)


def _filled(found: Mapping[str, Any], kind: type[Record | Note]) -> dict[str, Any]:
    known = {one.name for one in fields(kind)}
    filled = {key: _whole(key, value) for key, value in found.items() if key in known}
    if kind is Tally:
        filled |= _missing_in_tally(filled)
    missing = [one.name for one in fields(kind) if one.name not in filled and _is_needed(one)]
    if missing:
        raise WireError(f'"{missing[0]}" is missing')
    is_placebo = found.get("is_placebo", False)
    if not isinstance(is_placebo, bool):
        raise WireError(f'"is_placebo": expected true or false, got {is_placebo!r}')
    return {**filled, "wearer": pillow_of(str(filled["wearer"]))} if is_placebo else filled


def _is_needed(one: Any) -> bool:  # noqa: ANN401  # a dataclass field, of whatever type
    return one.default is MISSING and one.default_factory is MISSING


def _whole(key: str, value: object) -> object:
    """Take 12.0 for a count: other programs write whole numbers so."""
    is_count = key.startswith("n_") and isinstance(value, float) and value.is_integer()
    return int(value) if is_count and isinstance(value, float) else value


def _missing_in_tally(found: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a tally means where it says nothing."""
    needed = [name for name in ("wearer", "site", "analysable_s", "n_twitches") if name not in found]
    if needed:
        raise WireError(f'"{needed[0]}" is missing')
    zone = _zone_in(found)
    night = found["night"] if "night" in found else _night_in(found, zone)
    _refuse_no_date(night)
    if "start_s" not in found and found.get("period", Period.NIGHT) != Period.NIGHT:
        raise WireError('"start_s" is missing: only a whole night can do without')
    is_emg = found.get("modality", Modality.EMG) == Modality.EMG
    assumed: dict[str, Any] = {
        "night": night,
        "device": found["site"],
        "modality": Modality.EMG,
        "period": Period.NIGHT,
        "start_s": start_of(night, zone),
        "excluded_s": {},
        "floor": 0.0,
        "unit": Unit.COUNT if is_emg else Unit.G,
        "is_final": True,
    }
    return {key: value for key, value in assumed.items() if key not in found}


def _zone_in(found: Mapping[str, Any]) -> ZoneInfo:
    name = found.get("zone") or "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise WireError(f'"zone": no time zone is called {name!r}') from error


def _night_in(found: Mapping[str, Any], zone: ZoneInfo) -> str:
    start_s = found.get("start_s")
    if not isinstance(start_s, int | float) or isinstance(start_s, bool) or "zone" not in found:
        raise WireError('"night" is missing (or "start_s" with "zone", from which it follows)')
    try:
        return night_of(float(start_s), zone)
    except (ValueError, OverflowError, OSError) as error:
        raise WireError(f'"start_s": {start_s} is no time') from error


def _refuse_no_date(night: object) -> None:
    try:
        is_date = isinstance(night, str) and date.fromisoformat(night).isoformat() == night
        is_date = is_date and _FIRST_NIGHT <= str(night) <= _LAST_NIGHT
    except ValueError:
        is_date = False
    if not is_date:
        raise WireError(f'"night": {night!r} is no date such as "2026-11-22", from 1970 to 2199')


_CHECKS: tuple[tuple[Callable[[Tally], bool], str], ...] = (
    (lambda one: one.n_twitches < 0, '"n_twitches" is below 0'),
    (lambda one: not 0.0 <= one.analysable_s <= _LONGEST_S[one.period], '"analysable_s" does not fit into its period'),
    (lambda one: any(length_s < 0.0 for length_s in one.excluded_s.values()), '"excluded_s" is below 0'),
    (lambda one: one.n_twitches > _MOST_A_SECOND * one.analysable_s, '"n_twitches" do not fit into "analysable_s"'),
    (lambda one: one.floor < 0.0, '"floor" is below 0'),
    (lambda one: one.modality is Modality.ECG, "heartbeats are no twitches"),
)


def _refuse_impossible(record: Record | Note) -> None:
    """Refuse what no recording can have said.

    Raises:
        WireError: with the reason.
    """
    _refuse_no_date(record.night)
    for key in ("wearer", "device"):
        name = getattr(record, key, "x")
        if not NAME.fullmatch(name):
            raise WireError(f'"{key}": "{name}" is no name; use small letters, digits, - and _')
    for one in fields(record):
        value = getattr(record, one.name)
        if isinstance(value, float) and not isfinite(value):
            raise WireError(f'"{one.name}" is no number')
    if isinstance(record, Tally):
        _refuse_impossible_tally(record)


def _refuse_impossible_tally(tally: Tally) -> None:
    for is_wrong, reason in _CHECKS:
        if is_wrong(tally):
            raise WireError(reason)
    _zone_in({"zone": tally.zone})
    since_noon_s = tally.start_s - start_of(tally.night, ZoneInfo("UTC"))
    if not _EARLIEST_S <= since_noon_s <= _LATEST_S:
        raise WireError(f'"start_s": {tally.start_s:.0f} is not in the night of {tally.night}')


def _in_words(error: str) -> str:
    what, _, path = error.partition(" - at `$")
    key = path.strip("`").lstrip(".")
    return f'"{key}": {what.lower()}' if key else what.lower()
