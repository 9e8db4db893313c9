"""Other programs read our files: the samples, the annotations, the time, and no name."""

import edfio
import numpy as np
import pyedflib
import pytest

from aquiver.recording import RecordingWriter, open_recording
from tests.aquiver.recording.planted import ACC, BERLIN, FINE, START_S, STREAMS, a_piece, planted_twitch, worn

KINDS = {"night.edf": STREAMS, "night.bdf": (worn(FINE), worn(ACC))}


@pytest.fixture(params=KINDS)
def night(request, tmp_path):
    streams = KINDS[request.param]
    with RecordingWriter.create(tmp_path / request.param, streams, START_S, BERLIN) as writer:
        for stream in streams:
            writer.append(a_piece(stream, 0, 500))
            writer.append(a_piece(stream, 600, 70, 100))
        writer.mark(planted_twitch(615))
    return tmp_path / request.param


def planted_values(stream, channel):
    """Give the physical values a channel should show from slot to slot; 0 where nothing was received."""
    start = round(0.25 * stream.rate_hz)
    values = np.zeros(start + 670)
    for first, n in ((0, 500), (600, 70)):
        raw = a_piece(stream, first, n).samples[:, channel]
        calibration = stream.signal.channels[channel]
        values[start + first : start + first + n] = raw * calibration.scale + calibration.offset
    return values


def twitch_at(night):
    """Give where sample 615 of the first stream is on the file's axis."""
    return pytest.approx(0.25 + 615 / KINDS[night.name][0].rate_hz, abs=0.003)


def columns_of(streams):
    at = 0
    for stream in streams:
        for channel in range(len(stream.signal.channels)):
            yield at, stream, channel
            at += 1
        at += 1  # the reach


def tolerance(stream, channel):
    """The header rounds a range to 8 characters: allow that, and the fill to be half a step from zero."""
    calibration = stream.signal.channels[channel]
    return abs(calibration.scale) * max(0.51, stream.signal.limit * 2e-5)


def test_edfio_reads_samples(night):
    read = edfio.read_edf if night.suffix == ".edf" else edfio.read_bdf
    found = read(night)
    for at, stream, channel in columns_of(KINDS[night.name]):
        expected = planted_values(stream, channel)
        assert found.signals[at].data[: len(expected)] == pytest.approx(expected, abs=tolerance(stream, channel))


def test_pyedflib_reads_samples(night):
    with pyedflib.EdfReader(str(night)) as found:
        for at, stream, channel in columns_of(KINDS[night.name]):
            expected = planted_values(stream, channel)
            values = found.readSignal(at)[: len(expected)]
            assert values == pytest.approx(expected, abs=tolerance(stream, channel))


def test_edfio_reads_annotations(night):
    read = edfio.read_edf if night.suffix == ".edf" else edfio.read_bdf
    notes = {note.text: (note.onset, note.duration) for note in read(night).annotations}
    assert notes["twitch left_calf 1 snr 7.9"] == (twitch_at(night), 0.05)


def test_pyedflib_reads_annotations(night):
    with pyedflib.EdfReader(str(night)) as found:
        onsets_s, durations_s, texts = found.readAnnotations()
    at = list(texts).index("twitch left_calf 1 snr 7.9")
    assert (onsets_s[at], durations_s[at]) == (twitch_at(night), 0.05)


def test_the_header_shows_local_time_and_names_nobody(night):
    with pyedflib.EdfReader(str(night)) as found:
        assert found.getStartdatetime().isoformat() == "2026-11-23T00:00:00"  # 23:00 UTC
        assert found.getPatientName() == "X"  # EDF+ for unknown
    assert open_recording(night).header.patient == "X X X X"


def test_the_width_follows_the_largest_integer(night):
    assert open_recording(night).header.is_bdf == (night.suffix == ".bdf")


def test_finished_files_are_not_cut(night):
    assert not open_recording(night).is_cut
