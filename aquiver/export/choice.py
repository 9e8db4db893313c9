"""A choice: whose nights, and which, are handed over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args
from zoneinfo import ZoneInfo

from aquiver.errors import SettingsError
from aquiver.model import Answer, Kept, Said, Trial
from aquiver.nights import end_of, night_of, start_of
from aquiver.pillow import is_pillow
from aquiver.store import R, Store
from aquiver.wire import KINDS

_NAME_OF = {kind: name for name, kind in KINDS.items()}
RECORDS: dict[str, type[Kept]] = {_NAME_OF[kind]: kind for kind in get_args(Kept)}
_EVER_S = 1e11
JOURNEY_S = 16 * 3600.0  # a night recorded in another time zone lies so far from where the present one puts it


@dataclass(frozen=True, slots=True)
class Choice:
    """Some nights of one wearer; ``first`` and ``last`` bound them, where a bound was given."""

    wearer: str
    nights: tuple[str, ...]
    zone: ZoneInfo
    first: str | None = None
    last: str | None = None

    def includes(self, night: str) -> bool:
        """Tell whether a night lies within the bounds, measured or not."""
        return (self.first is None or self.first <= night) and (self.last is None or night <= self.last)


def chosen(store: Store, wearer: str | None, own: str, zone: ZoneInfo, bounds: tuple[str | None, str | None]) -> Choice:
    """Choose nights of a wearer: from the first bound to the last, both included, where they are given.

    Without a wearer it is ``own``, the settings', or the only one of whom something is kept.

    Raises:
        SettingsError: no such wearer or night is kept, or it is not clear who is meant.
    """
    who = wearer_of(store.wearers(), wearer, own)
    kept = store.nights(who)
    choice = Choice(who, (), zone, *bounds)
    nights = tuple(night for night in kept if choice.includes(night))
    if not nights:
        raise SettingsError(f"no such night of {who} is kept; {_extent(kept)}")
    return replace(choice, nights=nights)


def wearer_of(kept: Sequence[str], wearer: str | None, own: str) -> str:
    """Give the wearer who is meant: the one that is named, else ``own``, else the only one.

    Raises:
        SettingsError: nothing is kept of that wearer, or it is not clear who is meant.
    """
    if wearer is not None and wearer not in kept:
        raise SettingsError(f'nothing is kept of a wearer "{wearer}"; there is {_listed(kept)}')
    if wearer is not None or own in kept:
        return wearer or own
    people = [one for one in kept if not is_pillow(one)]
    if len(people) == 1:
        return people[0]
    raise SettingsError(f"say whose nights with --wearer; there is {_listed(kept)}")


def bounds_of(night: str | None, since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """Give the first and the last night that are meant, each as an ISO date or none.

    >>> bounds_of("2026-11-22", None, None), bounds_of(None, "2026-11-21", None)
    (('2026-11-22', '2026-11-22'), ('2026-11-21', None))

    Raises:
        SettingsError: a date is none, or a night and a range are given.
    """
    if night is not None and (since is not None or until is not None):
        raise SettingsError("--night is one night; --since and --until are a range: give one of both")
    return _date(night or since), _date(night or until)


def records_of(store: Store, choice: Choice, kind: type[R]) -> Iterator[list[R]]:
    """Give the records of a kind, night by night, in order of time; what the wearer said, all at once.

    A record that names its night belongs there, wherever it was recorded; any other to the night it fell in.
    """
    if kind in get_args(Said):
        said = store.read(kind, choice.wearer, -_EVER_S, _EVER_S)
        yield [one for one in said if choice.includes(night_named(one, choice.zone))]
        return
    for night in choice.nights:
        since_s, until_s = start_of(night, choice.zone), end_of(night, choice.zone)
        near = store.read(kind, choice.wearer, since_s - JOURNEY_S, until_s + JOURNEY_S)
        yield [one for one in near if night_named(one, choice.zone) == night]


def night_named(record: Kept, zone: ZoneInfo) -> str:
    """Give the night a record belongs to: the one it names, else the one it fell in."""
    match record:
        case Answer():
            return night_of(record.time_s, zone)
        case Trial():
            return night_of(record.begun_s, zone)
        case _:
            return record.night


def _extent(kept: Sequence[str]) -> str:
    return f"there are {len(kept)}, from {kept[0]} to {kept[-1]}" if kept else "none was measured"


def _listed(kept: Sequence[str]) -> str:
    return ", ".join(kept) or "nobody yet: start with aquiver night"


def _date(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise SettingsError(f'"{text}" is no date; write it as 2026-11-22') from error
