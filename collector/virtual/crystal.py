"""A crystal: the clock inside a wearable, which is never quite right."""

from dataclasses import dataclass

_EPOCH_S = 946_684_800.0  # 2000-01-01 00:00 UTC, where wearables begin to count


@dataclass(frozen=True, slots=True)
class Crystal:
    """A clock that is ``offset_s`` ahead in 2000 and gains ``ppm`` microseconds a second since."""

    ppm: float = 0.0
    offset_s: float = 0.0

    def ns(self, time_s: float) -> int:
        """Give what the wearable takes a UNIX time for, in ns since 2000 (true to 0.2 us: floats end there).

        >>> Crystal(offset_s=5.0).ns(946_684_801.0)
        6000000000
        """
        return round(((time_s - _EPOCH_S) * self._speed + self.offset_s) * 1e9)

    def rate_hz(self, nominal_hz: float) -> float:
        """Give the true rate of what the wearable does at a nominal rate.

        >>> Crystal(ppm=1000.0).rate_hz(50.0)
        50.05
        """
        return nominal_hz * self._speed

    @property
    def _speed(self) -> float:
        return 1.0 + self.ppm * 1e-6


PERFECT = Crystal()
