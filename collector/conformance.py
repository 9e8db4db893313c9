"""Whether a band does what its driver needs, rule by rule, in plain words. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aquiver.driver import Frame
from aquiver.model import Modality, Samples, Signal, Unit

_ATT_BYTES = 3  # of a message that are not its value
_MOST_REASONS = 3
_RATE_TOLERANCE = 0.03  # consumer crystals are far better; a wrong divider is far worse
_SHORTEST_S = 3.0  # less says nothing about a rate: notifications are late by up to a tenth of a second
_STRAY_S = 0.005
_STRAY_SAMPLES = 2.0
_REST_G = (0.9, 1.1)
_MOST_AT_LIMIT = 0.1
_FULL_PERCENT = 100


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """One notification: its size, its time of arrival, and its frames, or what was wrong with it."""

    n_bytes: int
    arrival_s: float
    frames: tuple[Frame, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What was seen of a band while it lay at rest.

    ``refusal`` is why the dialogue failed, ``loss`` why the link ended early; ``n_after_stop`` counts the packets that
    came long after the stop.
    """

    signals: tuple[Signal, ...] = ()
    heard: tuple[Heard, ...] = ()
    mtu: int = 23
    battery: bytes = b""
    n_after_stop: int = 0
    refusal: str = ""
    loss: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule, and what is wrong; nothing if the band keeps it."""

    rule: str
    complaints: tuple[str, ...]


def judge(evidence: Evidence) -> tuple[Verdict, ...]:
    """Judge a band by every rule; by the first alone if it could not be started."""
    rules = _RULES[:1] if evidence.refusal else _RULES
    return tuple(Verdict(rule, tuple(complaints(evidence))) for rule, complaints in rules)


def _dialogue(evidence: Evidence) -> Iterator[str]:
    if evidence.refusal:
        yield evidence.refusal


def _link(evidence: Evidence) -> Iterator[str]:
    if evidence.loss:
        yield evidence.loss


def _signals(evidence: Evidence) -> Iterator[str]:
    for signal in evidence.signals:
        if not _track(evidence, signal.modality).frames:
            yield f"no samples of {signal.modality} came, although it is described"


def _format(evidence: Evidence) -> Iterator[str]:
    """Complain of each kind of error once, with its first text: most differ only in their numbers."""
    errors = [one.error for one in evidence.heard if one.error]
    first_of = {_without_digits(error): error for error in reversed(errors)}
    for kind, n in Counter(map(_without_digits, errors)).most_common(_MOST_REASONS):
        yield f"{n} of {len(evidence.heard)} packets were refused; the first: {first_of[kind]}"


def _numbers(evidence: Evidence) -> Iterator[str]:
    for signal in evidence.signals:
        frames = _track(evidence, signal.modality).frames
        if frames and frames[0].count:
            yield f"the first packet of {signal.modality} begins with sample {frames[0].count}, not 0"
        jumps = [frame.n_lost for frame in frames if frame.n_lost]
        if jumps:
            yield (
                f"{sum(jumps)} samples of {signal.modality} are missing, in {len(jumps)} places: packets were thrown "
                "away, or the number does not count samples"
            )


def _mtu(evidence: Evidence) -> Iterator[str]:
    """Complain of broken packets as long as the MTU allows: what is longer never arrives whole."""
    longest = evidence.mtu - _ATT_BYTES
    n_cut = sum(bool(one.error) and one.n_bytes == longest for one in evidence.heard)
    if n_cut:
        yield f"{n_cut} refused packets have {longest} bytes, the most that MTU {evidence.mtu} lets through: were they longer?"


def _rate(evidence: Evidence) -> Iterator[str]:
    for signal in evidence.signals:
        track = _track(evidence, signal.modality)
        elapsed_s = track.arrivals_s[-1] - track.arrivals_s[0] if track.frames else 0.0
        if track.frames and elapsed_s < _SHORTEST_S:
            yield f"{signal.modality} came for {elapsed_s:.1f} s only: too short to measure its rate"
        elif track.frames:
            rate_hz = float(track.ends[-1] - track.ends[0]) / elapsed_s
            if _is_off(rate_hz, signal.rate_hz):
                yield f"{signal.modality} comes at {rate_hz:.1f} Hz, but {signal.rate_hz:g} Hz are described"


def _clock(evidence: Evidence) -> Iterator[str]:
    """Complain of a time that does not follow the numbers; without numbers it only has to go on."""
    for signal in evidence.signals:
        track = _track(evidence, signal.modality)
        times_ns = [frame.device_ns for frame in track.frames if frame.device_ns is not None]
        n_back = sum(later <= earlier for earlier, later in pairwise(times_ns))
        if n_back:
            yield f"the time of {signal.modality} stood still or went back {n_back} times"
        elif len(times_ns) == len(track.frames) > 2 and track.frames[0].count is not None:  # noqa: PLR2004  # a line needs more
            yield from _strays(signal, track, np.array([time_ns - times_ns[0] for time_ns in times_ns]) * 1e-9)


def _strays(signal: Signal, track: "_Track", times_s: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Iterator[str]:
    period_s, offset_s = np.polyfit(track.ends, times_s, 1)
    if _is_off(1 / float(period_s), signal.rate_hz):
        yield (
            f"by its own time {signal.modality} runs at {1 / float(period_s):.4g} Hz, but {signal.rate_hz:g} Hz are "
            "described: is the time in microseconds, and that of the sample whose number is sent?"
        )
        return
    stray_s = float(np.abs(times_s - offset_s - period_s * track.ends).max())
    if stray_s > max(_STRAY_S, _STRAY_SAMPLES / signal.rate_hz):
        yield f"the time of {signal.modality} strays from its numbers by up to {1000 * stray_s:.1f} ms"


def _gravity(evidence: Evidence) -> Iterator[str]:
    low_g, high_g = _REST_G
    for signal in evidence.signals:
        samples = _track(evidence, signal.modality).samples
        if signal.unit is Unit.G and samples is not None:
            scales = np.array([channel.scale for channel in signal.channels])
            felt_g = float(np.median(np.linalg.norm(samples * scales, axis=1)))
            if not low_g <= felt_g <= high_g:
                yield f"at rest it feels {felt_g:.2f} g instead of 1 g: is the scale right, and did it lie still?"


def _electrodes(evidence: Evidence) -> Iterator[str]:
    for signal in evidence.signals:
        samples = _track(evidence, signal.modality).samples
        if signal.modality is Modality.ACCELEROMETER or samples is None:
            continue
        for channel, values in zip(signal.channels, samples.T, strict=True):
            at_limit = float(np.mean(np.abs(values) >= signal.limit))
            if not np.ptp(values):
                yield f"channel {channel.name} of {signal.modality} is constant at {values[0]}"
            elif at_limit > _MOST_AT_LIMIT:
                yield f"channel {channel.name} of {signal.modality} is at its limit {at_limit:.0%} of the time"


def _stop(evidence: Evidence) -> Iterator[str]:
    if evidence.loss:
        yield "could not be tried, as the link was lost"
    if evidence.n_after_stop:
        yield f"{evidence.n_after_stop} packets came long after the stop"


def _battery(evidence: Evidence) -> Iterator[str]:
    match tuple(evidence.battery):
        case ():
            yield "it has no battery service (180f, 2a19) that can be read"
        case (percent,) if percent <= _FULL_PERCENT:
            pass
        case _:
            yield f"its battery level reads {evidence.battery.hex(' ')}: one byte, 0 to 100 percent"


_RULES: tuple[tuple[str, Callable[[Evidence], Iterator[str]]], ...] = (
    ("It describes itself, and starts", _dialogue),
    ("It keeps the link", _link),
    ("It sends every signal", _signals),
    ("Its packets keep the format", _format),
    ("Its packets fit the MTU", _mtu),
    ("Its numbers have no gap", _numbers),
    ("Its rates are as described", _rate),
    ("Its times follow its numbers", _clock),
    ("It feels 1 g at rest", _gravity),
    ("Its electrodes are alive", _electrodes),
    ("It stops when told", _stop),
    ("It tells its battery", _battery),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Track:
    """The frames of one signal. ``ends`` counts the samples up to the end of each, those that were lost included."""

    frames: tuple[Frame, ...]
    arrivals_s: tuple[float, ...]
    ends: np.ndarray[tuple[int], np.dtype[np.int64]]
    samples: Samples | None


def _track(evidence: Evidence, modality: Modality) -> _Track:
    found = [(frame, one.arrival_s) for one in evidence.heard for frame in one.frames if frame.modality is modality]
    frames = tuple(frame for frame, _ in found)
    ends = np.cumsum([frame.n_lost + len(frame.samples) for frame in frames], dtype=np.int64)
    samples = np.concatenate([frame.samples for frame in frames]) if frames else None
    return _Track(frames, tuple(arrival_s for _, arrival_s in found), ends, samples)


def _is_off(rate_hz: float, described_hz: float) -> bool:
    return abs(rate_hz - described_hz) > _RATE_TOLERANCE * described_hz


def _without_digits(text: str) -> str:
    return "".join(letter for letter in text if not letter.isdigit())
