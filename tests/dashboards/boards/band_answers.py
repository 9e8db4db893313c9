"""Answers about bands: what the statuses say, in plain Python. None of this knows InfluxQL."""

from collections import defaultdict
from collections.abc import Callable

from aquiver.model import Status
from tests.dashboards.boards.answer import Answer, is_asked
from tests.dashboards.boards.grafana import Scope
from tests.dashboards.boards.history import History


def _beats(told: History, scope: Scope) -> dict[tuple[str, ...], list[tuple[Status, float | None]]]:
    groups = defaultdict(list)
    for status, delay_s in told.beats:
        if is_asked(status, scope) and scope.covers(status.time_s):
            (modality,) = status.streams
            groups[status.site, modality, status.device].append((status, delay_s))
    return groups


def stream_status(status: Status):
    return next(iter(status.streams.values()))


def bands(told, asked, scope):
    answer = {}
    for key, mine in _beats(told, scope).items():
        last = mine[-1][0]
        answer[key] = [(None, last.state, stream_status(last).newest_sample_s * 1000, last.battery_percent)]
    return answer


def each_interval(value: Callable[[list], float | None]) -> Callable[..., Answer]:
    def answered(told, asked, scope):
        step_s, answer = asked.interval_s(scope), {}
        for key, mine in _beats(told, scope).items():
            bins = defaultdict(list)
            for beat in mine:
                bins[int(beat[0].time_s // step_s * step_s)].append(beat)
            rows = [(start_s * 10**9, value(found)) for start_s, found in sorted(bins.items())]
            kept = [row for row in rows if row[1] is not None]
            answer |= {key: kept} if kept else {}
        return answer

    return answered


def most(of: Callable[[Status, float | None], float | None]) -> Callable[[list], float | None]:
    return lambda beats: max((v for beat in beats if (v := of(*beat)) is not None), default=None)


def grown(of: Callable[[Status], int]) -> Callable[..., Answer]:
    """Give by how much a counter's last value of an interval exceeds the one of the interval before, unless it fell."""
    last_of_each = each_interval(lambda beats: of(beats[-1][0]))

    def answered(told, asked, scope):
        answer = {}
        for key, rows in last_of_each(told, asked, scope).items():
            steps = [(rows[n][0], rows[n][1] - rows[n - 1][1]) for n in range(1, len(rows))]
            answer[key] = [row for row in steps if row[1] >= 0]
        return answer

    return answered


def waiting(told, asked, scope):
    step_s, bins = asked.interval_s(scope), defaultdict(list)
    for mine in _beats(told, scope).values():
        for status, _ in mine:
            bins[int(status.time_s // step_s * step_s)].append(status.n_waiting)
    return {(): [(start_s * 10**9, max(found)) for start_s, found in sorted(bins.items())]}


def last_of_beats(of: Callable[[Status, float | None], float | None], choose=lambda values: values[-1]):
    def answered(told, asked, scope):
        groups = defaultdict(list)
        for status, delay_s in told.beats:
            value = of(status, delay_s)
            if scope.covers(status.time_s) and value is not None:
                (modality,) = status.streams
                groups[status.wearer, status.site, status.device, modality].append(value)
        return {key: [(None, choose(values))] for key, values in groups.items()}

    return answered


def heard(told, asked, scope):
    """Count notes in each five minutes from the first to the last of the range: none is zero here, and means silence."""
    step_s, groups = 300, defaultdict(lambda: defaultdict(int))
    for status, _ in told.beats:
        if scope.covers(status.time_s):
            (modality,) = status.streams
            groups[status.wearer, status.site, status.device, modality][int(status.time_s // step_s)] += 1
    bins = range(int(scope.since_s // step_s), int(scope.until_s // step_s) + 1)
    return {key: [(n * step_s * 10**9, found[n]) for n in bins] for key, found in groups.items()}
