"""Movesense's data packets, read: what can be subscribed to, and how it is laid out. Format: firmware_docs/movesense.md."""

import struct
from dataclasses import dataclass, replace

import numpy as np

from aquiver.errors import DecodeError
from aquiver.model import Channel, Modality, Samples, Signal, Unit

HEAD_BYTES = 2  # kind of message, reference
SAMPLES_AT = HEAD_BYTES + 4  # after the time

# 0.244 mg is the sensor's step at 8 g, and 9.807 the firmware's g: with these two the values of a real packet are
# whole numbers to within 0.0002.
_STEP_G = 0.000244
_FINE_STEP_G, _MOST_G = 1e-6, 17
_FIRMWARE_G = 9.807
_MOST_MS2 = 160.0  # the widest range ends at 16 g = 157 m/s2
_MICROVOLT_PER_COUNT = 0.381469726563

_RATE_HZ = 104
_ECG_RATE_HZ = 250
_AXES = tuple(Channel(axis, _STEP_G) for axis in ("x", "y", "z"))
_ACCELERATION_SIGNAL = Signal(Modality.ACCELEROMETER, float(_RATE_HZ), Unit.G, 32767, _AXES)


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to subscribe to. Its packets hold all samples of ``signal``, then as many of its other sensors."""

    path: str
    signal: Signal
    dtype: str
    n_sensors: int = 1
    is_clipped: bool = True  # at the signal's limit

    @property
    def sample_bytes(self) -> int:
        """Give the bytes of one sample of all sensors."""
        return len(self.signal.channels) * np.dtype(self.dtype).itemsize * self.n_sensors


def _ecg(path: str, scale_uv: float, limit: int, dtype: str) -> Resource:
    channels = (Channel("1", scale_uv),)
    return Resource(path, Signal(Modality.ECG, float(_ECG_RATE_HZ), Unit.MICROVOLT, limit, channels), dtype)


def resource_at(path: str) -> Resource:
    """Give what a path subscribes to, in steps fine enough for every range.

    Raises:
        DecodeError: nothing at the path is read; the text names what is.
    """
    match path.strip("/\0 ").lower().split("/"):
        case ["meas", "acc", rate] if rate.isdecimal() and int(rate):
            return _fine(path, int(rate))
        case ["meas", "imu6" | "imu9" as which, rate] if rate.isdecimal() and int(rate):
            return _fine(path, int(rate), n_sensors=int(which[-1]) // 3)
        case ["meas", "ecg", rate, *unit] if rate.isdecimal() and int(rate) and unit in ([], ["mv"]):
            like = ECG if unit else ECG_COUNTS
            return replace(like, path=path, signal=replace(like.signal, rate_hz=float(rate)))
        case _:
            raise DecodeError(f"{path}: not read; /Meas/Acc/52, /Meas/IMU6/52, /Meas/IMU9/52, /Meas/ECG/125[/mV] are")


def _fine(path: str, rate_hz: int, n_sensors: int = 1) -> Resource:
    axes = tuple(Channel(axis, _FINE_STEP_G) for axis in ("x", "y", "z"))
    signal = Signal(Modality.ACCELEROMETER, float(rate_hz), Unit.G, round(_MOST_G / _FINE_STEP_G), axes)
    return Resource(path, signal, "<f4", n_sensors, is_clipped=False)


ACCELERATION = Resource(f"/Meas/Acc/{_RATE_HZ}", _ACCELERATION_SIGNAL, "<f4")
IMU6 = Resource(f"/Meas/IMU6/{_RATE_HZ}", _ACCELERATION_SIGNAL, "<f4", n_sensors=2)  # the other is the gyroscope
ECG = _ecg(f"/Meas/ECG/{_ECG_RATE_HZ}/mV", 1.0, 32767, "<i2")
ECG_COUNTS = _ecg(f"/Meas/ECG/{_ECG_RATE_HZ}", _MICROVOLT_PER_COUNT, 131071, "<i4")


def is_whole(resource: Resource, packet: bytes) -> bool:
    """Tell whether a packet ends with a sample; if not, its second part is on the way."""
    return len(packet) > SAMPLES_AT and not (len(packet) - SAMPLES_AT) % resource.sample_bytes


def time_ms(packet: bytes) -> int:
    """Give the time of a whole packet's first sample, which begins again after 2^32 ms."""
    (value,) = struct.unpack_from("<I", packet, HEAD_BYTES)
    return int(value)


def samples_in(resource: Resource, packet: bytes) -> Samples:
    """Read the samples of a whole packet, shape (n, channels), in steps of the signal's scale.

    Raises:
        DecodeError: a value is not a number, or no sensor measures it; the text names the byte.
    """
    n_values = (len(packet) - SAMPLES_AT) // resource.sample_bytes * len(resource.signal.channels)
    values = np.frombuffer(packet, resource.dtype, n_values, SAMPLES_AT)
    if values.dtype.kind == "f":
        with np.errstate(invalid="ignore"):  # some bytes are no number, and numpy says so before we can
            values = _steps(values.astype(np.float64), resource)
    samples: Samples = values.astype(np.int32).reshape(-1, len(resource.signal.channels))
    return samples


def _steps(values_ms2: np.ndarray, resource: Resource) -> np.ndarray:
    """Give accelerations in steps; beyond the limit, which takes a range above 8 g, they are saturated."""
    step_g, limit = resource.signal.channels[0].scale, resource.signal.limit
    odd = ~(np.abs(values_ms2) <= _MOST_MS2)  # not a number compares false
    if odd.any():
        first = int(np.argmax(odd))
        raise DecodeError(f"byte {SAMPLES_AT + 4 * first}: an acceleration of {values_ms2[first]:g} m/s2")
    steps = np.rint(values_ms2 / (step_g * _FIRMWARE_G))
    return np.clip(steps, -limit, limit) if resource.is_clipped else steps
