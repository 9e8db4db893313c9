"""New region: a site that was quiet while it was measured, and now is not. Everywhere at once is not spread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt

from scipy import stats

from aquiver.body import Site
from aquiver.model import Rules
from detector.judgement.measured import Measured

_FEWEST = 2  # two regions are the fewest that can be called everywhere


@dataclass(frozen=True, slots=True)
class Newness:
    """Whether a site is new, and since which night; ``is_new`` is none where that cannot be known."""

    is_new: bool | None
    since: str | None = None


def newness_of(valid: Sequence[Measured], general: frozenset[str], rules: Rules, n_sites: int = 1) -> Newness:
    """Tell whether a site became positive after it was measured and was not.

    ``valid`` are a site's valid nights, the one in question last; ``general`` the nights on which all sites rose.
    Beyond the letter of the definition each of its positive nights must stand out of the site's own scatter before:
    a site whose ordinary nights lie about the floor would else be called new every few months. ``n_sites`` are watched
    together.
    """
    start = _first_positive(valid, general, rules)
    before = [one for one in valid[:start] if one.night.name not in general][-rules.new_baseline_nights :]
    if sum(not one.is_positive for one in before) < rules.new_after:
        return Newness(is_new=None if len(valid) < rules.new_after + rules.new_nights else False)
    limit = limit_of([one.log_rate for one in before], rules, n_sites)
    found = standing_out(valid[start:], general, limit)
    if len(found) < rules.new_nights:
        return Newness(is_new=False)
    return Newness(is_new=True, since=found[0].night.name)


def standing_out(valid: Sequence[Measured], general: frozenset[str], limit: float) -> list[Measured]:
    """Give the positive nights above a limit, but for those on which all sites rose."""
    return [one for one in valid if _counts(one, general) and one.log_rate > limit]


def limit_of(log_rates: Sequence[float], rules: Rules, n_sites: int = 1) -> float:
    """Give what one more night of the same kind stays below with ``new_confidence``: the prediction limit.

    So few nights tell little of their own scatter: it is pooled with ``scatter_nights`` nights' worth of
    ``scatter_log_sd``, and their mean is taken as that of correlated nights. ``n_sites`` share one chance of a false word.

    >>> round(limit_of([1.0, 2.0, 3.0] * 4, Rules()), 2)
    4.36
    """
    n = len(log_rates)
    freedom = rules.scatter_nights + n - 1
    mean = sum(log_rates) / n
    squares = rules.scatter_nights * rules.scatter_log_sd**2 + sum((value - mean) ** 2 for value in log_rates)
    worth = (1.0 + rules.scatter_lag_1) / (1.0 - rules.scatter_lag_1)
    reach = _quantile(1.0 - (1.0 - rules.new_confidence) / n_sites, freedom)
    return mean + reach * sqrt(squares / freedom * (1.0 + worth / n))


@cache
def _quantile(share: float, freedom: int) -> float:
    return float(stats.t.ppf(share, freedom))


def general_nights(valid: Mapping[Site, Sequence[Measured]], rules: Rules) -> frozenset[str]:
    """Find the nights on which every site rose above its own scatter, in two regions or more: movement of the body.

    Sites that were not measured long enough before are passed over.
    """
    by_night: dict[str, list[tuple[Site, float]]] = {}
    for site, nights in valid.items():
        for one in nights:
            by_night.setdefault(one.night.name, []).append((site, one.log_rate))
    general: set[str] = set()
    before: dict[Site, list[float]] = {site: [] for site in valid}
    for name in sorted(by_night):
        if _is_general(by_night[name], before, rules):
            general.add(name)
            continue
        for site, log_rate in by_night[name]:
            before[site].append(log_rate)
    return frozenset(general)


def _is_general(tonight: Sequence[tuple[Site, float]], before: Mapping[Site, Sequence[float]], rules: Rules) -> bool:
    known = [(site, log_rate) for site, log_rate in tonight if len(before[site]) >= rules.new_after]
    if len({site.region for site, _ in known}) < _FEWEST:
        return False
    return all(log_rate > limit_of(before[site][-rules.new_baseline_nights :], rules) for site, log_rate in known)


def _first_positive(valid: Sequence[Measured], general: frozenset[str], rules: Rules) -> int:
    """Give the place of the first positive night among the last ``new_of``."""
    first = max(0, len(valid) - rules.new_of)
    places = (place for place in range(first, len(valid)) if _counts(valid[place], general))
    return next(places, len(valid))


def _counts(one: Measured, general: frozenset[str]) -> bool:
    return one.is_positive and one.night.name not in general
