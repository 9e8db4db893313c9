"""A choice: whose nights, and which, are handed over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args
from zoneinfo import ZoneInfo

from aquiver.errors import SettingsError
from aquiver.model import Record
from aquiver.nights import end_of, start_of
from aquiver.store import R, Store
from aquiver.wire import KINDS

_NAME_OF = {kind: name for name, kind in KINDS.items()}
RECORDS: dict[str, type[Record]] = {_NAME_OF[kind]: kind for kind in get_args(Record)}
_JOURNEY_S = 16 * 3600.0  # a night recorded in another time zone lies so far from where the present one puts it


@dataclass(frozen=True, slots=True)
class Choice:
    """Some nights of one wearer."""

    wearer: str
    nights: tuple[str, ...]
    zone: ZoneInfo


def chosen(store: Store, wearer: str | None, own: str, zone: ZoneInfo, nights: Sequence[str | None]) -> Choice:
    """Choose nights of a wearer; ``nights`` are one night, the first and the last, each of them or none.

    Without a wearer it is ``own``, the settings', or the only one of whom something is kept.

    Raises:
        SettingsError: no such wearer or night is kept, or it is not clear who is meant.
    """
    who = _wearer(store.wearers(), wearer, own)
    kept = store.nights(who)
    found = nights_between(kept, *nights)
    if not found:
        raise SettingsError(f"no such night of {who} is kept; there are {len(kept)}, from {kept[0]} to {kept[-1]}")
    return Choice(who, tuple(found), zone)


def nights_between(kept: Sequence[str], night: str | None, since: str | None, until: str | None) -> list[str]:
    """Give the nights that are meant, both ends included.

    >>> nights_between(["2026-11-20", "2026-11-21", "2026-11-23"], None, "2026-11-21", None)
    ['2026-11-21', '2026-11-23']

    Raises:
        SettingsError: a date is none, or a night and a range are given.
    """
    if night is not None and (since is not None or until is not None):
        raise SettingsError("--night is one night; --since and --until are a range: give one of both")
    first, last = (_date(night or since), _date(night or until))
    return [one for one in kept if (first is None or one >= first) and (last is None or one <= last)]


def records_of(store: Store, choice: Choice, kind: type[R]) -> Iterator[list[R]]:
    """Give the records of a kind, night by night, in order of time.

    A record that names its night belongs there, wherever it was recorded; any other belongs to the night it fell in.
    """
    for night in choice.nights:
        since_s, until_s = start_of(night, choice.zone), end_of(night, choice.zone)
        near = store.read(kind, choice.wearer, since_s - _JOURNEY_S, until_s + _JOURNEY_S)
        if "night" in kind.__dataclass_fields__:
            yield [record for record in near if record.night == night]
        else:
            yield list(store.read(kind, choice.wearer, since_s, until_s))


def _wearer(kept: Sequence[str], wearer: str | None, own: str) -> str:
    if wearer is not None and wearer not in kept:
        raise SettingsError(f'nothing is kept of a wearer "{wearer}"; there is {_listed(kept)}')
    if wearer is not None or own in kept:
        return wearer or own
    if len(kept) == 1:
        return kept[0]
    raise SettingsError(f"say whose nights with --wearer; there is {_listed(kept)}")


def _listed(kept: Sequence[str]) -> str:
    return ", ".join(kept) or "nobody yet: start with aquiver night"


def _date(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise SettingsError(f'"{text}" is no date; write it as 2026-11-22') from error
