"""Polar Verity Sense, OH1 or H10: their accelerometer, and the H10's ECG. Format: firmware_docs/polar.md."""

import math
import struct
from collections.abc import Generator, Mapping, Sequence

import numpy as np

from aquiver.driver import Conversation, Decoder, Frame, Listen, Read, Request, Write
from aquiver.errors import DecodeError
from aquiver.model import Channel, Modality, Samples, Signal, Unit
from collector.devices.pmd import MEASUREMENT, N_AXES, RAW_SAMPLE_BYTES, measured, measured_ecg
from collector.devices.pmd_control import (
    ALREADY,
    CHANNELS,
    CONTROL,
    FACTOR,
    OK,
    RANGE,
    RATE,
    RESOLUTION,
    Reply,
    accepted,
    asked,
    parameters_in,
)
from collector.devices.polar_overheard import UNKNOWNS, OverheardPolar

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

_ECG, _ACCELEROMETER = 0, 2
_SETTINGS, _START, _STOP = 1, 2, 3
_FEATURES = 0x0F
_STOPPED_BY_ITSELF = 0x01

# Twitches are 5 to 45 Hz: 100 samples a second hold them, and an H10 that gives 200 only empties its battery.
# Nobody asleep exceeds 4 g, and a finer range has finer steps; a Verity offers 52 Hz and 8 g alone.
_ENOUGH = {RATE: 100, RESOLUTION: 16, RANGE: 4}
_ENOUGH_ECG = {RATE: 130, RESOLUTION: 14}

# An ECG is sent in 24 bits, but no chest gives more than 32 mV; so it can be kept in 16.
_ECG_LIMIT_UV = 32767

_MILLI_G = 0.001
_MOST_BITS = 32
_LSB_PER_RANGE = 0.0000305  # g per step and g of range, in Polar's sensors: 0.244 mg at 8 g
_MOST_RAW = 32767
_COARSEST_STEP_G = 0.01  # a factor above it is no step of a sensor: it multiplies mG
_FACTORS = (1e-6, 1e3)


class Polar:
    """The driver. Without a stop at the end an H10 goes on streaming until its battery is empty."""

    name = "polar"
    service = SERVICE
    is_service_shared = False
    name_prefixes = ("Polar Sense ", "Polar OH1 ", "Polar H10 ")
    hears = (DATA,)
    keep_awake: tuple[float, Write] | None = None
    unknowns = UNKNOWNS

    def converse(self) -> Conversation:
        """Learn what is on offer, choose, and start: the accelerometer first, then the ECG where there is one."""
        yield Listen(CONTROL)
        yield Listen(DATA)
        features = yield Read(CONTROL)
        offered = parameters_in(accepted((yield from asked(bytes([_SETTINGS, _ACCELEROMETER])))))
        chosen = _chosen(offered, _ENOUGH) | _axes(offered)
        factor = _factor(accepted((yield from _started(_ACCELEROMETER, chosen))))
        ecg = (yield from _ecg_started()) if _has_ecg(features) else ()
        return PolarDecoder({kind: _number(value) for kind, value in chosen.items()}, factor, ecg=ecg)

    def assume(self, told: Mapping[str, str], /) -> Decoder:
        """Give a decoder for every frame type of either measurement."""
        return OverheardPolar(told)

    def farewell(self) -> tuple[Write, ...]:
        """Stop both measurements; a wearable without ECG says that it has none."""
        return tuple(Write(CONTROL, bytes([_STOP, measurement])) for measurement in (_ACCELEROMETER, _ECG))


class PolarDecoder:
    """Reads the frames of one connection.

    ``settings`` are those the wearable accepted for acceleration, by kind; ``ecg`` is the ECG's signal, if it was started.
    """

    def __init__(
        self,
        settings: Mapping[int, int],
        factor: float | None,
        *,
        ecg: tuple[Signal, ...] = (),
    ) -> None:
        self._scales_g = _scales_g(factor)
        self._reference_bytes = math.ceil(settings[RESOLUTION] / 8)
        is_raw = factor is not None and factor < _COARSEST_STEP_G
        self._scale_g = self._scales_g[0x80 if is_raw else 0x81]
        self._limit = _MOST_RAW if is_raw else int(_MOST_RAW * settings[RANGE] * _LSB_PER_RANGE / self._scale_g)
        channels = tuple(Channel(axis, self._scale_g) for axis in ("x", "y", "z"))
        acceleration = Signal(Modality.ACCELEROMETER, float(settings[RATE]), Unit.G, self._limit, channels)
        self._signals = (acceleration, *ecg)
        self._measurements = {_ACCELEROMETER, _ECG} if ecg else {_ACCELEROMETER}

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List the acceleration, and the ECG of an H10."""
        return self._signals

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a notification; what another program asked of the wearable is passed over."""
        if characteristic == CONTROL:
            self._watch_for_stop(data)
            return ()
        measurement = data[0] & MEASUREMENT if data else _ACCELEROMETER
        if characteristic != DATA or measurement not in self._measurements:
            return ()
        if measurement == _ECG:
            return (_beating(data),)
        seen = measured(data, self._reference_bytes)
        samples = self._scaled(seen.samples, seen.frame_type)
        return (Frame(Modality.ACCELEROMETER, samples, device_ns=seen.device_ns),)

    def _scaled(self, samples: Samples, frame_type: int) -> Samples:
        """Give samples in the stream's scale; it is the frame's but for firmware nobody has seen yet."""
        if frame_type not in self._scales_g:
            raise DecodeError(f"byte 9: frame type 0x{frame_type:02x} needs a factor, and none came with the start")
        factor = self._scales_g[frame_type] / self._scale_g
        return _clipped(samples if factor == 1.0 else np.rint(samples * factor), self._limit)

    def _watch_for_stop(self, data: bytes) -> None:
        """Say so when the wearable ended our measurement by itself, as it does when put on its charger."""
        stopped = {kind & MEASUREMENT for kind in data[1:]}
        if data[:1] == bytes([_STOPPED_BY_ITSELF]) and stopped & self._measurements:
            raise DecodeError("byte 0: the Polar stopped measuring by itself; is it charging, or its battery empty?")


def _beating(data: bytes) -> Frame:
    seen = measured_ecg(data)
    return Frame(Modality.ECG, _clipped(seen.samples, _ECG_LIMIT_UV), device_ns=seen.device_ns)


def _clipped(samples: np.ndarray[tuple[int, ...], np.dtype[np.int32 | np.float64]], limit: int) -> Samples:
    """Hold samples within the limit, which a recording relies on; a sensor may go some steps beyond."""
    clipped: Samples = np.clip(samples, -limit - 1, limit).astype(np.int32)
    return clipped


def _has_ecg(features: bytes) -> bool:
    """Tell from the feature read: a bit for each measurement. A wearable that says nothing there has none."""
    return len(features) > 1 and features[0] == _FEATURES and bool(features[1] >> _ECG & 1)


def _started(measurement: int, chosen: Mapping[int, bytes]) -> Generator[Request, bytes, Reply]:
    """Start a measurement; give the reply."""
    parameters = b"".join(struct.pack("<BB", kind, 1) + value for kind, value in chosen.items())
    start = bytes([_START, measurement]) + parameters
    reply = yield from asked(start)
    if reply.status == ALREADY:  # left streaming by a link that broke, perhaps with other settings
        yield from asked(bytes([_STOP, measurement]))
        reply = yield from asked(start)
    return reply


def _ecg_started() -> Generator[Request, bytes, tuple[Signal, ...]]:
    """Start the ECG; give its signal, or none if it is refused: twitches are counted without it too."""
    offered = yield from asked(bytes([_SETTINGS, _ECG]))
    if offered.status != OK:
        return ()
    chosen = _chosen(parameters_in(offered.parameters), _ENOUGH_ECG)
    reply = yield from _started(_ECG, chosen)
    if reply.status != OK:
        return ()
    rate_hz = float(_number(chosen[RATE]))
    return (Signal(Modality.ECG, rate_hz, Unit.MICROVOLT, _ECG_LIMIT_UV, (Channel("1"),)),)


def _scales_g(factor: float | None) -> dict[int, float]:
    """Give what one step of each frame type is worth. Older firmware sends raw integers and a factor (0x80)."""
    scales_g = dict.fromkeys(RAW_SAMPLE_BYTES, _MILLI_G) | {0x81: _MILLI_G * (1.0 if factor is None else factor)}
    return scales_g if factor is None else scales_g | {0x80: factor}


def _chosen(offered: Mapping[int, Sequence[bytes]], enough: Mapping[int, int]) -> dict[int, bytes]:
    """Choose one value of each setting: the least on offer that is enough. The bytes are sent back as they came."""
    if missing := [kind for kind in enough if not offered.get(kind)]:
        raise DecodeError(f"the settings on offer lack parameter {missing[0]}")
    chosen = {kind: _least(offered[kind], least) for kind, least in enough.items()}
    if not all(map(_number, chosen.values())) or _number(chosen[RESOLUTION]) > _MOST_BITS:
        raise DecodeError("the settings on offer make no sense: a rate, range or resolution of 0, or above 32 bits")
    return chosen


def _axes(offered: Mapping[int, Sequence[bytes]]) -> dict[int, bytes]:
    """Give the channel count, where it is on offer; in one byte, as in two a Verity rejects it."""
    channels = offered.get(CHANNELS)
    if not channels:
        return {}
    if _number(channels[0]) != N_AXES:
        raise DecodeError(f"an accelerometer of {_number(channels[0])} axes")
    return {CHANNELS: channels[0]}


def _least(offered: Sequence[bytes], enough: int) -> bytes:
    """Give the least value that is enough, or the largest there is."""
    return min((value for value in offered if _number(value) >= enough), key=_number, default=max(offered, key=_number))


def _number(value: bytes) -> int:
    return int.from_bytes(value, "little")


def _factor(parameters: bytes) -> float | None:
    """Give the factor in the reply to start; None where there is none (0x81 firmware, H10, OH1)."""
    values = parameters_in(parameters).get(FACTOR)
    if not values:
        return None
    (factor,) = struct.unpack("<f", values[0])
    low, high = _FACTORS
    if not low <= factor <= high:
        raise DecodeError(f"the reply to start names the factor {factor}")
    # The nearest decimal: 0.000244 as a 32-bit float is 0.00024399999529123306.
    return float(f"{factor:.6g}")
