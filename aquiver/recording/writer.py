"""The recording writer: an EDF+ or BDF+ file that grows with the night, and survives the end of its writer.

Every sample has a fixed place (see ``plan``), so a chunk is written in place as it arrives: first the facts that
describe it, then its samples, then how far the stream reaches. Once ``append`` has returned the operating system
has all of it; a power cut may cost the last seconds.
"""

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from aquiver.errors import RecordingError
from aquiver.model import Chunk, Stream, Twitch
from aquiver.recording.edf import write_header
from aquiver.recording.facts import Description, Fact, GapFact, is_fact, write_description, write_fact
from aquiver.recording.integers import range_of
from aquiver.recording.log import Log
from aquiver.recording.ours import annotations_in, facts_in, through_of
from aquiver.recording.plan import draw
from aquiver.recording.reader import open_recording
from aquiver.recording.records import RecordFile
from aquiver.recording.sheet import Sheet
from aquiver.recording.tal import Annotation, as_read
from aquiver.recording.track import Track


class RecordingWriter:
    """Append the chunks of one device's streams, and the twitches found in them, to a file.

    Streams advance independently. A chunk or twitch that is in the file already is not written again, so after a
    crash the sender may go back as far as it likes.
    """

    def __init__(self, sheet: Sheet, log: Log, tracks: tuple[Track, ...], marks: set[Annotation]) -> None:
        self._sheet = sheet
        self._log = log
        self._tracks = {track.lane.stream: track for track in tracks}
        self._marks = marks

    @classmethod
    def create(cls, path: Path, streams: tuple[Stream, ...], start_s: float, zone: ZoneInfo) -> "RecordingWriter":
        """Begin a file. Its header shows the start in the time of ``zone``, and names no person.

        Raises:
            RecordingError: there is such a file already.
            ValueError: there is no stream, or a scale that an EDF header cannot say.
        """
        if path.exists():
            raise RecordingError(f"{path}: this recording exists already; resume it")
        description = Description(start_s, zone.key, streams)
        new = path.with_name(path.name + ".new")
        _write_empty(new, description)
        # In one step, so that a file of this name is always whole.
        new.replace(path)
        return cls.resume(path)

    @classmethod
    def resume(cls, path: Path) -> "RecordingWriter":
        """Go on with a file, however its last writer ended; what is torn at its end is cut off.

        Raises:
            RecordingError: this is not a recording of ours, or not even its description is whole.
        """
        recording = open_recording(path)
        if recording.plan is None:
            raise RecordingError(f"{path}: this is not a recording of aquiver, so it cannot be resumed")
        plan = recording.plan
        with RecordFile(path, recording.header, recording.n_records) as records:
            facts = facts_in(records)
            tracks = tuple(
                Track.resumed(number, lane, plan.origin_s, through_of(records, lane), facts)
                for number, lane in enumerate(plan.lanes)
            )
            marks = {note for note in annotations_in(records) if not is_fact(note.text)}
        sheet = Sheet(path, plan, recording.n_records)
        return cls(sheet, Log.resumed(sheet), tracks, marks)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Give the file's path."""
        return self._sheet.path

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Give the streams that this file takes."""
        return tuple(self._tracks)

    def append(self, chunk: Chunk) -> None:
        """Write a chunk; what was lost before it becomes a gap of fill.

        Raises:
            RecordingError: the stream is not in this file, the chunk belongs before what is there already, or half
                a day or more after it.
            ValueError: a sample is larger than the file's integers.
        """
        if chunk.stream not in self._tracks:
            raise RecordingError(f"this recording has no stream {chunk.stream.name}")
        self._check_range(chunk)
        track = self._tracks[chunk.stream]
        placement = track.place(chunk)
        for fact in placement.before:
            self._tell(track, fact)
        self._sheet.put_samples(track.lane, placement.slot, placement.samples)
        for fact in placement.after:
            self._tell(track, fact)
        track.keep(placement)
        self._sheet.sync_if_due()

    def mark(self, twitch: Twitch) -> None:
        """Annotate a twitch where its samples are on the file's axis, whatever the sensor's true rate.

        Raises:
            RecordingError: its stream or run is not in this file.
        """
        track = self._track_of(twitch)
        onset_s = track.lane.seconds(track.slot_of(twitch.run, twitch.sample))
        text = f"twitch {twitch.site} {twitch.channel} snr {twitch.snr:.1f}"
        mark = as_read(Annotation(onset_s, twitch.duration_s, text))
        if mark not in self._marks:
            self._log.write(mark)
            self._marks.add(mark)

    def close(self) -> None:
        """Put all on the disk itself and close the file."""
        self._sheet.close()

    def _tell(self, track: Track, fact: Fact) -> None:
        duration_s = track.lane.seconds(fact.n_slots) if isinstance(fact, GapFact) else 0.0
        self._log.write(Annotation(track.lane.seconds(fact.slot), duration_s, write_fact(fact)))

    def _track_of(self, twitch: Twitch) -> Track:
        source = (twitch.wearer, twitch.device, twitch.site, twitch.modality)
        for stream, track in self._tracks.items():
            if (stream.wearer, stream.device, stream.site, stream.modality) == source:
                return track
        raise RecordingError(f"this recording has no stream for a twitch of {twitch.device} on {twitch.site}")

    def _check_range(self, chunk: Chunk) -> None:
        lowest, highest = range_of(self._sheet.plan.header.sample_bytes)
        if chunk.n_samples and not (lowest <= chunk.samples.min() and chunk.samples.max() <= highest):
            raise ValueError(f"{chunk.stream.name} holds a sample beyond its limit of {chunk.stream.signal.limit}")


def _write_empty(path: Path, description: Description) -> None:
    """Write a recording that holds nothing but its description."""
    plan = draw(description)
    path.write_bytes(write_header(replace(plan.header, n_records=0)))
    sheet = Sheet(path, plan, n_records=0)
    log = Log(sheet)
    for text in write_description(description):
        log.write(Annotation(0.0, 0.0, text))
    sheet.close()
