"""The heartbeat: a regular train among the bursts of an accelerometer."""

from statistics import fmean, median, pstdev

from msgspec import Struct, field

_N_REMEMBERED = 20
_N_FEWEST = 6  # a shorter train is no evidence
_SHORTEST_S = 0.5
_LONGEST_S = 1.4
_REGULAR_SHARE = 0.6
_SPREAD = 0.2
_ABOVE_BEATS = 1.6


class Heartbeat(Struct):
    """Tell beats from twitches: while bursts come regularly, only one well above their median is a twitch.

    A 5 sigma detector counted every beat of people lying and sitting still (detection bench 2.2); the numbers are
    those of detection.md, section 4 step 8.

    >>> heart = Heartbeat(rate_hz=100.0)
    >>> [heart.is_beat(100 * n, 0.010) for n in range(9)]
    [False, False, False, False, False, False, True, True, True]
    >>> heart.is_beat(930, 0.030)
    False
    """

    rate_hz: float
    onsets: list[int] = field(default_factory=list)
    strengths: list[float] = field(default_factory=list)

    def is_beat(self, onset: int, strength: float) -> bool:
        """Judge a burst by those before it, and remember it."""
        is_beat = self._is_regular() and strength < _ABOVE_BEATS * median(self.strengths)
        self.onsets = [*self.onsets, onset][-_N_REMEMBERED:]
        self.strengths = [*self.strengths, strength][-_N_REMEMBERED:]
        return is_beat

    def _is_regular(self) -> bool:
        if len(self.onsets) < _N_FEWEST:
            return False
        steps = zip(self.onsets, self.onsets[1:], strict=False)
        intervals_s = [(later - earlier) / self.rate_hz for earlier, later in steps]
        beats_s = [interval_s for interval_s in intervals_s if _SHORTEST_S <= interval_s <= _LONGEST_S]
        if len(beats_s) <= _REGULAR_SHARE * len(intervals_s):
            return False
        return pstdev(beats_s) < _SPREAD * fmean(beats_s)
