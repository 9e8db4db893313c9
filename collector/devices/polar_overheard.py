"""A Polar that somebody else set up: what is heard of the dialogue counts from then on. Format: firmware_docs/polar.md."""

import math
import struct
from collections.abc import Mapping

from aquiver.driver import Frame
from aquiver.errors import DecodeError, SettingsError
from aquiver.model import Channel, Modality, Signal, Unit
from collector.devices.pmd import MEASUREMENT, measured, measured_ecg
from collector.devices.pmd_control import CONTROL, FACTOR, RATE, RESOLUTION, parameters_in

ECG, ACCELEROMETER = 0, 2
_OTHERS = {1: "optical pulse", 3: "pulse intervals", 5: "gyroscope", 6: "magnetometer", 7: "skin temperature"}
_OTHERS |= {10: "location", 11: "pressure", 12: "temperature"}

_PARAMETERS_IN_REPLY, _PARAMETERS_IN_START = 5, 2

_MILLI_G = 0.001
_MOST = 2**31 - 1

UNKNOWNS: Mapping[str, str] = {
    "factor": "g per step of a compressed frame of old firmware (0x80); 0.000244, which all on record have",
    "rate": "samples a second of the accelerometer; 52",
    "ecg_rate": "samples a second of the ECG; 130",
    "resolution": "bits of a compressed frame's first sample; 16",
}
_USUAL = {"factor": 0.000244, "rate": 52.0, "ecg_rate": 130.0, "resolution": 16.0}


class OverheardPolar:
    """Reads frames in the scale they were sent in, whatever their range."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self._known = _USUAL | {word: _number(word, text) for word, text in told.items()}
        self._factor = self._known["factor"] if "factor" in told else None
        self._scale_g = _MILLI_G

    @property
    def signals(self) -> tuple[Signal, ...]:
        """List the acceleration, in the scale of the newest frame, and the ECG."""
        axes = tuple(Channel(axis, self._scale_g) for axis in ("x", "y", "z"))
        return (
            Signal(Modality.ACCELEROMETER, self._known["rate"], Unit.G, _MOST, axes),
            Signal(Modality.ECG, self._known["ecg_rate"], Unit.MICROVOLT, _MOST, (Channel("1"),)),
        )

    def decode(self, characteristic: str, data: bytes) -> tuple[Frame, ...]:
        """Give the frame in a notification; learn from what stands on the control point.

        Raises:
            DecodeError: it breaks the format, or is of another measurement; the text names which.
        """
        if characteristic == CONTROL:
            self._learn(data)
            return ()
        measurement = data[0] & MEASUREMENT if data else ACCELEROMETER
        if measurement == ECG:
            beats = measured_ecg(data)
            return (Frame(Modality.ECG, beats.samples, device_ns=beats.device_ns),)
        if measurement != ACCELEROMETER:
            what = _OTHERS.get(measurement, "unknown to us")
            raise DecodeError(
                f"byte 0: measurement {measurement} ({what}); the accelerometer (2) and the ECG (0) are read"
            )
        seen = measured(data, math.ceil(self._known["resolution"] / 8))
        self._scale_g = self._scale_of(seen.frame_type)
        return (Frame(Modality.ACCELEROMETER, seen.samples, device_ns=seen.device_ns),)

    def _scale_of(self, frame_type: int) -> float:
        match frame_type:
            case 0x80:
                return self._known["factor"]
            case 0x81:
                return _MILLI_G * (1.0 if self._factor is None else self._factor)
            case _:
                return _MILLI_G

    def _learn(self, said: bytes) -> None:
        """Take over what a start, or a reply to one or to the question for settings, names for one measurement."""
        match tuple(said[:3]):
            case (0xF0, 1 | 2, measurement):
                found = parameters_in(said[_PARAMETERS_IN_REPLY:])
            case (2, measurement, _):
                found = parameters_in(said[_PARAMETERS_IN_START:])
            case _:
                return
        values = found.get(FACTOR)
        if values and measurement == ACCELEROMETER:
            (factor,) = struct.unpack("<f", values[0])
            self._factor = self._known["factor"] = float(f"{factor:.6g}")
        words = {RATE: "rate", RESOLUTION: "resolution"} if measurement == ACCELEROMETER else {RATE: "ecg_rate"}
        for kind, word in words.items():
            if len(found.get(kind, ())) == 1:
                self._known[word] = float(int.from_bytes(found[kind][0], "little"))


def _number(word: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise SettingsError(f"{word}={text}: not a number") from error
    if not 0 < number < math.inf:
        raise SettingsError(f"{word}={text}: it must be above zero")
    return number
