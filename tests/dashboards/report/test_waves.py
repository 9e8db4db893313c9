"""Typical waveforms: from the middle of the sizes, at the right place of the recording, and only where all is kept."""

import numpy as np
import pytest

from aquiver.errors import RecordingError
from aquiver.model import Modality, Twitch
from aquiver.recording import open_recording
from aquiver.recording.excerpt import excerpt
from aquiver.store import open_store
from dashboards.report.waves import typical, waves_of
from tests.aquiver.recording.planted import (
    ACC,
    EMG,
    START_S,
    STREAMS,
    a_header,
    a_night,
    a_piece,
    an_edf,
    integers,
    worn,
    write,
)
from tests.dashboards.report.weeks import SIX, night_name, tell
from tests.samples import a_twitch


@pytest.fixture
def told(tmp_path):
    tell(tmp_path / "data", SIX[:1], n_nights=3, n_recorded=2)
    store = open_store("sqlite:", tmp_path / "data")
    twitches = store.read(Twitch, "me", 0, 1e11)
    store.close()
    return tmp_path / "data" / "recordings", twitches


def test_five_waves_come_from_the_middle_of_the_sizes(told):
    folder, twitches = told
    waves = waves_of(folder, twitches)
    sizes = sorted(one.amplitude for one in twitches)
    assert len(waves) == 5
    assert all(sizes[4] <= wave.peak_to_peak <= sizes[-5] for wave in waves)
    assert [wave.peak_to_peak for wave in waves] == sorted(wave.peak_to_peak for wave in waves)


def test_a_wave_holds_the_twitch_at_its_size(told):
    folder, twitches = told
    for wave in waves_of(folder, twitches):
        assert max(wave.values) - min(wave.values) == pytest.approx(wave.peak_to_peak, rel=0.25)
        strongest = int(np.argmax(np.abs(wave.values))) / len(wave.values) * wave.length_s
        assert 0.03 <= strongest <= 0.03 + 0.05
        assert wave.unit == "uV"


def test_without_recordings_there_are_no_waves(told, tmp_path):
    _, twitches = told
    assert waves_of(tmp_path / "none", twitches) == ()
    assert waves_of(tmp_path / "none", []) == ()


def test_a_damaged_recording_is_passed_over(told):
    folder, twitches = told
    (path,) = (folder / night_name(2)).iterdir()
    path.write_bytes(b"0       ")
    assert {wave.night for wave in waves_of(folder, twitches)} == {night_name(1)}


def test_typical_twitches_are_those_nearest_to_five_sizes():
    many = [a_twitch(sample) for sample in range(11)]
    many = [
        Twitch(**{name: getattr(one, name) for name in one.__slots__} | {"amplitude": float(one.sample)})
        for one in many
    ]
    assert [group[0].amplitude for group in typical(many)] == [3.0, 4.0, 5.0, 6.0, 7.0]


@pytest.mark.parametrize("stream", STREAMS, ids=["emg", "acc"])
def test_an_excerpt_holds_the_very_samples(tmp_path, stream):
    path = write(tmp_path / "n.edf", [a_piece(one, 0, 900) for one in STREAMS])
    channel = stream.signal.channels[1]
    found = excerpt(open_recording(path), stream.modality, channel.name, "r", 250, 300)
    expected = integers(stream, 0, 900)[250:550, 1] * channel.scale + channel.offset
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("modality", "channel", "run", "first", "n"),
    [
        (Modality.EMG, "2", "r", -1, 20),
        (Modality.EMG, "2", "r", 790, 20),
        (Modality.EMG, "2", "another", 20, 20),
        (Modality.EMG, "9", "r", 20, 20),
        (Modality.ECG, "2", "r", 20, 20),
        (Modality.EMG, "2", "r", 170, 20),
    ],
)
def test_what_is_not_all_there_is_no_excerpt(tmp_path, modality, channel, run, first, n):
    """Of the night every ninth chunk of 20 samples is lost, so samples 180 to 199 are."""
    path = write(tmp_path / "n.edf", a_night())
    assert excerpt(open_recording(path), modality, channel, run, first, n) is None


def test_an_excerpt_of_a_foreign_file_is_refused(tmp_path):
    path = an_edf(tmp_path / "f.edf", a_header())
    with pytest.raises(RecordingError):
        excerpt(open_recording(path), Modality.EMG, "1", "r", 0, 1)


def test_an_excerpt_goes_on_over_a_change_of_the_clock(tmp_path):
    from dataclasses import replace  # noqa: PLC0415

    from aquiver.model import Clock  # noqa: PLC0415

    first, second = a_piece(worn(EMG), 0, 400), a_piece(worn(EMG), 400, 400)
    path = write(tmp_path / "n.edf", [first, replace(second, clock=Clock(400, START_S + 2.0001, 200.01))], (worn(EMG),))
    found = excerpt(open_recording(path), Modality.EMG, "1", "r", 390, 20)
    assert found.tolist() == [*first.samples[390:, 0], *second.samples[:10, 0]]
    assert ACC.modality is Modality.ACCELEROMETER
