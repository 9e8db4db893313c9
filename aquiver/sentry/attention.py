"""Attention: a clock that counts only the time in which we were looking. Pure.

When this machine sleeps, when our process is stopped or starved, or when the clock is set, we have seen nothing for a
while, and nothing follows from that about anyone else.
"""

from dataclasses import dataclass

_LOOKED_AWAY_S = 5.0  # a round comes every second; so long between two means that we were not running
_CLOCK_STEP_S = 2.0  # NTP slews less than a millisecond a second; more is a step, or sleep that the other clock missed


@dataclass(frozen=True, slots=True)
class Moment:
    """A time by both clocks: the wall's, which may be set, and the machine's, which only goes on."""

    wall_s: float
    machine_s: float


class Attention:
    """Follow both clocks, once a round.

    >>> attention = Attention()
    >>> [attention.is_broken(Moment(1000.0 + t, t)) for t in (0.0, 1.0, 2.0, 3605.0, 3606.0)]
    [False, False, False, True, False]
    """

    def __init__(self) -> None:
        self._last: Moment | None = None

    def is_broken(self, now: Moment) -> bool:
        """Tell whether, since the last round, we looked away or the clock was set."""
        last, self._last = self._last, now
        if last is None:
            return False
        passed_s = now.machine_s - last.machine_s
        set_by_s = (now.wall_s - last.wall_s) - passed_s
        return passed_s > _LOOKED_AWAY_S or abs(set_by_s) > _CLOCK_STEP_S
