"""Stretches: which slots of a stream hold consecutive samples of one run under one clock."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from aquiver.model import Clock
from aquiver.recording.facts import ClockFact, EndFact, Fact, GapFact, RunFact

FOREIGN_RUN = "file"  # a foreign file is one run: its numbering is its time axis


@dataclass(frozen=True, slots=True)
class Stretch:
    """``n_slots`` slots from ``slot`` on hold the samples from ``first_sample`` on."""

    slot: int
    n_slots: int
    run: str
    first_sample: int
    follows: int
    clock: Clock
    is_last: bool = False

    @property
    def end_slot(self) -> int:
        """Give the slot after the last one."""
        return self.slot + self.n_slots

    @property
    def end_sample(self) -> int:
        """Give the number after the last sample."""
        return self.first_sample + self.n_slots

    def cut(self, n_slots: int) -> tuple["Stretch", "Stretch"]:
        """Split after so many slots: the same samples, in two stretches."""
        middle = self.first_sample + n_slots
        head = replace(self, n_slots=n_slots, is_last=False)
        rest = self.n_slots - n_slots
        return head, replace(self, slot=self.slot + n_slots, n_slots=rest, first_sample=middle, follows=middle)


def recorded(facts: Sequence[Fact], through: int) -> tuple[Stretch, ...]:
    """Give the stretches of one stream of ours, from its facts and from the slot it was delivered to."""
    runs = {fact.slot: fact for fact in facts if isinstance(fact, RunFact)}
    ends = {fact.run_slot: fact.slot for fact in facts if isinstance(fact, EndFact)}
    clocks = {fact.slot: fact.clock for fact in facts if isinstance(fact, RunFact | ClockFact)}
    marks = sorted(clocks)
    pieces = [piece for start, stop in _present(facts, through) for piece in _split(start, stop, marks)]
    stretches: list[Stretch] = []
    for slot, next_slot in pairwise([*sorted(runs), max(through, *runs, 0) + 1] if runs else []):
        mine = pieces[bisect_left(pieces, (slot, 0)) : bisect_left(pieces, (next_slot, 0))]
        timed = [(start, stop, clocks[marks[bisect_right(marks, start) - 1]]) for start, stop in mine]
        stretches += _of_run(runs[slot], timed, ends.get(slot))
    return tuple(stretches)


def on_axis(stretches: Iterable[Stretch], axis_hz: float) -> tuple[Stretch, ...]:
    """Number samples by their slots instead: one run on the file's own time axis."""
    slots = [(stretch.slot, stretch.slot, stretch.n_slots) for stretch in stretches if stretch.n_slots]
    return _one_run(slots, axis_hz)


def interrupted(starts_s: Sequence[float | None], n_slots: int, axis_hz: float) -> tuple[Stretch, ...]:
    """Give the stretches of a foreign file whose records of ``n_slots`` each begin at ``starts_s``.

    A record that tells no start (as in all but EDF+D), or one before the last record's end, follows on at once.
    """
    stretches: list[tuple[int, int, int]] = []
    origin_s = next((start_s for start_s in starts_s if start_s is not None), 0.0)
    slot, first_sample, n_joined = 0, 0, 0
    for start_s in starts_s:
        expected = first_sample + n_joined
        sample = expected if start_s is None else max(expected, round((start_s - origin_s) * axis_hz))
        if sample > expected:
            stretches.append((slot, first_sample, n_joined))
            slot, first_sample, n_joined = slot + n_joined, sample, 0
        n_joined += n_slots
    return _one_run([*stretches, (slot, first_sample, n_joined)], axis_hz)


def _one_run(parts: Sequence[tuple[int, int, int]], axis_hz: float) -> tuple[Stretch, ...]:
    """Join parts (slot, first sample, number of samples) to one run that starts at second 0."""
    clock = Clock(0, 0.0, axis_hz)
    follows = 0
    stretches: list[Stretch] = []
    for slot, first_sample, n_slots in parts:
        stretches.append(Stretch(slot, n_slots, FOREIGN_RUN, first_sample, follows, clock))
        follows = first_sample + n_slots
    return (*stretches[:-1], *(replace(stretch, is_last=True) for stretch in stretches[-1:]))


def _present(facts: Iterable[Fact], through: int) -> Iterator[tuple[int, int]]:
    """Give what lies between the gaps, as (start, stop); gaps may overlap."""
    start = 0
    for gap in sorted((fact for fact in facts if isinstance(fact, GapFact)), key=lambda fact: fact.slot):
        if start < min(gap.slot, through):
            yield start, min(gap.slot, through)
        start = max(start, gap.slot + gap.n_slots)
    if start < through:
        yield start, through


def _split(start: int, stop: int, marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    inside = marks[bisect_right(marks, start) : bisect_left(marks, stop)]
    return pairwise([start, *inside, stop])


def _of_run(run: RunFact, pieces: Iterable[tuple[int, int, Clock]], end_slot: int | None) -> list[Stretch]:
    stretches: list[Stretch] = []
    clock, follows = run.clock, run.follows
    for start, stop, clock in pieces:
        first_sample = run.first_sample + start - run.slot
        stretches.append(Stretch(start, stop - start, run.run, first_sample, follows, clock))
        follows = stretches[-1].end_sample
    if end_slot is None:
        return stretches
    if stretches and stretches[-1].end_slot == end_slot:
        return [*stretches[:-1], replace(stretches[-1], is_last=True)]
    end_sample = run.first_sample + end_slot - run.slot
    return [*stretches, Stretch(end_slot, 0, run.run, end_sample, follows, clock, is_last=True)]
