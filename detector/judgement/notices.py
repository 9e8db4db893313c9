"""Notices: told on the first night a definition holds, once, with a receipt; and once, quietly, when it is over."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aquiver.body import Site
from aquiver.model import Notice, NoticeKind, NoticeState, Receipt, Rules, SiteJudgement, SpreadStep, TrendWord
from aquiver.nights import start_of
from detector.judgement.leading import Key
from detector.judgement.measured import Measured

_NO_LONGER_P = 0.05  # a change is over when the line is no longer seen at the ordinary level either


@dataclass(frozen=True, slots=True)
class _Case:
    """A night that a rule is asked about, with the site's valid nights up to it.

    ``began`` is how many of them there were when the rule last spoke.
    """

    judgement: SiteJudgement
    valid: Sequence[Measured]
    began: int
    rules: Rules
    is_first_in_region: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    """One row: when a definition holds, when it is over, and what its receipt shows."""

    holds: Callable[[SiteJudgement], bool | None]
    is_over: Callable[[_Case], bool]
    nights: Callable[[_Case], Sequence[Measured]]
    figures: Callable[[_Case], dict[str, float]]
    constants: tuple[str, ...]
    ends_when: tuple[str, ...]


def notices_of(
    judged: Iterable[SiteJudgement],
    measured: Mapping[Key, Sequence[Measured]],
    steps: Sequence[SpreadStep],
    rules: Rules,
) -> list[Notice]:
    """Give the notices of final nights, in order; ``judged`` is in order of nights, ``steps`` the order of sites."""
    firsts = {step.site for step in steps if step.is_first_in_region}
    valid = {key: [one for one in nights if one.is_valid] for key, nights in measured.items()}
    names = {key: [one.night.name for one in nights] for key, nights in valid.items()}
    states: dict[tuple[Site, NoticeKind], _State] = {}
    notices = []
    for one in judged:
        if not (one.is_leading and one.is_valid and one.is_final):
            continue
        key = one.site, one.modality
        so_far = valid[key][: bisect_right(names[key], one.night)]
        for kind in NoticeKind:
            state = states.setdefault((one.site, kind), _State(kind, is_first_in_region=one.site in firsts))
            notice = state.update(one, so_far, rules)
            if notice is not None:
                notices.append(notice)
    return notices


class _State:
    """One rule on one site: open from the night it began to hold until it is over."""

    def __init__(self, kind: NoticeKind, *, is_first_in_region: bool) -> None:
        self._kind = kind
        self._is_first_in_region = is_first_in_region
        self._is_open = False
        self._began = 0
        self._began_day: int | None = None

    def update(self, one: SiteJudgement, valid: Sequence[Measured], rules: Rules) -> Notice | None:
        """Give a notice if this night begins or ends what the rule speaks of."""
        rule, case = _RULES[self._kind], _Case(one, valid, self._began, rules, self._is_first_in_region)
        day = date.fromisoformat(one.night).toordinal()
        if self._is_open:
            if not rule.is_over(case):
                return None
            self._is_open = False
            return _notice(self._kind, NoticeState.ENDED, case)
        is_soon = self._began_day is not None and day - self._began_day < rules.apart_days
        if is_soon or not rule.holds(one):
            return None
        self._is_open, self._began, self._began_day = True, len(valid), day
        return _notice(self._kind, NoticeState.BEGAN, case)


def _notice(kind: NoticeKind, state: NoticeState, case: _Case) -> Notice:
    one, rule = case.judgement, _RULES[kind]
    return Notice(
        wearer=one.wearer,
        kind=kind,
        state=state,
        site=one.site,
        region=one.site.region,
        night=one.night,
        time_s=start_of(one.night, ZoneInfo(one.zone or "UTC")),
        receipt=_receipt(kind, rule, case),
    )


def _receipt(kind: NoticeKind, rule: _Rule, case: _Case) -> Receipt:
    nights, numbers = rule.nights(case), asdict(case.rules)
    return Receipt(
        rule=str(kind),
        modality=case.judgement.modality,
        nights=tuple(one.night.name for one in nights),
        positive=tuple(one.night.name for one in nights if one.is_positive),
        analysable_s=sum(one.night.analysable_s for one in nights),
        n_twitches=sum(one.night.n_twitches for one in nights),
        constants={name: float(numbers[name]) for name in rule.constants},
        figures=rule.figures(case),
        ends_when={name: float(numbers[name]) for name in rule.ends_when},
    )


def _is_persistence_over(case: _Case) -> bool:
    last = case.valid[-case.rules.persistent_of :]
    return sum(one.is_positive for one in last) < case.rules.persistent_ends_below


def _is_new_region_over(case: _Case) -> bool:
    since = case.valid[case.began :][-case.rules.new_ends_after :]
    return len(since) == case.rules.new_ends_after and sum(one.is_positive for one in since) <= 1


def _is_change_over(case: _Case) -> bool:
    trend = case.judgement.trend
    assert trend is not None  # a valid night has a look, or says that it is too early
    if trend.word in (TrendWord.TOO_EARLY, TrendWord.TOO_FEW) or trend.p_value is None or trend.ratio is None:
        return trend.word is TrendWord.TOO_FEW
    return trend.p_value > _NO_LONGER_P or abs(trend.ratio - 1.0) < case.rules.trend_share / 2.0


def _in_trend(case: _Case) -> Sequence[Measured]:
    day = case.valid[-1].night.day
    return [one for one in case.valid if day - one.night.day < case.rules.trend_days]


def _trend_figures(case: _Case) -> dict[str, float]:
    trend = case.judgement.trend
    names = ("ratio", "ratio_low", "ratio_high", "p_value", "lag_1", "picture_ratio")
    return {name: value for name in names if (value := getattr(trend, name)) is not None}


def _count_figures(nights: Sequence[Measured]) -> dict[str, float]:
    return {"n_positive": float(sum(one.is_positive for one in nights)), "n_nights": float(len(nights))}


_FLOOR = ("valid_hours", "start_floor_per_hour", "least_floor_per_hour")
_RULES = {
    NoticeKind.PERSISTENT: _Rule(
        holds=lambda one: one.is_persistent,
        is_over=_is_persistence_over,
        nights=lambda case: case.valid[-case.rules.persistent_of :],
        figures=lambda case: _count_figures(case.valid[-case.rules.persistent_of :]),
        constants=("persistent_nights", "persistent_of", "persistent_days", "improving_p", "improving_share", *_FLOOR),
        ends_when=("persistent_ends_below", "persistent_of"),
    ),
    NoticeKind.NEW_REGION: _Rule(
        holds=lambda one: one.is_new_region,
        is_over=_is_new_region_over,
        nights=lambda case: case.valid[-case.rules.new_of :],
        figures=lambda case: {
            **_count_figures(case.valid[-case.rules.new_of :]),
            "is_first_in_region": float(case.is_first_in_region),
        },
        constants=("new_nights", "new_of", "new_after", "new_confidence", "new_baseline_nights", *_FLOOR),
        ends_when=("new_ends_after",),
    ),
    NoticeKind.CHANGED: _Rule(
        holds=lambda one: one.is_changed,
        is_over=_is_change_over,
        nights=_in_trend,
        figures=_trend_figures,
        constants=("trend_nights", "trend_days", "trend_p", "trend_share", "trend_counts", "looks", "look_days"),
        ends_when=("trend_share",),
    ),
}
