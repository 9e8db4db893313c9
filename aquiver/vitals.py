"""Vitals: from statuses and decisions to marks of how each band does, a few a minute. Pure; the time is given."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aquiver.model import BandState, Mark, MarkKind, Message, Modality, Period, Status, StreamStatus, Tally, Twitch
from aquiver.nights import night_of

EVERY_S = 30.0  # 2,880 marks of a stream in a day; a change of state is marked at once
ANXIOUS_S = 10.0  # while a band is silent for as long, or does not stream
_MINUTE_S = 60.0
_Stream = tuple[str, str, Modality | None]  # wearer, device, modality


@dataclass(slots=True)
class _Followed:
    """What is remembered of one stream."""

    first_s: float
    marked_s: float | None = None
    state: BandState | None = None
    delay_s: float | None = None


class Vitals:
    """Follow every band. A mark stands at the time of the status it is made from, so that the same one makes it again."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._followed: dict[_Stream, _Followed] = {}

    def feed(self, message: Message, now_s: float) -> list[Mark]:
        """Take a message that was heard at ``now_s``; give what there is to draw."""
        match message:
            case Status():
                streams: list[tuple[Modality | None, StreamStatus | None]] = [*message.streams.items()]
                marks = [self._mark(message, modality, stream) for modality, stream in streams or [(None, None)]]
                return [mark for mark in marks if mark is not None]
            case Tally(period=Period.MINUTE, is_final=True):
                self._note_delay(message, now_s - message.start_s - _MINUTE_S)
            case Twitch():
                self._note_delay(message, now_s - message.onset_s)
        return []

    def _note_delay(self, record: Tally | Twitch, delay_s: float) -> None:
        """Remember how old the newest decision about a stream was when it came here."""
        followed = self._followed.get((record.wearer, record.device, record.modality))
        if followed is not None:
            followed.delay_s = max(0.0, delay_s)

    def _mark(self, status: Status, modality: Modality | None, stream: StreamStatus | None) -> Mark | None:
        key = status.wearer, status.device, modality
        followed = self._followed.setdefault(key, _Followed(status.time_s))
        numbers = _of_band(status) | _of_stream(status, stream, followed.first_s)
        if not _is_due(followed, status, numbers["silent_s"]):
            return None
        delay_s, followed.delay_s = followed.delay_s, None
        followed.marked_s, followed.state = status.time_s, status.state
        return Mark(
            kind=MarkKind.BAND,
            wearer=status.wearer,
            night=night_of(status.time_s, self._zone),
            time_s=status.time_s,
            site=status.site,
            region=status.site.region,
            device=status.device,
            modality=modality,
            numbers=numbers | {"delay_s": delay_s},
            words={"state": status.state, "reason": status.reason},
        )


def _is_due(followed: _Followed, status: Status, silent_s: float | None) -> bool:
    if followed.marked_s is None or status.state is not followed.state:
        return True
    is_well = status.state is BandState.STREAMING and silent_s is not None and silent_s < ANXIOUS_S
    every_s = EVERY_S if is_well else ANXIOUS_S
    return not 0.0 <= status.time_s - followed.marked_s < every_s  # a clock that was set back begins anew


def _of_band(status: Status) -> dict[str, float | None]:
    return {
        "is_running": float(status.state is not BandState.ENDED),
        "battery_percent": status.battery_percent,
        "rssi_dbm": status.rssi_dbm,
        "n_malformed": float(status.n_malformed),
        "n_waiting": float(status.n_waiting),
    }


def _of_stream(status: Status, stream: StreamStatus | None, first_s: float) -> dict[str, float | None]:
    newest_s = None if stream is None else stream.newest_sample_s
    is_ended = status.state is BandState.ENDED
    numbers: dict[str, float | None] = {
        "silent_s": None if is_ended else max(0.0, status.time_s - (first_s if newest_s is None else newest_s)),
        "newest_ms": None if newest_s is None else newest_s * 1000.0,
    }
    if stream is None:
        return numbers
    return numbers | {
        "n_samples": float(stream.n_samples),
        "n_lost": float(stream.n_lost),
        "n_stuck": float(stream.n_stuck),
        "residual_s": stream.residual_s,
    }
