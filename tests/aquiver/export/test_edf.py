"""Fair copies open in other programs, with the right samples and every annotation."""

from dataclasses import replace

import edfio
import numpy as np
import pyedflib
import pytest

from aquiver.errors import RecordingError
from aquiver.export.edf import copy_recording, shelved
from aquiver.model import Span, Twitch
from aquiver.recording import open_recording
from aquiver.recording.fair_copy import axis_of, write_fair_copy
from aquiver.shelf import Shelf
from tests.aquiver.export.nights import NIGHT, NOW_S, UTC, chunks, other_signals, record_raw, records, stream_of
from tests.samples import a_twitch

TWITCHES = [one for one in records() if isinstance(one, Twitch)]
SPANS = [one for one in records() if isinstance(one, Span)]


@pytest.fixture
def copied(tmp_path):
    record_raw(tmp_path)
    (recording,) = shelved(tmp_path / "recordings", NIGHT, "me").recordings
    (tmp_path / "out").mkdir()
    assert copy_recording(recording, tmp_path / "out", TWITCHES, SPANS) == 2
    return tmp_path / "out" / "left_calf-band-me.edf"


def planted(channel: int) -> np.ndarray:
    """Give what a channel should show: the samples where they belong, zero where they were lost."""
    values = np.zeros(1600)
    for chunk in chunks("me"):
        values[chunk.first_sample : chunk.end_sample] = chunk.samples[:, channel]
    return values


def test_edfio_reads_the_samples_and_only_the_channels(copied):
    found = edfio.read_edf(copied)
    assert [signal.label for signal in found.signals] == ["EMG 1", "EMG 2"]
    for channel in (0, 1):
        assert found.signals[channel].data[:1600] == pytest.approx(planted(channel), abs=0.01)


def test_pyedflib_reads_the_samples(copied):
    with pyedflib.EdfReader(str(copied)) as found:
        for channel in (0, 1):
            assert found.readSignal(channel)[:1600] == pytest.approx(planted(channel), abs=0.01)
        assert found.getStartdatetime().isoformat() == "2026-11-22T23:00:00"


EXPECTED = [
    (0.5, 0.012, "twitch left_calf 1 snr 12.0 isolated"),
    (1.0, 0.5, "excluded movement emg"),
    (2.0, 0.5, "gap emg"),
    (3.5, 0.012, 'twitch left_calf 2, "the other" snr 7.1 isolated'),
]


def test_edfio_reads_every_annotation(copied):
    notes = [(note.onset, note.duration, note.text) for note in edfio.read_edf(copied).annotations]
    assert notes == EXPECTED


def test_pyedflib_reads_every_annotation(copied):
    with pyedflib.EdfReader(str(copied)) as found:
        notes = list(zip(*found.readAnnotations(), strict=True))
    assert [(float(at), float(length), text) for at, length, text in notes] == EXPECTED


def test_a_twitch_found_late_is_in_the_copy_of_the_recording_it_happened_in(tmp_path):
    shelf = Shelf(tmp_path / "recordings", UTC)
    for chunk in (*chunks("me"), *other_signals("me")):
        shelf.put(chunk)
    late = a_twitch(1500, NOW_S + 7.5, device="band-me")
    new = replace(a_twitch(40, NOW_S + 20.2, device="band-me"), run="run-2")
    shelf.put(new)
    with pytest.raises(RecordingError):  # the shelf has left the file it belongs to
        shelf.put(late)
    shelf.close()
    found = shelved(tmp_path / "recordings", NIGHT, "me").recordings
    assert [one.path.name for one in found] == ["left_calf-band-me.2.edf", "left_calf-band-me.edf"]
    onsets = {}
    for one in found:
        assert copy_recording(one, tmp_path, [late, new], []) == 1
        notes = edfio.read_edf(tmp_path / one.path.name).annotations
        onsets[one.path.name] = [note.onset for note in notes if note.text.startswith("twitch")]
    assert onsets == {"left_calf-band-me.2.edf": [0.2], "left_calf-band-me.edf": [7.5]}


def test_many_twitches_in_one_second_all_find_room(tmp_path):
    record_raw(tmp_path)
    (recording,) = shelved(tmp_path / "recordings", NIGHT, "me").recordings
    many = [a_twitch(sample, NOW_S, device="band-me") for sample in range(100, 200)]
    assert copy_recording(recording, tmp_path, many, []) == 100
    notes = edfio.read_edf(tmp_path / "left_calf-band-me.edf").annotations
    assert sum(note.text.startswith("twitch") for note in notes) == 100


def test_a_file_in_the_folder_that_cannot_be_read_is_said_and_the_others_are_copied(tmp_path):
    record_raw(tmp_path)
    (tmp_path / "recordings" / NIGHT / "torn.edf").write_bytes(b"")
    found = shelved(tmp_path / "recordings", NIGHT, "me")
    assert (len(found.recordings), len(found.troubles)) == (1, 1)
    assert "torn.edf" in found.troubles[0]


def test_recordings_of_others_in_the_same_night_are_left_alone(tmp_path):
    record_raw(tmp_path, "me", "anna")
    for wearer in ("me", "anna"):
        (only,) = shelved(tmp_path / "recordings", NIGHT, wearer).recordings
        assert only.streams == (stream_of(wearer),)


def test_a_foreign_file_has_no_fair_copy(tmp_path):
    edfio.Edf([edfio.EdfSignal(np.arange(100.0), 10, label="EMG", physical_dimension="uV")]).write(tmp_path / "f.edf")
    with pytest.raises(RecordingError, match="not a recording of aquiver"):
        write_fair_copy(open_recording(tmp_path / "f.edf"), tmp_path / "g.edf", [])
    with pytest.raises(RecordingError, match="not a recording of aquiver"):
        axis_of(open_recording(tmp_path / "f.edf"))
