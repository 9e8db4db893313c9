"""What is said before a night: each sentence names what was seen, and what to do about it."""

from collections.abc import Mapping, Sequence

from aquiver.body import Site
from aquiver.model import Modality, SpanReason, Unit

READY = "Go: everything is ready for the night."
BATTERY_UNKNOWN = "does not tell its battery; charge it before the night"
BROKER = "messages go through"
STORE = "can be opened"
NOT_COUNTED_YET = "what the bands say has not reached the counts within two minutes; wait, and look again"

_SENSORS: Mapping[Modality, str] = {
    Modality.EMG: "electrodes",
    Modality.ACCELEROMETER: "accelerometer",
    Modality.ECG: "heart electrodes",
}
_NOT_WORN: Mapping[SpanReason, str] = {
    SpanReason.CONTACT: "nothing changes in what is heard: is it worn, snug, on dry skin?",
    SpanReason.SATURATED: "at the end of the range: is it worn, snug, and is nothing pulling at it?",
    SpanReason.NOISE: "too noisy: is it worn, snug, on dry clean skin, and away from chargers?",
    SpanReason.UNSUITABLE: "twitches cannot be counted in such a signal",
}
_GB = 1e9


def verdict(n_not_yet: int) -> str:
    """Say what it comes to.

    >>> verdict(0), verdict(1)
    ('Go: everything is ready for the night.', 'Not yet: 1 thing first, marked above.')
    """
    return f"Not yet: {n_not_yet} thing{'' if n_not_yet == 1 else 's'} first, marked above." if n_not_yet else READY


def short_verdict(n_not_yet: int) -> str:
    """Say what it comes to, where the findings stand below.

    >>> short_verdict(2)
    'Not yet: 2 things first.'
    """
    return verdict(n_not_yet).replace(", marked above", "")


def connected(site: Site) -> str:
    """Say that a band was heard, and where it should sit."""
    return f"connected, and streams; it should sit on the {site.words}"


def not_heard(reason: str) -> str:
    """Say that a band gave no samples."""
    return f"no samples came: {reason or 'it was not found'}"


def heard(modality: Modality) -> str:
    """Say that a signal comes that is not judged here."""
    return f"{_SENSORS[modality]}: heard"


def floor(modality: Modality, value: float, unit: Unit) -> str:
    """Say how quiet it is at rest.

    >>> floor(Modality.EMG, 2.345, Unit.MICROVOLT)
    'electrodes: contact, noise floor 2.3 uV'
    >>> floor(Modality.ACCELEROMETER, 0.0012, Unit.G)
    'accelerometer: alive, noise floor 0.0012 g (whether it is worn it cannot tell)'
    """
    if modality is Modality.ACCELEROMETER:
        return f"{_SENSORS[modality]}: alive, noise floor {value:.2g} {unit} (whether it is worn it cannot tell)"
    return f"{_SENSORS[modality]}: contact, noise floor {value:.2g} {unit}"


def not_worn(modality: Modality, reason: SpanReason) -> str:
    """Say why nothing could be counted on this band."""
    return f"{_SENSORS[modality]}: {_NOT_WORN[reason]}"


def moved(modality: Modality) -> str:
    """Say that the check saw mostly movement."""
    return f"{_SENSORS[modality]}: mostly movement was seen; check again lying still to see the noise floor"


def too_short(modality: Modality, judged_s: float) -> str:
    """Say that too little was heard."""
    return f"{_SENSORS[modality]}: only {judged_s:.0f} s could be judged; check again, for longer"


def stuck(modality: Modality, channels: Sequence[str]) -> str:
    """Say that channels stand at the end of their range."""
    return f"{_SENSORS[modality]}: {', '.join(channels)} stands at the end of its range, which is a fault of the sensor"


def loss(modality: Modality, share: float) -> str:
    """Say how much was lost by radio."""
    return f"{_SENSORS[modality]}: {share:.1%} lost by radio; bring this machine nearer to the bed"


def malformed(n: int, reason: str) -> str:
    """Say that packets broke the format."""
    return f"{n} packets broke the format{f' ({reason})' if reason else ''}"


def battery(percent: float, left_h: float, full_h: float, night_h: float) -> str:
    """Say how long a battery may last.

    >>> battery(50, 6.0, 12.0, 8.0)
    'battery 50 %: about 6 h, at 12 h from full; morning is 8 h away; charge it'
    """
    end = "" if left_h >= night_h else "; charge it"
    return f"battery {percent:.0f} %: about {left_h:.0f} h, at {full_h:g} h from full; morning is {night_h:.0f} h away{end}"


def disk(free_bytes: int, needed_bytes: int, *, is_room: bool) -> str:
    """Say whether the night fits on the disk.

    >>> disk(20_000_000_000, 500_000_000, is_room=True)
    '20.0 GB free; the night needs up to 0.5 GB'
    """
    end = "" if is_room else "; make room"
    return f"{free_bytes / _GB:.1f} GB free; the night needs up to {needed_bytes / _GB:.1f} GB{end}"


def clock(local_time: str) -> str:
    """Say what time it is, so that a person sees whether it is right."""
    return f"it is {local_time}"


def clock_set(step_s: float) -> str:
    """Say that the clock was set during the check."""
    return f"the clock was set by {step_s:+.1f} s during the check; check again when it is steady"


def clock_behind(local_time: str) -> str:
    """Say that there are records from the future."""
    return f"it says {local_time}, and there are records of a later time: set the clock"


def chain(chain_s: float) -> str:
    """Say that a test event went the whole way."""
    return f"a test twitch went through broker, detector and store in {chain_s:.1f} s"


def counted(age_s: float) -> str:
    """Say that samples become counts, in a night that runs.

    >>> counted(12.4)
    'what the bands say reaches the counts; the newest minute counted is 12 s old'
    """
    return f"what the bands say reaches the counts; the newest minute counted is {age_s:.0f} s old"
