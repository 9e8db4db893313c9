"""The strip: one sensor's night minute by minute: what it was doing, and what it counted. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aquiver.body import Site
from aquiver.model import Modality, Period, SpanReason, Tally
from dashboards.phrases import nights as phrases
from dashboards.site_night import ORDER

_MINUTE_S = 60.0
_HALF_S = 30.0


class Gate(StrEnum):
    """What a minute was, for the most part. ``away``: no minute was kept, so nothing is known of it."""

    STILL = "still"
    MOVEMENT = "movement"
    HEART = "heart"
    SIGNAL = "signal"
    GAP = "gap"
    AWAY = "away"


_GATES: Mapping[SpanReason, Gate] = {
    SpanReason.MOVEMENT: Gate.MOVEMENT,
    SpanReason.HEART: Gate.HEART,
    SpanReason.CONTACT: Gate.SIGNAL,
    SpanReason.SATURATED: Gate.SIGNAL,
    SpanReason.NOISE: Gate.SIGNAL,
    SpanReason.WARM_UP: Gate.SIGNAL,
    SpanReason.EDGE: Gate.SIGNAL,
    SpanReason.UNSUITABLE: Gate.SIGNAL,
    SpanReason.GAP: Gate.GAP,
}


@dataclass(frozen=True, slots=True)
class Strip:
    """One stream, minute by minute from ``start_s`` on: four lists of one length.

    ``n_twitches`` is none where a minute had no analysable time, which is not the same as none found.
    """

    site: Site
    modality: Modality
    device: str
    name: str
    start_s: float
    gates: tuple[Gate, ...]
    analysable_s: tuple[float, ...]
    movement_s: tuple[float, ...]
    n_twitches: tuple[int | None, ...]


def strips_of(tallies: Iterable[Tally]) -> tuple[Strip, ...]:
    """Give the strips of a night, in the order of the body, all from its first minute to its last."""
    streams: dict[tuple[str, Modality], dict[int, Tally]] = {}
    for one in tallies:
        if one.period is Period.MINUTE:
            streams.setdefault((one.device, one.modality), {})[int(one.start_s // _MINUTE_S)] = one
    if not streams:
        return ()
    first = min(min(minutes) for minutes in streams.values())
    last = max(max(minutes) for minutes in streams.values())
    found = [_strip(minutes, first, last) for minutes in streams.values()]
    return tuple(sorted(found, key=lambda one: (ORDER[one.site], one.device, one.modality)))


def gate_of(tally: Tally | None) -> Gate:
    """Say what a minute was, for the most part: still where half of it and more could be judged."""
    if tally is None or not tally.analysable_s + sum(tally.excluded_s.values()):
        return Gate.AWAY
    by_gate: dict[Gate, float] = {}
    for reason, length_s in tally.excluded_s.items():
        by_gate[_GATES[reason]] = by_gate.get(_GATES[reason], 0.0) + length_s
    longest = max(by_gate, key=lambda gate: by_gate[gate], default=Gate.STILL)
    return Gate.STILL if tally.analysable_s >= min(_HALF_S, by_gate.get(longest, 0.0)) else longest


def _strip(minutes: Mapping[int, Tally], first: int, last: int) -> Strip:
    one = next(iter(minutes.values()))
    row: Sequence[Tally | None] = [minutes.get(minute) for minute in range(first, last + 1)]
    return Strip(
        site=one.site,
        modality=one.modality,
        device=one.device,
        name=phrases.track(one.site, one.modality),
        start_s=first * _MINUTE_S,
        gates=tuple(gate_of(tally) for tally in row),
        analysable_s=tuple(round(tally.analysable_s, 1) if tally else 0.0 for tally in row),
        movement_s=tuple(round(tally.excluded_s.get(SpanReason.MOVEMENT, 0.0), 1) if tally else 0.0 for tally in row),
        n_twitches=tuple(tally.n_twitches if tally and tally.analysable_s else None for tally in row),
    )
