"""The activity gates: what is not a twitch, and the time around it."""

from collections.abc import Iterator
from itertools import pairwise
from statistics import fmean, pstdev

from msgspec import Struct, field

from aquiver.model import SpanReason
from detector.finding import Candidate, Finding, Mark, Stretch

# Margins before and after, in seconds, and the crowd: detection.md, section 4 step 5.
_LOUD_MARGIN_S = (0.5, 0.75)
_CROWD_MARGIN_S = (0.25, 0.75)
_WIDE_MARGIN_S = (0.25, 0.5)
_CROWD = 8
_ALIKE = 5
_TRAIN = 4
_TRAIN_S = (0.06, 0.26)
_TRAIN_SPREAD = 0.3
_ALIKE_SPREAD = 0.5
_TRAIN_SIZES = 2.0
_CROWD_S = 1.0
_UNIT_S = 4.0
_UNIT_SIZES = 2.0
_RUN_UP_S = 0.5  # what comes just before a movement belongs to it: neither counted, nor counted as time


class Gates(Struct):
    """Judge each block for voluntary activity, on any lane: a movement under one electrode moves them all.

    Signs: two consecutive loud blocks; a burst too long for a twitch; a crowd of candidates; several of one size that
    come evenly, as a motor unit's do, and what has that size soon after. Numbers and reasons: docs/detector.md.
    """

    rate_hz: float
    loud_before: frozenset[int] = frozenset()
    recent: dict[int, list[Candidate]] = field(default_factory=dict)
    unit: dict[int, Candidate] = field(default_factory=dict)  # the newest potential of a train, by lane

    def judge(self, finding: Finding) -> list[Mark]:
        """Give the movement this block shows, if any: one stretch, which may reach back and ahead."""
        signs = [*self._loud(finding), *self._crowds(finding)]
        signs += [self._around(burst, _WIDE_MARGIN_S) for burst in finding.wide]
        if not signs:
            return []
        start, stop = min(sign.start for sign in signs), max(sign.stop for sign in signs)
        return [Mark(start, stop, SpanReason.MOVEMENT)]

    def _loud(self, finding: Finding) -> Iterator[Stretch]:
        before, self.loud_before = self.loud_before, finding.loud_lanes
        if before & finding.loud_lanes:
            block = finding.block
            two_blocks = Stretch(2 * block.start - block.stop, block.stop)
            yield self._around(two_blocks, _LOUD_MARGIN_S)

    def _crowds(self, finding: Finding) -> Iterator[Stretch]:
        for candidate in finding.candidates:
            known = [*self.recent.get(candidate.lane, []), candidate][-_CROWD:]
            self.recent[candidate.lane] = known
            if self._is_crowd(known) or self._is_alike(known[-_ALIKE:]) or self._is_regular(known[-_TRAIN:]):
                self.unit[candidate.lane] = known[-2]
                first = next(one for one in known if candidate.start - one.start <= _CROWD_S * self.rate_hz)
                yield self._around(Stretch(first.start, candidate.stop), _CROWD_MARGIN_S)
            elif self._is_of_unit(candidate):
                yield self._around(Stretch(candidate.start, candidate.stop), _CROWD_MARGIN_S)

    def _is_of_unit(self, candidate: Candidate) -> bool:
        """Tell whether a motor unit of this size was in a train just before: it falters, and goes on.

        What goes on is no train by itself, or twitches of one size, 80 a minute, would be taken for one without end.
        """
        last = self.unit.get(candidate.lane)
        if candidate.is_weak or last is None or candidate.start - last.start > _UNIT_S * self.rate_hz:
            return False
        return 1 / _UNIT_SIZES < candidate.amplitude / last.amplitude < _UNIT_SIZES

    def _is_crowd(self, crowd: list[Candidate]) -> bool:
        return len(crowd) == _CROWD and crowd[-1].start - crowd[0].start <= _CROWD_S * self.rate_hz

    def _is_alike(self, crowd: list[Candidate]) -> bool:
        """Tell whether many potentials of one size come within a second, more evenly than by chance."""
        if len(crowd) < _ALIKE or crowd[-1].start - crowd[0].start > _CROWD_S * self.rate_hz:
            return False
        return _are_alike(crowd) and _are_even(crowd, _ALIKE_SPREAD)

    def _is_regular(self, train: list[Candidate]) -> bool:
        """Tell whether potentials of one size come at one pace: a motor unit that is being used."""
        if len(train) < _TRAIN or not _are_alike(train):
            return False
        intervals_s = [(later.peak - earlier.peak) / self.rate_hz for earlier, later in pairwise(train)]
        if min(intervals_s) < _TRAIN_S[0] or max(intervals_s) > _TRAIN_S[1]:
            return False
        return _are_even(train, _TRAIN_SPREAD)

    def _around(self, stretch: Stretch, margin_s: tuple[float, float]) -> Stretch:
        before_s, after_s = margin_s
        n_before, n_after = round((before_s + _RUN_UP_S) * self.rate_hz), round(after_s * self.rate_hz)
        return Stretch(stretch.start - n_before, stretch.stop + n_after)


def _are_alike(candidates: list[Candidate]) -> bool:
    sizes = [candidate.amplitude for candidate in candidates]
    return max(sizes) <= _TRAIN_SIZES * min(sizes)


def _are_even(candidates: list[Candidate], spread: float) -> bool:
    intervals = [later.peak - earlier.peak for earlier, later in pairwise(candidates)]
    return pstdev(intervals) < spread * fmean(intervals)
