"""The Polar models that are made virtual: what each offers, and how it writes. Format: firmware_docs/polar.md."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from aquiver.model import Channel, Modality, Signal, Unit
from collector.virtual import pmd

ECG, ACCELEROMETER = 0, 2
_RAW, _MILLI_G = 0x80, 0x81  # frame types: integers of the sensor; mG
_FACTOR_G = 0.000244
_AXES = ("x", "y", "z")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One thing a model measures. ``offered`` are its settings on the wire, by kind; ``on_start`` ends the reply to start."""

    signal: Signal
    offered: Mapping[int, Sequence[bytes]]
    write: pmd.Write
    samples_per_frame: int
    on_start: bytes = b""


@dataclass(frozen=True, slots=True)
class Model:
    """A model: its advertised name, the features it tells, and its measurements by their number."""

    name: str
    features: bytes
    measurements: Mapping[int, Measurement]


def _acceleration(scale_g: float, limit: int) -> Signal:
    """Give the signal at whatever rate is chosen."""
    return Signal(Modality.ACCELEROMETER, 1.0, Unit.G, limit, tuple(Channel(axis, scale_g) for axis in _AXES))


def _u16(*values: int) -> tuple[bytes, ...]:
    return tuple(struct.pack("<H", value) for value in values)


def _verity(frame_type: int, signal: Signal, on_start: bytes) -> Model:
    offered = {0: _u16(52), 1: _u16(16), 2: _u16(8), 4: (b"\x03",)}
    write = partial(pmd.compressed, frame_type)
    return Model("Sense V", _features(0x6E), {ACCELEROMETER: Measurement(signal, offered, write, 36, on_start)})


def _features(mask: int) -> bytes:
    return bytes([0x0F, mask]) + bytes(15)


VERITY = _verity(_MILLI_G, _acceleration(0.001, 7995), b"")
OLD_VERITY = _verity(_RAW, _acceleration(_FACTOR_G, 32767), b"\x05\x01" + struct.pack("<f", _FACTOR_G))
OH1 = Model(
    "OH1 V",
    _features(0x0E),
    {
        ACCELEROMETER: Measurement(
            _acceleration(0.001, 7995), {0: _u16(50), 1: _u16(16), 2: _u16(8)}, pmd.uncompressed, 36
        )
    },
)
H10 = Model(
    "H10 V",
    _features(0x05),
    {
        ACCELEROMETER: Measurement(
            _acceleration(0.001, 3997),
            {0: _u16(25, 50, 100, 200), 1: _u16(16), 2: _u16(2, 4, 8)},
            pmd.uncompressed,
            36,
            b"\x01",
        ),
        ECG: Measurement(
            Signal(Modality.ECG, 1.0, Unit.MICROVOLT, 32767, (Channel("1"),)),
            {0: _u16(130), 1: _u16(14)},
            pmd.ecg,
            73,
        ),
    },
)
