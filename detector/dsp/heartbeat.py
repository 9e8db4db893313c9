"""The heartbeat in an accelerometer: shakes of one shape that come back at a heart's pace."""

import numpy as np
from msgspec import Struct, field

from detector.dsp import Floats
from detector.dsp.rhythm import has_rhythm

_N_REMEMBERED = 40
_N_BEATS = 5  # of one shape: fewer are no evidence
_WINDOW_S = 12.0
_KEPT_S = 600.0  # a shape that was a heart's is one for so long
_ALIKE = 0.6  # correlation of all axes together
_SLACK_S = 0.03  # two beats may be cut so far apart
_ABOVE_BEATS = 1.6  # what stands so far above its likes is a twitch on a beat


class Shake(Struct):
    """A shake that was seen: where, how strong, its shape (axes, n), and whether it was a heart's."""

    position: int
    strength: float
    shape: Floats
    is_beat: bool = False


class Heartbeat(Struct):
    """Tell beats from twitches.

    A 5 sigma detector counted every beat of people lying and sitting still (detection bench 2.2). A beat looks like
    the beats before it, in direction and in time; a twitch does not come at a heart's pace.

    >>> heart = Heartbeat(rate_hz=100.0)
    >>> shape = np.sin(np.arange(20.0))[np.newaxis]
    >>> [heart.is_beat(100 * n, 0.010, shape) for n in range(8)]
    [False, False, False, False, False, True, True, True]
    >>> heart.is_beat(830, 0.010, np.exp(-np.arange(20.0))[np.newaxis]), heart.is_beat(900, 0.030, shape)
    (False, False)
    """

    rate_hz: float
    shakes: list[Shake] = field(default_factory=list)

    def is_visible(self, position: int) -> bool:
        """Tell whether a heart was seen in the last ten minutes."""
        return any(shake.is_beat and position - shake.position < _KEPT_S * self.rate_hz for shake in self.shakes)

    def is_beat(self, position: int, strength: float, shape: Floats) -> bool:
        """Judge a shake by those before it, and remember it."""
        shake = Shake(position, strength, shape)
        likes = [other for other in self.shakes if self._are_alike(shape, other.shape)]
        shake.is_beat = self._is_rhythmic([*likes, shake]) or self._was_heart(likes, position)
        self.shakes = [*self.shakes, shake][-_N_REMEMBERED:]
        if not shake.is_beat:
            return False
        return strength < _ABOVE_BEATS * float(np.median([other.strength for other in likes]))

    def believe(self) -> None:
        """Take the newest shake for a beat: other evidence says so."""
        self.shakes[-1].is_beat = True

    def _is_rhythmic(self, likes: list[Shake]) -> bool:
        newest = likes[-1].position
        recent = [like.position for like in likes if newest - like.position < _WINDOW_S * self.rate_hz]
        return has_rhythm(recent, self.rate_hz, _N_BEATS)

    def _was_heart(self, likes: list[Shake], position: int) -> bool:
        beats = [like for like in likes if like.is_beat and position - like.position < _KEPT_S * self.rate_hz]
        return len(beats) >= _N_BEATS // 2

    def _are_alike(self, one: Floats, other: Floats) -> bool:
        size = float(np.sqrt((one * one).sum() * (other * other).sum()))
        if not size:
            return False
        slack = round(_SLACK_S * self.rate_hz)
        return any(_overlap(one, other, lag) > _ALIKE * size for lag in range(-slack, slack + 1))


def _overlap(one: Floats, other: Floats, lag: int) -> float:
    n = one.shape[1]
    return float((one[:, max(0, lag) : n + min(0, lag)] * other[:, max(0, -lag) : n - max(0, lag)]).sum())
