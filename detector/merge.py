"""Merging: one event seen by two channels of a band is one."""

from collections.abc import Iterable

from msgspec.structs import replace

from detector.finding import Candidate

NEAR_S = 0.020  # two channels of a band see one potential within this time (detection.md, section 4 step 6)


def group(candidates: Iterable[Candidate], near: int) -> list[tuple[Candidate, ...]]:
    """Sort candidates into events: those that peak, or begin on different lanes, within ``near`` samples of each other.

    Each joins the event whose peaks are nearest. What one lane has divided is never put together again by its onsets: a
    second discharge begins where the first one ends.
    """
    groups: list[tuple[Candidate, ...]] = []
    for candidate in sorted(candidates, key=lambda candidate: (candidate.start, candidate.lane)):
        known = [
            index for index in range(max(0, len(groups) - 2), len(groups)) if _is_near(groups[index], candidate, near)
        ]
        if known:
            nearest = min(known, key=lambda index: _peaks_apart(groups[index], candidate))
            groups[nearest] = (*groups[nearest], candidate)
        else:
            groups.append((candidate,))
    return groups


def merge(event: tuple[Candidate, ...]) -> Candidate:
    """Give the largest candidate of an event, with the earliest onset of all."""
    largest = max(event, key=lambda candidate: candidate.amplitude)
    return replace(largest, start=event[0].start)


def _is_near(event: tuple[Candidate, ...], candidate: Candidate, near: int) -> bool:
    if _peaks_apart(event, candidate) <= near:
        return True
    is_other_lane = all(candidate.lane != other.lane for other in event)
    return is_other_lane and candidate.start - event[0].start <= near


def _peaks_apart(event: tuple[Candidate, ...], candidate: Candidate) -> int:
    return min(abs(candidate.peak - other.peak) for other in event)
