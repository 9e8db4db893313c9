"""Steady time: UNIX time that nobody can set while it runs.

A wall clock is put right: by NTP after a start without a battery (a Raspberry Pi wakes up in the past), by hand, by a
virtual machine's host. Samples keep coming at their own pace meanwhile. So arrivals are stamped with time that only
goes on, and what the wall clock says otherwise is a shift, taken over between two runs.
"""

import time
from collections.abc import Callable

STEP_S = 2.0  # a smaller difference is the drift of a clock that NTP does not steer, and not worth a new run
FIRST_PLAUSIBLE_S = 1_767_225_600.0  # 2026-01-01: before this program was written


def _since_boot_s() -> float:
    """Give time since boot, with the time asleep where the system counts that (Linux)."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class SteadyClock:
    """Call it for the time. ``shift_s`` is to be added to be with the wall clock.

    >>> wall_s, boot_s = [1000.0], [5.0]
    >>> clock = SteadyClock(lambda: wall_s[0], lambda: boot_s[0])
    >>> wall_s[0], boot_s[0] = 4610.0, 15.0
    >>> clock(), clock.has_stepped(), clock.shift_s, clock.has_stepped()
    (1010.0, True, 3600.0, False)
    """

    def __init__(self, wall_s: Callable[[], float] = time.time, steady_s: Callable[[], float] = _since_boot_s) -> None:
        self.shift_s = 0.0
        self._wall_s = wall_s
        self._steady_s = steady_s
        self._origin_s = wall_s() - steady_s()

    def __call__(self) -> float:
        """Give the time."""
        return self._steady_s() + self._origin_s

    @property
    def is_plausible(self) -> bool:
        """Tell whether the wall clock was ever set."""
        return self._wall_s() >= FIRST_PLAUSIBLE_S

    def has_stepped(self) -> bool:
        """Tell whether the wall clock was set since last asked; the shift is then the new one."""
        shift_s = self._wall_s() - self()
        if abs(shift_s - self.shift_s) < STEP_S:
            return False
        self.shift_s = shift_s
        return True
