"""Whether all is ready for a night: what was seen of the bands and of this machine, judged. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from aquiver.body import Site
from aquiver.model import Modality, SpanReason, Unit
from dashboards.phrases import readiness as phrases

_LEAST_JUDGED_S = 5.0
_MOST_SET_ASIDE = 0.5  # of the time that could be judged
_LOSS_SHOWN, _LOSS_TOO_MUCH = 0.005, 0.05
_CLOCK_STEP_S = 1.0
_AHEAD_S = 60.0  # a record may be stamped so far ahead of a clock that is right

# What says nothing about how a band is worn: it comes from having just begun, and from the radio.
_OF_THE_BEGINNING = frozenset({SpanReason.WARM_UP, SpanReason.EDGE, SpanReason.GAP})
_NOT_WORN = (SpanReason.CONTACT, SpanReason.SATURATED, SpanReason.NOISE, SpanReason.UNSUITABLE)


class Verdict(StrEnum):
    """What a finding means for the night."""

    READY = "ok"
    NOTE = "note"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: a band's name or a part of the machine, and what is said of it."""

    about: str
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What was heard of one stream: its time by what became of it, and the noise floor in ``unit``."""

    modality: Modality
    analysable_s: float
    excluded_s: Mapping[SpanReason, float]
    lost_share: float
    floor: float
    unit: Unit
    stuck: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BandFacts:
    """What was seen of one band. ``reason`` is the last thing that went wrong; ``battery_h`` how long a charge lasts."""

    device: str
    site: Site
    reason: str
    battery_percent: float | None
    battery_h: float
    n_malformed: int
    streams: tuple[StreamFacts, ...]


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """What was seen of this machine. ``broker``, ``store`` and ``chain`` say what is wrong, or nothing.

    ``local_time`` is what its clock says in the wearer's time zone, ``clock_step_s`` how far the clock was set meanwhile,
    and ``newest_ahead_s`` how far the newest record lies in its future. ``chain_words`` say that the chain holds where no
    test twitch was sent.
    """

    local_time: str
    clock_step_s: float
    newest_ahead_s: float
    free_bytes: int
    needed_bytes: int
    broker: str
    store: str
    chain: str
    chain_s: float
    chain_words: str = ""


def judge(bands: tuple[BandFacts, ...], machine: MachineFacts, night_h: float) -> tuple[Finding, ...]:
    """Judge everything; ``night_h`` is how long it is until morning."""
    of_bands = [finding for band in bands for finding in _of_band(band, night_h)]
    return (*of_bands, *_of_machine(machine))


def is_ready(findings: tuple[Finding, ...]) -> bool:
    """Say whether nothing stands in the way."""
    return all(finding.verdict is not Verdict.NOT_YET for finding in findings)


def _of_band(band: BandFacts, night_h: float) -> Iterator[Finding]:
    if not band.streams:
        yield Finding(band.device, Verdict.NOT_YET, phrases.not_heard(band.reason))
        return
    yield Finding(band.device, Verdict.READY, phrases.connected(band.site))
    for stream in band.streams:
        yield Finding(band.device, *_worn(stream))
        if stream.lost_share > _LOSS_SHOWN:
            verdict = Verdict.NOT_YET if stream.lost_share > _LOSS_TOO_MUCH else Verdict.NOTE
            yield Finding(band.device, verdict, phrases.loss(stream.modality, stream.lost_share))
    if band.n_malformed:
        yield Finding(band.device, Verdict.NOTE, phrases.malformed(band.n_malformed, band.reason))
    yield Finding(band.device, *_battery(band, night_h))


def _worn(stream: StreamFacts) -> tuple[Verdict, str]:
    if stream.stuck:
        return Verdict.NOT_YET, phrases.stuck(stream.modality, stream.stuck)
    if stream.modality is Modality.ECG:
        return Verdict.READY, phrases.heard(stream.modality)
    set_aside = {reason: s for reason, s in stream.excluded_s.items() if reason not in _OF_THE_BEGINNING}
    judged_s = stream.analysable_s + sum(set_aside.values())
    if judged_s < _LEAST_JUDGED_S:
        return Verdict.NOT_YET, phrases.too_short(stream.modality, judged_s)
    for reason in _NOT_WORN:
        if set_aside.get(reason, 0.0) > _MOST_SET_ASIDE * judged_s:
            return Verdict.NOT_YET, phrases.not_worn(stream.modality, reason)
    if stream.analysable_s < (1 - _MOST_SET_ASIDE) * judged_s:
        return Verdict.NOTE, phrases.moved(stream.modality)
    return Verdict.READY, phrases.floor(stream.modality, stream.floor, stream.unit)


def _battery(band: BandFacts, night_h: float) -> tuple[Verdict, str]:
    if band.battery_percent is None:
        return Verdict.NOTE, phrases.BATTERY_UNKNOWN
    left_h = band.battery_h * band.battery_percent / 100
    words = phrases.battery(band.battery_percent, left_h, band.battery_h, night_h)
    return (Verdict.READY if left_h >= night_h else Verdict.NOT_YET), words


def _of_machine(machine: MachineFacts) -> Iterator[Finding]:
    yield Finding("clock", *_clock(machine))
    is_room = machine.free_bytes >= machine.needed_bytes
    yield Finding("disk", _ready_if(is_room), phrases.disk(machine.free_bytes, machine.needed_bytes, is_room=is_room))
    yield Finding("broker", _ready_if(not machine.broker), machine.broker or phrases.BROKER)
    yield Finding("store", _ready_if(not machine.store), machine.store or phrases.STORE)
    yield Finding(
        "chain", _ready_if(not machine.chain), machine.chain or machine.chain_words or phrases.chain(machine.chain_s)
    )


def _clock(machine: MachineFacts) -> tuple[Verdict, str]:
    if abs(machine.clock_step_s) > _CLOCK_STEP_S:
        return Verdict.NOT_YET, phrases.clock_set(machine.clock_step_s)
    if machine.newest_ahead_s > _AHEAD_S:
        return Verdict.NOT_YET, phrases.clock_behind(machine.local_time)
    return Verdict.READY, phrases.clock(machine.local_time)


def _ready_if(is_so: bool) -> Verdict:  # noqa: FBT001  # it reads as a sentence
    return Verdict.READY if is_so else Verdict.NOT_YET
