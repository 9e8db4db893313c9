"""Scatter: how nights of one site differ though nothing changes."""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np


@dataclass(frozen=True, slots=True)
class Scatter:
    """Log-normal nights with correlated neighbours: plausible night-to-night scatter (detection.md 5.4)."""

    log_sd: float = 0.5
    lag_1: float = 0.3

    def factors(self, n_nights: int, random: np.random.Generator) -> list[float]:
        """Give the factor of each night on the rate, of mean 1."""
        state = float(random.normal())
        factors = []
        for _ in range(n_nights):
            factors.append(exp(self.log_sd * state - self.log_sd**2 / 2.0))
            state = self.lag_1 * state + sqrt(1.0 - self.lag_1**2) * float(random.normal())
        return factors


def count_in(rate_per_hour: float, hours: float, random: np.random.Generator, shape: float = 50.0) -> int:
    """Count a night: Poisson about a rate that itself varies a little, which is a negative binomial."""
    return int(random.poisson(rate_per_hour * hours * random.gamma(shape, 1.0 / shape)))
