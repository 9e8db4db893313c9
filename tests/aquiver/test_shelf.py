"""One recording per night and band, and nothing is left out of it."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from aquiver.model import Clock, Modality
from aquiver.recording import open_recording
from aquiver.shelf import Shelf
from tests.samples import NOW_S, a_chunk, a_signal, a_span, a_stream, a_twitch

UTC = ZoneInfo("UTC")
HOUR_S = 3600.0


def chunks(n: int, stream=None, start_s: float = NOW_S, run: str = "run-1", length: int = 200):
    """Give n chunks of a second each."""
    stream = stream or a_stream()
    made = [a_chunk(length * i, n=length, stream=stream) for i in range(n)]
    return [replace(one, run=run, clock=Clock(0, start_s, stream.rate_hz)) for one in made]


@pytest.fixture
def shelf(tmp_path):
    opened = Shelf(tmp_path, UTC)
    yield opened
    opened.close()


def kept(path) -> list[int]:
    return np.concatenate([chunk.samples[:, 0] for chunk in open_recording(path).chunks()]).tolist()


def sent(all_chunks) -> list[int]:
    return np.concatenate([chunk.samples[:, 0] for chunk in all_chunks]).tolist()


def test_a_night_of_a_band_is_one_file_named_by_site_and_device(shelf, tmp_path):
    made = chunks(5)
    for chunk in made:
        shelf.put(chunk)
    shelf.close()
    assert kept(tmp_path / "2026-11-22" / "left_calf-band-1.edf") == sent(made)


def test_all_signals_of_a_band_are_in_its_file(shelf, tmp_path):
    acc = a_stream(replace(a_signal(n_channels=3, rate_hz=50.0), modality=Modality.ACCELEROMETER))
    for emg_chunk, acc_chunk in zip(chunks(4), chunks(4, acc, length=50), strict=True):
        shelf.put(emg_chunk)
        shelf.put(acc_chunk)
    shelf.close()
    (path,) = (tmp_path / "2026-11-22").iterdir()
    assert {stream.modality for stream in open_recording(path).streams} == {Modality.EMG, Modality.ACCELEROMETER}


def test_a_chunk_is_held_only_until_the_signals_are_known(shelf):
    first, *others = chunks(5)
    shelf.put(first)
    assert shelf.is_waiting
    for chunk in others:
        shelf.put(chunk)
    assert not shelf.is_waiting


def test_what_is_held_is_written_when_the_shelf_closes(shelf, tmp_path):
    (only,) = chunks(1)
    shelf.put(only)
    shelf.close()
    assert kept(tmp_path / "2026-11-22" / "left_calf-band-1.edf") == sent([only])


def test_a_restart_goes_on_in_the_same_file_and_repeats_change_nothing(tmp_path):
    made = chunks(6)
    for part in (made[:4], made[2:]):
        shelf = Shelf(tmp_path, UTC)
        for chunk in part:
            shelf.put(chunk)
        shelf.put(a_twitch())
        shelf.put(a_twitch())
        shelf.close()
    (path,) = (tmp_path / "2026-11-22").iterdir()
    assert kept(path) == sent(made)
    assert len(list(open_recording(path).annotations)) == 1


@pytest.mark.parametrize("gap_s", [0.0, 13 * HOUR_S])
def test_other_signals_or_half_a_day_of_silence_begin_another_file(tmp_path, gap_s):
    start_s = datetime(2026, 11, 22, 12, 30, tzinfo=UTC).timestamp()
    stream = a_stream() if gap_s else a_stream(a_signal(n_channels=4))
    shelf = Shelf(tmp_path, UTC)
    first, second = chunks(3, start_s=start_s), chunks(3, stream, start_s + gap_s + 10, "run-2")
    for chunk in first + second:
        shelf.put(chunk)
    shelf.close()
    folder = tmp_path / "2026-11-22"
    assert kept(folder / "left_calf-band-1.edf") == sent(first)
    assert kept(folder / "left_calf-band-1.2.edf") == sent(second)


def test_a_twitch_that_comes_after_a_restart_is_marked_in_the_recording_before_it(tmp_path):
    first = Shelf(tmp_path, UTC)
    for chunk in chunks(4):
        first.put(chunk)
    first.close()
    second = Shelf(tmp_path, UTC)
    second.put(a_twitch())
    second.close()
    (path,) = (tmp_path / "2026-11-22").iterdir()
    assert [note.text for note in open_recording(path).annotations] == ["twitch left_calf 1 snr 12.0"]


def test_noon_begins_the_next_night(shelf, tmp_path):
    noon_s = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
    for chunk in chunks(10, start_s=noon_s - 5):
        shelf.put(chunk)
    shelf.close()
    assert len(kept(tmp_path / "2026-11-22" / "left_calf-band-1.edf")) == 1000
    assert len(kept(tmp_path / "2026-11-23" / "left_calf-band-1.edf")) == 1000


def test_what_is_neither_chunk_nor_twitch_is_passed_over(shelf, tmp_path):
    shelf.put(a_span())
    shelf.put(a_twitch())
    assert list(tmp_path.iterdir()) == []
