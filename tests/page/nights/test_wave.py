"""A waveform is cut from the recording where all of it is kept, and shorter where a longer one is not."""

from dataclasses import replace

import pytest

from aquiver.model import Twitch
from aquiver.store import open_store
from dashboards.nights.wave import Moments
from tests.page.nights.stage import CALF, NIGHT, WEARER


@pytest.fixture
def twitch(folder):
    store = open_store("sqlite:", folder)
    found = store.read(Twitch, WEARER, 0.0, 1e11)[3]
    store.close()
    return found


@pytest.fixture
def path(folder):
    return folder / "recordings" / NIGHT / f"{CALF.site}-{CALF.device}.edf"


@pytest.mark.parametrize(
    ("sample", "length"), [(5_000, 500), (100, 200), (40, 150), (10, None), (120_000 - 60, None), (120_000 - 200, 200)]
)
def test_near_the_beginning_or_a_gap_the_stretch_is_shorter_or_none(folder, twitch, sample, length):
    """The recording begins with sample 0, and nothing arrived from 120 s on."""
    moment = Moments(folder / "recordings").find(replace(twitch, sample=sample))
    assert (None if moment is None else len(moment.values)) == length


def test_the_twitch_lies_where_the_moment_says(folder, twitch):
    moment = Moments(folder / "recordings").find(twitch)
    assert moment.start_s + moment.onset_at_s == pytest.approx(twitch.onset_s)
    assert moment.stop_at_s - moment.onset_at_s == pytest.approx(twitch.duration_s)
    assert sum(moment.values) / len(moment.values) == pytest.approx(0.0, abs=0.01)


def test_another_band_or_a_damaged_file_gives_none(folder, path, twitch):
    moments = Moments(folder / "recordings")
    assert moments.find(replace(twitch, device="another")) is None
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    late = replace(twitch, sample=300_000)
    assert moments.find(late) is None
    path.write_bytes(b"0       ")
    assert moments.find(twitch) is None


def test_a_recording_that_grew_is_looked_at_anew(folder, path, twitch):
    moments = Moments(folder / "recordings")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 4])
    late = replace(twitch, sample=300_000)
    assert moments.find(late) is None
    path.write_bytes(whole)
    assert moments.find(late) is not None
