"""The description an open band gives of itself. Format: firmware_docs/open_band.md."""

import math
import struct
from dataclasses import dataclass

import numpy as np

from aquiver.errors import DecodeError
from aquiver.model import Channel, Modality, Signal, Unit

VERSION = 1

_HEAD = struct.Struct("<BB2x")  # version, number of signals
_BLOCK = struct.Struct("<4BIIfIH2x")
_MOST_SIGNALS = 3  # one a modality

_MODALITIES = {1: Modality.EMG, 2: Modality.ACCELEROMETER, 3: Modality.ECG}
_UNITS = {1: Unit.MICROVOLT, 2: Unit.G, 3: Unit.COUNT}
_ELECTRIC = {Unit.MICROVOLT, Unit.COUNT}
_FITTING = {Modality.EMG: _ELECTRIC, Modality.ECG: _ELECTRIC, Modality.ACCELEROMETER: {Unit.G}}
_AXES = ("x", "y", "z")
_MOST_CHANNELS = 32
_BITS = {8, 16, 24}  # what a recording holds
_RATES_HZ = (1.0, 20_000.0)


@dataclass(frozen=True, slots=True)
class Described:
    """One signal: what it is, how many bytes an integer has, and how many samples a packet holds at most."""

    signal: Signal
    n_bytes: int
    most_samples: int

    @property
    def sample_bytes(self) -> int:
        """Give the bytes of one sample of all channels."""
        return self.n_bytes * len(self.signal.channels)


def described(data: bytes) -> tuple[Described, ...]:
    """Read a description.

    Raises:
        DecodeError: it is cut off, of another version, or makes no sense; the text names the byte.
    """
    if len(data) < _HEAD.size:
        raise DecodeError(f"byte {len(data)}: the description ends within its header")
    version, n_signals = _HEAD.unpack_from(data)
    if version != VERSION:
        raise DecodeError(f"byte 0: version {version} of the profile; only {VERSION} is known")
    if not 1 <= n_signals <= _MOST_SIGNALS:
        raise DecodeError(f"byte 1: {n_signals} signals; there are 1 to {_MOST_SIGNALS}")
    size = _HEAD.size + n_signals * _BLOCK.size
    if len(data) != size:
        raise DecodeError(f"byte {min(len(data), size)}: a description of {len(data)} bytes, not {size}")
    blocks = tuple(_signal(data, at) for at in range(_HEAD.size, size, _BLOCK.size))
    if len({block.signal.modality for block in blocks}) < n_signals:
        raise DecodeError(f"byte {_HEAD.size}: two signals of one modality")
    return blocks


def _signal(data: bytes, at: int) -> Described:
    """Read the block of one signal."""
    modality, unit, n_channels, n_bits, over, under, scale, limit, most = _BLOCK.unpack_from(data, at)
    _insist(modality in _MODALITIES, at, f"modality {modality} is unknown")
    what = _MODALITIES[modality]
    _insist(_UNITS.get(unit) in _FITTING[what], at + 1, f"unit {unit} does not fit {what}")
    is_three_dimensional = what is not Modality.ACCELEROMETER or n_channels == len(_AXES)
    _insist(1 <= n_channels <= _MOST_CHANNELS and is_three_dimensional, at + 2, f"{n_channels} channels of {what}")
    _insist(n_bits in _BITS, at + 3, f"integers of {n_bits} bits")
    rate_hz = over / max(under, 1)
    is_rate = under > 0 and _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]
    _insist(is_rate, at + 4, f"a rate of {over}/{under} Hz")
    _insist(math.isfinite(scale) and scale > 0, at + 12, f"a scale of {scale}")
    _insist(1 <= limit <= 2 ** (n_bits - 1), at + 16, f"a limit of {limit} in {n_bits} bits")
    _insist(most > 0, at + 20, "packets of no samples")
    names = _AXES if what is Modality.ACCELEROMETER else tuple(str(number + 1) for number in range(n_channels))
    channels = tuple(Channel(name, _decimal(scale)) for name in names)
    return Described(Signal(what, rate_hz, _UNITS[unit], limit, channels), n_bits // 8, most)


def _insist(is_right: bool, at: int, otherwise: str) -> None:  # noqa: FBT001  # it reads as a sentence
    if not is_right:
        raise DecodeError(f"byte {at}: {otherwise}")


def _decimal(scale: float) -> float:
    """Give the number that was meant: 0.1 as a 32-bit float is 0.10000000149.

    >>> _decimal(0.10000000149011612)
    0.1
    """
    return float(str(np.float32(scale)))
