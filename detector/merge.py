"""Merging: one event seen by two channels of a band is one."""

from collections.abc import Iterable

from msgspec.structs import replace

from detector.finding import Candidate

NEAR_S = 0.020  # two channels of a band see one potential within this time (detection.md, section 4 step 6)


def group(candidates: Iterable[Candidate], near: int) -> list[tuple[Candidate, ...]]:
    """Sort candidates into events: those that begin, or peak, within ``near`` samples of each other."""
    groups: list[tuple[Candidate, ...]] = []
    for candidate in sorted(candidates, key=lambda candidate: (candidate.start, candidate.lane)):
        if groups and _is_near(groups[-1], candidate, near):
            groups[-1] = (*groups[-1], candidate)
        else:
            groups.append((candidate,))
    return groups


def merge(event: tuple[Candidate, ...]) -> Candidate:
    """Give the largest candidate of an event, with the earliest onset of all."""
    largest = max(event, key=lambda candidate: candidate.amplitude)
    return replace(largest, start=event[0].start)


def _is_near(event: tuple[Candidate, ...], candidate: Candidate, near: int) -> bool:
    if candidate.start - event[0].start <= near:
        return True
    return any(abs(candidate.peak - other.peak) <= near for other in event)
