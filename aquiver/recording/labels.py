"""Labels: what the label and the unit of a foreign file's signal say about its sensor.

The label decides; where it names nothing we know, the unit does: volts are muscle, accelerations are movement.
"""

import re
from dataclasses import dataclass

from aquiver.errors import RecordingError
from aquiver.model import Channel, Modality, Signal, Unit
from aquiver.recording.edf import Column, Header

_STANDARD_GRAVITY = 9.80665  # m/s2 in one g, by definition (3rd CGPM, 1901)
_N_AXES = 3  # of an accelerometer; more at one rate are a second sensor

_MODALITIES = {"EMG": Modality.EMG, "ECG": Modality.ECG, "EKG": Modality.ECG, "ACC": Modality.ACCELEROMETER}

# Starts of words for what is measured in volts, or beside the point. EEG and so on: EDF+ specification, texts.html.
_OTHER = (
    *("EEG", "EOG", "ERG", "MEG", "MCG", "RESP", "FLOW", "AIRFLOW", "THOR", "ABD", "SNORE", "PLETH", "PPG", "PULSE"),
    *("SAO", "SPO", "BVP", "GSR", "EDA", "TEMP", "SOUND", "LIGHT", "STATUS", "EVENT", "MARK", "TRIG", "GYR", "MAG"),
)


@dataclass(frozen=True, slots=True)
class _Measure:
    """A unit in a file: our unit, how many of ours it is, and what it measures if no label says so."""

    unit: Unit
    factor: float
    modality: Modality | None


_VOLTS = {"nv": 1e-3, "uv": 1.0, "mv": 1e3, "v": 1e6}
_ACCELERATIONS = {
    "g": 1.0,
    "mg": 1e-3,
    "ug": 1e-6,
    **dict.fromkeys(("m/s2", "m/s^2", "m/s²", "m/s/s", "m/sec2", "ms-2"), 1 / _STANDARD_GRAVITY),
}
_COUNTS = ("", "count", "counts", "lsb", "adc", "bit", "bits", "digit", "digits", "du", "a.u.", "au", "none")
_MEASURES = {
    **{name: _Measure(Unit.MICROVOLT, factor, Modality.EMG) for name, factor in _VOLTS.items()},
    **{name: _Measure(Unit.G, factor, Modality.ACCELEROMETER) for name, factor in _ACCELERATIONS.items()},
    **{name: _Measure(Unit.COUNT, 1.0, None) for name in _COUNTS},
}
_UNITS = {
    Modality.EMG: {Unit.MICROVOLT, Unit.COUNT},
    Modality.ECG: {Unit.MICROVOLT, Unit.COUNT},
    Modality.ACCELEROMETER: {Unit.G, Unit.COUNT},
}


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of a file that are one signal; ``columns`` are their positions in the header."""

    signal: Signal
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A file's columns: those we can use, and the labels of the others."""

    groups: tuple[Group, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What columns must share to be one signal."""

    modality: Modality
    unit: Unit
    n_samples: int
    n_before: int  # whole sensors of this kind before it


def sort_columns(header: Header) -> Sorted:
    """Group the columns of a file by what they measure and how often.

    Raises:
        RecordingError: a signal that we would use has a calibration that is none.
    """
    kinds: dict[_Kind, list[int]] = {}
    ignored: list[str] = []
    for i, column in enumerate(header.columns):
        measure = _measure_of(column)
        if measure is not None:
            kinds.setdefault(_kind_of(column, measure, kinds), []).append(i)
        elif not column.is_annotations:
            ignored.append(column.label)
    groups = tuple(_group(header, kind, tuple(columns)) for kind, columns in kinds.items())
    return Sorted(groups, tuple(ignored))


def _measure_of(column: Column) -> _Measure | None:
    """Give what a column measures, with its modality; none if it is not for us."""
    if column.is_annotations:
        return None
    measure = _MEASURES.get(re.sub("â?[µμ]", "u", column.unit.lower()))
    if measure is None:
        return None
    words = re.findall("[A-Z]+", column.label.upper())
    named = [modality for start, modality in _MODALITIES.items() if any(word.startswith(start) for word in words)]
    if not named and any(word.startswith(_OTHER) for word in words):
        return None
    modality = named[0] if named else measure.modality
    if modality is None or measure.unit not in _UNITS[modality]:
        return None
    return _Measure(measure.unit, measure.factor, modality)


def _kind_of(column: Column, measure: _Measure, kinds: dict[_Kind, list[int]]) -> _Kind:
    assert measure.modality is not None  # for mypy: _measure_of() gives none without
    kind = _Kind(measure.modality, measure.unit, column.n_samples, 0)
    while kind.modality is Modality.ACCELEROMETER and len(kinds.get(kind, ())) == _N_AXES:
        kind = _Kind(kind.modality, kind.unit, kind.n_samples, kind.n_before + 1)
    return kind


def _group(header: Header, kind: _Kind, columns: tuple[int, ...]) -> Group:
    members = [header.columns[i] for i in columns]
    signal = Signal(
        modality=kind.modality,
        rate_hz=header.rate_hz(columns[0]),
        unit=kind.unit,
        limit=max(_limit_of(column) for column in members),
        channels=tuple(_channel(column) for column in members),
    )
    return Group(signal, columns)


def _limit_of(column: Column) -> int:
    return column.digital_max if column.digital_max > 0 else -column.digital_min


def _channel(column: Column) -> Channel:
    measure = _measure_of(column)
    assert measure is not None  # for mypy: it has been grouped by it
    steps = column.digital_max - column.digital_min
    if steps <= 0 or column.physical_max == column.physical_min:
        raise RecordingError(f"the header gives {column.label!r} an empty range of values")
    scale = (column.physical_max - column.physical_min) / steps
    offset = column.physical_min - column.digital_min * scale
    return Channel(column.label, scale * measure.factor, offset * measure.factor)
