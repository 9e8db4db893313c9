"""Polar Verity Sense, OH1 or H10: their accelerometer. Format: firmware_docs/polar.md."""

import math
import struct
from collections.abc import Mapping, Sequence

import numpy as np

from aquiver.driver import Conversation, Decoder, Frame, Listen, Write
from aquiver.errors import DecodeError
from aquiver.model import Channel, Modality, Samples, Signal, Unit
from collector.devices.pmd import N_AXES, RAW_SAMPLE_BYTES, measured
from collector.devices.pmd_control import (
    ALREADY,
    CHANNELS,
    CONTROL,
    FACTOR,
    RANGE,
    RATE,
    RESOLUTION,
    accepted,
    asked,
    parameters_in,
)

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

_ACCELEROMETER = 2
_MEASUREMENT = 0x3F  # the two bits above it are a status
_SETTINGS, _START, _STOP = (bytes([operation, _ACCELEROMETER]) for operation in (1, 2, 3))
_STOPPED_BY_ITSELF = 0x01

# Twitches are 5 to 45 Hz: 100 samples a second hold them, and an H10 that gives 200 only empties its battery.
# Nobody asleep exceeds 4 g, and a finer range has finer steps; a Verity offers 52 Hz and 8 g alone.
_ENOUGH_HZ = 100
_ENOUGH_G = 4

_MILLI_G = 0.001
_USUAL_FACTOR = 0.000244
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

    def converse(self) -> Conversation:
        """Learn what is on offer, choose, and start."""
        yield Listen(CONTROL)
        yield Listen(DATA)
        offered = parameters_in(accepted((yield from asked(_SETTINGS))))
        chosen = _chosen(offered)
        start = _START + b"".join(struct.pack("<BB", kind, 1) + value for kind, value in chosen.items())
        reply = yield from asked(start)
        if reply.status == ALREADY:  # left streaming by a link that broke, perhaps with other settings
            yield from asked(_STOP)
            reply = yield from asked(start)
        return PolarDecoder({kind: _number(value) for kind, value in chosen.items()}, _factor(accepted(reply)))

    def assume(self) -> Decoder:
        """Give a decoder for a Verity Sense at 52 Hz and 8 g; what 0x80 frames are worth is the factor they all had."""
        return PolarDecoder({RATE: 52, RESOLUTION: 16, RANGE: 8}, None, _USUAL_FACTOR)

    def farewell(self) -> tuple[Write, ...]:
        """Stop the measurement."""
        return (Write(CONTROL, _STOP),)


class PolarDecoder:
    """Reads the frames of one connection; ``settings`` are those the wearable accepted, by kind."""

    def __init__(
        self, settings: Mapping[int, int], factor: float | None, factor_of_old_frames: float | None = None
    ) -> None:
        self._scales_g = _scales_g(factor, factor_of_old_frames)
        self._reference_bytes = math.ceil(settings[RESOLUTION] / 8)
        is_raw = factor is not None and factor < _COARSEST_STEP_G
        self._scale_g = self._scales_g[0x80 if is_raw else 0x81]
        self._limit = _MOST_RAW if is_raw else int(_MOST_RAW * settings[RANGE] * _LSB_PER_RANGE / self._scale_g)
        channels = tuple(Channel(axis, self._scale_g) for axis in ("x", "y", "z"))
        self._signal = Signal(Modality.ACCELEROMETER, float(settings[RATE]), Unit.G, self._limit, channels)

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List the acceleration."""
        return (self._signal,)

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a notification; what another program asked of the wearable is passed over."""
        if characteristic == CONTROL:
            _watch_for_stop(data)
            return ()
        if characteristic != DATA or (data and data[0] & _MEASUREMENT != _ACCELEROMETER):
            return ()
        seen = measured(data, self._reference_bytes)
        samples = self._scaled(seen.samples, seen.frame_type)
        return (Frame(Modality.ACCELEROMETER, samples, device_ns=seen.device_ns),)

    def _scaled(self, samples: Samples, frame_type: int) -> Samples:
        """Give samples in the stream's scale; it is the frame's but for firmware nobody has seen yet."""
        if frame_type not in self._scales_g:
            raise DecodeError(f"byte 9: frame type 0x{frame_type:02x} needs a factor, and none came with the start")
        if self._scales_g[frame_type] == self._scale_g:
            return samples
        rescaled = np.rint(samples * (self._scales_g[frame_type] / self._scale_g))
        clipped: Samples = np.clip(rescaled, -self._limit, self._limit).astype(np.int32)
        return clipped


def _scales_g(factor: float | None, factor_of_old_frames: float | None) -> dict[int, float]:
    """Give what one step of each frame type is worth. Older firmware sends raw integers and a factor (0x80)."""
    scales_g = dict.fromkeys(RAW_SAMPLE_BYTES, _MILLI_G) | {0x81: _MILLI_G * (1.0 if factor is None else factor)}
    of_old_frames = factor if factor is not None else factor_of_old_frames
    return scales_g if of_old_frames is None else scales_g | {0x80: of_old_frames}


def _chosen(offered: Mapping[int, Sequence[bytes]]) -> dict[int, bytes]:
    """Choose one value of each setting on offer; the bytes are sent back as they came.

    The channel count is sent in one byte: in two, a Verity rejects it.
    """
    enough = {RATE: _ENOUGH_HZ, RESOLUTION: 16, RANGE: _ENOUGH_G}
    if missing := [kind for kind in enough if not offered.get(kind)]:
        raise DecodeError(f"the settings on offer lack parameter {missing[0]}")
    chosen = {kind: _least(offered[kind], least) for kind, least in enough.items()}
    if not all(map(_number, chosen.values())) or _number(chosen[RESOLUTION]) > _MOST_BITS:
        raise DecodeError("the settings on offer make no sense: a rate, range or resolution of 0, or above 32 bits")
    if channels := offered.get(CHANNELS):
        if _number(channels[0]) != N_AXES:
            raise DecodeError(f"an accelerometer of {_number(channels[0])} axes")
        chosen[CHANNELS] = channels[0]
    return chosen


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


def _watch_for_stop(data: bytes) -> None:
    """Say so when the wearable ended our measurement by itself, as it does when put on its charger."""
    if data[:1] == bytes([_STOPPED_BY_ITSELF]) and _ACCELEROMETER in (kind & _MEASUREMENT for kind in data[1:]):
        raise DecodeError("byte 0: the Polar stopped measuring by itself; is it charging, or its battery empty?")
