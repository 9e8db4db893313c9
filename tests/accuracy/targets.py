"""The targets: each row of the project's table, how it is measured, and whether it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan, nan

from tests.accuracy.results import Results

_FAST_HZ = 500.0
_CHEST_IS_APART = "acc still"


@dataclass(frozen=True, slots=True)
class Target:
    """One figure: it must be within ``least`` and ``most``. ``where`` says on which recordings it is measured."""

    quantity: str
    where: str
    least: float
    most: float
    measure: Callable[[Results], float]

    @property
    def goal(self) -> str:
        """Say what is wanted."""
        if self.least == -1:
            return f"<= {self.most:g}"
        return f">= {self.least:g}" if self.most > 1e8 else f"{self.least:g}-{self.most:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """A target and what was measured, over all seeds and on each of them."""

    target: Target
    value: float
    by_seed: tuple[float, ...]

    @property
    def verdict(self) -> str:
        """Say whether it holds."""
        if isnan(self.value):
            return "not measured"
        return "holds" if self.target.least <= self.value <= self.target.most else "misses"


def _at_least(least: float) -> tuple[float, float]:
    return least, 1e9


def _at_most(most: float) -> tuple[float, float]:
    return -1, most


def rows(results: Results) -> list[Row]:
    """Measure every target."""
    parts = [results.only(seed) for seed in results.seeds]
    return [Row(target, target.measure(results), tuple(map(target.measure, parts))) for target in TARGETS]


def _sensitivity(group: str, least: float, slowest_hz: float = 0.0) -> Callable[[Results], float]:
    def measure(results: Results) -> float:
        outcome = results.group(group, slowest_hz=slowest_hz)
        return outcome.sensitivity(least) if outcome else nan

    return measure


def _precision(*groups: str) -> Callable[[Results], float]:
    def measure(results: Results) -> float:
        outcome = results.group(*groups)
        return outcome.precision if outcome else nan

    return measure


def _f1(group: str, least: float) -> Callable[[Results], float]:
    def measure(results: Results) -> float:
        outcome = results.group(group)
        return outcome.f1(least) if outcome else nan

    return measure


def _false(*groups: str) -> Callable[[Results], float]:
    def measure(results: Results) -> float:
        outcome = results.group(*groups)
        return outcome.false_per_hour if outcome else nan

    return measure


def _worst(group: str, key: str) -> Callable[[Results], float]:
    """Give the worst case of a group: the lowest of what should be high, the highest false alarms."""

    def measure(results: Results) -> float:
        values = [getattr(results.of(case.name), key) for case in results.cases(group)]
        return (max if key == "false_per_hour" else min)(values, default=nan)

    return measure


def _ratio(per_minute: float) -> Callable[[Results], float]:
    def measure(results: Results) -> float:
        outcome = results.of(f"full night at {per_minute:g}/min")
        return outcome.rate_ratio if outcome else nan

    return measure


def _leak(results: Results) -> float:
    outcome = results.group("leak")
    if outcome is None:
        return nan
    return outcome.false_near["contraction"] / (outcome.disturbed_s["contraction"] / 3600.0)


def _movement_share(results: Results) -> float:
    outcome = results.of("only leg movements, none")
    return outcome.analysable_share if outcome else nan


TARGETS = (
    Target(
        "EMG sensitivity from 10 sigma",
        "all confounders, 10/min, devices from 500 Hz",
        *_at_least(0.97),
        _sensitivity("all ten", 10.0, _FAST_HZ),
    ),
    Target("EMG sensitivity from 8 sigma", "the same", *_at_least(0.90), _sensitivity("all ten", 8.0, _FAST_HZ)),
    Target("EMG precision", "all confounders, 10/min, all devices", *_at_least(0.97), _precision("all ten")),
    Target("EMG F1 from 10 sigma", "the same", *_at_least(0.95), _f1("all ten", 10.0)),
    Target("EMG F1, all sizes", "the same", *_at_least(0.92), _f1("all ten", 0.0)),
    Target(
        "False alarms per hour, quiet",
        "no twitches, noise steps and mains, all devices",
        *_at_most(2.0),
        _false("quiet zero"),
    ),
    Target("False alarms per hour", "no twitches, all confounders, all devices", *_at_most(6.0), _false("all zero")),
    Target("Precision with an ECG", "40-400 uV, 10/min, the worst case", *_at_least(0.95), _worst("ecg", "precision")),
    Target("Analysable with an ECG", "the same, the worst case", *_at_least(0.80), _worst("ecg", "analysable_share")),
    Target("Leak per hour of contraction", "real recordings, per channel", *_at_most(60.0), _leak),
    Target("Rate ratio at 10/min", "all confounders", 0.95, 1.05, _ratio(10.0)),
    Target("Rate ratio at 40/min", "all confounders", 0.95, 1.05, _ratio(40.0)),
    Target("Rate ratio at 70/min", "all confounders, every fifth a doublet", 0.95, 1.05, _ratio(70.0)),
    Target("Rate ratio at 0.5/min", "all confounders", *_at_most(1.2), _ratio(0.5)),
    Target("Accelerometer sensitivity", "a still person, from 20 mg", *_at_least(0.95), _sensitivity("acc still", 0.0)),
    Target("Accelerometer false per hour, still", "no twitches", *_at_most(6.0), _false("acc still zero")),
    Target(
        "Accelerometer leak per hour",
        "one kind of movement, the worst",
        *_at_most(6.0),
        _worst("acc moving", "false_per_hour"),
    ),
    Target("Analysable with 30 movements an hour", "leg movements of sleep", *_at_least(0.90), _movement_share),
)
