"""The rate of a count: per analysable hour, with its 95 % interval."""

from functools import lru_cache

from scipy.special import gammaincinv

_INTERVAL = (0.025, 0.975)


def rate_per_hour(count: int, analysable_s: float) -> float | None:
    """Give a rate; None where no time was analysable.

    >>> rate_per_hour(3, 1800.0), rate_per_hour(0, 0.0)
    (6.0, None)
    """
    return count * 3600.0 / analysable_s if analysable_s > 0 else None


def rates(count: int, analysable_s: float) -> dict[str, float | None]:
    """Give a rate and the ends of its 95 % interval, by the names they have wherever a tally goes.

    >>> rates(0, 0.0)
    {'rate_per_hour': None, 'low_per_hour': None, 'high_per_hour': None}
    """
    low, high = interval_per_hour(count, analysable_s / 3600.0) if analysable_s > 0 else (None, None)
    return {"rate_per_hour": rate_per_hour(count, analysable_s), "low_per_hour": low, "high_per_hour": high}


def interval_per_hour(count: int, hours: float) -> tuple[float, float]:
    """Give the 95 % interval of a rate: the middle of Gamma(count + 0.5, hours).

    >>> [round(rate, 2) for rate in interval_per_hour(10, 1.0)]
    [5.14, 17.74]
    """
    low, high = _ends(count)
    return low / hours, high / hours


@lru_cache(maxsize=1024)
def _ends(count: int) -> tuple[float, float]:
    """Give the ends for one hour: most minutes have one of few counts, and a quantile of Gamma is dear."""
    low, high = (float(gammaincinv(count + 0.5, share)) for share in _INTERVAL)
    return low, high
