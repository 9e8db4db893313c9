"""The methods: one way to find twitches per file, one row per modality."""

from aquiver.errors import RefusedStream
from aquiver.model import Modality, Signal
from detector.methods.accelerometer import Accelerometer
from detector.methods.emg import Emg
from detector.methods.refused import Refused

METHOD_VERSION = "envelope-4"

Method = Emg | Accelerometer | Refused

_METHODS: dict[Modality, type[Emg | Accelerometer]] = {
    Modality.EMG: Emg,
    Modality.ACCELEROMETER: Accelerometer,
}


def open_method(signal: Signal, mains_hz: float | None, position: int) -> Emg | Accelerometer:
    """Choose the method for a signal; ``position`` is the number of its first sample.

    Raises:
        RefusedStream: no method can judge this signal; the text says why.
    """
    method = _METHODS.get(signal.modality)
    if method is None:
        raise RefusedStream(f"{signal.modality.upper()} is not searched for twitches.")
    if not all(channel.scale for channel in signal.channels):
        raise RefusedStream("A channel has the scale 0.")
    return method.begin(signal, mains_hz, position)
