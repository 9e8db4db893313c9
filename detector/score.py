"""The score of a detector against known events."""

from collections.abc import Sequence
from dataclasses import dataclass

EMG_TOLERANCE_S = 0.050
ACCELEROMETER_TOLERANCE_S = 0.150


@dataclass(frozen=True, slots=True)
class Score:
    """How many events were found, missed, and made up (detection.md, section 7.2)."""

    n_hits: int
    n_misses: int
    n_false: int

    @property
    def sensitivity(self) -> float:
        """Give the share of true events that were found; 1 if there are none."""
        return _share(self.n_hits, self.n_hits + self.n_misses)

    @property
    def precision(self) -> float:
        """Give the share of found events that are true; 1 if there are none."""
        return _share(self.n_hits, self.n_hits + self.n_false)

    @property
    def f1(self) -> float:
        """Give the harmonic mean of sensitivity and precision."""
        return _share(2 * self.n_hits, 2 * self.n_hits + self.n_misses + self.n_false)

    def false_per_hour(self, analysable_s: float) -> float:
        """Give the false alarms per analysable hour."""
        return self.n_false * 3600.0 / analysable_s


def score(truth_s: Sequence[float], found_s: Sequence[float], tolerance_s: float) -> Score:
    """Match events one to one, as many as can be; a second hit on the same event is a false alarm.

    On a line, pairing the earliest two that are near enough is optimal.

    >>> score([1.0, 2.0, 3.0], [1.01, 1.02, 3.2], EMG_TOLERANCE_S)
    Score(n_hits=1, n_misses=2, n_false=2)
    """
    truth, found = sorted(truth_s), sorted(found_s)
    n_hits = n_truth = n_found = 0
    while n_truth < len(truth) and n_found < len(found):
        late_s = found[n_found] - truth[n_truth]
        n_hits += abs(late_s) <= tolerance_s
        n_truth += late_s >= -tolerance_s
        n_found += late_s <= tolerance_s
    return Score(n_hits, len(truth) - n_hits, len(found) - n_hits)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
