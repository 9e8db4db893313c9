"""A track: where the samples of one stream go in a recording of ours, and which facts go with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aquiver.errors import RecordingError
from aquiver.model import Chunk, Clock, Samples
from aquiver.recording.facts import ClockFact, EndFact, Fact, GapFact, RunFact
from aquiver.recording.plan import Lane

_LONGEST_GAP_S = 12 * 3600.0  # half a day is another night: a file of its own, not a disk full of fill


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """What a chunk puts on disk, in this order: facts, samples from ``slot`` on, and the run's end."""

    before: tuple[Fact, ...]
    slot: int
    samples: Samples
    after: tuple[EndFact, ...]


@dataclass(slots=True)
class _Run:
    """One run's place. ``end_slot`` is known once it has ended."""

    name: str
    slot: int
    first_sample: int
    end_slot: int | None = None

    def slot_of(self, sample: int) -> int:
        return self.slot + sample - self.first_sample


@dataclass(slots=True)
class Track:
    """Place the chunks of one stream; ``place`` decides, ``keep`` takes note of what is on disk.

    Everything before the slot ``through`` is settled: it holds a sample, or is a gap for good.
    """

    number: int
    lane: Lane
    origin_s: int
    through: int = 0
    _runs: dict[str, _Run] = field(default_factory=dict)
    _gaps: list[GapFact] = field(default_factory=list)
    _clock: Clock | None = None

    @classmethod
    def resumed(cls, number: int, lane: Lane, origin_s: int, through: int, facts: Iterable[Fact]) -> "Track":
        """Go on where the facts and the slot ``through`` on disk end."""
        track = cls(number, lane, origin_s, through)
        for fact in facts:
            if fact.stream == number:
                track.recall(fact)
        # A clock on disk may belong to samples that were torn off: the next chunk tells its own again.
        track._clock = None
        return track

    def place(self, chunk: Chunk) -> Placement:
        """Give what to write for a chunk. What is on disk already is left out.

        Raises:
            RecordingError: the chunk belongs before what is on disk, or half a day or more after it.
        """
        opening: tuple[Fact, ...] = ()
        run = self._runs.get(chunk.run)
        if run is None:
            run = _Run(chunk.run, self._slot_for(chunk), chunk.first_sample)
            opening = (self._run_fact(run, chunk),)
        slot = run.slot_of(chunk.first_sample)
        self._judge(run, chunk, slot)
        skipped = min(max(0, self.through - slot), chunk.n_samples)
        samples, slot = chunk.samples[skipped:], slot + skipped
        before = (*self._gap(slot, samples), *opening, *self._clock_change(slot, chunk, samples, opening))
        return Placement(before, slot, samples, self._end(run, chunk))

    def keep(self, placement: Placement) -> None:
        """Take note that a placement is on disk."""
        for fact in (*placement.before, *placement.after):
            self.recall(fact)
        if len(placement.samples):
            self.through = placement.slot + len(placement.samples)

    def recall(self, fact: Fact) -> None:
        """Take note of a fact that is on disk."""
        match fact:
            case RunFact():
                self._runs[fact.run] = _Run(fact.run, fact.slot, fact.first_sample)
                self._clock = fact.clock
            case ClockFact():
                self._clock = fact.clock
            case EndFact():
                for run in self._runs.values():
                    run.end_slot = fact.slot if run.slot == fact.run_slot else run.end_slot
            case GapFact():
                self._gaps.append(fact)

    def slot_of(self, run: str, sample: int) -> int:
        """Give the slot of a sample number of a run.

        Raises:
            RecordingError: this recording has no such run.
        """
        if run not in self._runs:
            raise RecordingError(f"the recording of {self.lane.stream.name} has no run {run!r}")
        return self._runs[run].slot_of(sample)

    def _slot_for(self, chunk: Chunk) -> int:
        """Give the slot at which a new run begins: by its clock, but after all that is there."""
        by_clock = round((chunk.clock.time_of(chunk.first_sample) - self.origin_s) * self.lane.axis_hz)
        # Each run has a slot of its own, even one that ended before its first sample.
        taken = [max(run.slot + 1, run.end_slot or 0) for run in self._runs.values()]
        return max(by_clock, self.through, *taken, 0)

    def _run_fact(self, run: _Run, chunk: Chunk) -> RunFact:
        return RunFact(self.number, run.slot, chunk.run, chunk.first_sample, chunk.follows, chunk.clock)

    def _judge(self, run: _Run, chunk: Chunk, slot: int) -> None:
        stop = slot + chunk.n_samples
        if slot - self.through >= _LONGEST_GAP_S * self.lane.axis_hz:
            raise RecordingError(f"{chunk.stream.name} was silent for half a day: begin another recording")
        if stop > max(self.through, slot) and stop > self._limit_of(run):
            raise RecordingError(f"run {chunk.run!r} of {chunk.stream.name} had ended before sample {chunk.end_sample}")
        # What is there already is not written again; what is not must not pass for it.
        if slot < min(stop, self.through) and (slot < run.slot or self._has_gap(slot, min(stop, self.through))):
            raise RecordingError(f"sample {chunk.first_sample} of {chunk.stream.name} comes after later ones")

    def _has_gap(self, slot: int, stop: int) -> bool:
        return any(gap.slot < stop and slot < gap.slot + gap.n_slots for gap in self._gaps)

    def _limit_of(self, run: _Run) -> float:
        """Give the slot before which a run ends: by its own word, or because the next one begins."""
        end = float("inf") if run.end_slot is None else run.end_slot
        return min([end, *(other.slot for other in self._runs.values() if other.slot > run.slot)])

    def _gap(self, slot: int, samples: Samples) -> tuple[Fact, ...]:
        n_slots = slot - self.through
        return (GapFact(self.number, self.through, n_slots),) if len(samples) and n_slots > 0 else ()

    def _clock_change(self, slot: int, chunk: Chunk, samples: Samples, opening: tuple[Fact, ...]) -> tuple[Fact, ...]:
        is_news = len(samples) and not opening and chunk.clock != self._clock
        return (ClockFact(self.number, slot, chunk.clock),) if is_news else ()

    def _end(self, run: _Run, chunk: Chunk) -> tuple[EndFact, ...]:
        is_news = chunk.is_last and run.end_slot is None
        return (EndFact(self.number, run.slot, run.slot_of(chunk.end_sample)),) if is_news else ()
