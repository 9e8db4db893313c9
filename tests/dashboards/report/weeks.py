"""Weeks of nights for the page: stories with known counts, kept as a data folder would keep them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from aquiver.body import Site
from aquiver.model import (
    Channel,
    Chunk,
    Clock,
    Label,
    Modality,
    Note,
    Period,
    Signal,
    SpanReason,
    Stream,
    Subject,
    Tally,
    Twitch,
    Unit,
)
from aquiver.nights import start_of
from aquiver.recording import RecordingWriter
from aquiver.store import open_store

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 8, 31)
EMG = Signal(Modality.EMG, 500.0, Unit.MICROVOLT, 32_000, (Channel("1", 0.5), Channel("2", 0.5)))


@dataclass(frozen=True, slots=True)
class Story:
    """What happens on one site: twitches an hour on each night, from a night on, and the nights it was not worn."""

    site: Site
    rate_per_hour: float
    from_night: int = 0
    before_per_hour: float = 1.0
    growth_per_4_weeks: float = 1.0
    away: tuple[int, ...] = ()
    short: tuple[int, ...] = ()


SIX = (
    Story(Site.LEFT_CALF, 45.0, away=tuple(range(33, 40)), short=(5, 61)),
    Story(Site.RIGHT_CALF, 60.0, from_night=60, away=tuple(range(33, 40))),
    Story(Site.RIGHT_HAND, 55.0, away=tuple(range(33, 40))),
    Story(Site.RIGHT_FOREARM, 38.0, from_night=30, growth_per_4_weeks=1.6, away=tuple(range(33, 40))),
    Story(Site.LEFT_UPPER_ARM, 2.0, away=tuple(range(28))),
    Story(Site.LEFT_THIGH, 3.0, away=tuple(range(70, 84))),
)


def night_name(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def tell(
    folder: Path,
    stories: Sequence[Story],
    wearer: str = "me",
    n_nights: int = 84,
    n_recorded: int = 0,
    *,
    diary: bool = True,
) -> Path:
    """Keep the nights of stories; the last ``n_recorded`` nights have raw samples of ten seconds."""
    folder.mkdir(exist_ok=True)
    store = open_store("sqlite:", folder)
    for number, story in enumerate(stories):
        rng = np.random.default_rng([number, len(wearer)])
        for at in range(n_nights):
            if at not in story.away:
                store.write([_tally(story, wearer, at, rng)])
        for at in range(n_nights - n_recorded, n_nights):
            if at not in story.away:
                store.write(_recorded(folder, story, wearer, at, rng))
    store.write(_notes(wearer, n_nights) if diary else [])
    store.close()
    return folder


def _tally(story: Story, wearer: str, at: int, rng: np.random.Generator) -> Tally:
    hours = 0.8 if at in story.short else float(rng.uniform(5.0, 8.0))
    grown = story.rate_per_hour * story.growth_per_4_weeks ** ((at - story.from_night) / 28)
    rate = (grown if at >= story.from_night else story.before_per_hour) * float(np.exp(rng.normal(0.0, 0.3)))
    night = night_name(at)
    return Tally(
        wearer=wearer,
        device=f"band-{story.site.value}".replace("_", "-"),
        site=story.site,
        modality=Modality.EMG,
        night=night,
        period=Period.NIGHT,
        start_s=start_of(night, BERLIN),
        analysable_s=hours * 3600,
        excluded_s={SpanReason.MOVEMENT: 2400.0, SpanReason.WARM_UP: 5.0},
        n_twitches=int(rng.poisson(rate * hours)),
        floor=2.1,
        unit=Unit.MICROVOLT,
        is_final=True,
        zone="Europe/Berlin",
    )


def _recorded(folder: Path, story: Story, wearer: str, at: int, rng: np.random.Generator) -> list[Twitch]:
    """Record ten seconds with a twitch every second, of growing size."""
    night, device = night_name(at), f"band-{story.site.value}".replace("_", "-")
    stream = Stream(wearer, device, story.site, EMG)
    start_s = start_of(night, BERLIN) + 11 * 3600.0
    values = rng.normal(0.0, 6.0, (5000, 2))
    time = np.arange(75) / 500.0
    sizes = np.geomspace(40.0, 300.0, 9)
    for number, size in enumerate(sizes, start=1):
        wave = size * np.sin(2 * np.pi * 38 * time) * np.exp(-((time - 0.02) ** 2) / 1.6e-4)
        values[number * 500 : number * 500 + 75, 0] += wave / 0.5
    path = folder / "recordings" / night / f"{story.site}-{device}.edf"
    path.parent.mkdir(parents=True, exist_ok=True)
    chunk = Chunk(stream, f"run-{at}", 0, 0, Clock(0, start_s, 500.0), np.round(values).astype(np.int32), is_last=True)
    with RecordingWriter.create(path, (stream,), start_s, BERLIN) as writer:
        writer.append(chunk)
    return [
        Twitch(
            wearer=wearer,
            device=device,
            site=story.site,
            modality=Modality.EMG,
            night=night,
            run=f"run-{at}",
            sample=number * 500,
            onset_s=start_s + number,
            duration_s=0.04,
            peak_s=start_s + number + 0.01,
            channel="1",
            amplitude=float(size) * 1.6,
            unit=Unit.MICROVOLT,
            snr=8.0,
            label=Label.ISOLATED,
        )
        for number, size in enumerate(sizes, start=1)
    ]


def _notes(wearer: str, n_nights: int) -> list[Note]:
    said = [
        *((at, Subject.CAFFEINE, 2.0 + at % 2, None) for at in range(0, n_nights, 2)),
        *((at, Subject.SLEEP, 6.5, None) for at in range(0, n_nights, 3)),
        (n_nights // 2, Subject.WEAKNESS, 1.0, Site.RIGHT_HAND),
        (n_nights - 2, Subject.WEAKNESS, 1.0, Site.RIGHT_HAND),
        (n_nights - 4, Subject.CRAMPS, 1.0, Site.LEFT_CALF),
    ]
    made = []
    for number, (at, subject, amount, site) in enumerate(said):
        night = night_name(at)
        made.append(
            Note(wearer, f"{wearer}-{number}", start_of(night, BERLIN), night, subject, amount, subject.value, site)
        )
    return made
