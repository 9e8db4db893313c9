"""Files of other programs: read as they are, or refused in one sentence."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import edfio
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers, lists, tuples

from aquiver.body import Site
from aquiver.errors import RecordingError
from aquiver.model import Clock, Modality, Unit
from aquiver.recording import Annotation, open_recording
from aquiver.recording.edf import write_header
from aquiver.recording.tal import write_annotation, write_start
from tests.aquiver.recording.planted import NOTES, a_column, a_header, an_edf

DATA = Path(__file__).parents[3].parent / "shared" / "data"
PER_UNIT = {"uV": 1.0, "mg": 1e-3, "counts": 1.0}
recordings = pytest.mark.parametrize(
    "path",
    sorted(DATA.glob("*.edf"))
    or [pytest.param(None, marks=pytest.mark.skip(reason="the shared recordings are not here"))],
    ids=lambda path: path.stem if path else "none",
)


def read(path):
    return list(open_recording(path).chunks_as("me", "file", Site.LEFT_CALF))


@recordings
def test_real_recordings_have_the_values_that_edfio_reads(path):
    (signal,), chunks, found = open_recording(path).signals, read(path), edfio.read_edf(path)
    samples = np.concatenate([chunk.samples for chunk in chunks])
    assert len(found.signals) == len(signal.channels)
    for column, (channel, theirs) in enumerate(zip(signal.channels, found.signals, strict=True)):
        ours = samples[:, column] * channel.scale + channel.offset
        np.testing.assert_allclose(ours, theirs.data * PER_UNIT[theirs.physical_dimension], rtol=0, atol=1e-9)
        assert channel.name == theirs.label


@recordings
def test_real_recordings_are_what_their_names_say(path):
    recording = open_recording(path)
    (signal,) = recording.signals
    kind = {"myo": (Modality.EMG, Unit.COUNT), "ecg": (Modality.ECG, Unit.MICROVOLT)}
    expected = next(
        (sense for word, sense in kind.items() if word in path.stem),
        (Modality.ACCELEROMETER, Unit.G) if path.stem.endswith("acc") else (Modality.EMG, Unit.MICROVOLT),
    )
    assert (signal.modality, signal.unit) == expected
    assert signal.limit == 32767
    assert not recording.is_cut
    assert recording.ignored == ()


def test_a_file_is_one_run_in_seconds_from_its_start(tmp_path):
    header = a_header(n_records=130)
    chunks = read(an_edf(tmp_path / "a.edf", header))
    assert [(c.first_sample, c.follows, c.n_samples, c.is_last) for c in chunks] == [
        (0, 0, 600, False),
        (600, 600, 600, False),
        (1200, 1200, 100, True),
    ]
    assert {(c.run, c.clock) for c in chunks} == {("file", Clock(0, 0.0, 10.0))}
    assert np.concatenate([c.samples for c in chunks])[:, 0].tolist() == list(range(1300))


def test_interruptions_are_gaps(tmp_path):
    header = a_header(a_column(), NOTES, n_records=5, variant="EDF+D")
    chunks = read(an_edf(tmp_path / "a.edf", header, starts_s=[0.35, 1.35, 4.35, 5.36, 5.5]))
    assert [(c.follows, c.first_sample, c.n_samples, c.is_last) for c in chunks] == [
        (0, 0, 20, False),
        (20, 40, 30, True),
    ]


def test_records_that_tell_no_start_follow_on(tmp_path):
    header = a_header(a_column(), NOTES, n_records=3, variant="EDF+D")
    assert [c.n_samples for c in read(an_edf(tmp_path / "a.edf", header))] == [30]


def test_an_interrupted_file_without_annotations_is_read_as_one(tmp_path):
    assert [c.n_samples for c in read(an_edf(tmp_path / "a.edf", a_header(n_records=3, variant="EDF+D")))] == [30]


@pytest.mark.parametrize(
    ("label", "unit", "modality", "ours", "per_unit"),
    [
        ("EMG LCalf", "mV", Modality.EMG, Unit.MICROVOLT, 1e3),
        ("Chin1-Chin2", "µV", Modality.EMG, Unit.MICROVOLT, 1.0),
        ("LEG EMG", "V", Modality.EMG, Unit.MICROVOLT, 1e6),
        ("EMG1", "", Modality.EMG, Unit.COUNT, 1.0),
        ("EMG 2", "LSB", Modality.EMG, Unit.COUNT, 1.0),
        ("ECG II", "mV", Modality.ECG, Unit.MICROVOLT, 1e3),
        ("EKG", "counts", Modality.ECG, Unit.COUNT, 1.0),
        ("Accelerometer X", "m/s^2", Modality.ACCELEROMETER, Unit.G, 1 / 9.80665),
        ("X", "mg", Modality.ACCELEROMETER, Unit.G, 1e-3),
        ("Acc", "adc", Modality.ACCELEROMETER, Unit.COUNT, 1.0),
    ],
)
def test_label_and_unit_say_what_is_measured(tmp_path, label, unit, modality, ours, per_unit):
    (signal,) = open_recording(an_edf(tmp_path / "a.edf", a_header(a_column(label, unit)))).signals
    (channel,) = signal.channels
    assert (signal.modality, signal.unit, channel.name) == (modality, ours, label)
    assert channel.scale == pytest.approx(200 / 65535 * per_unit)
    assert -32768 * channel.scale + channel.offset == pytest.approx(-100 * per_unit)


@pytest.mark.parametrize(
    ("label", "unit"),
    [("EEG C3-A2", "uV"), ("SpO2", "%"), ("Temp", ""), ("Pleth", "mV"), ("X", ""), ("EMG", "g"), ("ACC X", "uV")],
)
def test_what_is_not_for_us_is_listed(tmp_path, label, unit):
    recording = open_recording(an_edf(tmp_path / "a.edf", a_header(a_column(label, unit), a_column())))
    assert recording.ignored == (label,)
    assert [signal.modality for signal in recording.signals] == [Modality.EMG]


def test_signals_are_grouped_by_sensor_and_rate(tmp_path):
    axes = [a_column(f"ACC {axis}", "g", 5) for axis in "XYZxyzX"]
    columns = [a_column("EMG 1"), *axes, a_column("EMG 2"), a_column("EMG 3", n_samples=20)]
    recording = open_recording(an_edf(tmp_path / "a.edf", a_header(*columns)))
    assert [(s.rate_hz, len(s.channels)) for s in recording.signals] == [(10, 2), (5, 3), (5, 3), (5, 1), (20, 1)]
    assert {c.n_samples for c in read(recording.path)} == {20, 10, 40}


def test_the_limit_is_the_largest_integer_of_the_header(tmp_path):
    below_zero = replace(a_column("EMG 2"), digital_min=-512, digital_max=0)
    columns = (replace(a_column(), digital_max=2047), below_zero)
    assert open_recording(an_edf(tmp_path / "a.edf", a_header(*columns))).signals[0].limit == 2047
    assert open_recording(an_edf(tmp_path / "b.edf", a_header(below_zero))).signals[0].limit == 512


def test_annotations_count_from_the_first_sample(tmp_path):
    path = an_edf(tmp_path / "a.edf", header := a_header(a_column(), replace(NOTES, n_samples=30), variant="EDF+C"))
    page = write_start(0.5) + write_annotation(Annotation(1.5, 0.25, "zuckt")) + b"\0\0+2\x14a\x14b\x14\0+x\x14c\x14\0"
    record = bytes(20) + page.ljust(60, b"\0")
    path.write_bytes(write_header(header) + record + bytes(80))
    assert list(open_recording(path).annotations) == [
        Annotation(1.0, 0.25, "zuckt"),
        Annotation(1.5, 0.0, "a"),
        Annotation(1.5, 0.0, "b"),
    ]


def test_annotations_need_no_range(tmp_path):
    path = an_edf(tmp_path / "a.edf", a_header(a_column(), NOTES, variant="EDF+C"))
    raw = bytearray(path.read_bytes())
    for field in range(4):
        at = 256 + 2 * (16 + 80 + 8 + 8 * field) + 8
        raw[at : at + 8] = bytes(8)
    path.write_bytes(raw)
    assert len(open_recording(path).signals) == 1


def test_annotations_alone_make_a_file(tmp_path):
    header = a_header(NOTES, record_s=0.0, variant="EDF+C")
    recording = open_recording(an_edf(tmp_path / "a.edf", header, starts_s=[0, 0]))
    assert recording.signals == ()
    assert read(recording.path) == []


def test_a_file_cut_in_its_middle_is_read_and_says_so(tmp_path):
    path = an_edf(tmp_path / "a.edf", a_header(n_records=9))
    path.write_bytes(path.read_bytes()[:-25])
    recording = open_recording(path)
    assert (recording.is_cut, recording.missing_records, recording.n_records, recording.duration_s) == (True, 2, 7, 7.0)
    assert [c.n_samples for c in read(path)] == [70]


def test_a_file_still_being_written_is_read(tmp_path):
    recording = open_recording(an_edf(tmp_path / "a.edf", a_header(n_records=-1)))
    assert (recording.is_cut, recording.n_records) == (False, 2)


def test_bdf_has_three_bytes_a_sample(tmp_path):
    column = replace(a_column(n_samples=2), digital_min=-8388608, digital_max=8388607)
    header = replace(a_header(column, n_records=1), is_bdf=True, variant="24BIT")
    (tmp_path / "a.bdf").write_bytes(write_header(header) + bytes.fromhex("ffff7f 000080"))
    (chunk,) = read(tmp_path / "a.bdf")
    assert chunk.samples.tolist() == [[8388607], [-8388608]]


BAD = {
    "empty": (b"", "is empty"),
    "text": (b"time;emg\n0;1\n" * 100, "not an EDF"),
    "short_text": (b"hello", "not an EDF"),
    "main_cut": (write_header(a_header())[:200], "header is cut short"),
    "signals_cut": (write_header(a_header())[:300], "header is cut short"),
    "no_records": (write_header(a_header(n_records=0)), "not one whole data record"),
    "record_cut": (write_header(a_header()) + bytes(19), "not one whole data record"),
    "negative_count": (write_header(a_header(n_records=-7)) + bytes(99), "-7 as its number of data records"),
    "no_rate": (write_header(a_header(record_s=0.0)) + bytes(99), "impossible sample rate"),
    "mad_rate": (write_header(a_header(record_s=1e-6)) + bytes(99), "impossible sample rate"),
    "no_samples": (write_header(a_header(a_column(n_samples=0))) + bytes(99), "0 samples"),
    "no_range": (write_header(a_header(a_column(half_range=0.0))) + bytes(99), "empty range"),
    "no_number": (write_header(a_header()).replace(b"-32768", b"-3276b") + bytes(99), "digital minimum of 'EMG'"),
    "no_whole_number": (write_header(a_header()).replace(b"-32768", b"-327.8") + bytes(99), "no whole number"),
    "not_finite": (write_header(a_header()).replace(b"-100 ", b"-inf ") + bytes(99), "physical minimum of 'EMG'"),
    "no_signals": (write_header(a_header())[:252] + b"0   " + bytes(99), "0 as its number of signals"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_sentence(tmp_path, name):
    raw, said = BAD[name]
    (tmp_path / "bad.edf").write_bytes(raw)
    with pytest.raises(RecordingError, match=said) as caught:
        open_recording(tmp_path / "bad.edf")
    assert "bad.edf" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(RecordingError, match="no such file"):
        open_recording(tmp_path / "absent.edf")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(RecordingError, match="cannot be read"):
        open_recording(tmp_path)


@settings(max_examples=300, deadline=None)
@given(lists(tuples(integers(0, 767), binary(min_size=1, max_size=8)), max_size=6))
def test_any_header_is_read_or_refused(changes):
    with TemporaryDirectory() as folder:
        path = an_edf(Path(folder, "a.edf"), a_header(a_column(), NOTES, variant="EDF+D"), starts_s=[0, 3])
        raw = bytearray(path.read_bytes())
        for at, new in changes:
            raw[at : at + len(new)] = new
        path.write_bytes(raw)
        with suppress(RecordingError):
            read(path)
