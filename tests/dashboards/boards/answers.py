"""What each question of a board must be answered with, worked out from the lists of a history in plain Python.

An answer is {tags of the series: [(time in ns or None, values ...)]}. None of this knows InfluxQL.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import exp, log
from statistics import mean, median

import numpy as np

from aquiver.body import Region, Site
from aquiver.model import Modality, NoticeKind, Period, SiteJudgement, Span, SpanReason, Status, Tally, Twitch
from aquiver.nights import start_of
from aquiver.store.point import moment_of
from aquiver.store.spelling import nanoseconds
from tests.dashboards.boards.grafana import Asked, Scope
from tests.dashboards.boards.history import ZONE, History

Answer = dict[tuple[str, ...], list[tuple]]
_CLASSES = [(5, "under_5"), (20, "from_5"), (60, "from_20"), (150, "from_60"), (float("inf"), "from_150")]


def _shade(rate: float) -> str:
    return next(name for most, name in _CLASSES if rate < most)


def _is_asked(one: Tally | Twitch | Span | Status, scope: Scope) -> bool:
    return one.wearer == scope.wearer and (not scope.sites or one.site in scope.sites)


def _stream(one: Tally | Twitch | Span) -> tuple[str, ...]:
    return one.site, one.modality, one.device


# --- tallies -----------------------------------------------------------------------------------------------------


def _tallies(told: History, scope: Scope, period: Period) -> Iterable[Tally]:
    for one in told.tallies:
        in_time = scope.covers(moment_of(one) / 1e9)
        if one.period is period and _is_asked(one, scope) and in_time and one.modality is not Modality.ECG:
            yield one


def _grouped(tallies: Iterable[Tally]) -> dict[tuple[str, ...], list[Tally]]:
    groups = defaultdict(list)
    for one in tallies:
        groups[_stream(one)].append(one)
    return groups


def _binned(tallies: Iterable[Tally], step_s: float) -> dict[tuple[str, ...], dict[int, list[Tally]]]:
    groups: dict = defaultdict(lambda: defaultdict(list))
    for one in tallies:
        groups[_stream(one)][int(one.start_s // step_s * step_s)].append(one)
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


# --- twitches, spans, faults, notes ------------------------------------------------------------------------------


def twitches(told, asked, scope):
    answer = defaultdict(list)
    for one in told.twitches:
        if _is_asked(one, scope) and scope.covers(one.onset_s):
            answer[one.site, one.modality].append((moment_of(one), one.snr))
    return {key: sorted(rows) for key, rows in answer.items()}


def gaps(told, asked, scope):
    lengths = defaultdict(list)
    for one in told.spans:
        if _is_asked(one, scope) and one.reason is SpanReason.GAP and scope.covers(one.start_s):
            lengths[_stream(one)].append(one.stop_s - one.start_s)
    return {key: [(None, len(found), sum(found), max(found))] for key, found in lengths.items()}


def faults(told, asked, scope):
    mine = [one for one in told.faults if one.wearer == scope.wearer and scope.covers(moment_of(one) / 1e9)]
    rows = [
        (
            *(moment_of(one), one.link, one.kind, one.subject, one.reporter, one.site, one.is_open),
            *(None if one.until_s is None else one.until_s - one.since_s, one.reason),
        )
        for one in mine
    ]
    return {(): sorted(rows, key=lambda row: -row[0])[:200]} if rows else {}


def notes(told, asked, scope):
    mine = [one for one in told.notes if one.wearer == scope.wearer and not one.is_removed and scope.covers(one.time_s)]
    return {(): sorted((moment_of(one), one.subject, one.amount, one.night) for one in mine)} if mine else {}


def notices(told, asked, scope):
    mine = [one for one in told.judgements[scope.wearer].notices if scope.covers(moment_of(one) / 1e9)]
    return {(): sorted((moment_of(one), one.kind, one.site, one.state) for one in mine)} if mine else {}


# --- statuses ----------------------------------------------------------------------------------------------------


def _beats(told: History, scope: Scope) -> dict[tuple[str, ...], list[tuple[Status, float | None]]]:
    groups = defaultdict(list)
    for status, delay_s in told.beats:
        if _is_asked(status, scope) and scope.covers(status.time_s):
            (modality,) = status.streams
            groups[status.site, modality, status.device].append((status, delay_s))
    return groups


def _of(status: Status):
    return next(iter(status.streams.values()))


def bands(told, asked, scope):
    answer = {}
    for key, mine in _beats(told, scope).items():
        last = mine[-1][0]
        answer[key] = [(None, last.state, _of(last).newest_sample_s * 1000, last.battery_percent)]
    return answer


def _of_beats(value: Callable[[list], float | None]) -> Callable[..., Answer]:
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


def _most(of: Callable[[Status, float | None], float | None]) -> Callable[[list], float | None]:
    return lambda beats: max((v for beat in beats if (v := of(*beat)) is not None), default=None)


def _grown(of: Callable[[Status], int]) -> Callable[..., Answer]:
    """Give by how much a counter's last value of an interval exceeds the one of the interval before, unless it fell."""
    last_of_each = _of_beats(lambda beats: of(beats[-1][0]))

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


# --- nights ------------------------------------------------------------------------------------------------------


def _nights(told: History, scope: Scope, site: Site) -> list[tuple[str, SiteJudgement | None]]:
    """Give every date of the wearer with what was judged of this site; here each site has one kind of sensor."""
    judged = told.judgements[scope.wearer].nights
    first, last = (date.fromisoformat(end(one.night for one in judged)).toordinal() for end in (min, max))
    mine = {one.night: one for one in judged if one.site is site}
    return [(night := date.fromordinal(day).isoformat(), mine.get(night)) for day in range(first, last + 1)]


def _sites(told: History, scope: Scope) -> list[Site]:
    found = {one.site for one in told.judgements[scope.wearer].nights}
    return [site for site in found if not scope.sites or site in scope.sites]


def _noon_ns(night: str) -> int:
    return nanoseconds(start_of(night, ZONE))


def _each_night(told, scope, row: Callable[[list, SiteJudgement | None], tuple | None]) -> Answer:
    """Give a row for each night in the range; it is told of the site's measured nights up to it, that one included."""
    answer = {}
    for site in _sites(told, scope):
        valid, rows = [], []
        for night, one in _nights(told, scope, site):
            valid += [one] if one is not None and one.is_valid else []
            found = row(valid, one) if scope.covers(_noon_ns(night) / 1e9) else None
            rows += [(_noon_ns(night), *found)] if found is not None else []
        answer |= {(site,): rows} if rows else {}
    return answer


def _hours(one: SiteJudgement) -> float:
    return one.analysable_s / 3600


def calendar(told, asked, scope):
    def cell(_, one):
        if one is None:
            return ("not_measured",)
        return (_shade(one.n_twitches / _hours(one)),) if _hours(one) >= 2 else ("too_little",)

    return _each_night(told, scope, cell)


def analysable(told, asked, scope):
    return _each_night(told, scope, lambda _, one: None if one is None else (one.analysable_s,))


def rates_of_nights(told, asked, scope):
    lines = {site: _line([one for _, one in _nights(told, scope, site)]) for site in _sites(told, scope)}

    def row(valid, one):
        if one is None or not one.is_valid:
            return None
        before = [each.n_twitches / _hours(each) for each in valid[:-1]][-28:]
        usual = tuple(np.quantile(before, (0.1, 0.9))) if len(before) >= 7 else (None, None)
        rate = one.n_twitches / _hours(one)
        return rate, one.low_per_hour, one.high_per_hour, *usual, lines[one.site].get(one.night)

    return _each_night(told, scope, row)


def _line(nights: Sequence[SiteJudgement | None]) -> dict[str, float]:
    """Give the line of the newest look: its slope is the judge's; its height the median distance of the nights."""
    valid = [one for one in nights if one is not None and one.is_valid]
    trend = valid[-1].trend
    if trend is None or trend.picture_ratio is None:
        return {}
    seen = [one for one in valid if one.night <= trend.night][-trend.n_nights :]
    weeks = [date.fromisoformat(one.night).toordinal() / 28 for one in seen]
    slope = log(trend.picture_ratio)
    height = median(log(one.n_twitches / _hours(one) + 0.1) - slope * at for one, at in zip(seen, weeks, strict=True))
    return {one.night: exp(height + slope * at) for one, at in zip(seen, weeks, strict=True)}


def last_nights(told, asked, scope):
    def row(valid, one):
        if one is None or not one.is_valid:
            return None
        found = [one.night]
        for n in (14, 28):
            window = valid[-n:]
            found += [sum(bool(v.is_positive) for v in window), len(window), sum(v.analysable_s for v in window)]
        return tuple(found)

    return {key: rows[-1:] for key, rows in _each_night(told, scope, row).items()}


def known(told, asked, scope):
    words = {True: "yes", False: "no", None: "too_early"}

    def row(_, one):
        if one is None or not one.is_valid:
            return None
        answers = [words[v] for v in (one.is_recurrent, one.is_persistent, one.is_new_region, one.is_changed)]
        trend = one.trend
        return (one.night, *answers, trend.word, trend.ratio, trend.ratio_low, trend.ratio_high, trend.n_nights)

    return {key: rows[-1:] for key, rows in _each_night(told, scope, row).items()}


def middle(site: Site):
    def answered(told, asked, scope):
        if site not in _sites(told, Scope(scope.wearer, scope.since_s, scope.until_s)):
            return {}
        shades = []
        valid = []
        for night, one in _nights(told, scope, site):
            if one is not None and one.is_valid:
                valid.append(one.n_twitches / _hours(one))
                shades += [_shade(median(valid[-28:]))] if scope.covers(_noon_ns(night) / 1e9) else []
        return {(): [(None, shades[-1])]} if shades else {}

    return answered


def regions(told, asked, scope):
    answer: Answer = {(region,): [] for region in Region}
    everywhere = Scope(scope.wearer, scope.since_s, scope.until_s)
    by_site = {site: dict(_nights(told, scope, site)) for site in _sites(told, everywhere)}
    for night in next(iter(by_site.values())):
        if not scope.covers(_noon_ns(night) / 1e9):
            continue
        for region in Region:
            mine = [nights[night] for site, nights in by_site.items() if site.region is region]
            answer[region,].append((_noon_ns(night), _state([one for one in mine if one is not None])))
    return answer


def _state(mine: list[SiteJudgement]) -> str:
    if any(one.is_positive for one in mine):
        return "positive"
    if any(_hours(one) >= 2 for one in mine):
        return "below"
    return "too_little" if mine else "not_measured"


def order(told, asked, scope):
    rows = [
        (
            *(_noon_ns(one.night), place, one.site, one.site.region, one.measured_since),
            *("yes" if one.is_spread else "not_known", one.n_regions),
        )
        for place, one in enumerate(told.judgements[scope.wearer].spread, start=1)
    ]
    return {(): sorted(rows, key=lambda row: row[0])}


def _weeks(told, scope, row: Callable[[list[SiteJudgement]], tuple]) -> Answer:
    judged = [one for one in told.judgements[scope.wearer].nights if one.is_valid]
    rows = []
    for night, _ in _nights(told, scope, Site.LEFT_CALF):
        last = date.fromisoformat(night).toordinal()
        week = [one for one in judged if 0 <= last - date.fromisoformat(one.night).toordinal() < 7]
        if week and scope.covers(_noon_ns(night) / 1e9):
            rows.append((_noon_ns(night), *row(week)))
    return {(): rows}


def weeks(told, asked, scope):
    def row(week):
        positive = [one for one in week if one.is_positive]
        regions_and_sites = [{one.site.region for one in some} for some in (week, positive)]
        regions_and_sites += [{one.site for one in some} for some in (week, positive)]
        return tuple(map(len, regions_and_sites))

    return _weeks(told, scope, row)


def week_hours(told, asked, scope):
    return _weeks(told, scope, lambda week: (sum(one.analysable_s for one in week),))


# --- rules -------------------------------------------------------------------------------------------------------


def held(kind: NoticeKind):
    def answered(told, asked, scope):
        answer = {}
        for wearer, judgement in told.judgements.items():
            for site in {one.site for one in judgement.nights}:
                told_of = [one for one in judgement.notices if (one.kind, one.site) == (kind, site)]
                until = [one for one in told_of if _noon_ns(one.night) / 1e9 <= scope.until_s]
                if any(scope.covers(_noon_ns(one.night) / 1e9) for one in judgement.nights):
                    is_held = bool(until) and until[-1].state == "began"
                    answer[wearer, site] = [(None, float(is_held))]
        return answer

    return answered


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


# --- which of them answers what ----------------------------------------------------------------------------------

_T, _P, _S, _H = "tonight", "persistence", "spread", "health"
ANSWERS: dict[tuple[str, str, str], Callable[[History, Asked, Scope], Answer]] = {
    (_T, "Is every band heard?", "A"): bands,
    (_T, "How many twitches so far?", "A"): counts,
    (_T, "How many twitches so far?", "B"): rates,
    (_T, "How many twitches in the last hour?", "A"): counts,
    (_T, "How many twitches in the last hour?", "B"): rates,
    (_T, "When did twitches come?", "A"): rate_over_time,
    (_T, "How much of that time could be counted in?", "A"): analysable_over_time,
    (_T, "How large was each twitch?", "A"): twitches,
    (_T, "How quiet are the sensors?", "A"): floor,
    (_T, "How much did the wearer move?", "A"): movement,
    (_P, "On which nights were there how many?", "A"): calendar,
    (_P, "On how many of the last measured nights were there twitches?", "A"): last_nights,
    (_P, "What do the weeks say together?", "A"): known,
    (_P, "How many per analysable hour, and is that usual for you?", "A"): rates_of_nights,
    (_P, "How long could be counted in?", "A"): analysable,
    (_P, "Diary", "annotation"): notes,
    (_P, "Notices", "annotation"): notices,
    **{(_S, "Where, and how much?", f"Q{number}"): middle(site) for number, site in enumerate(Site)},
    (_S, "In what order did sites begin to have twitches?", "A"): order,
    (_S, "Which region had twitches on which night?", "A"): regions,
    (_S, "How many regions, of those measured?", "A"): weeks,
    (_S, "How long could be counted in?", "A"): week_hours,
    (_H, "Where did each second go?", "A"): ledger,
    (_H, "How much of it could be used, band by band?", "A"): ledger_by_stream,
    (_H, "How many gaps were there?", "A"): gaps,
    (_H, "How many samples arrived, and how many did not?", "A"): _grown(lambda status: _of(status).n_samples),
    (_H, "How many samples arrived, and how many did not?", "B"): _grown(lambda status: _of(status).n_lost),
    (_H, "How long was each band silent?", "A"): _of_beats(_most(lambda s, _: s.time_s - _of(s).newest_sample_s)),
    (_H, "How full are the batteries?", "A"): _of_beats(lambda beats: beats[-1][0].battery_percent),
    (_H, "How strongly are the bands heard?", "A"): _of_beats(lambda beats: beats[-1][0].rssi_dbm),
    (_H, "How well do the bands' clocks fit?", "A"): _of_beats(_most(lambda s, _: _of(s).residual_s)),
    (_H, "How much waits in the spool?", "A"): waiting,
    (_H, "How late do decisions come?", "A"): _of_beats(_most(lambda _, delay_s: delay_s)),
    (_H, "What was broken, and for how long?", "A"): faults,
}
RULES: dict[tuple[str, str], Callable[[History, Asked, Scope], Answer]] = {
    ("aquiver-persistent", "A"): held(NoticeKind.PERSISTENT),
    ("aquiver-new-region", "A"): held(NoticeKind.NEW_REGION),
    ("aquiver-changed", "A"): held(NoticeKind.CHANGED),
    ("aquiver-no-samples", "A"): last_of_beats(lambda s, _: s.time_s - _of(s).newest_sample_s),
    ("aquiver-broken-off", "A"): last_of_beats(lambda *_: 1.0),
    ("aquiver-broken-off", "C"): heard,
    ("aquiver-battery", "A"): last_of_beats(lambda s, _: s.battery_percent),
    ("aquiver-late", "A"): last_of_beats(lambda _, delay_s: delay_s, max),
}
