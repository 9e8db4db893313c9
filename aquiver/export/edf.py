"""EDF+: the recordings of nights for other programs, with all twitches and all time that was set aside as annotations.

The recordings in use cannot promise that: a twitch that was found late, after its band had come back with other
signals, is in the store alone. What is annotated here comes from the store.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aquiver.errors import RecordingError
from aquiver.model import Span, SpanReason, Twitch
from aquiver.recording import Annotation, Recording, open_recording
from aquiver.recording.fair_copy import Axis, axis_of, gaps_of, write_fair_copy


@dataclass(frozen=True, slots=True)
class Placed:
    """The annotations of one recording, by kind."""

    twitches: list[Annotation]
    spans: list[Annotation]
    gaps: list[Annotation]


@dataclass(frozen=True, slots=True)
class Shelved:
    """The recordings of one wearer's night, and what could not be read of the night's folder, in words."""

    recordings: tuple[Recording, ...]
    troubles: tuple[str, ...]


def shelved(folder: Path, night: str, wearer: str) -> Shelved:
    """Open the recordings of one wearer's night; those of others in the same folder are left alone."""
    found: list[Recording] = []
    troubles: list[str] = []
    for path in sorted((folder / night).glob("*.edf")):
        try:
            found.append(open_recording(path))
        except RecordingError as error:
            troubles.append(str(error))
    mine = (one for one in found if any(stream.wearer == wearer for stream in one.streams))
    return Shelved(tuple(mine), tuple(troubles))


def copy_recording(recording: Recording, folder: Path, twitches: Sequence[Twitch], spans: Sequence[Span]) -> int:
    """Write the fair copy of a recording into a folder, and give the number of its twitches.

    ``twitches`` and ``spans`` are all of its night.
    """
    placed = annotations_for(recording, twitches, spans)
    name = recording.path.stem + (".bdf" if recording.header.is_bdf else ".edf")
    write_fair_copy(recording, folder / name, [*placed.twitches, *placed.spans, *placed.gaps])
    return len(placed.twitches)


def annotations_for(recording: Recording, twitches: Iterable[Twitch], spans: Iterable[Span]) -> Placed:
    """Put a night's twitches and spans on a recording's axis; those of other recordings are left out.

    Gaps are those of the file itself, so that they fit its samples exactly.
    """
    axis = axis_of(recording)
    sources = {(stream.wearer, stream.device, stream.modality) for stream in recording.streams}
    mine = (one for one in twitches if (one.wearer, one.device, one.modality) in sources)
    others = (one for one in spans if (one.wearer, one.device, one.modality) in sources)
    judged = (one for one in others if one.reason is not SpanReason.GAP)
    return Placed(list(_twitches(axis, mine)), list(_spans(axis, judged)), list(gaps_of(axis)))


def _twitches(axis: Axis, twitches: Iterable[Twitch]) -> Iterator[Annotation]:
    for one in twitches:
        at_s = axis.seconds(one.modality, one.run, one.sample)
        if at_s is not None:
            text = f"twitch {one.site} {one.channel} snr {one.snr:.1f} {one.label}"
            yield Annotation(at_s, one.duration_s, text)


def _spans(axis: Axis, spans: Iterable[Span]) -> Iterator[Annotation]:
    for one in spans:
        at_s = axis.seconds(one.modality, one.run, one.sample)
        if at_s is not None:
            yield Annotation(at_s, one.stop_s - one.start_s, f"excluded {one.reason} {one.modality}")
