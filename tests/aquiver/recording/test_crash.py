"""A recording outlives its writer."""

import random
import subprocess
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from shutil import copyfile

import edfio
import pyedflib
import pytest

from aquiver.errors import RecordingError
from aquiver.model import Chunk, Clock
from aquiver.recording import RecordingWriter, open_recording
from aquiver.recording.records import RecordFile
from tests.aquiver.recording.planted import (
    BERLIN,
    EMG,
    START_S,
    STREAMS,
    a_night,
    a_piece,
    planted_twitch,
    told,
    worn,
    write,
)

SMALL = worn(replace(EMG, rate_hz=8.0, channels=EMG.channels[:2]))
N_CHUNKS = 3000
WRITE_ON = """
import sys
from pathlib import Path
from aquiver.recording import RecordingWriter
from tests.aquiver.recording.planted import a_night
with RecordingWriter.resume(Path(sys.argv[1])) as writer:
    for number, chunk in enumerate(a_night(n_chunks=int(sys.argv[2]))):
        writer.append(chunk)
        print(number, flush=True)
"""


def kill_after(path: Path, n_lines: int) -> int:
    """Let a process write, and kill it once it has reported so many chunks; give how many it did report."""
    command = [sys.executable, "-c", WRITE_ON, str(path), str(N_CHUNKS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        n_reported = len(list(islice(process.stdout, n_lines)))
        process.kill()
        return n_reported + len([line for line in process.stdout if line.endswith("\n")])


@pytest.mark.filterwarnings("ignore:.*data record")  # edfio says it where the kill left a record uncounted
def test_what_was_appended_before_a_kill_is_there(tmp_path):
    path = write(tmp_path / "night.edf", [])
    night = a_night(n_chunks=N_CHUNKS)
    numbers = random.Random(1)
    for _ in range(6):
        n_reported = kill_after(path, numbers.randrange(1, 1500))
        expected, found = told(night[:n_reported]), told(open_recording(path).chunks())
        assert all(found[stream][: len(lines)] == lines for stream, lines in expected.items())
        assert all(lines == told(night)[stream][: len(lines)] for stream, lines in found.items())
        assert len(edfio.read_edf(path).signals) == 8
        pyedflib.EdfReader(str(path), check_file_size=pyedflib.DO_NOT_CHECK_FILE_SIZE).close()


def test_any_write_may_be_the_last_or_be_torn(tmp_path, monkeypatch):
    """A kill is seldom in the worst moment: so here the file is kept as it is in each of them."""
    path, torn = tmp_path / "night.edf", tmp_path / "torn.edf"
    ends = [a_piece(STREAMS[1], 65, 0, 3, is_last=True), a_piece(STREAMS[0], 700, 20, run="other", is_last=True)]
    night = [*a_night(n_chunks=11), *ends]
    moments: list[tuple[int, bytes]] = []
    appended: list[Chunk] = []
    write_whole = RecordFile._write

    def write_in_halves(self: RecordFile, position: int, data: bytes) -> None:
        for part in (data[: len(data) // 2], data):
            write_whole(self, position, part)
            moments.append((len(appended), path.read_bytes()))

    with RecordingWriter.create(path, STREAMS, START_S, BERLIN) as writer:
        monkeypatch.setattr(RecordFile, "_write", write_in_halves)
        for chunk in night:
            writer.append(chunk)
            appended.append(chunk)
        monkeypatch.undo()
    for n_appended, raw in moments:
        torn.write_bytes(raw)
        expected, found = told(night[:n_appended]), told(open_recording(torn).chunks())
        assert all(found[stream][: len(lines)] == lines for stream, lines in expected.items())
        with RecordingWriter.resume(torn) as writer:
            for chunk in night:
                writer.append(chunk)
        assert told(open_recording(torn).chunks()) == told(night)


def test_a_file_cut_anywhere_in_its_last_records_is_read_and_resumed(tmp_path):
    night = [a_piece(SMALL, first, 2, n_lost=1) for first in range(1, 60, 3)]
    path, cut = write(tmp_path / "night.edf", night, (SMALL,)), tmp_path / "cut.edf"
    recording = open_recording(path)
    record_bytes, story = recording.header.record_bytes, told(night)[repr(SMALL)]
    for n_bytes in range(path.stat().st_size - 2 * record_bytes - 1, path.stat().st_size):
        copyfile(path, cut)
        with cut.open("r+b") as file:
            file.truncate(n_bytes)
        found = open_recording(cut)
        assert found.is_cut
        held = [line for line in told(found.chunks())[repr(SMALL)] if line[1] != "end"]
        assert held == story[: len(held)]
        with RecordingWriter.resume(cut) as writer:
            for chunk in night:
                writer.append(chunk)
        assert not open_recording(cut).is_cut
        assert told(open_recording(cut).chunks())[repr(SMALL)] == story


def test_samples_lost_with_the_end_of_a_file_are_a_gap(tmp_path):
    path = write(tmp_path / "night.edf", [a_piece(SMALL, 0, 80, is_last=True)], (SMALL,))
    recording = open_recording(path)
    with path.open("r+b") as file:
        file.truncate(recording.header.header_bytes + 5 * recording.header.record_bytes)
    whole, end = open_recording(path).chunks()
    assert (whole.n_samples, whole.is_last) == (38, False)
    assert (end.follows, end.first_sample, end.n_samples, end.is_last) == (38, 80, 0, True)


def test_a_torn_annotation_is_wiped(tmp_path):
    path = write(tmp_path / "night.edf", a_night())
    whole = told(open_recording(path).chunks())
    with RecordingWriter.resume(path) as writer:
        writer._sheet.put_notes(writer._log._record, writer._log._offset, b"+1\x14aquiver ga")
    assert told(open_recording(path).chunks()) == whole
    with RecordingWriter.resume(path) as writer:
        writer.mark(planted_twitch(1))
    assert len(list(open_recording(path).annotations)) == 1
    assert told(open_recording(path).chunks()) == whole
    assert b"aquiver ga\0" not in path.read_bytes()


def test_a_record_that_was_added_but_not_counted_is_added_again(tmp_path):
    path = write(tmp_path / "night.edf", a_night())
    with path.open("ab") as file:
        file.write(b"torn" * 500)
    with RecordingWriter.resume(path) as writer:
        writer.append(a_piece(worn(EMG), 800, 4000))
    assert told(open_recording(path).chunks()) == told([*a_night(), a_piece(worn(EMG), 800, 4000)])


def test_a_description_cut_short_is_said(tmp_path):
    path = write(tmp_path / "night.edf", [])
    header = open_recording(path).header
    with path.open("r+b") as file:
        file.truncate(header.header_bytes + header.record_bytes)
    with pytest.raises(RecordingError, match="description of the streams is cut short"):
        open_recording(path)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (b'"version":1}', b'"version":7}', "newer aquiver"),
        (b'"start_s"', b'"start_x"', "damaged"),
        (b"Europe/Berlin", b"Europe/Nowher", "cannot be used"),
    ],
)
def test_a_description_we_cannot_follow_is_said(tmp_path, right, wrong, said):
    path = write(tmp_path / "night.edf", [])
    path.write_bytes(path.read_bytes().replace(right, wrong))
    with pytest.raises(RecordingError, match=said):
        open_recording(path)


def test_a_recording_rearranged_by_another_program_is_foreign(tmp_path):
    path = write(tmp_path / "night.edf", a_night())
    path.write_bytes(path.read_bytes().replace(b"Startdate 23-NOV-2026", b"Startdate 24-NOV-2026"))
    recording = open_recording(path)
    assert recording.streams == ()
    with pytest.raises(RecordingError, match="cannot be replayed"):
        list(recording.chunks())
    with pytest.raises(RecordingError, match="cannot be resumed"):
        RecordingWriter.resume(path)


def test_a_file_that_shrinks_while_it_is_read_is_said(tmp_path):
    recording = open_recording(write(tmp_path / "night.edf", a_night()))
    with recording.path.open("r+b") as file:
        file.truncate(recording.header.header_bytes + 2 * recording.header.record_bytes)
    with pytest.raises(RecordingError, match="shorter"):
        list(recording.chunks_as("me", "band-1", SMALL.site))


def test_an_unknown_date_is_left_out(tmp_path):
    with RecordingWriter.create(tmp_path / "old.edf", (SMALL,), 0.0, BERLIN) as writer:
        writer.append(replace(a_piece(SMALL, 0, 4), clock=Clock(0, 0.0, 8.0)))
    header = open_recording(tmp_path / "old.edf").header
    assert (header.recording, header.date) == ("Startdate X X X aquiver", "01.01.85")
