"""Real recordings without labelled twitches: they prove floors, gates and the heart, not sensitivity."""

from pathlib import Path

import edfio
import numpy as np
import pytest

from aquiver.body import Site
from aquiver.model import Channel, Chunk, Clock, Modality, Record, Signal, SpanReason, Stream, Unit
from detector.offline import decide
from tests.detector.planted import UTC, excluded_s, night, total_s, twitches

DATA = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"the recordings are not at {DATA}")


def records_of(name: str, modality: Modality, unit: Unit, factor: float = 1.0, limit: int = 32767) -> list[Record]:
    """Decide a recording; one integer step is one step of its file."""
    signals = edfio.read_edf(DATA / name).signals
    ranges = [(s.physical_max - s.physical_min) / (s.digital_max - s.digital_min) for s in signals]
    channels = tuple(Channel(s.label, factor * scale) for s, scale in zip(signals, ranges, strict=True))
    rate_hz = float(signals[0].sampling_frequency)
    samples = np.stack([s.digital for s in signals], axis=1).astype(np.int32)
    stream = Stream("me", name, Site.LEFT_FOREARM, Signal(modality, rate_hz, unit, limit, channels))
    return list(decide([Chunk(stream, "run", 0, 0, Clock(0, 0.0, rate_hz), samples)], UTC))


@pytest.mark.parametrize("person", range(4))
def test_gestures_are_movements(person: int) -> None:
    records = records_of(f"myo_Female{person}_gestures.edf", Modality.EMG, Unit.COUNT)
    assert excluded_s(records, SpanReason.MOVEMENT) > 0.8 * (total_s([night(records)]) - 5.0)
    assert night(records).n_twitches <= 10


def test_a_train_of_one_motor_unit_is_a_movement() -> None:
    records = records_of("plux_emg_1000_hz_16_bits_solo.edf", Modality.EMG, Unit.MICROVOLT)
    assert excluded_s(records, SpanReason.MOVEMENT) > 50.0
    assert len(twitches(records)) <= 5
    assert 2.0 < night(records).floor < 3.0


@pytest.mark.parametrize("posture", ["lying_body", "lying_phone", "sitting_body", "sitting_phone"])
def test_a_heartbeat_is_no_series_of_twitches(posture: str) -> None:
    records = records_of(f"plux_{posture}_acc.edf", Modality.ACCELEROMETER, Unit.G, factor=0.001)
    assert len(twitches(records)) <= 6


def test_an_ecg_is_not_searched() -> None:
    records = records_of("plux_ecg_5_min.edf", Modality.ECG, Unit.MICROVOLT)
    assert night(records).excluded_s == {SpanReason.UNSUITABLE: pytest.approx(300.0)}
