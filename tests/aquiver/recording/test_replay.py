"""What was appended comes back exactly."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis.strategies import DrawFn, booleans, composite, integers, lists, sampled_from, text

from aquiver.errors import RecordingError
from aquiver.model import Chunk, Clock, Stream
from aquiver.recording import RecordingWriter, open_recording
from tests.aquiver.recording import planted
from tests.aquiver.recording.planted import BERLIN, FINE, START_S, STREAMS, a_night, a_piece, told, worn, write


class _Sender:
    """One stream's sender: runs, gaps and clocks as they are drawn."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.n_runs = 0
        self.begin(0.0)

    def begin(self, pause_s: float) -> None:
        self.n_runs += 1
        self.sample = self.follows = 7 * (self.n_runs % 3)
        self.clock = Clock(self.sample, START_S + self.n_runs + pause_s, self.stream.rate_hz)

    def send(self, draw: DrawFn) -> Chunk:
        self.sample += draw(sampled_from([0, 0, 0, 1, 33, 700]))
        n = draw(integers(0, 300))
        if draw(booleans()):
            self.clock = Clock(self.sample, self.clock.time_of(self.sample) + 0.01 / 3, self.clock.rate_hz * 1.0001)
        is_last = draw(integers(0, 4)) == 0
        samples = planted.integers(self.stream, self.sample, n)
        chunk = Chunk(self.stream, f"run-{self.n_runs}", self.sample, self.follows, self.clock, samples, is_last)
        self.sample = self.follows = chunk.end_sample
        if is_last or draw(integers(0, 6)) == 0:
            self.begin(draw(sampled_from([-5.0, 0.0, 30.0])))
        return chunk


@composite
def nights(draw: DrawFn) -> list[Chunk]:
    senders = [_Sender(stream) for stream in (*STREAMS, worn(FINE))]
    return [senders[turn].send(draw) for turn in draw(lists(sampled_from([0, 1, 2]), max_size=25))]


@settings(max_examples=60, deadline=None)
@given(nights(), lists(integers(0, 25), max_size=3))
def test_a_recording_replays_what_was_appended_however_often_it_was_resumed(night: list[Chunk], pauses: list[int]):
    with TemporaryDirectory() as folder:
        path = Path(folder, "night.bdf")
        writer = RecordingWriter.create(path, (*STREAMS, worn(FINE)), START_S, BERLIN)
        for number, chunk in enumerate(night):
            if number in pauses:
                writer.close()
                writer = RecordingWriter.resume(path)
            writer.append(chunk)
        writer.close()
        assert told(open_recording(path).chunks()) == told(night)


@settings(max_examples=40, deadline=None)
@given(nights(), integers(0, 25), integers(0, 25))
def test_what_is_sent_again_is_written_once(night: list[Chunk], back: int, at: int):
    sent = night[:at]
    with TemporaryDirectory() as folder:
        path = Path(folder, "night.bdf")
        streams = (*STREAMS, worn(FINE))
        with RecordingWriter.create(path, streams, START_S, BERLIN) as writer:
            for chunk in sent:
                writer.append(chunk)
        with RecordingWriter.resume(path) as writer:
            for chunk in [*sent[-back:], *night[at:]]:
                writer.append(chunk)
        assert told(open_recording(path).chunks()) == told(night)


@settings(max_examples=30, deadline=None)
@given(lists(integers(1, 399), max_size=6))
def test_chunking_does_not_matter(cuts: list[int]):
    whole = a_piece(STREAMS[0], 0, 400, is_last=True)
    parts, rest = [], whole
    for at in sorted(set(cuts)):
        head, rest = rest.cut(at - rest.first_sample)
        parts.append(head)
    with TemporaryDirectory() as folder:
        path = write(Path(folder, "night.edf"), [*parts, rest])
        assert told(open_recording(path).chunks()) == told([whole])


def test_a_recording_keeps_its_streams(tmp_path):
    recording = open_recording(write(tmp_path / "night.edf", []))
    assert recording.streams == STREAMS
    assert recording.signals == (planted.EMG, planted.ACC)
    assert recording.ignored == ()


@settings(max_examples=50, deadline=None)
@given(text(max_size=30), text(max_size=30), lists(text(max_size=20), min_size=1, max_size=40))
def test_any_names_are_kept(wearer: str, device: str, channels: list[str]):
    signal = replace(planted.EMG, channels=tuple(planted.Channel(name, 1 / 3, -1e-7) for name in channels))
    stream = Stream(wearer, device, planted.Site.NECK, signal)
    with TemporaryDirectory() as folder:
        path = Path(folder, "night.edf")
        with RecordingWriter.create(path, (stream,), START_S, BERLIN) as writer:
            assert writer.streams == (stream,)
        assert open_recording(path).streams == (stream,)


def test_memory_holds_a_minute(tmp_path):
    path = write(tmp_path / "night.edf", [a_piece(STREAMS[0], 0, 200 * 150)])
    assert [chunk.n_samples for chunk in open_recording(path).chunks()] == [11_950, 12_000, 6_050]


def test_a_stream_that_never_delivered_has_no_chunks(tmp_path):
    path = write(tmp_path / "night.edf", [a_piece(STREAMS[0], 0, 50)])
    assert {chunk.stream for chunk in open_recording(path).chunks()} == {STREAMS[0]}


def test_rates_that_no_second_divides_are_kept(tmp_path):
    streams = tuple(worn(replace(planted.EMG, rate_hz=rate_hz)) for rate_hz in (12.5, 0.4, 1116.0714, 1000 / 3))
    night = a_night([streams[0]]) + [a_piece(stream, 0, 700) for stream in streams[1:]]
    path = write(tmp_path / "night.edf", night, streams)
    assert told(open_recording(path).chunks()) == told(night)


def test_rates_without_a_common_second_are_laid_on_whole_samples(tmp_path):
    streams = tuple(worn(replace(planted.EMG, rate_hz=rate_hz)) for rate_hz in (100 / 7, 100 / 11))
    recording = open_recording(write(tmp_path / "night.edf", a_night(streams), streams))
    assert recording.header.record_s == 1
    assert told(recording.chunks()) == told(a_night(streams))


def test_half_a_day_of_silence_is_refused_and_harms_nothing(tmp_path):
    first, late = a_piece(STREAMS[0], 0, 20), a_piece(STREAMS[0], 12 * 3600 * 200 + 20, 20)
    path = tmp_path / "night.edf"
    with RecordingWriter.create(path, STREAMS, START_S, BERLIN) as writer:
        writer.append(first)
        with pytest.raises(RecordingError, match="half a day"):
            writer.append(late)
    assert told(open_recording(path).chunks()) == told([first])
    assert path.stat().st_size < 100_000


def test_a_run_that_has_ended_takes_no_more(tmp_path):
    with RecordingWriter.create(tmp_path / "night.edf", STREAMS, START_S, BERLIN) as writer:
        writer.append(a_piece(STREAMS[0], 0, 20, is_last=True))
        with pytest.raises(RecordingError, match="had ended"):
            writer.append(a_piece(STREAMS[0], 20, 20))


@pytest.mark.parametrize("late", [a_piece(STREAMS[0], 0, 10), a_piece(STREAMS[0], 25, 10), a_piece(STREAMS[0], 15, 60)])
def test_samples_that_come_after_later_ones_are_refused(tmp_path, late):
    night = [a_piece(STREAMS[0], 10, 10), a_piece(STREAMS[0], 40, 10, 20)]
    path = write(tmp_path / "night.edf", night)
    with RecordingWriter.resume(path) as writer, pytest.raises(RecordingError, match="after later ones"):
        writer.append(late)
    assert told(open_recording(path).chunks()) == told(night)


def test_a_run_left_for_another_takes_no_more(tmp_path):
    other = replace(a_piece(STREAMS[0], 5000, 20, run="other"), follows=5000)
    with RecordingWriter.create(tmp_path / "night.edf", STREAMS, START_S, BERLIN) as writer:
        for chunk in (a_piece(STREAMS[0], 0, 20), other):
            writer.append(chunk)
        with pytest.raises(RecordingError, match="after later ones"):
            writer.append(a_piece(STREAMS[0], 20, 20))
        with pytest.raises(RecordingError, match="had ended"):
            writer.append(a_piece(STREAMS[0], 5010, 20))


def test_a_stream_of_another_device_is_refused(tmp_path):
    with (
        RecordingWriter.create(tmp_path / "night.edf", STREAMS, START_S, BERLIN) as writer,
        pytest.raises(RecordingError, match="no stream"),
    ):
        writer.append(a_piece(worn(FINE), 0, 20))


def test_a_sample_beyond_the_file_s_integers_is_refused(tmp_path):
    chunk = a_piece(STREAMS[0], 0, 20)
    with (
        RecordingWriter.create(tmp_path / "night.edf", STREAMS, START_S, BERLIN) as writer,
        pytest.raises(ValueError, match="limit of 128"),
    ):
        writer.append(replace(chunk, samples=chunk.samples + 40_000))


def test_an_existing_file_is_never_begun_again(tmp_path):
    path = write(tmp_path / "night.edf", [])
    with pytest.raises(RecordingError, match="exists"):
        RecordingWriter.create(path, STREAMS, START_S, BERLIN)


@pytest.mark.parametrize("scale", [0.0, 1e-12, 1e9])
def test_a_scale_that_no_header_can_say_is_refused(tmp_path, scale):
    stream = worn(replace(planted.EMG, channels=(planted.Channel("1", scale),)))
    with pytest.raises(ValueError, match="8 characters"):
        RecordingWriter.create(tmp_path / "night.edf", (stream,), START_S, BERLIN)


def test_a_recording_needs_a_stream(tmp_path):
    with pytest.raises(ValueError, match="needs a stream"):
        RecordingWriter.create(tmp_path / "night.edf", (), START_S, BERLIN)


def test_a_storm_of_twitches_finds_room_and_each_is_told_once(tmp_path):
    path = write(tmp_path / "night.edf", a_night())
    for _ in range(2):
        with RecordingWriter.resume(path) as writer:
            for sample in range(300):
                writer.mark(planted.planted_twitch(sample))
    assert [note.onset_s for note in open_recording(path).annotations] == [
        round((50 + sample) / 200, 6) for sample in range(300)
    ]
    assert told(open_recording(path).chunks()) == told(a_night())


@pytest.mark.parametrize("strange", [{"run": "another"}, {"device": "another"}])
def test_a_twitch_from_elsewhere_is_refused(tmp_path, strange):
    path = write(tmp_path / "night.edf", a_night())
    with RecordingWriter.resume(path) as writer, pytest.raises(RecordingError, match=r"no (run|stream)"):
        writer.mark(replace(planted.planted_twitch(1), **strange))


def test_a_name_longer_than_a_record_is_refused(tmp_path):
    with (
        RecordingWriter.create(tmp_path / "night.edf", STREAMS, START_S, BERLIN) as writer,
        pytest.raises(ValueError, match="too long"),
    ):
        writer.append(a_piece(STREAMS[0], 0, 20, run="r" * 500))


def test_the_file_s_axis_shows_gaps_as_gaps(tmp_path):
    night = [a_piece(STREAMS[0], 10, 20), a_piece(STREAMS[0], 40, 10, 10)]
    recording = open_recording(write(tmp_path / "night.edf", night))
    chunks = list(recording.chunks_as("you", "file", STREAMS[0].site))
    assert [(c.follows, c.first_sample, c.n_samples, c.run, c.is_last) for c in chunks] == [
        (0, 60, 20, "file", False),
        (80, 90, 10, "file", True),
    ]
    assert chunks[0].stream.wearer == "you"
    assert chunks[0].clock == Clock(0, 0.0, 200.0)
