"""Events: what is told to viewers in JSON, each with its kind. Pure."""

from collections.abc import Sequence

import msgspec

from aquiver.body import Site
from aquiver.model import Glimpse, Message, Modality, Stream, Twitch, Unit
from dashboards.page.state import Tonight


class Event(msgspec.Struct, frozen=True, tag_field="kind"):
    """Something told to viewers."""


class StreamTold(msgspec.Struct, frozen=True):
    """A stream as a browser must know it to read its frames."""

    number: int
    device: str
    site: Site
    modality: Modality
    unit: Unit
    rate_hz: float
    channels: list[str]


class Streams(Event, frozen=True, tag="streams"):
    """All streams that frames may be of."""

    streams: list[StreamTold]


class Now(Event, frozen=True, tag="tonight"):
    """How tonight stands."""

    tonight: Tonight


class TwitchSeen(Event, frozen=True, tag="twitch"):
    """A twitch was found; where it is not final, no gate has judged it and it is not counted yet."""

    device: str
    site: Site
    modality: Modality
    channel: str
    onset_s: float
    peak_s: float
    duration_s: float
    amplitude: float
    unit: Unit
    is_final: bool


class Lost(Event, frozen=True, tag="lost"):
    """So many frames and events were too many for this viewer."""

    n: int


def streams_told(streams: Sequence[Stream]) -> Streams:
    """Tell of all streams; the number is the place in the list."""
    return Streams(
        [
            StreamTold(
                number=number,
                device=stream.device,
                site=stream.site,
                modality=stream.modality,
                unit=stream.signal.unit,
                rate_hz=stream.rate_hz,
                channels=[channel.name for channel in stream.signal.channels],
            )
            for number, stream in enumerate(streams)
        ]
    )


def event_of(message: Message) -> Event | None:
    """Give the event that a message is to a viewer; most are none, for they show in how tonight stands."""
    match message:
        case Twitch():
            return TwitchSeen(
                device=message.device,
                site=message.site,
                modality=message.modality,
                channel=message.channel,
                onset_s=message.onset_s,
                peak_s=message.peak_s,
                duration_s=message.duration_s,
                amplitude=message.amplitude,
                unit=message.unit,
                is_final=True,
            )
        case Glimpse():
            return TwitchSeen(
                device=message.device,
                site=message.site,
                modality=message.modality,
                channel=message.channel,
                onset_s=message.onset_s,
                peak_s=message.onset_s,
                duration_s=0.0,
                amplitude=message.amplitude,
                unit=message.unit,
                is_final=False,
            )
        case _:
            return None
