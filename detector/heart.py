"""The heart in an EMG band: slow, regular potentials."""

from msgspec import Struct, field

from detector.dsp.rhythm import has_rhythm

_WINDOW_S = 10.0  # believed by what came in so long (detection.md, section 4 step 4)
_N_FEWEST = 5  # intervals
_SAME_S = 0.25  # nearer than this, two potentials are of one beat
_KEPT_S = 120.0  # a heart that was believed is expected for so long


class Heart(Struct):
    """Tell whether slow potentials are heartbeats: most intervals are multiples of one.

    >>> heart = Heart(rate_hz=100.0)
    >>> [heart.is_beating(position) for position in (0, 80, 161, 239, 320, 401)]
    [False, False, False, False, False, True]
    """

    rate_hz: float
    beats: list[int] = field(default_factory=list)
    believed_until: int | None = None

    def is_beating(self, position: int) -> bool:
        """Take the position of a slow potential, and tell whether it belongs to a heart."""
        if not self.beats or position - self.beats[-1] > _SAME_S * self.rate_hz:
            self.beats = [one for one in self.beats if one > position - _WINDOW_S * self.rate_hz] + [position]
        if has_rhythm(self.beats, self.rate_hz, _N_FEWEST):
            self.believed_until = position + round(_KEPT_S * self.rate_hz)
        return self.is_expected(position)

    def is_expected(self, position: int) -> bool:
        """Tell whether a heart was seen lately."""
        return self.believed_until is not None and position <= self.believed_until
