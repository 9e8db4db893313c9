"""Targets: what a figure should be, printed beside it with how far it is away."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A figure, and the least or the most that it should be."""

    what: str
    figure: float
    unit: str
    least: float | None = None
    most: float | None = None

    @property
    def wanted(self) -> str:
        """Say what is wanted."""
        return f"<= {self.most:g} {self.unit}" if self.least is None else f">= {self.least:g} {self.unit}"

    @property
    def verdict(self) -> str:
        """Say whether it holds, and if not by which factor it misses.

        >>> Target("a chunk", 20.0, "us", most=10.0).verdict, Target("obspy", 2.0, "x", least=1.3).verdict
        ('misses by a factor of 2.0', 'holds')
        """
        short = self.figure / self.most if self.most is not None else (self.least or 0.0) / self.figure
        return "holds" if short <= 1.0 else f"misses by a factor of {short:.1f}"


def print_targets(targets: Iterable[Target]) -> None:
    """Print one line a target."""
    print(f"{'':46}{'figure':>12}  {'target':18}")
    for one in targets:
        print(f"{one.what:46}{f'{one.figure:.3g} {one.unit}':>12}  {one.wanted:18}{one.verdict}")
