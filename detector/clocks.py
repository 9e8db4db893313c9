"""The clocks of a run: each chunk brings one, good for its own samples and the gap before them."""

from msgspec import Struct, field

from aquiver.model import Clock


class Tick(Struct, frozen=True):
    """A clock, and the first sample it is good for."""

    sample: int
    clock: Clock


class Clocks(Struct):
    """Tell the time of a sample by the clock in force there.

    >>> clocks = Clocks()
    >>> clocks.add(0, Clock(0, 0.0, 100.0))
    >>> clocks.add(200, Clock(200, 2.5, 100.0))
    >>> clocks.time_of(199), clocks.time_of(200)
    (1.99, 2.5)
    >>> [(start, stop) for start, stop, _ in clocks.split(100, 300)]
    [(100, 200), (200, 300)]
    """

    ticks: list[Tick] = field(default_factory=list)

    @property
    def newest(self) -> Clock:
        """Give the clock in force."""
        return self.ticks[-1].clock

    @property
    def are_several(self) -> bool:
        """Tell whether the clock changes among the samples that are undecided."""
        return len(self.ticks) > 1

    def add(self, sample: int, clock: Clock) -> None:
        """Let a clock be in force from a sample on."""
        if not self.is_newest(clock):
            self.ticks.append(Tick(sample, clock))

    def is_newest(self, clock: Clock) -> bool:
        """Tell whether a clock is the one in force."""
        if not self.ticks:
            return False
        newest = self.ticks[-1].clock
        return newest is clock or newest == clock

    def time_of(self, sample: int) -> float:
        """Give the UNIX time of a sample."""
        tick = next((tick for tick in reversed(self.ticks) if tick.sample <= sample), self.ticks[0])
        return tick.clock.time_of(sample)

    def split(self, start: int, stop: int) -> list[tuple[int, int, Clock]]:
        """Divide a stretch where the clock changes."""
        if not self.are_several:
            return [(start, stop, self.newest)] if start < stop else []
        stops = [tick.sample for tick in self.ticks[1:]] + [stop]
        parts = [
            (max(start, tick.sample) if index else start, min(stop, until), tick.clock)
            for index, (tick, until) in enumerate(zip(self.ticks, stops, strict=True))
        ]
        return [part for part in parts if part[0] < part[1]]

    def forget(self, before: int) -> None:
        """Drop the clocks that no sample from this one on needs."""
        if not self.are_several:
            return
        n_old = sum(tick.sample <= before for tick in self.ticks[1:])
        self.ticks = self.ticks[n_old:]
