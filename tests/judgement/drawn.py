"""Drawn nights for the figures of docs/judgement.md: one wearer, some sites, plausible scatter."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from aquiver.body import Site
from aquiver.model import Modality, Period, Tally, Unit
from collector.stories.scatter import Scatter, count_in

FIRST = date(2026, 1, 5)
SITES = (Site.LEFT_CALF, Site.RIGHT_FOREARM, Site.LEFT_THIGH)
Rate = Callable[[int], float]


def night_name(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def a_tally(number: int, rate_or_count: int, hours: float, site: Site = Site.LEFT_CALF, **other: object) -> Tally:
    fields: dict[str, object] = {
        "wearer": "me",
        "device": site.value,
        "site": site,
        "modality": Modality.EMG,
        "night": night_name(number),
        "period": Period.NIGHT,
        "start_s": 1_767_614_400.0 + number * 86_400.0,
        "analysable_s": hours * 3600.0,
        "excluded_s": {},
        "n_twitches": rate_or_count,
        "floor": 0.0,
        "unit": Unit.COUNT,
        "is_final": True,
        "zone": "UTC",
    }
    return Tally(**(fields | other))


def nights_of(
    rates: Mapping[Site, Rate],
    n_nights: int,
    random: np.random.Generator,
    *,
    lag_1: float = 0.4,
    log_sd: float = 0.5,
    missing: float = 0.0,
) -> list[Tally]:
    """Draw nights of 4 to 8 analysable hours; a share of them ``missing``."""
    tallies = []
    for site, rate in rates.items():
        factors = Scatter(log_sd, lag_1).factors(n_nights, random)
        for number in range(n_nights):
            hours = float(random.uniform(4.0, 8.0))
            count = count_in(rate(number) * factors[number], hours, random)
            if random.random() >= missing:
                tallies.append(a_tally(number, count, hours, site))
    return tallies


def steady(rate_per_hour: float) -> Rate:
    return lambda _: rate_per_hour


def growing(rate_per_hour: float, per_4_weeks: float) -> Rate:
    return lambda number: rate_per_hour * per_4_weeks ** (number / 28.0)


def counted(per_night: Sequence[int], hours: float = 6.0, site: Site = Site.LEFT_CALF) -> list[Tally]:
    """Give nights with exactly these counts; a negative one stands for a night not worn."""
    return [a_tally(number, count, hours, site) for number, count in enumerate(per_night) if count >= 0]
