"""Experiments: a factor on or off in drawn blocks, compared in pairs, and not looked at before the end."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import exp, log, sqrt

import numpy as np
from scipy import stats

from aquiver.body import Site
from aquiver.errors import SettingsError
from aquiver.model import Block, Experiment, ExperimentResult, Finding, Modality, SiteJudgement

FEWEST_PAIRS, MOST_PAIRS = 3, 12  # detection.md 5.5: three or four pairs of three to seven nights
FEWEST_NIGHTS, MOST_NIGHTS = 3, 14
FEWEST_MEASURED = 2  # of a block, after the washout, for its mean to stand for it
_SURE = 0.05


def plan(
    wearer: str,
    factor: str,
    site: Site,
    modality: Modality,
    first_night: str,
    *,
    n_pairs: int = 4,
    n_nights: int = 5,
    seed: int,
) -> Experiment:
    """Lay out an experiment: pairs of one block on and one off, in an order drawn for each pair.

    The first night of each block is washout and does not count (Chen and Chen 2014).

    Raises:
        SettingsError: so few or so many blocks or nights make no experiment.
    """
    _refuse_outside("pairs", n_pairs, FEWEST_PAIRS, MOST_PAIRS)
    _refuse_outside("nights a block", n_nights, FEWEST_NIGHTS, MOST_NIGHTS)
    random = np.random.default_rng(seed)
    order = [is_on for _ in range(n_pairs) for is_on in _drawn(random)]
    start = date.fromisoformat(first_night)
    blocks = tuple(
        Block((start + timedelta(days=number * n_nights)).isoformat(), n_nights, 1, is_on)
        for number, is_on in enumerate(order)
    )
    return Experiment(wearer, factor, site, modality, seed, blocks)


def block_of(experiment: Experiment, night: str) -> Block | None:
    """Give the block a night lies in: what to do that day; none before the start and after the end."""
    return next((block for block in experiment.blocks if night in _nights(block)), None)


def last_night_of(experiment: Experiment) -> str:
    """Give the last night of an experiment."""
    return _nights(experiment.blocks[-1])[-1]


def result_of(experiment: Experiment, judged: Sequence[SiteJudgement], last_night: str) -> ExperimentResult:
    """Compare the blocks, once the last night is over; ``last_night`` is the newest that is.

    Before the end nothing is given but the number of pairs: who looks early stops when it suits. "No difference seen"
    is as much a result as a difference. Paired t on the means of the log rate of blocks.
    """
    n_pairs = len(experiment.blocks) // 2
    if last_night < last_night_of(experiment):
        return ExperimentResult(Finding.RUNNING, n_pairs)
    log_rates = {one.night: _log_rate(one) for one in judged if _is_of(one, experiment)}
    differences = [value for pair in range(n_pairs) if (value := _difference(experiment, pair, log_rates)) is not None]
    if len(differences) < FEWEST_PAIRS:
        return ExperimentResult(Finding.TOO_LITTLE, len(differences))
    return _compared(differences)


def _refuse_outside(what: str, n: int, fewest: int, most: int) -> None:
    if not fewest <= n <= most:
        raise SettingsError(f"an experiment has {fewest} to {most} {what}, not {n}")


def _drawn(random: np.random.Generator) -> tuple[bool, bool]:
    is_on_first = bool(random.integers(2))
    return is_on_first, not is_on_first


def _nights(block: Block) -> list[str]:
    start = date.fromisoformat(block.first_night)
    return [(start + timedelta(days=number)).isoformat() for number in range(block.n_nights)]


def _is_of(one: SiteJudgement, experiment: Experiment) -> bool:
    return one.is_valid and (one.site, one.modality) == (experiment.site, experiment.modality)


def _log_rate(one: SiteJudgement) -> float:
    return log((one.n_twitches + 0.5) / one.analysable_s * 3600.0)


def _difference(experiment: Experiment, pair: int, log_rates: Mapping[str, float]) -> float | None:
    means: dict[bool, float] = {}
    for block in experiment.blocks[2 * pair : 2 * pair + 2]:
        values = [log_rates[night] for night in _nights(block)[block.n_washout :] if night in log_rates]
        if len(values) < FEWEST_MEASURED:
            return None
        means[block.is_on] = float(np.mean(values))
    return means[True] - means[False]


def _compared(differences: Sequence[float]) -> ExperimentResult:
    n = len(differences)
    mean, error = float(np.mean(differences)), float(np.std(differences, ddof=1)) / sqrt(n)
    reach = float(stats.t.ppf(0.975, n - 1)) * error
    p_value = float(2.0 * stats.t.sf(abs(mean) / max(error, 1e-12), n - 1))
    return ExperimentResult(
        finding=Finding.DIFFERENCE if p_value < _SURE else Finding.NO_DIFFERENCE,
        n_pairs=n,
        ratio=exp(mean),
        ratio_low=exp(mean - reach),
        ratio_high=exp(mean + reach),
        p_value=p_value,
    )
