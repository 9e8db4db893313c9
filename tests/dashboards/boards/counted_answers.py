"""Answers about counts: tallies, twitches and spans, in plain Python. None of this knows InfluxQL."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import mean

from aquiver.model import Modality, Period, SpanReason, Tally
from aquiver.store.point import moment_of
from tests.dashboards.boards.answer import Answer, is_asked, stream_of
from tests.dashboards.boards.grafana import Scope
from tests.dashboards.boards.history import History


def _tallies(told: History, scope: Scope, period: Period) -> Iterable[Tally]:
    for one in told.tallies:
        in_time = scope.covers(moment_of(one) / 1e9)
        if one.period is period and is_asked(one, scope) and in_time and one.modality is not Modality.ECG:
            yield one


def _grouped(tallies: Iterable[Tally]) -> dict[tuple[str, ...], list[Tally]]:
    groups = defaultdict(list)
    for one in tallies:
        groups[stream_of(one)].append(one)
    return groups


def _binned(tallies: Iterable[Tally], step_s: float) -> dict[tuple[str, ...], dict[int, list[Tally]]]:
    groups: dict = defaultdict(lambda: defaultdict(list))
    for one in tallies:
        groups[stream_of(one)][int(one.start_s // step_s * step_s)].append(one)
    return groups


def _seconds(tallies: Sequence[Tally]) -> tuple[float, ...]:
    lost = [sum(one.excluded_s.get(reason, 0.0) for one in tallies) for reason in SpanReason]
    return sum(one.analysable_s for one in tallies), *lost


def counts(told, asked, scope):
    return {
        key: [(None, sum(t.n_twitches for t in mine), sum(t.analysable_s for t in mine), sum(map(_lost, mine)))]
        for key, mine in _grouped(_tallies(told, scope, Period.MINUTE)).items()
    }


def _lost(tally: Tally) -> float:
    return sum(tally.excluded_s.values())


def rates(told, asked, scope):
    answer = {}
    for key, mine in _grouped(_tallies(told, scope, Period.MINUTE)).items():
        hours = sum(t.analysable_s for t in mine) / 3600
        if hours >= 1 / 6:
            answer[key] = [(None, sum(t.n_twitches for t in mine) / hours)]
    return answer


def _each_bin(told, asked, scope, value: Callable[[list[Tally]], float | None]) -> Answer:
    answer = {}
    for key, bins in _binned(_tallies(told, scope, Period.MINUTE), asked.interval_s(scope)).items():
        found = [(start_s * 10**9, value(mine)) for start_s, mine in sorted(bins.items())]
        kept = [row for row in found if row[1] is not None]
        answer |= {key: kept} if kept else {}
    return answer


def rate_over_time(told, asked, scope):
    def rate(mine):
        analysable_s = sum(t.analysable_s for t in mine)
        return sum(t.n_twitches for t in mine if t.analysable_s) / analysable_s * 3600 if analysable_s >= 60 else None

    return _each_bin(told, asked, scope, rate)


def analysable_over_time(told, asked, scope):
    return _each_bin(told, asked, scope, lambda mine: sum(t.analysable_s for t in mine))


def floor(told, asked, scope):
    def middle(mine):
        floors = [t.floor for t in mine if t.analysable_s > 0]
        return mean(floors) if floors else None

    return _each_bin(told, asked, scope, middle)


def movement(told, asked, scope):
    def moved(mine):
        seen = [
            t.excluded_s.get(SpanReason.MOVEMENT, 0.0)
            for t in mine
            if t.analysable_s > 0 or t.excluded_s.get(SpanReason.MOVEMENT)
        ]
        return sum(seen) if seen else None

    return _each_bin(told, asked, scope, moved)


def ledger(told, asked, scope):
    hours = defaultdict(list)
    for one in _tallies(told, scope, Period.HOUR):
        hours[int(one.start_s)].append(one)
    return {(): [(start_s * 10**9, *_seconds(mine)) for start_s, mine in sorted(hours.items())]}


def ledger_by_stream(told, asked, scope):
    groups = _grouped(_tallies(told, scope, Period.HOUR))
    return {key: [(None, *_seconds(mine), sum(map(_lost, mine)))] for key, mine in groups.items()}


def twitches(told, asked, scope):
    step_s, bins = asked.interval_s(scope), defaultdict(lambda: defaultdict(list))
    for one in told.twitches:
        if is_asked(one, scope) and scope.covers(one.onset_s):
            bins[one.site, one.modality][int(one.onset_s // step_s * step_s)].append(one.snr)
    return {key: [(at * 10**9, max(found)) for at, found in sorted(mine.items())] for key, mine in bins.items()}


def gaps(told, asked, scope):
    lengths = defaultdict(list)
    for one in told.spans:
        if is_asked(one, scope) and one.reason is SpanReason.GAP and scope.covers(one.start_s):
            lengths[stream_of(one)].append(one.stop_s - one.start_s)
    return {key: [(None, len(found), sum(found), max(found))] for key, found in lengths.items()}
