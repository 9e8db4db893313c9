"""The facts of the page: some weeks of one wearer's nights, by site, with every night that was not measured. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import quantiles

from aquiver.body import Site
from aquiver.export.measured import Measured
from aquiver.model import Judgement, Modality, Note, Notice, SiteJudgement, SpreadStep, Trend
from dashboards.site_night import ORDER

_LEAST_NIGHTS = 28
MOST_SITES = 6  # two sheets hold no more; the others are named


class NightState(StrEnum):
    """What is known of one site in one night."""

    NOT_MEASURED = "not_measured"
    TOO_LITTLE = "too_little"
    BELOW = "below"
    POSITIVE = "positive"


@dataclass(frozen=True, slots=True)
class NightMark:
    """One site in one night; the rate, its 95 % interval and the floor are none unless the night is valid."""

    night: str
    state: NightState
    rate_per_hour: float | None = None
    low_per_hour: float | None = None
    high_per_hour: float | None = None
    floor_per_hour: float | None = None


@dataclass(frozen=True, slots=True)
class Wave:
    """The samples around one twitch, in ``unit``, evenly spaced; ``peak_to_peak`` as the detector measured it."""

    night: str
    onset_s: float
    values: tuple[float, ...]
    length_s: float
    peak_to_peak: float
    unit: str


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """One site over these weeks. ``middle`` is the lower quartile, median and upper quartile of its valid nights."""

    site: Site
    modality: Modality
    nights: tuple[NightMark, ...]
    worn_s: float
    analysable_s: float
    n_twitches: int
    middle: tuple[float, float, float] | None
    trend: Trend | None
    step: SpreadStep | None
    waves: tuple[Wave, ...] = ()

    def count(self, *states: NightState) -> int:
        """Count the nights in these states."""
        return sum(mark.state in states for mark in self.nights)

    @property
    def n_worn(self) -> int:
        """Count the nights on which something was measured."""
        return len(self.nights) - self.count(NightState.NOT_MEASURED)

    @property
    def n_valid(self) -> int:
        """Count the nights with enough analysable time."""
        return self.count(NightState.BELOW, NightState.POSITIVE)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the page says. ``others`` are sites that were measured but do not fit on it."""

    wearer: str
    nights: tuple[str, ...]
    sites: tuple[SiteFacts, ...]
    others: tuple[Site, ...]
    notices: tuple[Notice, ...]
    notes: tuple[Note, ...]
    version: str
    method: str

    @property
    def n_measured(self) -> int:
        """Count the nights on which any site was measured."""
        states = zip(*(site.nights for site in self.sites), strict=True)
        return sum(any(mark.state is not NightState.NOT_MEASURED for mark in night) for night in states)


@dataclass(slots=True)
class _Worn:
    """How long one site was worn by one kind of sensor."""

    worn_s: float = 0.0
    analysable_s: float = 0.0
    n_twitches: int = 0
    nights: set[str] = field(default_factory=set)

    def add(self, one: Measured) -> None:
        self.worn_s += one.analysable_s + sum(one.excluded_s.values())
        self.analysable_s += one.analysable_s
        self.n_twitches += one.n_twitches
        self.nights.add(one.night)


def nights_to(kept: Sequence[str], weeks: int) -> tuple[str, ...]:
    """Give the nights of the last weeks, oldest first, measured or not; ``kept`` are those of which something is kept.

    What lies before the first of all nights is not missing, so it is left out; four weeks are shown at least.

    >>> [nights_to(kept, 12)[0] for kept in (["2026-01-01", "2026-11-22"], ["2026-10-20", "2026-11-22"], ["2026-11-22"])]
    ['2026-08-31', '2026-10-20', '2026-10-26']
    """
    end = date.fromisoformat(kept[-1])
    n_nights = (end - date.fromisoformat(kept[0])).days + 1
    n_shown = min(7 * weeks, max(_LEAST_NIGHTS, n_nights))
    return tuple((end - timedelta(days=back)).isoformat() for back in range(n_shown - 1, -1, -1))


def facts_of(
    judgement: Judgement,
    measured: Iterable[Measured],
    notes: Sequence[Note],
    nights: tuple[str, ...],
    method: str,
    version: str,
) -> Facts:
    """Gather the facts of these nights. ``measured`` says how long what was worn; of others' it is passed over."""
    mine = [one for one in measured if one.wearer == judgement.wearer and one.night in nights]
    worn: dict[tuple[Site, Modality], _Worn] = {}
    for one in mine:
        worn.setdefault((one.site, one.modality), _Worn()).add(one)
    speaking = _speaking(judgement.nights, nights)
    sites = [_site(judgement, key, worn.get(key, _Worn()), nights) for key in speaking]
    longest = sorted(sites, key=lambda one: -one.analysable_s)[:MOST_SITES]
    return Facts(
        wearer=judgement.wearer,
        nights=nights,
        sites=tuple(sorted(longest, key=lambda one: ORDER[one.site])),
        others=tuple(one.site for one in sites if one not in longest),
        notices=tuple(one for one in judgement.notices if one.night in nights),
        notes=tuple(one for one in notes if one.night in nights and not one.is_removed),
        version=version,
        method=method,
    )


def _speaking(judged: Iterable[SiteJudgement], nights: Sequence[str]) -> list[tuple[Site, Modality]]:
    """Name for each site the kind of sensor that spoke for it on most nights: two kinds are never mixed."""
    leading: dict[Site, dict[Modality, int]] = {}
    for one in judged:
        if one.night in nights:
            counts = leading.setdefault(one.site, {})
            counts[one.modality] = counts.get(one.modality, 0) + one.is_leading
    return [
        (site, max(leading[site], key=lambda kind: leading[site][kind]))
        for site in sorted(leading, key=ORDER.__getitem__)
    ]


def _site(judgement: Judgement, key: tuple[Site, Modality], worn: _Worn, nights: Sequence[str]) -> SiteFacts:
    mine = {one.night: one for one in judgement.nights if (one.site, one.modality) == key and one.night in nights}
    marks = tuple(_mark(night, mine.get(night), is_worn=night in worn.nights) for night in nights)
    rates = [mark.rate_per_hour for mark in marks if mark.rate_per_hour is not None]
    trends = [one.trend for one in mine.values() if one.trend is not None]
    return SiteFacts(
        site=key[0],
        modality=key[1],
        nights=marks,
        worn_s=worn.worn_s,
        analysable_s=worn.analysable_s,
        n_twitches=worn.n_twitches,
        middle=_middle(rates),
        trend=max(trends, key=lambda trend: trend.night, default=None),
        step=next((step for step in judgement.spread if step.site is key[0]), None),
    )


def _mark(night: str, one: SiteJudgement | None, *, is_worn: bool) -> NightMark:
    if one is None:
        return NightMark(night, NightState.TOO_LITTLE if is_worn else NightState.NOT_MEASURED)
    if not one.is_valid:
        return NightMark(night, NightState.TOO_LITTLE)
    state = NightState.POSITIVE if one.is_positive else NightState.BELOW
    return NightMark(night, state, one.rate_per_hour, one.low_per_hour, one.high_per_hour, one.floor_per_hour)


def _middle(rates: Sequence[float]) -> tuple[float, float, float] | None:
    if not rates:
        return None
    if len(rates) == 1:
        return (rates[0], rates[0], rates[0])
    low, median, high = quantiles(rates, n=4, method="inclusive")
    return (low, median, high)
