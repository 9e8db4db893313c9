"""The watch over one run of one stream: from samples to twitches on the clock."""

from collections.abc import Iterator
from math import inf
from statistics import median
from typing import Self
from zoneinfo import ZoneInfo

import numpy as np
from msgspec import Struct, field

from aquiver.errors import RefusedStream
from aquiver.model import LARGE_UV, Chunk, Clock, Samples, SpanReason, Stream, Twitch, Unit
from aquiver.nights import night_of
from detector import merge
from detector.account import Account
from detector.clocks import Clocks
from detector.decision import Decision, Piece
from detector.exclusion import Exclusions, Portion
from detector.finding import N_AHEAD, Candidate, Finding
from detector.gates import Gates
from detector.label import label_of
from detector.methods import Method, open_method
from detector.methods.refused import Refused

_N_LEVELS = 10
_N_TILE = 240  # blocks handed over at once: a minute; EMG is cut where mains are looked for, and stays in the cache


class _Event(Struct, frozen=True):
    """A twitch in samples, with its distance to its neighbours in seconds."""

    candidate: Candidate
    since_s: float
    until_s: float


class Watch(Struct):
    """Search a run block by block, and decide each sample once the second after it is known.

    Blocks of 0.25 s are counted from the start of a stretch without a gap, and everything is decided per block:
    how the samples were cut into chunks cannot matter.
    """

    stream: Stream
    run: str
    method: Method
    gates: Gates
    exclusions: Exclusions
    held: Samples  # (n_block, channels) the block in progress, of which there are ...
    n_held: int  # ... so many samples
    counted: int  # the account holds every sample before this one
    expected: int  # the number of the next sample
    decided: int  # every sample before this one is decided
    clocks: Clocks = field(default_factory=Clocks)
    pending: list[Candidate] = field(default_factory=list)
    levels: list[list[float]] = field(default_factory=list)  # of the newest blocks, by lane
    levels_end: int = 0
    newest_onset: int | None = None  # of the event before the pending ones
    floor: float = 0.0

    @classmethod
    def begin(cls, chunk: Chunk, mains_hz: float | None) -> Self:
        """Start a watch over the run that this chunk begins."""
        signal, position = chunk.stream.signal, chunk.follows
        method: Method
        try:
            method = open_method(signal, mains_hz, position)
        except RefusedStream:
            method = Refused.begin(signal, position)
        gates, exclusions = Gates(signal.rate_hz), Exclusions(method.n_lanes)
        held = np.zeros((method.n_block, len(signal.channels)), np.int32)
        return cls(chunk.stream, chunk.run, method, gates, exclusions, held, 0, position, position, position)

    def absorb(self, chunk: Chunk) -> bool:
        """Take a chunk that goes on where the last one ended and leaves the block in progress unfinished, if it is one.

        Nothing can be decided by it. Most chunks of a band are such.
        """
        n_held = self.n_held + len(chunk.samples)
        if n_held >= self.method.n_block or chunk.is_last or not self.is_continued_by(chunk):
            return False
        self.held[self.n_held : n_held] = chunk.samples
        self.n_held = n_held
        self.expected += len(chunk.samples)
        return True

    def is_continued_by(self, chunk: Chunk) -> bool:
        """Tell whether a chunk goes on where the last one ended, by the same clock."""
        return (
            chunk.first_sample == self.expected
            and chunk.run == self.run
            and (chunk.stream is self.stream or chunk.stream == self.stream)
            and self.clocks.is_newest(chunk.clock)
        )

    def settle(self, account: Account, zone: ZoneInfo) -> None:
        """Count what was absorbed."""
        if self.counted < self.expected:
            account.take(self.run, self.clocks.newest, self.counted, self.counted, self.expected, zone)
            self.counted = self.expected

    def feed(self, chunk: Chunk, zone: ZoneInfo) -> list[Decision]:
        """Take the next chunk of the run, and give what is decided by it. Samples seen before are passed over."""
        n_known = min(max(0, self.expected - chunk.first_sample), chunk.n_samples)
        self.clocks.add(self.expected, chunk.clock)
        decisions = []
        if chunk.first_sample > self.expected:
            decisions += self._end_stretch(chunk.first_sample, zone)
            self._begin_stretch(chunk.first_sample)
        self.expected = self.counted = max(self.expected, chunk.end_sample)
        return decisions + self._search(chunk.samples[n_known:], zone)

    def finish(self, zone: ZoneInfo) -> list[Decision]:
        """Decide what is left with what is there."""
        return self._end_stretch(self.expected, zone)

    def _search(self, samples: Samples, zone: ZoneInfo) -> list[Decision]:
        n_block = self.method.n_block
        if self.n_held:
            samples = np.concatenate([self.held[: self.n_held], samples])
        n_whole = len(samples) // n_block * n_block
        self.n_held = len(samples) - n_whole
        self.held[: self.n_held] = samples[n_whole:]
        decisions: list[Decision] = []
        for start in range(0, n_whole, _N_TILE * n_block):
            tile = samples[start : min(start + _N_TILE * n_block, n_whole)]
            for finding in self.method.feed(tile):
                decisions += self._follow(finding, zone)
        return decisions

    def _follow(self, finding: Finding, zone: ZoneInfo) -> Iterator[Decision]:
        """Decide what was undecided until this finding: many blocks together while there is nothing to tell of them."""
        while finding.n_blocks > 1 and (n_alike := self._count_alike(finding)) < finding.n_blocks:
            head, finding = finding.cut(n_alike)
            yield from self._follow_alike(head, zone)
        yield from self._follow_alike(finding, zone)

    def _follow_alike(self, finding: Finding, zone: ZoneInfo) -> Iterator[Decision]:
        self._note(finding)
        edge = finding.block.stop - N_AHEAD * self.method.n_block
        if edge > self.decided:
            yield self._decide(edge, zone, finding.floors)

    def _count_alike(self, finding: Finding) -> int:
        """Count the blocks by which as many are decided, all of them analysable and without an event; one at least."""
        is_in_step = self.decided == finding.block.start - N_AHEAD * self.method.n_block
        if not is_in_step or self.exclusions.marks or self.clocks.are_several:
            return 1
        next_onset = min((candidate.start for candidate in self.pending), default=finding.block.stop)
        return max(1, min(finding.n_blocks, (next_onset - self.decided) // self.method.n_block))

    def _begin_stretch(self, position: int) -> None:
        self.method.restart(position)
        self.gates = Gates(self.gates.rate_hz)
        self.exclusions.marks.clear()
        self.pending.clear()
        self.levels.clear()
        self.newest_onset = None
        self.n_held = 0

    def _end_stretch(self, until: int, zone: ZoneInfo) -> list[Decision]:
        """Decide the stretch as it stands: a block that was broken off at its end, then what is missing."""
        finding = self.method.finish()
        self._note(finding)
        decisions = []
        if finding.block.stop > self.decided:
            decisions.append(self._decide(finding.block.stop, zone))
        edge = Portion(self.decided, self.expected, SpanReason.EDGE)
        gap = Portion(self.expected, until, SpanReason.GAP)
        for portion in (edge, gap):
            if portion.stop > portion.start:
                decisions.append(Decision(tuple(self._pieces([portion], []))))
                self._forget(portion.stop)
        return decisions

    def _note(self, finding: Finding) -> None:
        for mark in [*finding.marks, *self.gates.judge(finding)] if self._is_eventful(finding) else ():
            self.exclusions.add(mark)
        self.pending += [candidate for candidate in finding.candidates if not candidate.is_weak]
        if finding.levels:
            self.levels_end = finding.block.stop
            self.levels = [*self.levels, *finding.levels[-_N_LEVELS:]][-_N_LEVELS:]
        self.floor = (finding.floors and finding.floors[-1]) or self.floor

    def _is_eventful(self, finding: Finding) -> bool:
        """Tell whether a finding can hold a mark, or the gates something to judge."""
        return bool(finding.marks or finding.candidates or finding.wide or finding.loud_lanes or self.gates.loud_before)

    def _decide(self, edge: int, zone: ZoneInfo, floors: tuple[float, ...] = ()) -> Decision:
        """Decide all samples before ``edge``; of several blocks if there are several ``floors``."""
        if len(floors) <= 1:
            floors = (self.floor,)
        due = self._due(edge) if self.pending else []
        events = [event for event in due if not self.exclusions.covers(event.candidate.start)]
        portions = self.exclusions.partition(self.decided, edge)
        pieces = self._pieces(portions, events, len(floors))
        twitches = [self._twitch(event, zone) for event in events]
        self._forget(edge)
        return Decision(tuple(pieces), tuple(twitches), floors)

    def _forget(self, edge: int) -> None:
        self.decided = edge
        self.exclusions.forget(edge)
        self.clocks.forget(edge)

    def _due(self, edge: int) -> list[_Event]:
        """Take the events that begin before ``edge``, each with its distance to its neighbours."""
        if all(candidate.start >= edge for candidate in self.pending):
            return []
        seen = [candidate for candidate in self.pending if self._is_strong(candidate)]
        groups = merge.group(seen, round(merge.NEAR_S * self.stream.rate_hz))
        onsets = [group[0].start for group in groups]
        due = [group for group in groups if group[0].start < edge]
        events = []
        for index, group in enumerate(due):
            until_s = self._distance_s(onsets[index], onsets[index + 1] if index + 1 < len(onsets) else None)
            events.append(_Event(merge.merge(group), self._distance_s(onsets[index], self.newest_onset), until_s))
            self.newest_onset = onsets[index]
        taken = {candidate for group in due for candidate in group}
        self.pending = [each for each in self.pending if each.start >= edge and each not in taken]
        return events

    def _is_strong(self, candidate: Candidate) -> bool:
        """Tell whether a candidate stands out of the noise around it, before and after."""
        if self._is_masked(candidate):
            return False
        own = len(self.levels) - 1 - (self.levels_end - 1 - candidate.peak) // self.method.n_block
        around = [levels[candidate.lane] for levels in self.levels[max(0, own - N_AHEAD) : own + N_AHEAD + 1]]
        return candidate.strength >= self.method.k * median(around) if around else True

    def _is_masked(self, candidate: Candidate) -> bool:
        return self.exclusions.covers_lane(candidate.lane, candidate.start)

    def _distance_s(self, onset: int, other: int | None) -> float:
        return inf if other is None else abs(other - onset) / self.stream.rate_hz

    def _pieces(self, portions: list[Portion], events: list[_Event], n_parts: int = 1) -> list[Piece]:
        return [
            self._piece(start, stop, clock, portion.reason, events, n_parts)
            for portion in portions
            for start, stop, clock in self.clocks.split(portion.start, portion.stop)
        ]

    def _piece(
        self, start: int, stop: int, clock: Clock, reason: SpanReason | None, events: list[_Event], n_parts: int
    ) -> Piece:
        own = [event.candidate for event in events if start <= event.candidate.start < stop]
        return Piece(
            sample=start,
            start_s=clock.time_of(start),
            stop_s=clock.time_of(stop),
            duration_s=(stop - start) // n_parts / clock.rate_hz,
            reason=reason,
            onsets_s=tuple([clock.time_of(one.start) for one in own]),
            large_s=tuple([clock.time_of(one.start) for one in own if self._is_large(one)]),
            n_samples=stop - start,
            n_parts=n_parts,
            clock=clock,
        )

    def _is_large(self, candidate: Candidate) -> bool:
        return self.stream.signal.unit is Unit.MICROVOLT and candidate.amplitude >= LARGE_UV

    def _twitch(self, event: _Event, zone: ZoneInfo) -> Twitch:
        stream, candidate = self.stream, event.candidate
        onset_s = self.clocks.time_of(candidate.start)
        return Twitch(
            wearer=stream.wearer,
            device=stream.device,
            site=stream.site,
            modality=stream.modality,
            night=night_of(onset_s, zone),
            run=self.run,
            sample=candidate.start,
            onset_s=onset_s,
            duration_s=(candidate.stop - candidate.start) / stream.rate_hz,
            peak_s=self.clocks.time_of(candidate.peak),
            channel=stream.signal.channels[candidate.channel].name,
            amplitude=candidate.amplitude,
            unit=stream.signal.unit,
            snr=candidate.snr,
            label=label_of(event.since_s, event.until_s),
        )
