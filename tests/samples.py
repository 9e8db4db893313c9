"""Values for tests: one of each kind, with what matters as an argument."""

from datetime import date, timedelta

import numpy as np

from aquiver.body import Region, Site
from aquiver.model import (
    Answer,
    BandState,
    Block,
    Channel,
    Chunk,
    Clock,
    Entry,
    Experiment,
    Fault,
    FaultKind,
    Glimpse,
    Heard,
    Heartbeat,
    Label,
    Link,
    Mark,
    MarkKind,
    Modality,
    Note,
    Notice,
    NoticeKind,
    NoticeState,
    Period,
    Receipt,
    ServiceState,
    Signal,
    Span,
    SpanReason,
    Status,
    Stream,
    StreamStatus,
    Subject,
    Tally,
    Trial,
    Twitch,
    Unit,
    Verb,
)

NOW_S = 1_795_388_400.0  # 2026-11-22 23:00 UTC
NIGHT = "2026-11-22"


def a_signal(n_channels: int = 2, rate_hz: float = 200.0, limit: int = 128) -> Signal:
    channels = tuple(Channel(str(number)) for number in range(1, n_channels + 1))
    return Signal(Modality.EMG, rate_hz, Unit.COUNT, limit, channels)


def a_stream(signal: Signal | None = None, device: str = "band-1") -> Stream:
    return Stream("me", device, Site.LEFT_CALF, signal or a_signal())


def a_chunk(first_sample: int = 0, follows: int | None = None, n: int = 20, stream: Stream | None = None) -> Chunk:
    stream = stream or a_stream()
    shape = (n, len(stream.signal.channels))
    samples = (np.arange(n * shape[1], dtype=np.int32).reshape(shape) + first_sample) % stream.signal.limit
    clock = Clock(0, NOW_S, stream.rate_hz)
    return Chunk(stream, "run-1", first_sample, first_sample if follows is None else follows, clock, samples)


def a_twitch(sample: int = 100, onset_s: float = NOW_S, wearer: str = "me", device: str = "band-1") -> Twitch:
    return Twitch(
        wearer=wearer,
        device=device,
        site=Site.LEFT_CALF,
        modality=Modality.EMG,
        night=NIGHT,
        run="run-1",
        sample=sample,
        onset_s=onset_s,
        duration_s=0.012,
        peak_s=onset_s + 0.006,
        channel="1",
        amplitude=60.0,
        unit=Unit.COUNT,
        snr=12.0,
        label=Label.ISOLATED,
    )


def a_glimpse(onset_s: float = NOW_S) -> Glimpse:
    return Glimpse("me", "band-1", Site.LEFT_CALF, Modality.EMG, onset_s, "1", 60.0, Unit.COUNT)


def a_span(start_s: float = NOW_S, length_s: float = 2.0, reason: SpanReason = SpanReason.MOVEMENT) -> Span:
    return Span(
        wearer="me",
        device="band-1",
        site=Site.LEFT_CALF,
        modality=Modality.EMG,
        night=NIGHT,
        run="run-1",
        sample=0,
        start_s=start_s,
        stop_s=start_s + length_s,
        reason=reason,
    )


def a_tally(
    start_s: float = NOW_S,
    n_twitches: int = 3,
    analysable_s: float = 50.0,
    period: Period = Period.MINUTE,
    night: str = NIGHT,
    *,
    is_final: bool = True,
) -> Tally:
    return Tally(
        wearer="me",
        device="band-1",
        site=Site.LEFT_CALF,
        modality=Modality.EMG,
        night=night,
        period=period,
        start_s=start_s,
        analysable_s=analysable_s,
        excluded_s={SpanReason.MOVEMENT: 10.0},
        n_twitches=n_twitches,
        floor=1.5,
        unit=Unit.COUNT,
        is_final=is_final,
    )


def a_status(n_malformed: int = 0, newest_s: float | None = NOW_S, state: BandState = BandState.STREAMING) -> Status:
    return Status(
        wearer="me",
        device="band-1",
        site=Site.LEFT_CALF,
        time_s=NOW_S,
        state=state,
        reason="",
        battery_percent=80.0,
        n_malformed=n_malformed,
        streams={Modality.EMG: StreamStatus(newest_s, 1000, 4, 0.002)},
    )


def a_note(
    subject: Subject = Subject.CAFFEINE,
    amount: float | None = 2.0,
    *,
    time_s: float = NOW_S,
    night: str = NIGHT,
    site: Site | None = None,
    id_: str = "n1",
    wearer: str = "me",
    is_removed: bool = False,
) -> Note:
    return Note(wearer, id_, time_s, night, subject, amount, f"{subject} {amount}", site, is_removed)


def an_answer(
    verb: Verb = Verb.SNOOZE,
    about: str = "changed",
    time_s: float = NOW_S,
    until_s: float | None = None,
    *,
    wearer: str = "me",
    id_: str | None = None,
) -> Answer:
    return Answer(wearer, id_ or f"{verb}-{about}-{time_s:.0f}", time_s, verb, about, until_s)


def an_entry(words: str = "coffee 2", time_s: float | None = NOW_S, wearer: str = "me") -> Entry:
    return Entry(wearer, "phone", words, time_s)


def a_heard() -> Heard:
    return Heard("me", "phone", "coffee 2", is_kept=True, said="kept: caffeine, 2 cups")


def a_notice(night: str = NIGHT, kind: NoticeKind = NoticeKind.PERSISTENT, wearer: str = "me") -> Notice:
    receipt = Receipt("10 of 14", Modality.EMG, (NIGHT,), (NIGHT,), 21_600.0, 400, {"of_nights": 14.0}, {"rate": 66.7})
    return Notice(wearer, kind, NoticeState.BEGAN, Site.LEFT_CALF, Region.LUMBOSACRAL, night, NOW_S - 39_600.0, receipt)


def a_trial(wearer: str = "me", first_night: str = "2026-11-23", *, is_stopped: bool = False) -> Trial:
    """Lay out three pairs of blocks of three nights, each with the factor first."""
    start = date.fromisoformat(first_night)
    blocks = tuple(
        Block((start + timedelta(days=3 * number)).isoformat(), 3, 1, is_on=number % 2 == 0) for number in range(6)
    )
    experiment = Experiment(wearer, "caffeine", Site.LEFT_CALF, Modality.EMG, 7, blocks)
    return Trial(wearer, "caffeine-1", NOW_S, experiment, is_stopped)


def a_fault(reporter: str = "view", kind: FaultKind = FaultKind.SILENT, until_s: float | None = None) -> Fault:
    return Fault(
        wearer="me",
        night=NIGHT,
        reporter=reporter,
        link=Link.SENSOR,
        kind=kind,
        subject="band-1",
        site=Site.LEFT_CALF,
        since_s=NOW_S,
        until_s=until_s,
        reason="",
    )


def a_heartbeat(service: str, time_s: float = NOW_S, state: ServiceState = ServiceState.RUNNING) -> Heartbeat:
    return Heartbeat(service, f"{service}-1", time_s, state)


def a_mark(kind: MarkKind = MarkKind.BAND, time_s: float = NOW_S, wearer: str = "me", **numbers: float | None) -> Mark:
    return Mark(
        kind=kind,
        wearer=wearer,
        night=NIGHT,
        time_s=time_s,
        site=Site.LEFT_CALF,
        region=Region.LUMBOSACRAL,
        numbers=numbers or {"n": 1.0},
        words={"state": "streaming"},
    )
