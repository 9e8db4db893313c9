"""A recording decided at once: its records, and their summary."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aquiver.body import Site
from aquiver.model import Chunk, Modality, Period, Record, SpanReason, Tally
from aquiver.model.rate import interval_per_hour, rate_per_hour
from detector.engine import Engine


@dataclass(frozen=True, slots=True)
class Total:
    """A count, the time it was counted in, and the time that was set aside.

    The rate is per analysable hour, with its 95 % interval from Gamma(count + 0.5, hours); None without such time.
    """

    count: int
    analysable_s: float
    excluded_s: dict[SpanReason, float]
    rate_per_hour: float | None
    rate_interval_per_hour: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What was found on one site by one kind of sensor."""

    site: Site
    modality: Modality
    total: Total


def decide(chunks: Iterable[Chunk], zone: ZoneInfo, mains_hz: float | None = 50.0) -> Iterator[Record]:
    """Give the records of chunks, to the end. Chunks of one stream come in order."""
    engine = Engine(zone, mains_hz)
    for chunk in chunks:
        yield from engine.feed(chunk)
    yield from engine.finish()


def summarise(records: Iterable[Record]) -> tuple[Summary, ...]:
    """Sum up records by site and modality; several bands on one site add up."""
    tallies = [record for record in records if isinstance(record, Tally) and record.period == Period.NIGHT]
    newest = {(tally.wearer, tally.device, tally.site, tally.modality, tally.night): tally for tally in tallies}
    by_place: dict[tuple[Site, Modality], list[Tally]] = {}
    for tally in newest.values():
        by_place.setdefault((tally.site, tally.modality), []).append(tally)
    return tuple(Summary(*place, _total(mine)) for place, mine in by_place.items())


def total_of(summaries: Sequence[Summary]) -> Total:
    """Add up what was found on several sites by one kind of sensor."""
    return _total([one.total for one in summaries])


def _total(parts: Sequence[Tally | Total]) -> Total:
    count = sum(part.n_twitches if isinstance(part, Tally) else part.count for part in parts)
    analysable_s = sum(part.analysable_s for part in parts)
    reasons = sorted({reason for part in parts for reason in part.excluded_s})
    excluded_s = {reason: sum(part.excluded_s.get(reason, 0.0) for part in parts) for reason in reasons}
    interval = interval_per_hour(count, analysable_s / 3600.0) if analysable_s else None
    return Total(count, analysable_s, excluded_s, rate_per_hour(count, analysable_s), interval)
