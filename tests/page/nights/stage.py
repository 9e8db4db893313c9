"""A data folder for the pages of nights: a story of months, and one night that was recorded and decided in truth."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from aquiver.body import Site
from aquiver.model import Chunk, Clock, Fault, FaultKind, Link, Note, Record, Stream, Subject, Tally, Twitch
from aquiver.nights import start_of
from aquiver.recording import RecordingWriter, open_recording
from aquiver.settings import Settings
from aquiver.store import Store, open_store
from collector.opening import HABITS
from collector.simulation.body import Body
from collector.sources.simulated import SIGNALS
from collector.stories.table import STORIES
from detector.offline import decide

WEARER = "story"
BERLIN = ZoneInfo("Europe/Berlin")
LAST = date(2026, 11, 22)  # the night that was recorded; the story ends the night before
NIGHT = LAST.isoformat()
NOW_S = start_of(NIGHT, BERLIN) + 19.5 * 3600.0  # half past seven, the morning after
_BED_S = 11.0 * 3600.0  # after noon
_STEP_S = 10.0


@dataclass(frozen=True, slots=True)
class Band:
    """A band in the recorded night. From ``lost_s`` on for a while nothing of it arrived."""

    site: Site
    signal: str
    device: str
    lost_s: float = 0.0
    lost_for_s: float = 0.0


CALF = Band(Site.RIGHT_CALF, "emg-1000", "band-calf", 120.0, 70.0)
FOREARM = Band(Site.RIGHT_FOREARM, "acc-polar", "band-forearm")


def set_stage(
    folder: Path, story: str = "spread", n_nights: int = 120, minutes: float = 6.0, bands: tuple[Band, ...] = (CALF,)
) -> Settings:
    """Fill a folder, and give the settings for it."""
    settings = Settings(wearer=WEARER, timezone=BERLIN.key, data=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    store = open_store("sqlite:", folder)
    told = replace(STORIES[story](n_nights, 3), first_night=LAST - timedelta(days=n_nights))
    store.write([_mine(one) for one in told.tell(3)])
    for number, band in enumerate(bands):
        _record(folder, store, band, minutes, 40 + number)
    store.write(_diary(n_nights))
    store.write([_fault()])
    store.close()
    return settings


def _mine(tally: Tally) -> Tally:
    return replace(tally, wearer=WEARER)


def _record(folder: Path, store: Store, band: Band, minutes: float, seed: int) -> None:
    """Simulate a body, record it, and decide what was recorded as a night would."""
    body, signal = Body(seed, HABITS["night"]), SIGNALS[band.signal]
    stream = Stream(WEARER, band.device, band.site, signal)
    start_s = start_of(NIGHT, BERLIN) + _BED_S
    path = folder / "recordings" / NIGHT / f"{band.site}-{band.device}.edf"
    path.parent.mkdir(parents=True, exist_ok=True)
    with RecordingWriter.create(path, (stream,), start_s, BERLIN) as writer:
        for chunk in _chunks(body, stream, start_s, band, minutes * 60.0):
            writer.append(chunk)
    store.write(_lasting(decide(open_recording(path).chunks(), BERLIN)))


def _chunks(body: Body, stream: Stream, start_s: float, band: Band, length_s: float):
    n = round(_STEP_S * stream.rate_hz)
    n_steps, follows = round(length_s / _STEP_S), 0
    for step in range(n_steps):
        if band.lost_s <= step * _STEP_S < band.lost_s + band.lost_for_s:
            continue
        samples = body.sense(stream.site, stream.signal, start_s, step * n, n)
        clock = Clock(0, start_s, stream.rate_hz)
        yield Chunk(stream, "run-1", step * n, follows, clock, samples.astype(np.int32), step == n_steps - 1)
        follows = (step + 1) * n


def _lasting(records) -> list[Record]:
    """Keep the last tally of each period, as the store does, so that writing takes no time."""
    kept = {}
    for one in records:
        if isinstance(one, Tally):
            kept[one.device, one.modality, one.period, one.start_s] = one
        elif isinstance(one, Twitch):
            kept[one.device, one.modality, one.run, one.sample, one.channel] = one
    return list(kept.values())


def _diary(n_nights: int) -> list[Note]:
    said = [
        *((back, Subject.CAFFEINE, float(back % 3), None) for back in range(1, min(n_nights, 9))),
        *((back, Subject.SLEEP, 6.0 + back % 4 / 2, None) for back in range(1, min(n_nights, 9), 2)),
        (0, Subject.CAFFEINE, 2.0, None),
        (0, Subject.WATER, 6.0, None),
        (0, Subject.STRETCHING, 10.0, None),
        (2, Subject.CRAMPS, 1.0, Site.RIGHT_CALF),
    ]
    return [_note(number, *one) for number, one in enumerate(said)]


def _note(number: int, back: int, subject: Subject, amount: float, site: Site | None) -> Note:
    night = (LAST - timedelta(days=back)).isoformat()
    time_s = start_of(night, BERLIN) - 4 * 3600.0 + 60.0 * number
    words = " ".join(filter(None, (subject.value, f"{amount:g}", site.words if site else "")))
    return Note(WEARER, f"told-{number}", time_s, night, subject, amount, words, site)


def _fault() -> Fault:
    since_s = start_of(NIGHT, BERLIN) + _BED_S + CALF.lost_s
    return Fault(
        *(WEARER, NIGHT, "collector", Link.SENSOR, FaultKind.OUT_OF_REACH, CALF.device, CALF.site),
        *(since_s, since_s + CALF.lost_for_s, ""),
    )
