"""Exclusions: which samples cannot be judged, each for one reason."""

from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from aquiver.model import SpanReason
from detector.finding import Mark

# Where several reasons meet, the one that explains the others stands: an open electrode is also loud.
_PRIORITY = (
    SpanReason.GAP,
    SpanReason.EDGE,
    SpanReason.UNSUITABLE,
    SpanReason.SATURATED,
    SpanReason.CONTACT,
    SpanReason.NOISE,
    SpanReason.HEART,
    SpanReason.WARM_UP,
    SpanReason.MOVEMENT,
)


class Portion(Struct, frozen=True):
    """Consecutive samples that are all analysable (no reason), or all excluded for the same one."""

    start: int
    stop: int
    reason: SpanReason | None


class Exclusions(Struct):
    """Remember marks, and divide the samples among them.

    A marked lane is only left out; the stream is analysable while one lane is, and no mark covers it as a whole.
    """

    n_lanes: int
    marks: list[Mark] = field(default_factory=list)

    def add(self, mark: Mark) -> None:
        """Remember a mark; it becomes one with an earlier one that it touches."""
        for index, known in enumerate(self.marks):
            is_alike = known.reason == mark.reason and known.lanes == mark.lanes
            if is_alike and mark.start <= known.stop and known.start <= mark.stop:
                whole = replace(mark, start=min(known.start, mark.start), stop=max(known.stop, mark.stop))
                self.marks[index] = whole
                return
        self.marks.append(mark)

    def covers(self, sample: int) -> bool:
        """Tell whether the whole stream is marked at a sample."""
        return any(mark.lanes is None and mark.start <= sample < mark.stop for mark in self.marks)

    def covers_lane(self, lane: int, sample: int) -> bool:
        """Tell whether a lane is marked at a sample."""
        marks = [mark for mark in self.marks if mark.start <= sample < mark.stop]
        return any(mark.lanes is not None and lane in mark.lanes for mark in marks)

    def partition(self, start: int, stop: int) -> list[Portion]:
        """Divide a stretch into portions, in order and without a gap."""
        marks = [mark for mark in self.marks if mark.start < stop and mark.stop > start] if self.marks else []
        if not marks:
            return [Portion(start, stop, None)]
        inner = {edge for mark in marks for edge in (mark.start, mark.stop) if start < edge < stop}
        portions: list[Portion] = []
        for first, after in pairwise(sorted({start, stop} | inner)):
            reason = self._reason([mark for mark in marks if mark.start <= first and mark.stop >= after])
            if portions and portions[-1].reason == reason:
                portions[-1] = replace(portions[-1], stop=after)
            else:
                portions.append(Portion(first, after, reason))
        return portions

    def forget(self, before: int) -> None:
        """Drop the marks that end before a sample."""
        if self.marks:
            self.marks = [mark for mark in self.marks if mark.stop > before]

    def _reason(self, marks: list[Mark]) -> SpanReason | None:
        reasons = [mark.reason for mark in marks if mark.lanes is None]
        by_lane = [self._strongest(marks, lane) for lane in range(self.n_lanes)]
        masks = [reason for reason in by_lane if reason is not None]
        if len(masks) == len(by_lane):
            reasons.append(max(masks, key=_PRIORITY.index))  # the lane that is nearest to being searched decides
        return min(reasons, key=_PRIORITY.index, default=None)

    def _strongest(self, marks: list[Mark], lane: int) -> SpanReason | None:
        reasons = [mark.reason for mark in marks if mark.lanes is not None and lane in mark.lanes]
        return min(reasons, key=_PRIORITY.index, default=None)
