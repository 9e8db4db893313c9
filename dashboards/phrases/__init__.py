"""Every sentence a wearer can be shown. They say what a sensor saw, and nothing else (tests hold the list of words)."""

from collections.abc import Mapping

from aquiver.model import BandState, Modality, SpanReason

TWITCHES: Mapping[Modality, str] = {
    Modality.EMG: "twitches",
    Modality.ACCELEROMETER: "visible twitches",
    Modality.ECG: "heartbeats",
}
STATES: Mapping[BandState, str] = {
    BandState.SEARCHING: "looking for the band",
    BandState.CONNECTING: "connecting",
    BandState.STREAMING: "streaming",
    BandState.LOST: "lost, trying again",
    BandState.ENDED: "ended",
}
REASONS: Mapping[SpanReason, str] = {
    SpanReason.WARM_UP: "settling in",
    SpanReason.GAP: "no samples",
    SpanReason.MOVEMENT: "movement",
    SpanReason.CONTACT: "no contact",
    SpanReason.SATURATED: "over range",
    SpanReason.NOISE: "too noisy",
    SpanReason.HEART: "heartbeat",
    SpanReason.EDGE: "broken off",
    SpanReason.UNSUITABLE: "not a signal for twitches",
}
NOT_MEASURED = "not measured"
TOO_EARLY = "too early to say"
RATE_TOO_EARLY = "too early to say how many an hour"
TOO_LITTLE = "too little data to say"
NO_NIGHT = "No night has been recorded yet. Start one with: aquiver night"
UNIT_OF_RATE = "per analysable hour"
_LEAST_SHOWN_S = 0.5  # less would read as 0 s


def age(age_s: float) -> str:
    """Say how old the newest sample is.

    >>> age(0.4), age(42.0), age(180.0)
    ('now', 'no samples for 42 s', 'no samples for 3 min')
    """
    fresh_s, seconds_until_s = 3.0, 120.0
    if age_s < fresh_s:
        return "now"
    return f"no samples for {age_s:.0f} s" if age_s < seconds_until_s else f"no samples for {age_s / 60:.0f} min"


def duration(duration_s: float) -> str:
    """Say a length of time.

    >>> duration(42.0), duration(600.0), duration(7 * 3600 + 120)
    ('42 s', '10 min', '7 h 02 min')
    """
    minute_s, long_s, hour_s = 60, 120, 3600
    if duration_s < long_s:
        return f"{duration_s:.0f} s"
    if duration_s < hour_s:
        return f"{duration_s / minute_s:.0f} min"
    return f"{duration_s // hour_s:.0f} h {duration_s % hour_s // minute_s:02.0f} min"


def excluded(excluded_s: Mapping[SpanReason, float]) -> str:
    """Say what time was set aside, longest first.

    >>> excluded({SpanReason.GAP: 3.0, SpanReason.MOVEMENT: 200.0})
    'movement 3 min, no samples 3 s'
    """
    longest_first = sorted(excluded_s.items(), key=lambda item: -item[1])
    shown = ((reason, length_s) for reason, length_s in longest_first if length_s >= _LEAST_SHOWN_S)
    return ", ".join(f"{REASONS[reason]} {duration(length_s)}" for reason, length_s in shown)


def count(n_twitches: int, modality: Modality) -> str:
    """Say a count.

    >>> count(1, Modality.EMG), count(3, Modality.ACCELEROMETER)
    ('1 twitch', '3 visible twitches')
    """
    words = TWITCHES[modality]
    return f"{n_twitches} {words.replace('twitches', 'twitch') if n_twitches == 1 else words}"


def foreign(n_messages: int, last: str) -> str:
    """Say that others speak under our topics.

    >>> foreign(1, "aquiver/v1/x: not a topic of ours")
    '1 foreign message set aside; last: aquiver/v1/x: not a topic of ours'
    """
    longest = 100
    return f"{n_messages} foreign message{'' if n_messages == 1 else 's'} set aside; last: {last[:longest]}"
