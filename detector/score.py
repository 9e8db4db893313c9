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

    @property
    def accuracy(self) -> float:
        """Give the share of hits among all that is true or was found, as spike sorters count it; 1 if there is none."""
        return _share(self.n_hits, self.n_hits + self.n_misses + self.n_false)

    def false_per_hour(self, analysable_s: float) -> float:
        """Give the false alarms per analysable hour."""
        return self.n_false * 3600.0 / analysable_s


def score(truth_s: Sequence[float], found_s: Sequence[float], tolerance_s: float) -> Score:
    """Count hits, misses and false alarms; a second hit on the same event is a false alarm.

    >>> score([1.0, 2.0, 3.0], [1.01, 1.02, 3.2], EMG_TOLERANCE_S)
    Score(n_hits=1, n_misses=2, n_false=2)
    """
    n_hits = len(pairs(truth_s, found_s, tolerance_s))
    return Score(n_hits, len(truth_s) - n_hits, len(found_s) - n_hits)


def pairs(truth_s: Sequence[float], found_s: Sequence[float], tolerance_s: float) -> list[tuple[int, int]]:
    """Match events one to one, as many as can be; give the positions of each pair, in order of time.

    On a line, pairing the earliest two that are near enough is optimal.

    >>> pairs([2.0, 1.0], [1.01, 1.02, 2.03], EMG_TOLERANCE_S)
    [(1, 0), (0, 2)]
    """
    truth = sorted(range(len(truth_s)), key=truth_s.__getitem__)
    found = sorted(range(len(found_s)), key=found_s.__getitem__)
    matched = []
    n_truth = n_found = 0
    while n_truth < len(truth) and n_found < len(found):
        late_s = found_s[found[n_found]] - truth_s[truth[n_truth]]
        if abs(late_s) <= tolerance_s:
            matched.append((truth[n_truth], found[n_found]))
        n_truth += late_s >= -tolerance_s
        n_found += late_s <= tolerance_s
    return matched


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
