"""The generator itself: what it says it plants is in the samples."""

from statistics import median
from time import process_time

import numpy as np
import pytest
from scipy import signal

from aquiver.body import Site
from tests.accuracy.acceleration import AccelerometerCase
from tests.accuracy.cases import CASES
from tests.accuracy.confounders import LIMB, NAMES
from tests.accuracy.device import EMG
from tests.accuracy.emg import EmgCase
from tests.accuracy.potentials import FINE_HZ, sampled, shapes
from tests.accuracy.rhythm import beats, random_times, series, train, twitch_times
from tests.accuracy.scene import Scene
from tests.accuracy.seeds import TEST_SEEDS, TUNING_SEEDS, USED_UP, generator
from tests.accuracy.skin import Skin
from tests.accuracy.surroundings import sweat

SEED = "alder"


def the_scene(case) -> Scene:
    (scene,) = case.scenes(SEED)
    return scene


def values(scene: Scene) -> np.ndarray:
    scale = scene.stream.signal.channels[0].scale
    return scene.samples.T * scale - np.median(scene.samples.T * scale, axis=1, keepdims=True)


def in_band(samples: np.ndarray, rate_hz: float) -> np.ndarray:
    sections = signal.butter(4, (20.0, min(450.0, 0.475 * rate_hz)), "bandpass", fs=rate_hz, output="sos")
    return signal.sosfiltfilt(sections, samples, axis=-1)


def test_the_two_sets_of_seeds_have_no_common_member():
    assert not set(TUNING_SEEDS) & set(TEST_SEEDS)
    assert not set(USED_UP) & {*TUNING_SEEDS, *TEST_SEEDS}
    assert len(set(TUNING_SEEDS)) == len(TUNING_SEEDS) >= 4
    assert len(set(TEST_SEEDS)) == len(TEST_SEEDS) >= 4


def test_cases_have_names_of_their_own():
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_same_names_give_the_same_recording_and_other_seeds_another():
    case = EmgCase("determinism", "-", 2.0, 10.0, NAMES)
    first, again, other = the_scene(case), the_scene(case), case.scenes("birch")[0]
    assert np.array_equal(first.samples, again.samples)
    assert np.array_equal(first.twitches.peaks_s, again.twitches.peaks_s)
    assert first.disturbances == again.disturbances
    assert not np.array_equal(first.samples, other.samples)


def test_one_confounder_more_leaves_the_twitches_where_they_were():
    few, many = (EmgCase("same", "-", 5.0, 10.0, names) for names in (("pops",), ("pops", "voluntary", "sweat")))
    assert np.array_equal(the_scene(few).twitches.peaks_s, the_scene(many).twitches.peaks_s)


@pytest.mark.parametrize("rate_hz", [200.0, 250.0, 500.0, 1000.0])
def test_the_noise_has_the_size_it_is_said_to_have(rate_hz):
    rng = generator("floor", str(rate_hz))
    skin = Skin.quiet(rng, rate_hz, 3, 240.0)
    skin.make_noise(rng)
    measured = in_band(skin.values, rate_hz).std(axis=1)
    expected = skin.floor_uv * np.sqrt((skin.gain**2).mean(axis=1))
    assert measured == pytest.approx(expected, rel=0.06)
    assert ((skin.floor_uv >= 2.0) & (skin.floor_uv <= 6.0)).all()


@pytest.mark.parametrize("rate_hz", [200.0, 250.0, 500.0, 1000.0])
def test_potentials_have_one_unit_peak_to_peak_in_the_samples_within_5_to_25_ms(rate_hz):
    known = shapes(generator("shapes"), 200, rate_hz)
    at_s = np.linspace(1.0, 2.0, 2000)
    _, waves = sampled(known, np.arange(2000) % 200, at_s, rate_hz)
    assert np.ptp(waves, axis=1).mean() == pytest.approx(1.0, abs=0.03)
    assert known.durations_s.min() > 0.004
    assert known.durations_s.max() < 0.026
    assert median(known.durations_s.tolist()) == pytest.approx(0.013, abs=0.002)
    assert known.waves[:, :40] == pytest.approx(0.0, abs=0.02)
    assert np.abs(known.peaks - known.waves.shape[1] / 2).max() < 0.015 * FINE_HZ


def test_the_energy_of_potentials_lies_between_20_and_250_hz():
    known = shapes(generator("shapes"), 200, 1000.0)
    spectrum = np.abs(np.fft.rfft(known.waves, axis=1)) ** 2
    frequency = np.fft.rfftfreq(known.waves.shape[1], 1 / FINE_HZ)
    share = spectrum[:, (frequency >= 20) & (frequency <= 250)].sum(axis=1) / spectrum.sum(axis=1)
    assert np.median(share) > 0.9
    assert np.quantile(share, 0.05) > 0.5


def test_potentials_have_two_to_four_phases_behind_the_amplifier_and_some_have_more():
    known = shapes(generator("shapes"), 300, 1000.0)
    loud = np.where(np.abs(known.waves) > 0.05, np.sign(known.waves), 0)
    n_phases = [1 + int((np.diff(row[row != 0]) != 0).sum()) for row in loud]
    assert 2 <= np.median(n_phases) <= 4
    assert 0.08 < np.mean([n > 4 for n in n_phases]) < 0.45
    assert min(n_phases) >= 2


def test_a_potential_lies_where_the_truth_says():
    known = shapes(generator("place"), 50, 1000.0)
    at_s = np.linspace(1.0, 2.0, 50)
    first, waves = sampled(known, np.arange(50), at_s, 1000.0)
    energy = np.array([np.convolve(wave**2, np.ones(12), "same").argmax() for wave in waves])
    away_s = np.abs((first + energy) / 1000.0 - at_s)
    assert away_s.max() < 0.008
    assert np.median(away_s) < 0.001


@pytest.mark.parametrize("name", EMG)
def test_a_planted_size_is_found_in_the_samples(name):
    device = EMG[name]
    scene = the_scene(EmgCase("sizes", "-", 4.0, 6.0, (), name, sigmas=60.0))
    band = in_band(values(scene), device.rate_hz)
    sigma = np.median(np.abs(band), axis=1, keepdims=True) / 0.6745
    alone = [t for t in scene.twitches.peaks_s if np.sum(np.abs(scene.twitches.peaks_s - t) < 0.2) == 1]
    raw = values(scene)
    cuts = [raw[:, round((t - 0.02) * device.rate_hz) : round((t + 0.02) * device.rate_hz)] for t in alone]
    sizes = [float((np.ptp(cut, axis=1) / sigma[:, 0]).max()) for cut in cuts]
    assert scene.twitches.sigmas == pytest.approx(60.0, rel=1e-6)
    assert median(sizes) == pytest.approx(60.0, rel=0.15)


def test_sizes_are_log_normal_around_80_uv():
    sizes = np.concatenate([EmgCase("sizes", "-", 30.0, 20.0).scenes(seed)[0].twitches.sizes for seed in TUNING_SEEDS])
    assert np.exp(np.log(sizes).mean()) == pytest.approx(80.0, rel=0.1)
    assert np.log(sizes).std() == pytest.approx(0.6, abs=0.08)


@pytest.mark.parametrize("per_minute", [0.5, 10.0, 40.0, 70.0])
def test_twitches_come_at_their_rate(per_minute):
    times = twitch_times(generator("rate"), per_minute, 36_000.0, 0.2)
    assert len(times) / 600.0 == pytest.approx(per_minute, rel=0.12)


def test_a_share_of_twitches_is_followed_by_a_second_one_within_10_to_110_ms():
    steps = np.diff(twitch_times(generator("pairs"), 5.0, 36_000.0, 0.2))
    assert ((steps > 0.010) & (steps < 0.110)).mean() == pytest.approx(0.2 / 1.2, abs=0.03)
    assert steps.min() > 0.010


def test_a_train_is_regular():
    steps = np.diff(train(generator("train"), 5.0, 400.0, 8.0, 0.15))
    assert 1 / steps.mean() == pytest.approx(8.0, rel=0.05)
    assert steps.std() / steps.mean() == pytest.approx(0.15, abs=0.02)


def test_leg_movements_last_and_follow_each_other_as_the_societies_say():
    found = series(generator("legs"), 30.0, 80 * 3600.0)
    starts, lengths = np.array(found).T
    assert 24 < len(found) / 80 < 33
    assert (lengths.min(), lengths.max()) >= (0.5, 0.5)
    assert lengths.max() <= 10.0
    assert np.median(lengths) == pytest.approx(2.5, abs=0.3)
    steps = np.diff(starts)
    assert ((steps >= 10) & (steps <= 90)).mean() > 0.5


def test_a_heart_varies_and_skips():
    times, is_ectopic = beats(generator("heart"), 7200.0, 60.0, 30.0)
    steps = np.diff(times)
    assert np.median(steps) == pytest.approx(1.0, abs=0.03)
    assert 0.02 < steps[~is_ectopic[1:] & ~is_ectopic[:-1]].std() < 0.08
    assert is_ectopic.sum() == pytest.approx(60, abs=30)


def test_random_times_keep_apart():
    times = random_times(generator("apart"), 600.0, 3600.0, 3.0)
    assert np.diff(times).min() > 3.0
    assert 0 <= times[0] < times[-1] < 3600.0


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"sweat", "noise steps"}])
def test_every_confounder_leaves_a_mark_and_notes_when(name):
    scene = the_scene(EmgCase("marks", "-", 180.0, 0.0, (name,)))
    plain = the_scene(EmgCase("marks", "-", 180.0, 0.0, ()))
    assert not np.array_equal(scene.samples, plain.samples)
    assert scene.disturbances
    at_s = np.flatnonzero((scene.samples != plain.samples).any(axis=1)) / scene.stream.rate_hz
    noted = np.zeros(len(at_s), bool)
    for one in scene.disturbances:
        noted |= (at_s >= one.start_s - 1.0) & (at_s <= one.stop_s + 3.0)
    assert noted.all() or name in {"mains 50", "mains 60"}


@pytest.mark.parametrize("size", [40.0, 120.0, 400.0])
def test_an_ecg_has_its_size(size):
    scene = the_scene(EmgCase("ecg size", "-", 30.0, 0.0, (f"ECG {size:g}",), "16 bit 1000 Hz"))
    beats_uv = values(scene).reshape(2, -1, 2000).max(axis=2) - values(scene).reshape(2, -1, 2000).min(axis=2)
    assert 0.4 * size < np.median(beats_uv.max(axis=0)) < 1.8 * size + 60


def test_sweat_raises_the_floor_up_to_three_times():
    skin = Skin.quiet(generator("sweat"), 200.0, 1, 4 * 3600.0)
    sweat(generator("sweat", "drift"), skin)
    assert 1.8 < skin.gain.max() < 3.5
    assert np.median(skin.gain) < 1.6


def test_the_truth_knows_that_a_twitch_on_a_contraction_is_small():
    quiet, tense = (the_scene(EmgCase("tension", "-", 5.0, 20.0, (), tension=t)) for t in (1.0, 3.0))
    assert quiet.twitches.sizes == pytest.approx(tense.twitches.sizes)
    assert np.median(tense.twitches.sigmas / quiet.twitches.sigmas) == pytest.approx(1 / 3, rel=0.2)


def test_a_device_rounds_clips_and_counts():
    scene = the_scene(EmgCase("device", "-", 60.0, 10.0, ("clipping", "pops"), "8 bit 200 Hz"))
    assert np.abs(scene.samples).max() == 127
    assert scene.samples.shape == (60 * 60 * 200, 8)
    assert scene.stream.signal.channels[0].scale == 1.0


def test_chunks_are_the_samples():
    scene = the_scene(EmgCase("chunks", "-", 0.4))
    assert np.array_equal(np.concatenate([chunk.samples for chunk in scene.chunks()]), scene.samples)


def test_a_person_at_rest_weighs_one_g_and_twitches_as_said():
    scene = the_scene(AccelerometerCase("rest", "-", 10.0, 6.0, heart_mg=(0.1, 0.2), sizes_mg=(60.0, 60.0)))
    g = scene.samples * scene.stream.signal.channels[0].scale
    assert np.linalg.norm(g, axis=1).mean() == pytest.approx(1.0, abs=0.03)
    swings = [np.ptp(g[round(t * 100) - 8 : round(t * 100) + 30], axis=0) for t in scene.twitches.peaks_s]
    assert np.median([np.linalg.norm(swing) for swing in swings]) == pytest.approx(0.060, rel=0.25)


def test_turning_over_keeps_gravity():
    scene = the_scene(AccelerometerCase("turns", "-", 120.0, 0.0, ("turning over",)))
    g = np.linalg.norm(scene.samples * scene.stream.signal.channels[0].scale, axis=1)
    assert np.median(g) == pytest.approx(1.0, abs=0.01)
    assert np.quantile(g, 0.99) < 1.5


@pytest.mark.parametrize("confounders", [(), LIMB])
def test_a_night_is_made_500_times_faster_than_it_lasts(confounders):
    case = EmgCase("speed", "-", 30.0, 10.0, confounders)
    start_s = process_time()
    the_scene(case)
    assert 30 * 60.0 / (process_time() - start_s) > 500.0


def test_two_sites_see_the_same_sparks_and_twitch_for_themselves():
    case = EmgCase("two", "-", 30.0, 6.0, (), has_sparks=True, second_site=Site.RIGHT_FOREARM)
    first = the_scene(case)
    assert first.beside is not None
    assert first.disturbances == first.beside.disturbances != []
    assert first.stream.site is not first.beside.stream.site
    assert not set(first.twitches.peaks_s) & set(first.beside.twitches.peaks_s)
