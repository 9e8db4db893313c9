"""A back-fill: all that one store keeps of a wearer, written into another, day by day.

Writing a record again changes nothing, so a back-fill may be broken off and said again at any time; what its log knows to
be there is not sent again.
"""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import get_args

from aquiver.export.backfill_log import BackfillLog, digest_of
from aquiver.export.choice import JOURNEY_S, RECORDS, Choice, night_named, records_of
from aquiver.model import Kept, Said
from aquiver.nights import end_of, start_of
from aquiver.store import Store

_DAY_S = 86_400.0
_SAID = "said"  # what people say names its night, and is found by no time
_BY_TIME = tuple(kind for kind in RECORDS.values() if kind not in get_args(Said))
_Day = tuple[str, Sequence[Kept]]  # its name, and what there is of it


@dataclass(frozen=True, slots=True)
class Day:
    """What became of one day's records."""

    n_written: int
    n_there: int


def n_days(choice: Choice) -> int:
    """Count the days a back-fill of this choice goes through, with the one of what people said."""
    return len(_days(choice)) + 1


def backfill(source: Store, target: Store, choice: Choice, log: BackfillLog) -> Iterator[Day]:
    """Write the records of a choice from one store into the other; tell each day as it is done.

    Raises:
        StoreError: the target did not take a day. Those before it are there.
    """
    there = set(target.nights(choice.wearer))
    for name, records in _read_ahead(_days_of(source, choice)):
        digest = digest_of(records)
        if records and log.has(name, digest) and _nights_of(records, choice) <= there:
            yield Day(0, len(records))
            continue
        if records:
            target.write(records)
            log.add(name, digest)
        yield Day(len(records), 0)


def _read_ahead(days: Iterator[_Day]) -> Iterator[_Day]:
    """Read the next day while one is written."""
    with ThreadPoolExecutor(1, "backfill reads") as reader:
        coming = reader.submit(next, days, None)
        while (day := coming.result()) is not None:
            coming = reader.submit(next, days, None)
            yield day


def _nights_of(records: Sequence[Kept], choice: Choice) -> set[str]:
    return {night_named(one, choice.zone) for one in records} & set(choice.nights)


def _days_of(source: Store, choice: Choice) -> Iterator[_Day]:
    is_bounded = choice.first is not None or choice.last is not None
    for day in _days(choice):
        found = (source.read(kind, choice.wearer, day * _DAY_S, (day + 1) * _DAY_S) for kind in _BY_TIME)
        whole = [one for each in found for one in each]
        meant = [one for one in whole if choice.includes(night_named(one, choice.zone))] if is_bounded else whole
        yield str(day), meant
    said: list[type[Kept]] = list(get_args(Said))
    yield _SAID, [one for kind in said for each in records_of(source, choice, kind) for one in each]


def _days(choice: Choice) -> range:
    """Give the days since 1970 in which something of these nights may lie."""
    first_s = start_of(choice.nights[0], choice.zone) - JOURNEY_S
    last_s = end_of(choice.nights[-1], choice.zone) + JOURNEY_S
    return range(math.floor(first_s / _DAY_S), math.ceil(last_s / _DAY_S))
