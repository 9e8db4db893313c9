"""A data folder with nights of two wearers: records in the store, and recordings of what was worn."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from aquiver.model import Chunk, Clock, Modality, Span, SpanReason, Stream, Tally, Twitch
from aquiver.shelf import Shelf
from aquiver.store import open_store
from tests.samples import NIGHT, NOW_S, a_chunk, a_signal, a_span, a_stream, a_tally, a_twitch

DAY_S = 86_400.0
OLDER = "2026-11-21"
UTC = ZoneInfo("UTC")


def records(wearer: str = "me") -> list[Twitch | Span | Tally]:
    """Give two nights: the older has one minute, the newer two and an hour, twitches and a span."""
    made = [
        a_tally(NOW_S - DAY_S, n_twitches=1, night=OLDER),
        a_tally(NOW_S, n_twitches=3),
        replace(a_tally(NOW_S + 60, n_twitches=2), excluded_s={SpanReason.GAP: 0.1, SpanReason.HEART: 9.9}),
        a_twitch(100, NOW_S + 0.5),
        replace(a_twitch(700, NOW_S + 3.5), snr=7.123456789, channel='2, "the other"'),
        replace(a_span(NOW_S + 1.0, 0.5), sample=200),
        replace(a_span(NOW_S + 2.0, 0.5, SpanReason.GAP), sample=400),
    ]
    return [replace(one, wearer=wearer, device=f"band-{wearer}") for one in made]


def keep(folder: Path, *wearers: str) -> Path:
    """Fill a data folder's store."""
    folder.mkdir(exist_ok=True)
    store = open_store("sqlite:", folder)
    for wearer in wearers or ("me",):
        store.write(records(wearer))
    store.close()
    return folder


def record_raw(folder: Path, *wearers: str) -> Path:
    """Put eight seconds of each wearer's newer night on the shelf; samples 400 to 499 were lost."""
    shelf = Shelf(folder / "recordings", UTC)
    for wearer in wearers or ("me",):
        for chunk in chunks(wearer):
            shelf.put(chunk)
    shelf.close()
    return folder


def stream_of(wearer: str) -> Stream:
    return replace(a_stream(device=f"band-{wearer}"), wearer=wearer)


def chunks(wearer: str) -> list[Chunk]:
    stream = stream_of(wearer)
    made = [a_chunk(first, n=100, stream=stream) for first in range(0, 1600, 100) if first != 400]
    return [replace(one, follows=400) if one.first_sample == 500 else one for one in made]


def other_signals(wearer: str) -> list[Chunk]:
    """Give the band after it came back with four channels: a second recording of the night."""
    stream = replace(stream_of(wearer), signal=a_signal(n_channels=4))
    clock = Clock(0, NOW_S + 20.0, stream.rate_hz)
    return [replace(a_chunk(first, n=100, stream=stream), run="run-2", clock=clock) for first in range(0, 800, 100)]


__all__ = ["NIGHT", "NOW_S", "Modality"]
