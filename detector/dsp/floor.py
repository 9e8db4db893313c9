"""The noise floor: what a lane measures when nothing happens."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from msgspec import Struct
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import gamma, gammaincinv, ndtri

from detector.dsp import Counts, Flags, Floats
from detector.dsp.compiling import loops

BLOCK_S = 0.25  # blocks, and the windows below, were chosen among six estimators (detection bench 3.3)
N_LONG = 120
N_SHORT = 12
LONG_QUANTILE = 0.10
SHORT_QUANTILE = 0.25
RISEN = 1.12  # times rest: what is below is chance, a low quantile of twelve medians scatters by 4 % at 500 Hz
_N_KEPT = 12
N_WARM_UP = 20  # 5 s: fewer blocks before this one give no tenth percentile


def block_length(rate_hz: float) -> int:
    """Count the samples of a block.

    >>> block_length(200.0), block_length(1.0)
    (50, 1)
    """
    return max(1, round(BLOCK_S * rate_hz))


@dataclass(frozen=True, slots=True)
class Levels:
    """What is known after each block, shape (lanes, blocks) each, as rms of the noise.

    ``block`` is the level of the block itself, ``rest`` the quiet level of the last 30 s; ``floor`` rises with a louder last 3 s.
    The latter are infinite in warm-up.
    """

    block: Floats
    rest: Floats
    floor: Floats


class NoiseFloor(Struct):
    """Follow the rms of the noise from the median power of each block.

    A low quantile of block medians over 30 s is off by at most 9 % with 240 potentials a minute, and with 60 % of
    the time in contraction (detection bench 3.3). A block that cannot be trusted is left out, and ages out.

    >>> noise = np.random.default_rng(1).normal(0.0, 3.0, (1, 200, 125))
    >>> floor = NoiseFloor.begin(n_lanes=1, n_axes=1, n_block=125)
    >>> levels = floor.update(np.median(noise**2, axis=-1), np.ones((1, 200), bool))
    >>> bool(abs(levels.rest[0, -1] / 3.0 - 1) < 0.05), float(levels.floor[0, 0])
    (True, inf)
    """

    to_rms: float  # from a median magnitude to the rms of the noise; the next two: from a low quantile of medians
    to_rest: float
    to_recent: float
    history: Floats  # (lanes, 119) roots of block medians; infinite where a block was left out

    @classmethod
    def begin(cls, n_lanes: int, n_axes: int, n_block: int) -> Self:
        """Start knowing nothing; each lane's power is a sum over ``n_axes`` of Gaussian noise."""
        to_rms, to_rest, to_recent = (_scale(n_axes, n_block, q) for q in (0.5, LONG_QUANTILE, SHORT_QUANTILE))
        return cls(to_rms, to_rest, to_recent, np.full((n_lanes, N_LONG - 1), np.inf))

    def update(self, medians: Floats, are_sound: Flags) -> Levels:
        """Take the median power of the next blocks, shape (lanes, blocks), and give the level after each."""
        magnitudes = np.sqrt(medians)
        joined = np.hstack([self.history, np.where(are_sound, magnitudes, np.inf)])
        self.history = joined[:, joined.shape[1] - (N_LONG - 1) :].copy()
        quiet, n_long = _quantiles(joined, N_LONG, LONG_QUANTILE)
        recent, _ = _quantiles(joined[:, N_LONG - N_SHORT :], N_SHORT, SHORT_QUANTILE)
        rest = np.where(n_long > N_WARM_UP, quiet * self.to_rest, np.inf)
        risen = recent * self.to_recent
        return Levels(magnitudes * self.to_rms, rest, np.where(risen > RISEN * rest, risen, rest))

    def forget(self) -> None:
        """Keep half a warm-up of what was learned: after a change of filters it is only nearly right."""
        self.history[:, :-_N_KEPT] = np.inf

    def age(self, n_blocks: int) -> None:
        """Let blocks pass that were never measured."""
        unknown = np.full((len(self.history), min(n_blocks, N_LONG)), np.inf)
        self.history = np.hstack([self.history, unknown])[:, -(N_LONG - 1) :].copy()


def _quantiles(joined: Floats, n_window: int, share: float) -> tuple[Floats, Counts]:
    """Give a quantile of the known values in each window, shape (lanes, windows), and how many are known."""
    kernel = loops()
    if kernel is not None:
        found: tuple[Floats, Counts] = kernel.quantiles(np.ascontiguousarray(joined), n_window, share)
        return found
    ordered = np.sort(sliding_window_view(joined, n_window, axis=-1), axis=-1)
    n_known = np.isfinite(ordered).sum(axis=-1)
    return _quantile(ordered, n_known, share), n_known


def _quantile(ordered: Floats, n_known: Counts, share: float) -> Floats:
    """Give a quantile of the first ``n_known`` values of each row; 0 where there are none."""
    last = np.maximum(n_known - 1, 0)
    low = np.floor(share * last).astype(np.intp)
    lanes, blocks = np.ogrid[: ordered.shape[0], : ordered.shape[1]]
    below, above = (
        np.where(n_known > 0, ordered[lanes, blocks, rank], 0.0) for rank in (low, np.minimum(low + 1, last))
    )
    return below + (above - below) * (share * last - low)


def _scale(n_axes: int, n_block: int, share: float) -> float:
    """Give the rms of the noise over the expected quantile of its block medians.

    The median of a chi distribution, and its large-sample deviation 1 / (2 f sqrt(n)). For one axis and 125 samples:
    0.866 and 0.930 of the median, where the detection bench found 0.870 and 0.94.

    >>> [round(_scale(1, 125, 0.5) / _scale(1, 125, share), 3) for share in (0.10, 0.25)]
    [0.866, 0.93]
    """
    half = n_axes / 2
    median = float(np.sqrt(2 * gammaincinv(half, 0.5)))
    density = median ** (n_axes - 1) * np.exp(-(median**2) / 2) / (2 ** (half - 1) * gamma(half))
    deviation = 1 / (2 * density * np.sqrt(n_block))
    return float(np.sqrt(n_axes) / (median + ndtri(share) * deviation))
