"""The trend: does the rate of a site change, honestly tested.

Regression of log((count + 0.5) / hours) on calendar days with AR(1) errors, in the transformation of Prais and Winsten
(1954) carried over to missing nights: the correlation of nights d days apart is rho ** d. One estimate of rho would be
too low in so short a series (Marriott and Pope 1954), and the test too sure; so the residual likelihood (Patterson
and Thompson 1971) of rho, with a weak prior, is averaged over, and the t distribution has the degrees of freedom of as many *independent*
nights as the correlated ones are worth (Bayley and Hammersley 1946).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

MONTH_DAYS = 28.0
_RHOS = np.linspace(0.0, 0.9, 19)  # night-to-night correlation is not negative: ruled out, the test is more careful
_PRIOR = -0.5 * ((_RHOS - 0.3) / 0.2) ** 2  # nights of one person: plausible from 0 to 0.6 (detection.md 5.4)
_LEAST_FREEDOM = 3.0
_TINY = 1e-12  # a series without any scatter still has a likelihood


@dataclass(frozen=True, slots=True)
class Slope:
    """Coefficients on the log rate with their standard errors, averaged over the lag-1 correlation."""

    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    lag_1: float
    freedom: float

    def interval(self, place: int, share: float = 0.95) -> tuple[float, float]:
        """Give the interval of one coefficient."""
        reach = float(stats.t.ppf(0.5 + share / 2.0, self.freedom)) * float(self.errors[place])
        return float(self.values[place]) - reach, float(self.values[place]) + reach

    def p_value(self, place: int) -> float:
        """Give the two-sided p of one coefficient being 0."""
        error = max(float(self.errors[place]), _TINY)
        return float(2.0 * stats.t.sf(abs(float(self.values[place])) / error, self.freedom))


def regress(
    days: NDArray[np.float64],
    values: NDArray[np.float64],
    design: NDArray[np.float64],
    ridge: NDArray[np.float64] | None = None,
) -> Slope:
    """Fit ``values`` (n,) of ``days`` (n,), increasing, to ``design`` (n, k) with AR(1) errors.

    ``ridge`` (k,) is the precision of a prior around 0, in units of the inverse residual variance.
    """
    n, k = design.shape
    scale = _RHOS[:, None] ** np.diff(days)[None, :]  # (rhos, n - 1)
    spread = np.sqrt(1.0 - scale**2)
    x = _whitened(design[None, :, :], scale[:, :, None], spread[:, :, None])  # (rhos, n, k)
    y = _whitened(values[None, :, None], scale[:, :, None], spread[:, :, None])[:, :, 0]
    gram = np.einsum("rni,rnj->rij", x, x) + np.diag(np.zeros(k) if ridge is None else ridge)
    inverse = np.linalg.inv(gram)
    betas = np.einsum("rij,rnj,rn->ri", inverse, x, y)
    squares = np.sum((y - np.einsum("rni,ri->rn", x, betas)) ** 2, axis=1) + _TINY
    log_det = np.linalg.slogdet(gram)[1]
    likelihood = -0.5 * ((n - k) * np.log(squares) + 2.0 * np.log(spread).sum(axis=1) + log_det) + _PRIOR
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    mean = weight @ betas
    within = squares[:, None] / (n - k) * np.diagonal(inverse, axis1=1, axis2=2)
    variance = weight @ (within + (betas - mean) ** 2)
    lag_1 = float(weight @ _RHOS)
    freedom = max(_LEAST_FREEDOM, n * (1.0 - lag_1) / (1.0 + lag_1) - k)
    return Slope(mean, np.sqrt(variance), lag_1, freedom)


def log_rates(counts: Sequence[int], hours: Sequence[float]) -> NDArray[np.float64]:
    """Give log((count + 0.5) / hours)."""
    rates: NDArray[np.float64] = (np.array(counts, np.float64) + 0.5) / np.array(hours, np.float64)
    return np.log(rates)


def slope_of(days: Sequence[int], values: NDArray[np.float64]) -> Slope:
    """Fit a straight line of log rates over days; coefficient 1 is the change in four weeks."""
    at = np.array(days, float)
    return regress(at, values, np.column_stack([np.ones(len(at)), (at - at.mean()) / MONTH_DAYS]))


def picture_of(days: Sequence[int], values: NDArray[np.float64]) -> float:
    """Give the Theil-Sen slope of log rates in four weeks: the line to draw, which no single night can turn."""
    at = np.array(days, float) / MONTH_DAYS
    first, second = np.triu_indices(len(at), k=1)
    return float(np.median((values[second] - values[first]) / (at[second] - at[first])))


def _whitened(
    values: NDArray[np.float64], scale: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Take the share that the night before explains out of each night, (rhos, n, k)."""
    rest = (values[:, 1:] - scale * values[:, :-1]) / spread
    first = np.broadcast_to(values[:, :1], (len(scale), 1, values.shape[2]))
    return np.concatenate([first, rest], axis=1)
